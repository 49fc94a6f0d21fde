"""A real Postfix on this machine, started for the tests with a folder, a queue and an authority of
its own; it delivers into the mailboxes of a Dovecot, which also says who may sign in.

    with running_dovecot() as boxes, running_postfix(boxes) as relay:
        relay.url(user)         -> smtp://u1:…@127.0.0.1:41587?ca=/tmp/…/ca.pem, STARTTLS
        relay.log               -> /tmp/…/mail.log, as Postfix writes it

Letters to laichau.example are delivered on this machine: u1@… to the mailbox u1, one that is no
mailbox comes back. Some are refused, deferred or let wait, by the word before the @ (AT_RCPT and
AFTER_DATA). Needs root, as Postfix does. What was started is stopped by its process id.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from tests.dovecot import CODED, SLOW, USERS, Dovecot, free_port

POSTFIX = shutil.which("postfix", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", ""))
MAY_RUN = bool(POSTFIX) and hasattr(os, "geteuid") and os.geteuid() == 0
WHY_NOT = "no Postfix on this machine, or not root: Postfix starts as root only"
READY_SECONDS = 30
DOMAIN = "laichau.example"
# What the relay says to letters for these readers, at RCPT or once it has the whole letter.
AT_RCPT = {
    "ban": "450 4.2.1 Mailbox busy, try again later",
    "khong-co": "550 5.1.1 User unknown in local recipient table",
    "dong-cua": "421 4.3.2 Service shutting down",
    "het-han-muc": "550 5.4.5 Daily user sending limit exceeded",
}
AFTER_DATA = {
    "ban-sau": "451 4.3.0 Cannot take it now",
    "noi-dung": "554 5.7.1 Message content rejected",
    SLOW: "sleep 4",
}

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = thu.{domain}
mydestination =
local_transport = error:no local mail here
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {mail}
virtual_mailbox_maps = texthash:{folder}/boxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_sasl_authenticated, permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access texthash:{folder}/rcpt, permit
smtpd_end_of_data_restrictions = check_recipient_access texthash:{folder}/after-data, permit
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
in_flow_delay = 0
bounce_queue_lifetime = 0
"""

# service type private unpriv chroot wakeup maxproc command
MASTER = """\
127.0.0.1:{open} inet n - n - - smtpd -o smtpd_tls_security_level=none
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{tls} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """`open` takes letters without sign-in, `submission` after STARTTLS and `tls` from the first
    byte, both only from who signed in."""

    folder: Path
    open: int
    submission: int
    tls: int

    @property
    def log(self) -> Path:
        return self.folder / "mail.log"

    @property
    def authority(self) -> Path:
        return self.folder / "ca.pem"

    def url(self, user: str, *, tls: bool = False) -> str:
        scheme, port = ("smtps", self.tls) if tls else ("smtp", self.submission)
        return f"{scheme}://{user}:{CODED}@127.0.0.1:{port}?ca={self.authority}"

    def waits_for(self, words: str, seconds: float = READY_SECONDS) -> str:
        """The log, once these words stand in it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            said = self.log.read_text("utf-8", "replace") if self.log.exists() else ""
            if words in said:
                return said
            time.sleep(0.1)
        raise AssertionError(f"“{words}” is not in {self.log}")


@contextmanager
def running_postfix(boxes: Dovecot) -> Iterator[Postfix]:
    assert POSTFIX
    folder = Path(tempfile.mkdtemp(prefix="tdkt-smtp-"))
    folder.chmod(0o755)
    relay = Postfix(folder, free_port(), free_port(), free_port())
    _configure(relay, boxes)
    command = [POSTFIX, "-c", str(folder / "conf")]
    said = (folder / "start.err").open("wb")
    quiet = {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": said}
    started = subprocess.run([*command, "start"], check=False, timeout=60, **quiet)  # type: ignore[call-overload]
    try:
        _wait_until_ready(relay, started.returncode)
        yield relay
    finally:
        # Its master has a process id of its own, kept in the queue; `stop` ends it by that.
        subprocess.run([*command, "stop"], check=False, timeout=60, **quiet)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)


def _configure(relay: Postfix, boxes: Dovecot) -> None:
    folder = relay.folder
    for name in ("conf", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    owner = (boxes.folder / "mail").stat()
    words = {
        "folder": folder,
        "domain": DOMAIN,
        "mail": boxes.folder / "mail",
        "auth": boxes.folder / "run" / "auth-smtp",
        "uid": owner.st_uid,
        "gid": owner.st_gid,
        "open": relay.open,
        "submission": relay.submission,
        "tls": relay.tls,
    }
    (folder / "conf" / "main.cf").write_text(MAIN.format(**words), "utf-8")
    (folder / "conf" / "master.cf").write_text(MASTER.format(**words), "utf-8")
    for name, said in (("rcpt", AT_RCPT), ("after-data", AFTER_DATA)):
        lines = "".join(f"{word}@{DOMAIN} {answer}\n" for word, answer in said.items())
        (folder / name).write_text(lines, "utf-8")
    boxed = "".join(f"{user}@{DOMAIN} {user}/\n" for user in {*USERS, *AFTER_DATA})
    (folder / "boxes").write_text(boxed, "utf-8")
    authority = trustme.CA()
    served = authority.issue_cert("localhost", "127.0.0.1")
    authority.cert_pem.write_to_path(str(relay.authority))
    served.private_key_pem.write_to_path(str(folder / "key.pem"))
    for at, part in enumerate(served.cert_chain_pems):
        part.write_to_path(str(folder / "cert.pem"), append=at > 0)


def _wait_until_ready(relay: Postfix, returned: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and not returned:
        try:
            with socket.create_connection(("127.0.0.1", relay.open), 1) as line:
                if line.recv(64).startswith(b"220"):
                    return
        except OSError:
            time.sleep(0.05)
    logs = [path for path in (relay.log, relay.folder / "start.err") if path.exists()]
    said = "\n".join(path.read_text("utf-8", "replace") for path in logs)
    raise RuntimeError(f"Postfix did not start:\n{said}")
