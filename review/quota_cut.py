"""One cut of the quota over all lists at once: who is in, who is out, who must be decided.

    fates = cut(lists, people, rules.reading)
    Fate(fates[0])          -> Fate.IN

People are columns, one row a person, each in one list. A result that is still missing is a range
(missing is not zero): whoever it could push over the line, or pull back over it, is OPEN, so that
nobody is placed across an overlap. Whole numbers throughout, and a list is never overrun whatever
the missing results turn out to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from review.quota import CapReading

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
WIDE = 20_000  # wider than any figure in hundredths, so that (list, figure) is one key


class Fate(IntEnum):
    NONE = -1  # not a candidate: below the threshold, or not graded
    IN = 0
    OPEN = 1  # someone's missing result may still change it
    TIED = 2  # level with others across the cut: a person decides
    OUT = 3


@dataclass(frozen=True)
class Lists:
    """A list a row: hundredths of a percent, and how many were graded good or better, and graded
    at all."""

    percent: Whole
    good: Whole
    rated: Whole


@dataclass(frozen=True)
class Standing:
    """A person a row. `at` is the row of their list (-1: in none); `candidate` who has a seat to
    win; `undecided` which of these an earlier cut left open; `waiting` who has no result yet, which
    will be `high` at most; `preferred` whom a person chose in a tie."""

    at: Whole
    total: Whole
    task: Whole
    candidate: Truth
    undecided: Truth
    waiting: Truth
    high: Whole
    preferred: Truth


def seats_of(lists: Lists, reading: CapReading, more: Whole | int = 0) -> Whole:
    """The seats of each list, were so many more of its people graded good (Article 20.5): as
    `quota.most_excellent`, rounded down so that the share is never exceeded."""
    percent, good, rated = lists.percent, lists.good + more, lists.rated + more
    if reading is CapReading.GOOD_ONLY:
        found: Whole = good * percent // (10_000 + percent)
    else:
        found = (good if reading is CapReading.GOOD_OR_BETTER else rated) * percent // 10_000
    return found


def cut(lists: Lists, people: Standing, reading: CapReading) -> Whole:
    """The fate of everyone in the order given; Fate.IN for a candidate who is in no list."""
    fates = np.where(people.candidate, Fate.IN, Fate.NONE).astype(np.int64)
    rows = np.flatnonzero(people.candidate & (people.at >= 0))
    if len(rows):
        rows = rows[np.lexsort((-people.task[rows], -people.total[rows], people.at[rows]))]
        fates[rows] = _fates(lists, people, rows, reading)
    return fates


def _fates(lists: Lists, people: Standing, rows: Whole, reading: CapReading) -> Whole:
    """Of the candidates in `rows`, which are in order of list and merit."""
    at, total = people.at[rows], people.total[rows]
    level = _Levels.of(at, total, people.task[rows], people.undecided[rows])
    above = _may_come_before(people, at, total)
    whole = np.bincount(people.at[people.waiting & (people.at >= 0)], minlength=len(lists.good))
    own = Lists(lists.percent[at], lists.good[at], lists.rated[at])
    least, most = seats_of(own, reading), seats_of(own, reading, whole[at])
    # However many of those who may come before do come, each adds a place and less than a seat.
    inside = level.last + above <= seats_of(own, reading, above)
    # None of them may: one who reaches the points may be disqualified, or cut in another list.
    outside = level.before - level.open_before >= most
    settled = (above == 0) & (least == most) & (level.open_before == 0) & ~level.open_within
    tied = settled & ~inside & ~outside
    fates = np.select([inside, outside, tied], [Fate.IN, Fate.OUT, Fate.TIED], Fate.OPEN)
    return _as_preferred(fates, level, people.preferred[rows], least)


@dataclass(frozen=True)
class _Levels:
    """Of each candidate: how many come before, how many up to the last level with them, how many of
    the former are open; `group` numbers those level with one another."""

    before: Whole
    last: Whole
    open_before: Whole
    open_within: Truth
    group: Whole

    @classmethod
    def of(cls, at: Whole, total: Whole, task: Whole, undecided: Truth) -> _Levels:
        other = at[1:] != at[:-1]
        unlike = other | (total[1:] != total[:-1]) | (task[1:] != task[:-1])
        starts = np.flatnonzero(np.concatenate(([True], unlike)))
        group = np.cumsum(np.concatenate(([True], unlike))) - 1
        ends = np.concatenate((starts[1:], [len(at)]))
        first = np.flatnonzero(np.concatenate(([True], other)))[
            np.cumsum(np.concatenate(([True], other))) - 1
        ]
        running = np.concatenate(([0], np.cumsum(undecided)))
        begin, end = starts[group], ends[group]
        return cls(
            begin - first,
            end - first,
            running[begin] - running[first],
            running[end] > running[begin],
            group,
        )


def _may_come_before(people: Standing, at: Whole, total: Whole) -> Whole:
    """How many of the list's missing results may come level with each candidate, or before."""
    rows = np.flatnonzero(people.waiting & (people.at >= 0))
    ends = np.searchsorted(np.sort(people.at[rows]), at, side="right")
    highs = np.sort(people.at[rows] * WIDE + people.high[rows])
    found: Whole = ends - np.searchsorted(highs, at * WIDE + total, side="left")
    return found


def _as_preferred(fates: Whole, level: _Levels, preferred: Truth, seats: Whole) -> Whole:
    """A tie as a person broke it; still a tie while they named more than fit, or fewer."""
    named = np.bincount(level.group, weights=preferred).astype(np.int64)[level.group]
    broken = (fates == Fate.TIED) & (named > 0) & (named == seats - level.before)
    found: Whole = np.where(broken, np.where(preferred, Fate.IN, Fate.OUT), fates)
    return found
