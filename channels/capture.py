"""The built-in server that keeps letters on disk: real SMTP on loopback, and nothing leaves.

    with CaptureServer("outbox") as capture:
        capture.port                        -> 41173, a free one
    outbox/0001-cadre_result-inh_at_laichau.gov.vn-4a2f90c1.eml

The last part of a name is of the Message-ID, so a letter that came twice shows as two files. A
letter is there whole before it is acknowledged; the folder is open to its owner only. `Faults`
make it misbehave the way real servers do, for tests.
"""

from __future__ import annotations

import asyncio
import email.policy
import hashlib
import os
import re
import socket
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from channels.half_made import making

LOOPBACK = "127.0.0.1"
KIND = "X-TDKT-Letter"
MAX_BYTES = 32 * 1024 * 1024
_NUMBER = re.compile(r"(\d{4,})-")
_UNFIT = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Faults:
    """How to misbehave, by reader's address: answer RCPT with 550, with 450 always or only the
    first time; keep the letter and hang up without acknowledging it; wait before acknowledging.
    `answer` is said in place of 250 to every letter, such as a quota's "550 5.4.5 …"."""

    refuse: frozenset[str] = frozenset()
    defer: frozenset[str] = frozenset()
    defer_once: frozenset[str] = frozenset()
    drop_after_data: frozenset[str] = frozenset()
    drop_at_rcpt: frozenset[str] = frozenset()
    slow_seconds: float = 0.0
    answer: str = ""
    late: frozenset[str] = frozenset()  # these only are acknowledged `late_seconds` late
    late_seconds: float = 0.0


class Keeper:
    """Writes each message to the folder; aiosmtpd calls it from its own thread."""

    def __init__(self, folder: Path, faults: Faults) -> None:
        self.folder, self.faults = folder, faults
        self.sessions = 0
        self._asked: Counter[str] = Counter()
        self._next = _last_number(folder) + 1

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._asked[address] += 1
        if address in self.faults.drop_at_rcpt:
            _hang_up(server)
        if address in self.faults.refuse:
            return "550 5.1.1 no such mailbox"
        first = address in self.faults.defer_once and self._asked[address] == 1
        if first or address in self.faults.defer:
            return "450 4.2.1 mailbox busy, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.faults.answer:
            return self.faults.answer
        content = envelope.original_content or b""
        try:
            name = self.keep(content, envelope.rcpt_tos[0])
        except OSError:  # a full or closed disk is no fault of the letter: it may come again
            return "452 4.3.1 the folder of letters cannot be written to"
        late = envelope.rcpt_tos[0] in self.faults.late
        await asyncio.sleep(self.faults.late_seconds if late else self.faults.slow_seconds)
        if envelope.rcpt_tos[0] in self.faults.drop_after_data:
            _hang_up(server)
        return f"250 2.0.0 Ok: kept as {name}"

    def keep(self, content: bytes, to: str) -> str:
        """Stores a message under the next free number; the name is there only once it is whole."""
        headers = BytesHeaderParser(policy=email.policy.default).parsebytes(content)
        tail = "-".join(_tail(headers.get(KIND, ""), to, headers.get("Message-ID", "")))
        while True:
            name = f"{self._next:04}-{tail}.eml"
            self._next += 1
            if _write_whole(self.folder / name, content):
                return name


def _hang_up(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()


def _tail(kind: str, to: str, message_id: str) -> tuple[str, ...]:
    digest = hashlib.sha256(message_id.strip().encode()).hexdigest()[:8]
    parts = (fit(kind, 24), fit(to.replace("@", "_at_"), 80), digest)
    return tuple(part for part in parts if part)


def fit(text: str, longest: int) -> str:
    """The part of a stranger's text that may stand in a file's name."""
    return _UNFIT.sub("_", text.lower()).strip("._-")[:longest]


def _write_whole(path: Path, content: bytes) -> bool:
    """False if the name is taken, also by another poster at this moment. No fsync: the letters
    outlive a killed process, and a captured letter is not worth a disk's patience."""
    if path.exists():
        return False
    with making(path.parent) as half:
        with os.fdopen(half.number, "wb", closefd=False) as file:
            file.write(content)
        try:
            os.link(half.path, path)
        except FileExistsError:
            return False
    return True


def _last_number(folder: Path) -> int:
    found = (_NUMBER.match(path.name) for path in folder.glob("*.eml"))
    return max((int(match[1]) for match in found if match), default=0)


class _Listener(Controller):
    """Listens on a socket that is already bound: a free port is known before anyone asks."""

    def __init__(self, handler: Keeper, listening: socket.socket, **options: Any) -> None:
        self.listening = listening
        host, port = listening.getsockname()[:2]
        super().__init__(handler, hostname=host, port=port, server_hostname="localhost", **options)

    def _create_server(self) -> Any:
        return self.loop.create_server(
            self._factory_invoker, sock=self.listening, ssl=self.ssl_context
        )


class CaptureServer:
    """A server in a thread of this process. `accounts` (name → password) makes signing in a must;
    `starttls` or `tls` give it a certificate. Port 0 takes a free one."""

    def __init__(
        self,
        folder: Path | str,
        *,
        port: int = 0,
        faults: Faults | None = None,
        starttls: ssl.SSLContext | None = None,
        tls: ssl.SSLContext | None = None,
        accounts: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self.host = LOOPBACK
        self.keeper = Keeper(self.folder, faults or Faults())
        listening = socket.create_server((self.host, port))
        self.port: int = listening.getsockname()[1]
        self._listener = _Listener(
            self.keeper, listening, data_size_limit=MAX_BYTES, **_security(starttls, tls, accounts)
        )

    @property
    def letters(self) -> list[Path]:
        """The files kept, oldest first."""
        return sorted(self.folder.glob("*.eml"))

    @property
    def sessions(self) -> int:
        """How many times somebody introduced himself (EHLO)."""
        return self.keeper.sessions

    def __enter__(self) -> CaptureServer:
        self._listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._listener.stop()


def _security(
    starttls: ssl.SSLContext | None, tls: ssl.SSLContext | None, accounts: Mapping[str, str] | None
) -> dict[str, Any]:
    options: dict[str, Any] = {"ssl_context": tls, "tls_context": starttls}
    if starttls:
        options["require_starttls"] = True
    if accounts:
        options.update(
            authenticator=_authenticator(accounts), auth_required=True, auth_require_tls=not tls
        )
    return options


def _authenticator(accounts: Mapping[str, str]) -> Any:
    def check(
        server: SMTP, session: Session, envelope: Envelope, how: str, data: Any
    ) -> AuthResult:
        known = isinstance(data, LoginPassword) and (
            accounts.get(data.login.decode()) == data.password.decode()
        )
        return AuthResult(success=known, handled=False)

    return check
