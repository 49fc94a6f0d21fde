"""One desk where strangers' mails are opened: a process that has no office and can be killed.

    python -m channels.mail_desk 5 512     (socket 5, 512 MiB; started by channels.mail_room)

Bytes of a mail come over the socket, one OpenedMail goes back.
"""

from __future__ import annotations

import contextlib
import os
import sys
from multiprocessing.connection import Connection

from channels.mail_opening import open_mail
from channels.reading import OUT_OF_MEMORY, READY
from channels.reading_desk import limit
from review.mail import OpenedMail


def main() -> None:
    line = Connection(int(sys.argv[1]))
    limit(int(sys.argv[2]))
    line.send_bytes(READY)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            line.send(answer(line.recv_bytes()))


def answer(raw: bytes) -> OpenedMail:
    try:
        return open_mail(raw)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as wrong:
        return OpenedMail(broken=f"Chương trình gặp lỗi khi mở thư ({type(wrong).__name__}).")


if __name__ == "__main__":
    main()
