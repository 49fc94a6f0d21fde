"""A whole country's months at once: the same sums as review.marks, on columns of whole numbers.

    scored = score_columns(work, people, regulation)
    scored.total[0]                                 -> 9047, as staff_marks gives for the same lines
    year = year_columns(scored.total, due, regulation)
    seats, kept = cap_columns(year, units, regulation)

Everything is int64 hundredths, divided once and half up, so a column says exactly what the card of
each person says (tests hold the two together); for rehearsing a rule over years, and for `make
bench`. Figures that could pass 2**63 are refused, never wrapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from review.quota import CapReading
from review.regulation import Regulation

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
LARGEST = 2**62


@dataclass(frozen=True)
class WorkColumns:
    """One line of work a row; `owner` the row of the person-month it belongs to, in order."""

    owner: Whole
    coef: Whole
    assigned: Whole
    done: Whole
    fault_loss: Whole
    late_loss: Whole


@dataclass(frozen=True)
class PeopleColumns:
    """One person-month a row: general hundredths; `dde` the sum of d, đ, e in whole percent for
    those who lead, 0 for staff."""

    general: Whole
    leads: Truth
    dde: Whole


@dataclass(frozen=True)
class Scored:
    """Hundredths; -1 where nothing was assigned: never 0, never 100. `grade` counts from the best:
    0 excellent … 3 not done, -1 unknown."""

    task: Whole
    total: Whole
    grade: Whole


def half_up(numerator: Whole, denominator: Whole | int) -> Whole:
    found: Whole = (2 * numerator + denominator) // (2 * denominator)
    return found


def score_columns(work: WorkColumns, people: PeopleColumns, regulation: Regulation) -> Scored:
    """Article 14 and 20 for every person-month. Raises OverflowError for figures out of reason."""
    goal = 100 * work.assigned * work.coef
    had = 100 * work.done * work.coef
    sums = [
        _by_owner(column, work.owner, len(people.general))
        for column in (
            goal,
            had,
            had - work.fault_loss * work.coef,
            had - work.late_loss * work.coef,
        )
    ]
    full = sums[0]
    share = sum(np.minimum(column, full) for column in sums[1:])
    most = regulation.points.results_max
    if len(full) and int(full.max()) * 1200 * most > LARGEST:
        raise OverflowError("Số lượng công việc quá lớn để tính theo cột.")
    known = full > 0
    whole = np.where(known, np.where(people.leads, 600, 3) * full, 1)
    share = np.where(people.leads, 100 * share + people.dde * full, share)
    task = np.where(known, half_up(most * share, whole), -1)
    total = np.where(known, half_up(people.general * whole + most * share, whole), -1)
    return Scored(task, total, grade_columns(total, regulation))


def _by_owner(column: Whole, owner: Whole, people: int) -> Whole:
    """The sums of each owner's rows, exact: running totals at the owners' bounds."""
    running = np.concatenate(([0], np.cumsum(column)))
    bounds = np.searchsorted(owner, np.arange(people + 1))
    found: Whole = np.diff(running[bounds])
    return found


def grade_columns(total: Whole, regulation: Regulation) -> Whole:
    least = np.array([regulation.grades.done, regulation.grades.good, regulation.grades.excellent])
    grade = 3 - np.searchsorted(least, total, side="right")
    found: Whole = np.where(total < 0, -1, grade)
    return found


def year_columns(totals: Whole) -> Whole:
    """The mean of each row's known months, rounded once (MEAN_OF_MONTHS); -1 where none is."""
    known = totals >= 0
    counted = known.sum(axis=1)
    sums = np.where(known, totals, 0).sum(axis=1)
    found: Whole = np.where(counted > 0, half_up(sums, np.maximum(counted, 1)), -1)
    return found


def rank_columns(units: Whole, total: Whole, task: Whole) -> tuple[Whole, Whole]:
    """The order of merit within each unit (unit, total down, task down), and each one's place;
    those level share the better place."""
    key = (units * 10_001 + (10_000 - total)) * 10_001 + (10_000 - task)
    order = np.argsort(key, kind="stable")
    ordered, unit = key[order], units[order]
    first = np.r_[True, unit[1:] != unit[:-1]]
    new = np.r_[True, ordered[1:] != ordered[:-1]]
    at = np.arange(len(order))
    start = np.maximum.accumulate(np.where(first, at, 0))
    level = np.maximum.accumulate(np.where(new, at, 0))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = level - start + 1
    return order, place


def cap_columns(
    units: Whole, total: Whole, task: Whole, regulation: Regulation
) -> tuple[Whole, Truth]:
    """Seats of each unit, and who keeps an excellent grade: a level group that does not fit whole
    stays out, for a person to decide."""
    grade = grade_columns(total, regulation)
    many = int(units.max(initial=-1)) + 1
    good = np.bincount(units[(grade == 0) | (grade == 1)], minlength=many)
    rated = np.bincount(units[grade >= 0], minlength=many)
    seats = _seats(good, rated, regulation)
    order, place = rank_columns(units, total, task)
    level = _level_sizes(units[order], place[order])
    kept = np.zeros(len(units), dtype=np.bool_)
    kept[order] = place[order] + level - 1 <= seats[units[order]]
    return seats, kept & (grade == 0)


def _level_sizes(unit: Whole, place: Whole) -> Whole:
    """How many share each place."""
    new = np.r_[True, (unit[1:] != unit[:-1]) | (place[1:] != place[:-1])]
    groups = np.cumsum(new) - 1
    found: Whole = np.bincount(groups)[groups]
    return found


def _seats(good: Any, rated: Any, regulation: Regulation) -> Whole:
    percent = regulation.cap.percent
    found: Whole = {
        CapReading.GOOD_ONLY: good * percent // (10_000 + percent),
        CapReading.GOOD_OR_BETTER: good * percent // 10_000,
        CapReading.ALL_RATED: rated * percent // 10_000,
    }[regulation.cap.reading]
    return found
