"""A server that takes letters and keeps none, and a line that is slow, each in its own process.

python -m benchmarks.sink 20      -> prints two ports: the server's, and one 20 ms away
"""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Taker:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 2.0.0 Ok"


async def serve(round_trip: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Taker(), data_size_limit=1 << 25, loop=loop), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]

    async def through(reader: Any, writer: Any) -> None:
        there_reader, there = await asyncio.open_connection("127.0.0.1", port)
        for end in (writer, there):
            end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(_pipe(reader, there, round_trip), _pipe(there_reader, writer, 0.0))

    slow = await asyncio.start_server(through, "127.0.0.1", 0)
    print(port, slow.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


async def _pipe(reader: Any, writer: Any, seconds: float) -> None:
    """Hands on what it reads `seconds` after it came: a whole round trip on the way there."""
    loop = asyncio.get_running_loop()
    pending: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def hand_on() -> None:
        while True:
            due, data = await pending.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not data:
                writer.close()
                return
            writer.write(data)

    task = asyncio.create_task(hand_on())
    while data := await reader.read(65536):
        pending.put_nowait((loop.time() + seconds, data))
    pending.put_nowait((loop.time() + seconds, b""))
    await task


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]) / 1000))
