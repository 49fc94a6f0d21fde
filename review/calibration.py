"""Are the raters alike? How lenient each is, with its uncertainty; scores that do not tell apart.

for rater in calibrate(ratings, same_from=80): print(rater.says)
-> 03637: cao hơn mặt bằng 1,8 điểm (khoảng 95%: 0,9 – 2,7), 6 người.

Advisory: nothing here changes a score. Averages and intervals are floating point on purpose; no
grade depends on them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt

LEAST = 3  # people, below whom a mean says nothing of the rater
SURE = 1.96  # a normal interval of 95%


@dataclass(frozen=True, slots=True)
class Rating:
    """What one authority gave one person and the person gave themselves, in hundredths."""

    rater: str
    cadre: str
    authority: int
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Rater:
    """Points: `lean` above (+) or below the others' mean, between `low` and `high` at 95%; None for
    too few people. `same` percent of people share one score; `gap` the mean of self less
    authority."""

    rater: str
    people: int
    mean: float
    lean: float | None
    low: float | None
    high: float | None
    same: int
    gap: float | None
    flagged: bool
    says: str


@dataclass(slots=True)
class _Sums:
    """Of some people: how many, the sum of their marks and of the squares; exact, in hundredths."""

    people: int = 0
    points: int = 0
    squares: int = 0

    def add(self, points: int) -> None:
        self.people, self.points = self.people + 1, self.points + points
        self.squares += points * points

    def without(self, some: _Sums) -> _Sums:
        return _Sums(
            self.people - some.people, self.points - some.points, self.squares - some.squares
        )

    @property
    def mean(self) -> float:
        return self.points / self.people / 100

    @property
    def variance(self) -> float:
        spread = self.people * self.squares - self.points**2
        return spread / (self.people * (self.people - 1) * 100**2)


@dataclass(slots=True)
class _Given:
    """What one rater gave."""

    sums: _Sums = field(default_factory=_Sums)
    marks: Counter[int] = field(default_factory=Counter)
    gaps: _Sums = field(default_factory=_Sums)


def calibrate(ratings: Iterable[Rating], same_from: int = 80) -> list[Rater]:
    """One line a rater, in order; each is held against everyone rated by others. The ratings are
    summed up as they come: a country's are never in memory at once."""
    given: defaultdict[str, _Given] = defaultdict(_Given)
    everyone = _Sums()
    for one in ratings:
        theirs = given[one.rater]
        theirs.sums.add(one.authority)
        theirs.marks[one.authority] += 1
        if one.own is not None:
            theirs.gaps.add(one.own - one.authority)
        everyone.add(one.authority)
    return [_rater(rater, given[rater], everyone, same_from) for rater in sorted(given)]


def _rater(rater: str, given: _Given, everyone: _Sums, same_from: int) -> Rater:
    own, others = given.sums, everyone.without(given.sums)
    people, mean = own.people, own.mean
    same = 100 * max(given.marks.values()) // people
    gap = given.gaps.mean if given.gaps.people else None
    if people < LEAST or others.people < LEAST:
        says = f"{rater}: {people} người, quá ít để so độ chặt, rộng."
        return Rater(rater, people, mean, None, None, None, same, gap, False, says)
    lean = mean - others.mean
    # The spread of all stands in for a rater whose own people are all alike: alike is no certainty.
    spread = max(own.variance, everyone.variance)
    error = SURE * sqrt(spread / people + others.variance / others.people)
    low, high = lean - error, lean + error
    uniform = people >= LEAST and same >= same_from
    flagged = low > 0 or high < 0 or uniform
    words = f"{'cao' if lean >= 0 else 'thấp'} hơn mặt bằng {_shown(abs(lean))} điểm"
    says = f"{rater}: {words} (khoảng 95%: {_shown(low)} – {_shown(high)}), {people} người."
    if uniform:
        says += f" {same}% cùng một mức điểm."
    return Rater(rater, people, mean, lean, low, high, same, gap, flagged, says)


def _shown(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
