"""The outbox over SMTP: yagmail, the only SMTP client of this house, held the way we need it.

    with Relay(Server("mail.laichau.gov.vn", 587, "tdkt", secret), sender=address) as relay:
        outcome = relay.post(rendered, "inh@laichau.gov.vn", "<0d6b…@laichau.gov.vn>")

`Relay` is yagmail's Client with the four steps of its `send()` replaced: `login` keeps the
connection, `prepare_send` composes a standard message, `_attempt_send` raises and never sends a
second time by itself, `close` never hangs. Certificates are always verified, nobody signs in
without TLS, and every wait has an end. One Relay belongs to one thread (lab/email.md, D9).
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import yagmail

from channels.composing import ascii_address, compose
from channels.rendering import Rendered
from channels.replies import Fate, Outcome, one_line, outcome_of, outcome_of_opening

MAX_PER_CONNECTION = 100
MAX_IDLE_SECONDS = 20.0
TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed in. `security` is "starttls", "tls" or "none" (this machine only);
    `cafile` the office's own authority. The password is never shown."""

    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"
    cafile: str = ""


class NoTLS(ValueError):
    """Signing in was asked for on a line that others can read."""


class Relay(yagmail.Client):  # type: ignore[misc]
    """One kept connection to one server, for one thread."""

    smtp: Any
    user: str

    def __init__(
        self,
        server: Server,
        *,
        sender: str,
        sender_name: str = "",
        reply_to: str = "",
        envelope_from: str = "",
        timeout: float = TIMEOUT_SECONDS,
        max_per_connection: int = MAX_PER_CONNECTION,
        max_idle: float = MAX_IDLE_SECONDS,
    ) -> None:
        """`sender` is From; `envelope_from` where bounces go (`sender` if left out); `timeout` in
        seconds for each wait. Raises NoTLS, BadAddress."""
        if server.security == "none" and server.username:
            raise NoTLS("không đăng nhập máy chủ thư qua đường truyền không mã hóa")
        self.sender, self.sender_name = ascii_address(sender), sender_name
        self.reply_to = reply_to
        self.envelope_from = ascii_address(envelope_from or sender)
        self.max_per_connection, self.max_idle = max_per_connection, max_idle
        self.on_wire = False
        self.last_reply: tuple[int, bytes] = (0, b"")
        self._sent_here, self._last_used = 0, 0.0
        self._secret: Callable[[], str] = lambda: server.password  # not in vars(): D15
        self._username = server.username
        super().__init__(user=self.sender, host=server.host, port=server.port, **_options(server))
        self.kwargs["timeout"] = timeout

    # — the four steps of yagmail's send() —

    def login(self) -> None:
        """A connection fit for one more letter: the kept one, or a new one."""
        if self._fresh():
            return
        self.close()
        sender, self.user = self.user, self._username or self.user  # D6: login is not From
        try:
            self._login(None)
        except BaseException:
            self.drop()
            raise
        finally:
            self.user = sender
        self.smtp.password = None
        self.smtp.__dict__.pop("auth_plain", None)
        # Without this each letter on a kept TLS connection waits 40 ms for a delayed ACK (D16).
        self.smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sent_here, self._last_used = 0, time.monotonic()

    def prepare_send(
        self,
        to: str,
        subject: str | None = None,
        contents: Rendered | None = None,
        attachments: None = None,
        cc: None = None,
        bcc: None = None,
        headers: Mapping[str, str] | None = None,
        prettify_html: bool = False,
        message_id: str | None = None,
        group_messages: bool = True,
    ) -> tuple[list[str], bytes]:
        """One reader, one composed letter: no copies, and no attaching by file name (D3, D10)."""
        if contents is None or message_id is None or cc or bcc or attachments:
            raise ValueError("a letter has one reader, rendered contents and its own Message-ID")
        message = compose(
            contents,
            sender=self.sender,
            sender_name=self.sender_name,
            to=to,
            reply_to=self.reply_to,
            message_id=message_id,
            headers=headers,
        )
        return [ascii_address(to)], message.as_bytes()

    def _attempt_send(self, recipients: list[str], message: bytes) -> dict[str, Any]:
        data = self.smtp.data

        def marking_data(body: bytes) -> tuple[int, bytes]:
            self.on_wire = True
            self.last_reply = data(body)
            return self.last_reply

        self.smtp.data = marking_data
        try:
            refused: dict[str, Any] = self.smtp.sendmail(self.envelope_from, recipients, message)
        finally:
            self.smtp.__dict__.pop("data", None)
            self._sent_here, self._last_used = self._sent_here + 1, time.monotonic()
        return refused

    def close(self) -> None:
        """Says goodbye where there is somebody to hear it; never raises."""
        if self.smtp is not None and self.smtp.sock is not None:
            with contextlib.suppress(OSError, ValueError):
                self.smtp.sock.settimeout(2)
                self.smtp.quit()
        self.drop()

    # — ours —

    def post(
        self,
        rendered: Rendered,
        to: str,
        message_id: str,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Hands one letter over and says what became of it. Raises BadAddress and BadHeader (a
        letter that cannot be written), never an error of the network."""
        recipients, message = self.prepare_send(
            to, contents=rendered, message_id=message_id, headers=headers
        )
        return self.hand_over(recipients[0], message)

    def hand_over(self, recipient: str, message: bytes) -> Outcome:
        """The same for a message already composed.

        A kept connection that the server had let go is replaced once: nothing was handed over."""
        kept = self._fresh()
        outcome = self._hand_over_once(recipient, message)
        if kept and outcome.fate is Fate.BUSY and outcome.code is None:
            return self._hand_over_once(recipient, message)
        return outcome

    def _hand_over_once(self, recipient: str, message: bytes) -> Outcome:
        self.on_wire, self.last_reply = False, (0, b"")
        try:
            self.login()
        except (OSError, ValueError) as error:
            return outcome_of_opening(error)
        try:
            self._attempt_send([recipient], message)
        except Exception as error:
            if not _answered(error):
                self.drop()
            return outcome_of(error, on_wire=self.on_wire)
        code, words = self.last_reply
        return Outcome(Fate.SENT, code, one_line(words))

    def drop(self) -> None:
        """Lets the connection go without a word."""
        if self.smtp is not None:
            with contextlib.suppress(OSError):
                self.smtp.close()
        self.smtp, self.is_closed = None, True

    def _fresh(self) -> bool:
        if self.smtp is None or self.smtp.sock is None:
            return False
        idle = time.monotonic() - self._last_used
        return self._sent_here < self.max_per_connection and idle < self.max_idle

    def handle_password(self, user: str, password: object) -> str:
        """Never yagmail's keyring or its question on the terminal, which would hang (D14).

        Below yagmail a password is coded as ASCII, and a Vietnamese one could not sign in at all;
        what signing in is coded in is UTF-8 (RFC 4616)."""
        secret = _InUtf8(self._secret())
        self.smtp.auth_plain = lambda challenge=None: _InUtf8(f"\0{user}\0{secret}")
        return secret

    def set_logging(self, log_level: int | None = None, file_path_name: str | None = None) -> None:
        """Yagmail would print addresses; whoever posts keeps the ledger (D15)."""
        self.log = logging.getLogger("tdkt.relay")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "smtp", None) is not None:
            self.drop()

    def __repr__(self) -> str:
        return f"Relay({self.host}:{self.port})"


class _InUtf8(str):
    """Words that go out as UTF-8, whatever they are asked to be coded in."""

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return str(self).encode("utf-8")


def _options(server: Server) -> dict[str, Any]:
    """yagmail's options for a server; the context that verifies is given in every case (D1)."""
    options: dict[str, Any] = {
        "smtp_ssl": server.security == "tls",
        "smtp_starttls": False,
        "smtp_skip_login": not server.username,
        "soft_email_validation": False,
        "local_hostname": "localhost",
    }
    if server.security != "none":
        context = ssl.create_default_context(cafile=server.cafile or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if server.security == "tls":
            options["context"] = context
        else:
            options["smtp_starttls"] = {"context": context}
    return options


def _answered(error: Exception) -> bool:
    """Whether the server spoke last, so that the connection may be used again."""
    return hasattr(error, "smtp_code") or hasattr(error, "recipients")
