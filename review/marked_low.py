"""The general criteria as the authority marked them, line by line, and the marks that are low.

marked.below(60)              -> ["c3"], the criteria with less than 60 % of the most for them
list(marked.each(["c3"]))     -> [LowMark("03637-02", "c3", 149, 250, …)]
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache
from operator import le
from typing import Any, NamedTuple


class LowMark(NamedTuple):
    """A general criterion; `mark` and `most` in hundredths of a point."""

    cadre: str
    criterion: str
    mark: int
    most: int
    says: str
    cell: str
    period: str
    on: date


class Asked(NamedTuple):
    """What a sheet asks of everyone: a criterion, the most there is for it, how it is called, the
    column it stands in."""

    criterion: str
    most: int
    says: str
    column: str


class Marked(NamedTuple):
    """One line of general criteria: the marks as `asked`, None where there is none. (A line, not a
    mark: a month of a country has two and a half million marks, of which few are ever told.)"""

    cadre: str
    marks: tuple[int | None, ...]
    asked: tuple[Asked, ...]
    line: int
    period: str
    on: date

    def below(self, percent: int) -> list[str]:
        """The criteria with less than that share of the most there is for them."""
        marks: Any = self.marks
        if None not in marks and all(map(le, _bars(self.asked, percent), marks)):
            return []  # as of most people, told in a third of the time
        return [
            criterion
            for mark, (criterion, most, _, _) in zip(self.marks, self.asked, strict=True)
            if mark is not None and mark * 100 < most * percent
        ]

    def each(self, only: Collection[str] | None = None) -> Iterator[LowMark]:
        """The marks of these criteria (of all, if None)."""
        for mark, one in zip(self.marks, self.asked, strict=True):
            if mark is not None and (only is None or one.criterion in only):
                cell = f"{one.column}{self.line}" if one.column else ""
                told = one.criterion, mark, one.most, one.says, cell
                yield LowMark(self.cadre, *told, self.period, self.on)


@lru_cache(maxsize=64)  # what a form asks, once a share
def _bars(asked: tuple[Asked, ...], percent: int) -> tuple[int, ...]:
    """The least marks that are no less than that share: hundredths, so the next whole one."""
    return tuple([-(-one.most * percent // 100) for one in asked])
