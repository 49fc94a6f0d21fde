"""What one unit adds to a figure of the province: counts that add up, and pieces worth showing.

    tally(persons=3, women=1) + tally(persons=2)      -> counts {"persons": 5, "women": 1}

A province is the sum of its units, in whatever order and however many at a time, so a figure of ten
thousand units needs no more room than one. Of the evidence the first pieces stay (the oldest; where
`by_score`, the lowest), and how many there were in all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest
from typing import Any

from review.evidence import Evidence, whole_number

MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Tally:
    """`found` counts all the evidence there was; `shown` are the first pieces of it."""

    counts: Mapping[str, int] = field(default_factory=dict)
    shown: tuple[Evidence, ...] = ()
    found: int = 0
    by_score: bool = False

    def __add__(self, other: Tally) -> Tally:
        counts = dict(self.counts)
        for name, count in other.counts.items():
            counts[name] = counts.get(name, 0) + count
        by_score = self.by_score or other.by_score
        shown = _first((*self.shown, *other.shown), by_score) if other.shown else self.shown
        return Tally(counts, shown, self.found + other.found, by_score)

    def __getitem__(self, name: str) -> int:
        """A count; what nobody counted is 0."""
        return self.counts.get(name, 0)

    def said(self, name: str) -> str:
        """A count as a sentence tells it: "1.557"."""
        return whole_number(self[name])

    def under(self, prefix: str) -> dict[str, int]:
        """The counts whose names begin so: tally.under("age:") -> {"dưới 40": 3}."""
        return {
            name.removeprefix(prefix): count
            for name, count in self.counts.items()
            if name.startswith(prefix)
        }

    def as_json(self) -> list[Any]:
        shown = [piece.as_json() for piece in self.shown]
        counts = {name: count for name, count in sorted(self.counts.items()) if count}
        return [counts, shown, self.found, self.by_score]

    @classmethod
    def from_json(cls, told: list[Any]) -> Tally:
        counts, shown, found, by_score = told
        return cls(counts, tuple(map(Evidence.from_json, shown)), found, by_score)


def tally(
    evidence: Iterable[Evidence] = (),
    by_score: bool = False,
    more: Mapping[str, int] | None = None,
    **counts: int,
) -> Tally:
    """One unit's counts; `more` are those whose names are no words of Python."""
    pieces = tuple(evidence)
    return Tally({**counts, **(more or {})}, _first(pieces, by_score), len(pieces), by_score)


def spread_of(values: Iterable[int]) -> dict[str, int]:
    """How often each value occurs, so that the middle of all units' can be told: {"d:12": 3}."""
    return {f"{SPREAD}{value}": count for value, count in Counter(values).items()}


def middle_of(tallied: Tally) -> int | None:
    """The median of what `spread_of` counted, in hundredths; None of nothing."""
    counted = sorted((int(value), n) for value, n in tallied.under(SPREAD).items())
    whole = sum(n for _, n in counted)
    if not whole:
        return None
    return (_at(counted, (whole - 1) // 2) + _at(counted, whole // 2)) * 50


SPREAD = "d:"


def _at(counted: list[tuple[int, int]], place: int) -> int:
    for value, n in counted:
        if place < n:
            return value
        place -= n
    raise IndexError(place)


def _first(pieces: tuple[Evidence, ...], by_score: bool) -> tuple[Evidence, ...]:
    rank = _by_score if by_score else _by_day
    return tuple(nsmallest(MOST_SHOWN, pieces, key=rank))


def _by_day(piece: Evidence) -> tuple[date, str, str, str, str]:
    return piece.on or date.max, piece.subject, piece.period, piece.cell, piece.says


def _by_score(piece: Evidence) -> tuple[int, str, str, str, str]:
    score = 0 if piece.score is None else piece.score
    return score, piece.subject, piece.period, piece.cell, piece.says
