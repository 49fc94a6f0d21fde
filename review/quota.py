"""How many may be graded excellent, and who that suggests (Decree 335/2025, Article 20.5).

    most_excellent(CapReading.GOOD_ONLY, 2000, good=35)     -> 5
    suggest(candidates, seats=2).tied                       -> those among whom a person decides

Nothing here decides: a tie is named and left to a person, never broken by name or code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from review.period import Cadence

SMALL_GROUP = "NHOM_NHO_KHONG_CO_CHI_TIEU"


class CapReading(StrEnum):
    """Three readings of "20% of the number graded good" are in use (domain.md 2.4)."""

    GOOD_ONLY = "GOOD_ONLY"  # the decree's words as published
    GOOD_OR_BETTER = "GOOD_OR_BETTER"  # one institution's decision
    ALL_RATED = "ALL_RATED"  # Treasury region XV

    @property
    def label(self) -> str:
        return {
            "GOOD_ONLY": "tính trên số người xếp “tốt”",
            "GOOD_OR_BETTER": "tính trên số người từ “tốt” trở lên",
            "ALL_RATED": "tính trên tất cả người được xếp loại",
        }[self]


@dataclass(frozen=True, slots=True)
class CapRules:
    """`percent` and `outstanding` are hundredths of a percent (20% = 2000); `applies` to results of
    these cadences when they are approved."""

    reading: CapReading
    percent: int
    outstanding: int
    applies: tuple[Cadence, ...] = (Cadence.YEAR,)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone at or above the excellent threshold; figures in any one exact unit."""

    code: str
    total: int
    task_score: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`chosen` in order of merit; `tied` stand level across the cut, in order of code."""

    chosen: tuple[str, ...]
    tied: tuple[str, ...] = ()
    displaced: tuple[str, ...] = ()

    @property
    def needs_decision(self) -> bool:
        return bool(self.tied)


def most_excellent(reading: CapReading, percent: int, good: int, rated: int | None = None) -> int:
    """The most that may be graded excellent, rounded down so that it is never exceeded [POLICY].

    `percent` in hundredths of a percent; `good` people at good or better and not disqualified;
    `rated` all who were graded, needed for ALL_RATED only (ValueError without it).
    Under GOOD_ONLY whoever is moved down becomes "good" and enlarges the base: E ≤ p·(N − E).
    """
    if reading is CapReading.GOOD_ONLY:
        return good * percent // (10_000 + percent)
    if reading is CapReading.GOOD_OR_BETTER:
        return good * percent // 10_000
    if rated is None:
        raise ValueError("ALL_RATED needs the number of all rated")
    return rated * percent // 10_000


def suggest(candidates: Iterable[Candidate], seats: int) -> Suggestion:
    """Fills the seats by total, then by task score; stops before a tie that the cut would split."""
    ranked = sorted(candidates, key=lambda c: (-c.total, -c.task_score, c.code))
    chosen: list[str] = []
    tied: tuple[str, ...] = ()
    displaced: list[str] = []
    for _, level in groupby(ranked, key=lambda c: (c.total, c.task_score)):
        codes = [candidate.code for candidate in level]
        left = seats - len(chosen)
        if tied or displaced or left <= 0:
            displaced += codes
        elif len(codes) <= left:
            chosen += codes
        else:
            tied = tuple(codes)
    return Suggestion(tuple(chosen), tied, tuple(displaced))
