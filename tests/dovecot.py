"""A real Dovecot on this machine, started for the tests with a folder of its own.

    with running_dovecot() as server:
        server.append(mail)                          as a mail server would deliver it
        mailbox_at(server.address())

Skipped where there is no /usr/sbin/dovecot. What was started is stopped by its process id.
"""

from __future__ import annotations

import email
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", ""))
READY_SECONDS = 20
PASSWORD = "mật@khẩu/1"
CODED = "m%E1%BA%ADt%40kh%E1%BA%A9u%2F1"

SLOW = "cham"  # the reader over whose letters tests/postfix.py takes its time
USERS = [
    *(f"u{n}" for n in range(1, 100)),
    SLOW,
]  # all at once: a later change is seen only by the second

CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%u
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service auth {{
  unix_listener auth-smtp {{
    mode = 0666
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """`user` is fresh for each test: its mailbox is empty."""

    folder: Path
    plain: int
    tls: int
    users: Iterator[str] = field(default_factory=lambda: iter(USERS[:-1]))

    def new_user(self) -> str:
        return next(self.users)

    def address(self, user: str, folder: str = "INBOX") -> str:
        ca = self.folder / "cert.pem"
        return f"imaps://{user}:{CODED}@127.0.0.1:{self.tls}/{folder}?ca={ca}"

    def append(
        self,
        user: str,
        mail: EmailMessage | bytes,
        at: datetime | None = None,
        folder: str = "INBOX",
    ) -> None:
        """Puts a mail in the mailbox as it is, byte for byte."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        with self._line(user) as line:
            told = imaplib.Time2Internaldate(at or datetime.now(UTC))
            status, data = line.append(folder, "", told, raw)
            assert status == "OK", data

    def flags(self, user: str, folder: str = "INBOX") -> list[str]:
        """The flags of each mail in a folder, in order."""
        with self._line(user) as line:
            status, _ = line.select(folder, readonly=True)
            if status != "OK":
                return []
            _, data = line.uid("fetch", "1:*", "(FLAGS)")
            return [one.decode() for one in data if one]

    def mails(self, user: str, folder: str = "INBOX") -> list[EmailMessage]:
        """What lies in a folder, in order."""
        with self._line(user) as line:
            status, _ = line.select(folder, readonly=True)
            if status != "OK":
                return []
            _, data = line.uid("fetch", "1:*", "(RFC822)")
            found = [one[1] for one in data if isinstance(one, tuple)]
            return [
                email.message_from_bytes(one, EmailMessage, policy=policy.default) for one in found
            ]

    def waits_for_mails(self, user: str, wanted: int) -> list[EmailMessage]:
        """The same, once so many have come."""
        until = time.monotonic() + READY_SECONDS
        while len(found := self.mails(user)) < wanted:
            assert time.monotonic() < until, f"{len(found)} mails of {wanted} came to {user}"
            time.sleep(0.1)
        return found

    def unmark(self, user: str, flag: str) -> None:
        """Takes a flag off every mail of the mailbox."""
        with self._line(user) as line:
            line.select("INBOX")
            line.uid("STORE", "1:*", "-FLAGS", f"({flag})")

    @contextmanager
    def _line(self, user: str) -> Iterator[imaplib.IMAP4_SSL]:
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        line = imaplib.IMAP4_SSL("127.0.0.1", self.tls, ssl_context=context, timeout=20)
        line.authenticate("PLAIN", lambda _: f"\0{user}\0{PASSWORD}".encode())
        try:
            yield line
        finally:
            line.logout()


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    assert DOVECOT
    folder = Path(tempfile.mkdtemp(prefix="tdkt-imap-"))
    server = Dovecot(folder, free_port(), free_port())
    passwords = "".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in USERS)
    (folder / "users").write_text(passwords, encoding="utf-8")
    certificate(folder)
    _configure(server)
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(folder / "dovecot.conf")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_ready(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def certificate(folder: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-batch",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip


def _configure(server: Dovecot) -> None:
    """As root the mails belong to nobody; else everything runs as whoever runs the tests."""
    me = getpass.getuser()
    root = os.geteuid() == 0
    owner = pwd.getpwnam("nobody" if root else me)
    internal, login = ("dovecot", "dovenull") if root else (me, me)
    group = grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name
    for name in ("mail", "home"):
        (server.folder / name).mkdir()
        os.chown(server.folder / name, owner.pw_uid, owner.pw_gid)
    server.folder.chmod(0o755)
    (server.folder / "dovecot.conf").write_text(
        CONFIG.format(
            folder=server.folder, internal=internal, login=login, group=group,
            uid=owner.pw_uid, gid=owner.pw_gid, plain=server.plain, tls=server.tls,
        ),
        encoding="utf-8",
    )  # fmt: skip


def _wait_until_ready(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.plain), 1) as line:
                if line.recv(64).startswith(b"* OK"):
                    return
        except OSError:
            time.sleep(0.05)
    log = server.folder / "dovecot.log"
    raise RuntimeError(log.read_text(errors="replace") if log.exists() else "Dovecot did not start")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
