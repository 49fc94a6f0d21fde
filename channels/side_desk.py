"""One desk beside the reading room: a process that takes a stranger's file apart for one purpose.

    python -m channels.side_desk 5 512     (socket 5, 512 MiB; started by channels.side_room)

It knows no office: no database, no letters, no secret, and it writes no file. Over the socket comes
(job, arguments); back goes what channels/side_line.py makes of {"did": …} or {"refused": words}:
how many pieces, then the pieces. It ends when the other side hangs up.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from typing import Any

from channels.errors import ChannelRefused
from channels.reading import OUT_OF_MEMORY, READY
from channels.reading_desk import limit
from channels.side_line import pack
from review.findings import Finding
from review.raw import Rows


def main() -> None:
    line = Connection(int(sys.argv[1]))
    limit(int(sys.argv[2]))
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):  # whoever asked may be gone
        line.send_bytes(READY)
        while True:
            job, arguments = line.recv()
            pieces = answer(job, arguments)
            line.send_bytes(str(len(pieces)).encode())
            for piece in pieces:
                line.send_bytes(piece)


def answer(job: str, arguments: Sequence[Any]) -> list[bytes]:
    try:
        return pack({"did": JOBS[job](*arguments)})
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except ChannelRefused as refused:
        return pack({"refused": str(refused)})
    except Exception as wrong:
        says = f"Chương trình gặp lỗi khi đọc tệp này ({type(wrong).__name__})."
        return pack({"refused": says})


# What is needed for one job is loaded when it is asked for.


def mail(raw: bytes) -> dict[str, Any]:
    from channels.mail_opening import open_mail

    return asdict(open_mail(raw))


def marked(data: bytes, findings: Sequence[Finding]) -> bytes:
    from channels.marked import marked as mark

    return mark(data, findings)


def rows(data: bytes) -> list[tuple[str, Rows]]:
    """Every sheet of a workbook, whole."""
    from channels.workbook import read_all

    return read_all(data)


JOBS: Mapping[str, Callable[..., Any]] = {"mail": mail, "marked": marked, "rows": rows}

if __name__ == "__main__":
    main()
