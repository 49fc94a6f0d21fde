"""Where strangers' files are taken apart for other ends than to be judged: at a desk that can be
killed, as in the reading room.

    with SideRoom(memory_mib=512, seconds=20) as room:
        room.does("marked", data, findings)     -> the bytes of the marked workbook

    marked(data, findings)      the same at a desk that this process keeps
    rows_of(data)               every sheet of a workbook

Raises ChannelRefused for what cannot be done, Overtaxed where the file was too much for its desk.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from multiprocessing.connection import Connection, Pipe
from threading import Lock
from typing import Any, Self

from channels.desk_process import PASSED_ON, ROOT, START_SECONDS
from channels.errors import ChannelBusy, ChannelRefused
from channels.reading import READY
from channels.side_line import unpack
from review.findings import Finding
from review.raw import Rows

MARKING_MIB, MARKING_SECONDS = 512, 10.0
ROSTER_MIB, ROSTER_SECONDS = 2048, 120.0  # a whole province's roll, some 50 MB


class Overtaxed(ChannelRefused):
    """A file that took its desk too long (`slow`), or killed it."""

    def __init__(self, slow: bool) -> None:
        super().__init__(
            "Tệp mất quá nhiều thời gian để xử lý." if slow else "Tệp làm hỏng chương trình đọc."
        )
        self.slow = slow


class SideRoom:
    """One desk, started when first needed and replaced when a file was too much for it. Threads
    take turns."""

    def __init__(self, memory_mib: int, seconds: float) -> None:
        self._seconds, self._memory = seconds, memory_mib
        self._line: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = Lock()

    def does(self, job: str, *arguments: Any) -> Any:
        """Raises ChannelBusy only where no desk can be started."""
        with self._turn:
            line = self._line or self._start()
            try:
                line.send((job, arguments))
                if not line.poll(self._seconds):
                    self.close()
                    raise Overtaxed(slow=True)
                told = unpack([line.recv_bytes() for _ in range(_count(line.recv_bytes()))])
            except (EOFError, OSError, ValueError) as wrong:
                self.close()
                raise Overtaxed(slow=False) from wrong
        if not isinstance(told, dict):
            raise Overtaxed(slow=False)
        if "refused" in told:
            raise ChannelRefused(str(told["refused"]))
        return told.get("did")

    def _start(self) -> Connection:
        here, there = Pipe()
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        with there:
            number = there.fileno()
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "channels.side_desk", str(number), str(self._memory)],
                    cwd=ROOT,
                    env=environment | {"PYTHONPATH": str(ROOT)},
                    pass_fds=(number,),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as wrong:
                here.close()
                raise ChannelBusy("Không mở được tiến trình đọc tệp.") from wrong
        self._line = here
        with contextlib.suppress(EOFError, OSError):
            if here.poll(START_SECONDS) and here.recv_bytes() == READY:
                return here
        self.close()
        raise ChannelBusy("Tiến trình đọc tệp không khởi động được; hãy thử lại.")

    def close(self) -> None:
        """Ends the desk, whatever it is at. May be called twice."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line, self._process = None, None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_wrong: object) -> None:
        self.close()


def _count(told: bytes) -> int:
    """Of the pieces that follow; no desk of ours sends more than a mail may hold."""
    if not told.isdigit() or len(told) > 3:
        raise ValueError("no answer of a desk")
    return int(told)


@cache
def _kept(memory_mib: int, seconds: float) -> SideRoom:
    room = SideRoom(memory_mib, seconds)
    atexit.register(room.close)
    return room


def marked(data: bytes, findings: Sequence[Finding]) -> bytes:
    """As channels/marked.py, at a desk of its own."""
    done: bytes = _kept(MARKING_MIB, MARKING_SECONDS).does("marked", data, tuple(findings))
    return done


def rows_of(data: bytes) -> list[tuple[str, Rows]]:
    """Every sheet of a workbook of any kind, by name."""
    read = _kept(ROSTER_MIB, ROSTER_SECONDS).does("rows", data)
    return [(str(name), rows) for name, rows in read]
