"""A quarter, a year, a term of everybody at once: the sums of a roll-up on columns of integers.

    rolled = roll_up_columns(parts, YearRule.MEAN_OF_MONTHS)
    rolled.score[0], rolled.low[0], rolled.high[0]      -> 8550, 8550, 8550

One person a row; along a row stand the parts of the longer period, in groups that the mean of
quarters weighs alike (the months of a quarter; a year of a term by itself). Hundredths, divided
once and half up; -1 is what is not known. This is the only place where a mean is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from review.year import YearRule

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
UNKNOWN = -1


class State(IntEnum):
    """What became of one part for one person, as review.rollup.PartState says it in words."""

    ABSENT = 0  # not a part: not there in the period, or in another part already
    COUNTED = 1
    MISSING = 2  # due, and its result is not there yet
    LEAVE = 3  # the whole of it on leave: not due
    ELSEWHERE = 4  # scored by another regulation: not due


@dataclass(frozen=True)
class PartColumns:
    """All of the shape (people, groups, parts of a group). `months` is a part's weight; `score` and
    `task` are hundredths where counted; `low` and `high` what a missing part may come to."""

    state: Whole
    months: Whole
    score: Whole
    task: Whole
    low: Whole
    high: Whole


@dataclass(frozen=True)
class RolledColumns:
    """One row a person. `score` and `task` are known only where every part that is due is there;
    `so_far` is the mean of those that are; `counted` and `due` count months (years in a term)."""

    score: Whole
    task: Whole
    so_far: Whole
    low: Whole
    high: Whole
    counted: Whole
    due: Whole

    @property
    def complete(self) -> Truth:
        found: Truth = (self.due > 0) & (self.counted == self.due)
        return found


def roll_up_columns(parts: PartColumns, rule: YearRule) -> RolledColumns:
    """The longer period of each person. Parts that are not due carry no weight."""
    there, missing = parts.state == State.COUNTED, parts.state == State.MISSING
    counted = parts.months * there
    so_far = _mean(counted, parts.score, rule)
    due, low, high = counted, so_far, so_far
    if missing.any():
        due = parts.months * (there | missing)
        low, high = (
            _mean(due, np.where(there, parts.score, end), rule) for end in (parts.low, parts.high)
        )
    weight = due.sum(axis=(1, 2))
    done = weight if due is counted else counted.sum(axis=(1, 2))
    complete = (done == weight) & (weight > 0)
    task = _mean(counted * (parts.task >= 0), parts.task, rule)
    all_tasks = ((parts.task >= 0) | ~there).all(axis=(1, 2))
    return RolledColumns(
        np.where(complete, so_far, UNKNOWN),
        np.where(complete & all_tasks, task, UNKNOWN),
        so_far,
        np.maximum(low, 0),
        np.maximum(high, 0),
        done,
        weight,
    )


def _mean(weight: Whole, value: Whole, rule: YearRule) -> Whole:
    """The mean of each row, rounded once; -1 where nothing has weight. Under MEAN_OF_QUARTERS each
    group weighs the same however many of its months there are: in sixths the mean of 1, 2 or 3
    months is whole, so nothing rounds early."""
    if rule is YearRule.MEAN_OF_MONTHS:
        above, below = (weight * value).sum(axis=(1, 2)), weight.sum(axis=(1, 2))
    else:
        sums, whole = (weight * value).sum(axis=2), weight.sum(axis=2)
        above = (6 * sums // np.maximum(whole, 1)).sum(axis=1)
        below = 6 * (whole > 0).sum(axis=1)
    found: Whole = np.where(below > 0, _half_up(above, np.maximum(below, 1)), UNKNOWN)
    return found


def _half_up(numerator: Whole, denominator: Whole) -> Whole:
    found: Whole = (2 * numerator + denominator) // (2 * denominator)
    return found
