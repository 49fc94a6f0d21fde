"""The reading room: strangers' files are opened in processes of their own, which can be killed.

    with ReadingRoom(processes=2) as room:
        answers = room.examine([Path("inbox/a.xlsx"), data], regulation.forms, "2026-10")

One file can end a process (19 KB with a value in XFD1048576 asks for 549 GB and aborts it): here it
costs that file alone. Each desk (channels/reading_desk.py) is a fresh Python without the office's
environment: it imports the reading modules only, whatever the program that opened the room has
loaded, which neither fork nor multiprocessing's own start methods can promise (they import the
parent's __main__).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from queue import LifoQueue
from threading import Lock
from types import TracebackType
from typing import Self

from channels.errors import ChannelBusy
from channels.reading import OUT_OF_MEMORY, READY
from channels.reading_line import heard
from review.examine import Examined, unreadable
from review.form import Form

ROOT = Path(__file__).resolve().parent.parent
MOST_IN_HAND = (
    25  # files given to a desk at once: enough that a desk never waits, few enough to share
)
MOST_BYTES_IN_HAND = 8 << 20  # the desk holds them all while it reads
START_SECONDS = 120.0  # a desk that died is known at once: this is for a machine out of breath
# All that a desk is told of this machine: no database, no mail server, no secret.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE")

Named = bytes | Path | tuple[Path, ...]  # several: a file and the corrections laid over it
File = Named | str
Forms = Mapping[str, Form]


class ReadingRoom:
    """A number of desks shared by any number of threads.

    `memory_mib` bounds the address space of a desk, `seconds` the time it may take for one file.
    Desks are started when first needed. Raises ChannelBusy if none can be started.
    """

    def __init__(self, processes: int = 2, memory_mib: int = 512, seconds: float = 10.0) -> None:
        self._memory, self._seconds = memory_mib, seconds
        self._desks: LifoQueue[_Desk | None] = LifoQueue()
        for _ in range(processes):
            self._desks.put(None)  # a place where a desk may stand
        self._hands = ThreadPoolExecutor(processes, thread_name_prefix="reading-room")
        self._processes = processes
        self._shelf: list[Forms] = []
        self._shelf_lock = Lock()
        self._closed = False

    def examine(
        self, files: Sequence[File], forms: Forms, expected_period: str | None = None
    ) -> list[Examined]:
        """An answer for each file (its path or bytes), in order. A file that kills or outstays its
        reader is answered as unreadable; the others do not notice."""
        if self._closed:
            raise RuntimeError("the reading room is closed; open a new one")
        number = self._number_of(forms)
        named = [Path(file).absolute() if isinstance(file, str | Path) else file for file in files]
        parts = _parts(named, max(1, min(MOST_IN_HAND, -(-len(named) // self._processes))))
        answers = self._hands.map(lambda part: self._read(part, number, expected_period), parts)
        return [answer for part in answers for answer in part]

    def open(self) -> None:
        """Starts the desks now, in the background, so that the first file need not wait."""
        for _ in range(self._processes):
            self._hands.submit(self._stand_one)

    def _stand_one(self) -> None:
        desk = self._desks.get()
        try:
            desk = desk or _Desk(self._memory)
        finally:
            self._desks.put(desk)

    def examine_one(self, file: File, forms: Forms, expected_period: str | None = None) -> Examined:
        return self.examine([file], forms, expected_period)[0]

    def close(self) -> None:
        """Ends every desk; waits for files in hand. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._hands.shutdown(wait=True)
        while not self._desks.empty():
            if desk := self._desks.get():
                desk.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _number_of(self, forms: Forms) -> int:
        """Forms travel to a desk once; afterwards their number does."""
        with self._shelf_lock:
            for number, known in enumerate(self._shelf):
                if known is forms or known == forms:
                    return number
            self._shelf.append(forms)
            return len(self._shelf) - 1

    def _read(self, files: Sequence[Named], number: int, expected: str | None) -> list[Examined]:
        answers: list[Examined] = []
        desk = self._desks.get()
        try:
            while len(answers) < len(files):
                desk = desk or _Desk(self._memory)
                desk.knows(number, self._shelf[number])
                fresh = desk.fresh
                wrong = desk.read(files[len(answers) :], number, expected, self._seconds, answers)
                if wrong is None:
                    continue
                desk.end()
                desk = None
                # A worn desk may fail a file that is not to blame: it gets a second, fresh one.
                if fresh or wrong.slow:
                    answers.append(wrong.answer(self._seconds))
                    continue
                alone = self._once_more(files[len(answers)], number, expected)
                answers.append(alone)
        except BaseException:
            if desk is not None:
                desk.end()
                desk = None
            raise
        finally:
            self._desks.put(desk)
        return answers

    def _once_more(self, file: Named, number: int, expected: str | None) -> Examined:
        desk, answers = _Desk(self._memory), list[Examined]()
        try:
            desk.knows(number, self._shelf[number])
            wrong = desk.read([file], number, expected, self._seconds, answers)
            return wrong.answer(self._seconds) if wrong else answers[0]
        finally:
            desk.end()


def _parts(files: Sequence[Named], size: int) -> list[list[Named]]:
    """The files in order, a handful at a time: neither too many nor too heavy."""
    parts: list[list[Named]] = []
    weight = 0
    for file in files:
        weighs = len(file) if isinstance(file, bytes) else 0
        if not parts or len(parts[-1]) >= size or weight + weighs > MOST_BYTES_IN_HAND:
            parts.append([])
            weight = 0
        parts[-1].append(file)
        weight += weighs
    return parts


class _Trouble:
    """How a desk failed: it took too long, ran out of memory, or died of something else."""

    def __init__(self, slow: bool = False, code: int | None = None) -> None:
        self.slow, self._code = slow, code

    def answer(self, seconds: float) -> Examined:
        fix = "Chép số liệu sang tệp mẫu mới của tỉnh rồi gửi lại."
        if self.slow:
            says = f"Tệp mất quá {seconds:g} giây mà chưa đọc xong."
            return unreadable("TOO_SLOW", says.replace(".", ",", seconds % 1 != 0), fix)
        if self._code == OUT_OF_MEMORY:
            return unreadable("TOO_LARGE", "Tệp cần quá nhiều bộ nhớ để đọc.", fix)
        return unreadable("HOSTILE_FILE", "Tệp làm hỏng chương trình đọc nên bị từ chối.", fix)


class _Desk:
    """One process and the line to it."""

    def __init__(self, memory_mib: int) -> None:
        here, there = Pipe()
        self._line: Connection = here
        self._known: set[int] = set()
        self.fresh = True
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        with there:
            number = there.fileno()
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "channels.reading_desk", str(number), str(memory_mib)],
                    cwd=ROOT,
                    env=environment | {"PYTHONPATH": str(ROOT)},
                    pass_fds=(number,),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the program, which closes the room
                )
            except OSError as wrong:
                here.close()
                said = f"Không mở được tiến trình đọc tệp: {wrong.strerror}."
                raise ChannelBusy(said) from wrong

    def knows(self, number: int, forms: Forms) -> None:
        if number not in self._known:
            with contextlib.suppress(OSError):  # if it died just now, the reading will tell
                self._line.send(("forms", number, dict(forms)))
            self._known.add(number)

    def read(
        self,
        files: Sequence[Named],
        number: int,
        expected: str | None,
        seconds: float,
        answers: list[Examined],
    ) -> _Trouble | None:
        """Appends an answer for each file, up to the one that was too much, if any."""
        if self.fresh:
            self._wait_until_ready()
        try:
            self._line.send(("read", number, expected, list(files)))
            for _ in files:
                if not self._line.poll(seconds):
                    return _Trouble(slow=True)
                answers.append(heard(self._line.recv_bytes()))
                self.fresh = False
        except (EOFError, OSError):
            return _Trouble(code=self._died_of())
        except (ValueError, KeyError, TypeError):  # no sound desk says this: its file made it
            return _Trouble()
        return None

    def _wait_until_ready(self) -> None:
        """Its start is our time, not the file's."""
        with contextlib.suppress(EOFError, OSError):
            if self._line.poll(START_SECONDS) and self._line.recv_bytes() == READY:
                return
        self.end()
        raise ChannelBusy("Tiến trình đọc tệp không khởi động được; hãy thử lại.")

    def _died_of(self) -> int | None:
        try:
            return self._process.wait(1)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """Ends the process, whatever it is at, and waits until it is gone."""
        self._line.close()  # may be called twice
        self._process.kill()
        self._process.wait()
