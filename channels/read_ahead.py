"""Files that will be asked for soon: some are being read already, the others stand in line.

ahead = Ahead(give_out)             give_out(files, number of their forms, period) has them read
ahead.line_up([(path, 0, "2026-10"), …])
ahead.put_in_order(files)           all of them, in the order in which they will be asked for
ahead.take((path, 0, "2026-10"))    -> where its answer will be; None if it was not begun
ahead.go_on()                       others come in where answers were taken
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import groupby, islice
from threading import Lock

from channels.desk_process import Answers, Named

MOST_AHEAD = 1_500  # answers that wait to be asked for, some 20 KB each
MOST_LATE = 500  # more, where so many of them are not wanted before others
HANDFUL = 25  # files given out at once: enough that a desk never waits, few enough to share

Asked = tuple[Named, int, str | None]  # a file, the number of its forms, the period expected
Given = tuple[Future[Answers], int]  # the answers it will be among, and where among them
GiveOut = Callable[[Sequence[Named], int, str | None], Iterator[Given]]


class Ahead:
    """May be used by any number of threads. So many handfuls are given out `at_once`, the next when
    one was read: whoever asks for something else does not wait behind all that is to come."""

    def __init__(self, give_out: GiveOut, at_once: int = 4) -> None:
        self._give_out, self._at_once = give_out, at_once
        self._line: dict[Asked, None] = {}
        self._begun: dict[Asked, Given] = {}
        self._late: set[Asked] = set()  # begun, and asked for long after others that are not
        self._unread = 0  # files that were given out and are not read yet
        self._lock = Lock()

    def line_up(self, files: Iterable[Asked]) -> None:
        """At the end of the line."""
        with self._lock:
            self._line |= {asked: None for asked in files if asked not in self._begun}
        self.go_on()

    def put_in_order(self, files: Sequence[Asked]) -> None:
        """All the files that will be asked for, in the order in which they will be; others are no
        longer waited for. What was begun too early takes little place away from what is wanted
        sooner."""
        with self._lock:
            wanted, soon = dict.fromkeys(files), set(files[:MOST_AHEAD])
            self._begun = {asked: one for asked, one in self._begun.items() if asked in wanted}
            self._late = {asked for asked in self._begun if asked not in soon}
            self._line = {asked: None for asked in files if asked not in self._begun}
        self.go_on()

    def take(self, asked: Asked) -> Given | None:
        """A file is given once; one that has not been begun leaves the line."""
        with self._lock:
            self._line.pop(asked, None)
            self._late.discard(asked)
            return self._begun.pop(asked, None)

    def go_on(self) -> None:
        """Begins with the next in line, a handful at a time, while there is room for answers."""
        begun: dict[Future[Answers], int] = {}
        with self._lock:
            while some := [*islice(self._line, min(HANDFUL, self._room()))]:
                if len(some) < min(HANDFUL, len(self._line)):
                    break
                for answers, _ in self._begin(some):
                    begun[answers] = begun.get(answers, 0) + 1
        for answers, files in begun.items():  # which may be there by now: not with the lock in hand
            answers.add_done_callback(partial(self._read, files))

    def _begin(self, some: Sequence[Asked]) -> Iterator[Given]:
        self._unread += len(some)
        for asked in some:
            del self._line[asked]
        for (number, expected), those in groupby(some, lambda asked: asked[1:]):
            files = [file for file, _, _ in those]
            for file, given in zip(files, self._give_out(files, number, expected), strict=True):
                self._begun[file, number, expected] = given
                yield given

    def _read(self, files: int, _answers: Future[Answers]) -> None:
        with self._lock:
            self._unread -= files
        with suppress(RuntimeError):  # the program ends: nothing is given out any more
            self.go_on()

    def _room(self) -> int:
        """For how many more answers."""
        if self._unread > HANDFUL * (self._at_once - 1):
            return 0
        return max(0, MOST_AHEAD - len(self._begun) + min(MOST_LATE, len(self._late)))

    def is_done(self) -> bool:
        """Whether all that was lined up is read."""
        with self._lock:
            return not (self._line or self._unread)

    def forget(self) -> None:
        """What nobody has asked for by now is not waited for any more."""
        with self._lock:
            for those in (self._line, self._begun, self._late):
                those.clear()
