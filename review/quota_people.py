"""A period's results as the quota looks at them: columns, one row a person.

people = People.of([Rated(card, duties="Chuyên viên"), …])
people.total[0], people.codes[0]        -> 9047, "03637-01"
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from review.quota_cut import Truth, Whole
from review.scorecard import CardStatus, Grade, Scorecard

RANK = {grade: rank for rank, grade in enumerate(Grade)}  # 0 is the best
EXCELLENT, GOOD = RANK[Grade.EXCELLENT], RANK[Grade.GOOD]
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Rated:
    """A person and their result; `duties` the group of similar duties, "" if none is named."""

    card: Scorecard
    duties: str = ""

    @property
    def code(self) -> str:
        return self.card.cadre

    @property
    def excellent(self) -> bool:
        return self.card.status is CardStatus.OK and self.card.grade is Grade.EXCELLENT


@dataclass(frozen=True)
class People:
    """Figures in hundredths, -1 where unknown; `grade` 0 (best) to 3, -1 for none; `rated` who has
    a result, `waiting` who is still to have one that could be better than the lowest."""

    codes: tuple[str, ...]
    units: tuple[str, ...]
    duties: tuple[str, ...]
    total: Whole
    task: Whole
    low: Whole
    high: Whole
    grade: Whole
    rated: Truth
    waiting: Truth

    @classmethod
    def of(cls, those: Iterable[Rated]) -> People:
        return cls.from_rows([_row(one.card, one.duties) for one in those])

    @classmethod
    def from_rows(cls, rows: Sequence[Row]) -> People:
        codes, units, duties, *figures = zip(*rows, strict=True) if rows else ((),) * 10
        whole = [np.array(column, dtype=np.int64) for column in figures[:5]]
        truth = [np.array(column, dtype=np.bool_) for column in figures[5:]]
        return cls(codes, units, duties, *whole, *truth)  # type: ignore[arg-type]

    @property
    def excellent(self) -> Truth:
        found: Truth = self.rated & (self.grade == EXCELLENT)
        return found

    @property
    def good(self) -> Truth:
        """Graded good or better."""
        found: Truth = self.rated & (self.grade >= EXCELLENT) & (self.grade <= GOOD)
        return found

    def among(self, codes: Collection[str]) -> Truth:
        named = frozenset(codes)
        return np.array([code in named for code in self.codes], dtype=np.bool_)


# code, unit, duties, total, task, low, high, grade, rated, waiting
Row = tuple[str, str, str, int, int, int, int, int, bool, bool]


def _row(card: Scorecard, duties: str) -> Row:
    low, high = card.bounds
    grade = RANK[card.grade] if card.grade else UNKNOWN
    waiting = card.status is CardStatus.INSUFFICIENT and card.grade is not Grade.NOT_DONE
    return (
        card.cadre,
        card.unit,
        duties,
        UNKNOWN if card.total is None else card.total,
        UNKNOWN if card.task_score is None else card.task_score,
        low,
        high,
        grade,
        card.status is CardStatus.OK,
        waiting,
    )
