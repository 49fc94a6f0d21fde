"""The reading room: strangers' files are opened in processes of their own, which can be killed.

    with ReadingRoom(processes=2) as room:
        answers = room.examine([Path("inbox/a.xlsx"), data], regulation.forms, "2026-10")

One file can end a process (19 KB with a value in XFD1048576 asks for 549 GB and aborts it): here it
costs that file alone (channels/desk_process.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import LifoQueue
from threading import Lock
from types import TracebackType
from typing import Self

from channels.desk_process import Answer, Answers, Desk, Forms, Named, Trouble
from channels.read_ahead import HANDFUL, Ahead, Given
from review.examine import Examined

MOST_BYTES_IN_HAND = 8 << 20  # the desk holds them all while it reads

File = Named | str


class ReadingRoom:
    """A number of desks shared by any number of threads.

    `memory_mib` bounds the address space of a desk, `seconds` the time it may take for one file.
    Desks are started when first needed. Raises ChannelBusy if none can be started.
    """

    def __init__(self, processes: int = 2, memory_mib: int = 512, seconds: float = 10.0) -> None:
        self._memory, self._seconds = memory_mib, seconds
        self._desks: LifoQueue[Desk | None] = LifoQueue()
        for _ in range(processes):
            self._desks.put(None)  # a place where a desk may stand
        self._hands = ThreadPoolExecutor(processes, thread_name_prefix="reading-room")
        self._processes = processes
        self._shelf: list[Forms] = []
        self._shelf_lock = Lock()
        self._ahead = Ahead(self._given_out, 2 * processes)
        self._closed = False

    def examine(
        self, files: Sequence[File], forms: Forms, expected_period: str | None = None
    ) -> list[Examined]:
        """An answer for each file (its path or bytes), in order. A file that kills or outstays its
        reader is answered as unreadable; the others do not notice."""
        if self._closed:
            raise RuntimeError("the reading room is closed; open a new one")
        number = self._number_of(forms)
        named = _named(files)
        ahead = [self._ahead.take((file, number, expected_period)) for file in named]
        rest = [file for file, known in zip(named, ahead, strict=True) if known is None]
        fresh = self._given_out(rest, number, expected_period)
        found = [known or next(fresh) for known in ahead]
        self._ahead.go_on()
        said = (answers.result()[at] for answers, at in found)
        return [
            self._opened(answer, file, number, expected_period)
            for file, answer in zip(named, said, strict=True)
        ]

    def read_ahead(
        self, files: Sequence[File], forms: Forms, expected_period: str | None = None
    ) -> None:
        """Has files read that will be asked for soon, in the background, in this order and no
        further than channels.read_ahead.MOST_AHEAD answers wait."""
        if not self._closed:
            number = self._number_of(forms)
            self._ahead.line_up((file, number, expected_period) for file in _named(files))

    def expect(
        self, files: Sequence[File], forms: Forms, expected_period: str | None = None
    ) -> None:
        """The same of all the files that will be asked for, now that their order is known. What was
        read ahead and is not among them is forgotten."""
        if not self._closed:
            number = self._number_of(forms)
            named = [(file, number, expected_period) for file in _named(files)]
            self._ahead.put_in_order(named)

    def has_read_all(self) -> bool:
        """Whether nothing is left of what was to be read ahead."""
        return self._ahead.is_done()

    def _given_out(
        self, files: Sequence[Named], number: int, expected: str | None
    ) -> Iterator[Given]:
        """For each file, in order, the answers it will be among, and where among them."""
        parts = _parts(files, max(1, min(HANDFUL, -(-len(files) // self._processes))))
        given = [(self._hands.submit(self._read, part, number, expected), part) for part in parts]
        return iter([(answers, at) for answers, part in given for at in range(len(part))])

    def open(self) -> None:
        """Starts the desks now, in the background, so that the first file need not wait."""
        for _ in range(self._processes):
            self._hands.submit(self._stand_one)

    def _stand_one(self) -> None:
        desk = self._desks.get()
        try:
            desk = desk or Desk(self._memory)
        finally:
            self._desks.put(desk)

    def examine_one(self, file: File, forms: Forms, expected_period: str | None = None) -> Examined:
        return self.examine([file], forms, expected_period)[0]

    def close(self) -> None:
        """Ends every desk; waits for files in hand. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._ahead.forget()
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

    def _opened(
        self, answer: Answer | Examined, file: Named, number: int, expected: str | None
    ) -> Examined:
        """By whoever asked for it, and only then."""
        return _told(answer) or self._once_more(file, number, expected)

    def _read(self, files: Sequence[Named], number: int, expected: str | None) -> Answers:
        answers: Answers = []
        desk = self._desks.get()
        try:
            while len(answers) < len(files):
                desk = desk or Desk(self._memory)
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
        desk, answers = Desk(self._memory), Answers()
        try:
            desk.knows(number, self._shelf[number])
            wrong = desk.read([file], number, expected, self._seconds, answers)
            found = None if wrong else _told(answers[0])
            return found or (wrong or Trouble()).answer(self._seconds)
        finally:
            desk.end()


def _told(answer: Answer | Examined) -> Examined | None:
    return answer if isinstance(answer, Examined) else answer.opened()


def _named(files: Sequence[File]) -> list[Named]:
    named = [Path(file) if isinstance(file, str) else file for file in files]
    return [file.absolute() if isinstance(file, Path) else file for file in named]


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
