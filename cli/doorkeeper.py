"""Whose requests Prefect's server answers, before Prefect itself sees them.

    Doorkeeper(app, hosts=("127.0.0.1", "tdkt.coquan.gov.vn"), origins=(), say=words("vi"))

The password keeps people out; this keeps out web pages, which ask with the browser of somebody who
may. A page can have its own name point to 127.0.0.1 (DNS rebinding): its requests bear that name as
Host. A page of another site says whose it is in Origin, also where a browser asks nobody for leave
first: for a WebSocket, and for a POST of plain text.

And it keeps in what is ours: Prefect's pages call its makers' statistics (amplitude.com) from each
operator's browser, whatever the server is set to; the browser is told to ask nobody but this
server, and to show these pages in no other site's frame.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from channels.words import Told

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

MISDIRECTED, FORBIDDEN, POLICY = 421, 403, 1008
LONGEST_NAME = 253  # of a host, RFC 1035


class Doorkeeper:
    """An ASGI application around another. `hosts`: the names this server goes by, any name where
    there are none; `origins`: whose pages may ask besides its own."""

    def __init__(
        self, app: App, hosts: tuple[str, ...], origins: tuple[str, ...], say: Told
    ) -> None:
        self.app, self.hosts, self.origins, self.say = app, hosts, origins, say
        self.rules = _rules(origins)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        async def send_with_rules(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self.rules]
            await send(message)

        wrong = self.wrong(scope) if scope["type"] in ("http", "websocket") else None
        if wrong is None:
            await self.app(scope, receive, send_with_rules)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": POLICY})
        else:
            status, why = wrong
            kind = (b"content-type", b"text/plain; charset=utf-8")
            guarded = [kind, (b"x-content-type-options", b"nosniff")]
            await send({"type": "http.response.start", "status": status, "headers": guarded})
            await send({"type": "http.response.body", "body": why.encode()})

    def wrong(self, scope: Message) -> tuple[int, str] | None:
        """The status and the words that refuse it; None for who may come in."""
        asked, origins = _of(scope, b"host"), _of(scope, b"origin")
        names = [_name(one) for one in asked] or [""]
        unknown = [one for one in names if self.hosts and one not in self.hosts]
        if unknown:
            return MISDIRECTED, self.say(
                f"Màn hình vận hành không mang tên máy “{unknown[0][:LONGEST_NAME]}” nên không trả "
                "lời. Nếu đó là tên cơ quan đặt cho máy này, hãy ghi địa chỉ đầy đủ vào "
                "office.toml, mục [desk], dòng screen (hoặc đặt TDKT_SCREEN), rồi mở lại tdkt up. "
                "Nếu không phải, hãy đóng trang web đã dẫn tới đây."
            )
        if any(one not in self.origins and urlsplit(one).netloc not in asked for one in origins):
            return FORBIDDEN, self.say(
                "Màn hình vận hành không nhận yêu cầu từ trang web khác. Nếu đó là địa chỉ cơ quan "
                "đặt cho màn hình, hãy ghi vào office.toml, mục [desk], dòng screen (hoặc đặt "
                "TDKT_SCREEN), rồi mở lại tdkt up."
            )
        return None


def _rules(origins: tuple[str, ...]) -> list[tuple[bytes, bytes]]:
    """What a browser may do with our pages."""
    ours = [one for one in origins if one.startswith("http")]
    sockets = [one.replace("http", "ws", 1) for one in ours]
    asked = " ".join(["'self'", *ours, *sockets])
    policy = (
        f"connect-src {asked}; img-src 'self' data: blob:; "
        "object-src 'none'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
    )
    return [
        (b"content-security-policy", policy.encode("latin-1", "ignore")),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ]


def _of(scope: Message, header: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for name, value in scope["headers"] if name == header]


def _name(host: str) -> str:
    """`[::1]:4200` -> `::1`, `localhost.:4200` -> `localhost`; "" for what is no host."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""
