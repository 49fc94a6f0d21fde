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
from itertools import groupby, islice
from threading import Lock

from channels.desk_process import Answers, Named

MOST_AHEAD = 1_500  # answers that wait to be asked for, some 20 KB each
HANDFUL = 25  # files given out at once: enough that a desk never waits, few enough to share

Asked = tuple[Named, int, str | None]  # a file, the number of its forms, the period expected
Given = tuple[Future[Answers], int]  # the answers it will be among, and where among them
GiveOut = Callable[[Sequence[Named], int, str | None], Iterator[Given]]


class Ahead:
    """May be used by any number of threads."""

    def __init__(self, give_out: GiveOut) -> None:
        self._give_out = give_out
        self._line: dict[Asked, None] = {}
        self._begun: dict[Asked, Given] = {}
        self._late: set[Asked] = set()  # begun, and asked for long after others that are not
        self._lock = Lock()

    def line_up(self, files: Iterable[Asked]) -> None:
        """At the end of the line."""
        with self._lock:
            self._line |= dict.fromkeys(files)
        self.go_on()

    def put_in_order(self, files: Sequence[Asked]) -> None:
        """All the files that will be asked for, in the order in which they will be. What was begun
        too early takes no place away from what is wanted sooner."""
        with self._lock:
            soon = set(files[:MOST_AHEAD])
            self._late = {asked for asked in self._begun if asked not in soon}
            in_order = {asked: None for asked in files if asked not in self._begun}
            self._line = in_order | {a: None for a in self._line if a not in in_order}
        self.go_on()

    def take(self, asked: Asked) -> Given | None:
        """A file is given once; one that has not been begun leaves the line."""
        with self._lock:
            self._line.pop(asked, None)
            self._late.discard(asked)
            return self._begun.pop(asked, None)

    def go_on(self) -> None:
        """Begins with the next in line, a handful at a time, while there is room for answers."""
        with self._lock:
            while some := [*islice(self._line, min(HANDFUL, self._room()))]:
                if len(some) < min(HANDFUL, len(self._line)):
                    return
                for asked in some:
                    del self._line[asked]
                for (number, expected), those in groupby(some, lambda asked: asked[1:]):
                    files = [file for file, _, _ in those]
                    given = self._give_out(files, number, expected)
                    names = ((file, number, expected) for file in files)
                    self._begun.update(zip(names, given, strict=True))

    def _room(self) -> int:
        """For how many more answers."""
        return max(0, MOST_AHEAD - len(self._begun) + len(self._late))

    def forget(self) -> None:
        """What nobody has asked for by now is not waited for any more."""
        with self._lock:
            for those in (self._line, self._begun, self._late):
                those.clear()
