"""The month's arithmetic of review.marks for everybody at once, on columns of whole numbers.

    scored = score_columns(work, people, regulation)
    scored.total[0]                                 -> 9047, as staff_marks gives for the same lines

Everything is int64 hundredths, divided once and half up, so a column says exactly what the card of
each person says (tests hold the two together). Figures that could pass 2**63 are refused, never
wrapped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
