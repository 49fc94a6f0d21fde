"""Where letters go out, by address.

    with open_outbox("capture:", settings, folder=home / "outbox") as outbox:
        outcome = outbox.post(rendered, "inh@laichau.gov.vn", message_id, kind=letter.kind)

    smtp://user:pass@host:587      STARTTLS, verified         ?ca=/path.pem  own authority
    smtps://user:pass@host:465     TLS from the first byte    (user and pass percent-encoded)
    smtp://127.0.0.1:1025          this machine, no sign-in: plain
    capture:                       the built-in server: letters are kept on disk and go nowhere

A demo office posts to this machine only. The password is read from the address and shown nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from channels.capture import CaptureServer
from channels.capture_pages import write_index
from channels.composing import KIND_HEADER
from channels.errors import ChannelRefused
from channels.rendering import Rendered
from channels.replies import Outcome, outcome_of_opening
from channels.smtp import Relay, Server
from review.settings import Settings

CAPTURE = "capture:"
PORTS = {"smtp": 587, "smtps": 465}


class OutboxRefused(ChannelRefused):
    """The address of the outbox makes no sense, or this office may not use it."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """A line that is open: `where` is shown to people and bears no secret."""

    relay: Relay
    where: str

    def try_out(self) -> str:
        """Connects and signs in without sending anything; "" or what went wrong, in words."""
        try:
            self.relay.login()
        except (OSError, ValueError) as wrong:
            said = outcome_of_opening(wrong)
            return f"{self.where}: {said.text or said.fate}"
        return ""

    def post(
        self,
        rendered: Rendered,
        to: str,
        message_id: str,
        *,
        kind: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Posts one letter; see `Relay.post`. Use it from the thread that opened it."""
        marked = {**({KIND_HEADER: kind} if kind else {}), **(headers or {})}
        return self.relay.post(rendered, to, message_id, headers=marked)


def open_outbox(url: str, settings: Settings, folder: Path | str) -> AbstractContextManager[Outbox]:
    """The outbox that `url` names, closed again afterwards; `folder` is where captured letters are
    kept. Nothing is connected until the first letter. Raises OutboxRefused at once."""
    if is_capture(url):
        return _capturing(settings, Path(folder))
    server = server_from(url)
    if settings.demo and not is_loopback(server.host):
        raise OutboxRefused(
            "Văn phòng mẫu không gửi thư ra ngoài máy này "
            f"(máy chủ thư đang đặt là {server.host}). Hãy bỏ biến TDKT_SMTP_URL, "
            "hoặc tạo văn phòng thật bằng “tdkt init”."
        )
    return _relaying(server, settings)


def relay_of(url: str) -> str:
    """The name under which a relay's pace, quota and rests are kept. Raises OutboxRefused."""
    if is_capture(url):
        return CAPTURE
    server = server_from(url)
    return f"{server.host}:{server.port}"


def stays_here(url: str, settings: Settings) -> bool:
    """Whether nothing handed to this outbox can leave the machine, so that no arming is needed:
    the capture folder, or what a demo office may use at all."""
    return is_capture(url) or settings.demo


def is_capture(url: str) -> bool:
    return url.strip().rstrip("/") in (CAPTURE, CAPTURE.rstrip(":"))


@contextmanager
def _capturing(settings: Settings, folder: Path) -> Iterator[Outbox]:
    """The same Relay over real SMTP, to a server of our own. The pages are written at the end."""
    with CaptureServer(folder) as capture:
        server = Server(capture.host, capture.port, security="none")
        try:
            with _relaying(server, settings, where=str(folder)) as outbox:
                yield outbox
        finally:
            write_index(folder)


@contextmanager
def _relaying(server: Server, settings: Settings, where: str = "") -> Iterator[Outbox]:
    relay = Relay(
        server,
        sender=settings.email,
        sender_name=settings.name,
        reply_to=settings.reply_to,
        envelope_from=settings.mail.bounces_to,
    )
    with relay:
        yield Outbox(relay, where or f"{server.host}:{server.port}")


def server_from(url: str) -> Server:
    """The server that an address names. Raises OutboxRefused, whose message never repeats the
    address: it may hold a password."""
    parts, port = _split(url)
    host, query = parts.hostname or "", parse_qs(parts.query)
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not host or (username and not password):
        raise OutboxRefused(_malformed("thiếu tên máy chủ hoặc mật khẩu"))
    plain = parts.scheme == "smtp" and not username and is_loopback(host)
    security = "tls" if parts.scheme == "smtps" else "none" if plain else "starttls"
    return Server(
        host, port or PORTS[parts.scheme], username, password, security, query.get("ca", [""])[0]
    )


def _split(url: str) -> tuple[SplitResult, int | None]:
    # `from None`: urllib's own message quotes the address, password and all.
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise OutboxRefused(_malformed("tên máy chủ hoặc cổng viết sai")) from None
    if parts.scheme not in PORTS:
        raise OutboxRefused(_malformed("phải bắt đầu bằng smtp://, smtps:// hoặc là capture:"))
    return parts, port


def _malformed(why: str) -> str:
    return (
        f"Địa chỉ máy chủ thư (TDKT_SMTP_URL) không đúng: {why}. "
        "Ví dụ đúng: smtp://ten:matkhau@mail.coquan.gov.vn:587"
    )


def is_loopback(host: str) -> bool:
    """Whether letters handed to `host` stay on this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
