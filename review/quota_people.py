"""A period's results as the quota looks at them: columns, one row a person.

people = People.of([Rated(card, duties="Chuyên viên"), …])
people.total[0], people.codes[0]        -> 9047, "03637-01"
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable
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
    def from_rows(cls, rows: Iterable[Row]) -> People:
        """The rows are gone through once and not kept: a country has a quarter of a million, of
        some ten thousand units and a few duties."""
        texts = list[str](), list[str](), list[str]()
        figures = [array("q") for _ in range(7)]
        same: dict[str, str] = {}
        for code, unit, duties, *known in rows:
            told = code, same.setdefault(unit, unit), same.setdefault(duties, duties)
            for text, words in zip(texts, told, strict=True):
                text.append(words)
            for figure, value in zip(figures, known, strict=True):
                figure.append(value)
        whole = [np.array(figure, dtype=np.int64) for figure in figures[:5]]
        truth = [np.array(figure, dtype=np.bool_) for figure in figures[5:]]
        return cls(*map(tuple, texts), *whole, *truth)  # type: ignore[arg-type]

    def in_order(self) -> People:
        """The same by unit and code."""
        order = sorted(range(len(self.codes)), key=self.codes.__getitem__)
        order.sort(key=self.units.__getitem__)
        codes, units, duties = (
            tuple([text[at] for at in order]) for text in (self.codes, self.units, self.duties)
        )
        total, task, low, high, grade = (
            one[order] for one in (self.total, self.task, self.low, self.high, self.grade)
        )
        rated, waiting = self.rated[order], self.waiting[order]
        return People(codes, units, duties, total, task, low, high, grade, rated, waiting)

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
