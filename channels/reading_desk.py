"""One desk of the reading room: a process that opens strangers' files and answers for each.

    python -m channels.reading_desk 5 512     (socket 5, 512 MiB; started by channels.reading_room)

It knows no office: no database, no letters, no address of either, and it writes nothing. What comes
over the socket: ("forms", number, forms) and ("read", number, expected period, [files]); what goes
back: one Examined a file, in order, as JSON (channels/reading_line.py). It ends when the other side
hangs up.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import sys
from collections.abc import Mapping

from channels.desk_line import Line
from channels.reading import OUT_OF_MEMORY, READY, File, read_and_examine
from channels.reading_line import told
from review.examine import unreadable
from review.form import Form

# The room's clock stops a file long before; this one is for a desk whose room is gone.
LAST_RESORT_SECONDS = 60


def main() -> None:
    line = Line(int(sys.argv[1]))
    limit(int(sys.argv[2]))
    gc.disable()  # values here are trees; what a file leaves behind is freed by counting
    gc.freeze()  # what was imported stays: no collection looks at it again
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):  # whoever asked may be gone
        line.send_bytes(READY)
        serve(line)


def limit(memory_mib: int) -> None:
    """Address space, no dumps, and not a byte written to any file."""
    memory = memory_mib << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def serve(line: Line) -> None:
    known: dict[int, Mapping[str, Form]] = {}
    while True:
        order = line.recv()
        if order[0] == "forms":
            known[order[1]] = order[2]
            continue
        _, number, expected, files = order
        for file in files:
            line.send_bytes(answer(file, known[number], expected))
        gc.collect(0)  # what these files left: all that is remembered is not gone over again


def answer(file: File, forms: Mapping[str, Form], expected: str | None) -> bytes:
    """The line for one Examined, also for a file that trips over a defect of ours: the others must
    go on."""
    signal.alarm(LAST_RESORT_SECONDS)
    try:
        return told(read_and_examine(file, forms, expected))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # half a parser may be left in memory; the room starts a fresh desk
    except Exception as wrong:
        says = f"Chương trình gặp lỗi khi đọc tệp này ({type(wrong).__name__}: {wrong})."
        fix = "Tỉnh sẽ xem lại tệp này; đơn vị chưa cần làm gì."
        return told(unreadable("READER_FAULT", says, fix))
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    main()
