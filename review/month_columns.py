"""A month of everybody at once: the cards' figures, on columns of whole numbers.

    laid = lay_out([OfUnit("2026-10", cadres, said), …], regulation)
    scored = score_columns(laid, regulation)
    scored.total[0], scored.grade[0]        -> 9047, 0

For what is asked of a whole province or of years past: a rule rehearsed, a quota read otherwise.
The figures are those of each person's card exactly (review/scoring.py; a test holds the two
together), without the words: hundredths in int64, divided once and half up. Figures that could pass
2**63 are refused, never wrapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from review.leading import DRule
from review.month_layout import DEPUTY, HEAD, STAFF, MonthLaid
from review.quota_cut import Truth, Whole
from review.regulation import Regulation
from review.said_columns import BLANK, DELAY_CLAIMED, FAULT_CLAIMED, PROVEN
from review.scorecard import CardStatus

LARGEST = 2**62
UNKNOWN = -1
OK, INSUFFICIENT, EXCLUDED = range(3)
STATUS = (CardStatus.OK, CardStatus.INSUFFICIENT, CardStatus.EXCLUDED)


@dataclass(frozen=True)
class MonthScored:
    """A person in a period a row. Hundredths, -1 where unknown; `low` and `high` the total's bounds
    (the total twice where it is known). Grades count from the best, 0 to 3: `points` by the total
    alone, `grade` after what disqualifies. `status` a number of STATUS."""

    status: Whole
    total: Whole
    task: Whole
    low: Whole
    high: Whole
    points: Whole
    grade: Whole


class _Results(NamedTuple):
    """Converted products × 100 as in marks.Sums: a + b + c together; `known` whether they count."""

    full: Whole
    share: Whole
    known: Truth
    nothing: Truth


def half_up(numerator: Whole, denominator: Whole) -> Whole:
    found: Whole = (2 * numerator + denominator) // (2 * denominator)
    return found


def score_columns(laid: MonthLaid, regulation: Regulation) -> MonthScored:
    """Articles 12 to 20 for everyone. Raises OverflowError for figures out of reason."""
    results = _results(laid, regulation)
    marked, least_general, most_general = _general(laid, regulation)
    bench = _Bench(laid, regulation, results, least_general, most_general)
    ready = laid.reported & ~laid.nil & results.known & marked
    excluded = ~laid.scored | (laid.reported & results.nothing & laid.leave)
    bench.score(STAFF, excluded, ready)
    bench.score(DEPUTY, excluded, ready)
    bench.score(HEAD, excluded, ready)
    total = np.where(bench.complete, bench.low, UNKNOWN)
    points = grade_columns(total, regulation)
    status = np.where(excluded, EXCLUDED, np.where(bench.complete, OK, INSUFFICIENT))
    grade = np.where(laid.forced & ~excluded, 3, points)
    task = np.where(bench.complete, bench.task, UNKNOWN)
    return MonthScored(status, total, task, bench.low, bench.high, points, grade)


class _Bench:
    """Scores those of one role after another: a deputy's d rests on the staff of the field, a
    head's on everybody in the unit but heads."""

    def __init__(
        self, laid: MonthLaid, regulation: Regulation, results: _Results, least: Whole, most: Whole
    ) -> None:
        self.laid, self.regulation, self.results = laid, regulation, results
        self.general = least, most
        people = len(laid.unit)
        self.low, self.high, self.task = (np.zeros(people, dtype=np.int64) for _ in range(3))
        self.complete = np.zeros(people, dtype=np.bool_)

    def score(self, role: int, excluded: Truth, ready: Truth) -> None:
        rows = np.flatnonzero(self.laid.role == role)
        if not len(rows):
            return
        terms = None if role == STAFF else self._terms(role, rows, excluded)
        complete = ready[rows] & ~excluded[rows]
        if terms is not None:
            complete &= (terms != BLANK).all(axis=1)
        self.complete[rows] = complete
        low, task = self._points(rows, terms, 0)
        self.low[rows], self.task[rows] = low, task
        self.high[rows] = low
        open_ = rows[~complete]
        if len(open_):
            self.high[open_], _ = self._points(
                open_, None if terms is None else terms[~complete], 1
            )
            unknown = open_[~self.laid.reported[open_]]
            self.low[unknown], self.high[unknown] = 0, 100_00

    def _points(self, rows: Whole, terms: Whole | None, at: int) -> tuple[Whole, Whole]:
        """The total at its least (`at` 0) or its most (1), and what of it the results bring."""
        known = self.results.known[rows]
        full = np.where(known, self.results.full[rows], 1)
        share = np.where(known, self.results.share[rows], 3 * at)
        whole = 3 * full
        if terms is not None:
            values = self.regulation.points.leader_values
            usual = max(values) if at else min(values)
            share = 100 * share + np.where(terms == BLANK, usual, terms).sum(axis=1) * full
            whole = 600 * full
        most = self.regulation.points.results_max * share
        total = half_up(self.general[at][rows] * whole + most, whole)
        return total, half_up(most, whole)

    def _terms(self, role: int, rows: Whole, excluded: Truth) -> Whole:
        """d, đ, e; d from the people managed where the regulation says so and there are any."""
        laid, terms = self.laid, self.laid.terms[rows].copy()
        if self.regulation.points.leader_d is not DRule.COMPUTED:
            return terms
        of, those = (laid.field, STAFF) if role == DEPUTY else (laid.unit, DEPUTY)
        managed = (laid.role <= those) & ~excluded & (of >= 0)
        least = self.regulation.grades.done
        many = int(of.max(initial=0)) + 1

        def counted(which: Truth) -> Whole:
            found: Whole = np.bincount(of[managed & which], minlength=many)
            return np.where(of[rows] >= 0, found[of[rows]], 0)

        people, below = counted(np.ones_like(managed)), counted(self.high < least)
        waiting = counted((self.low < least) & (self.high >= least))
        values = self.regulation.points.leader_values
        d = np.where(waiting > 0, BLANK, max(values))
        terms[:, 0] = np.where(people == 0, terms[:, 0], np.where(below > 0, min(values), d))
        return terms


def _results(laid: MonthLaid, regulation: Regulation) -> _Results:
    """Article 14.2 for each person: what was done, done well, done in time, over what was due."""
    many = len(laid.unit)
    coef, assigned, done = laid.coef, laid.assigned, laid.done
    owner, unclear = laid.owner, np.zeros(many, dtype=np.bool_)
    if (coef == BLANK).any():
        known = [regulation.works_by_code.get(work) for work in laid.works]
        catalogue = np.array([w.coef if w else BLANK for w in known], dtype=np.int64)
        coef = np.where(coef == BLANK, catalogue[laid.work], coef)
    missing = np.minimum(np.minimum(coef, assigned), done) == BLANK
    if missing.any():
        unclear[owner[missing]] = True
        coef = np.where(missing, 0, coef)
    coef, assigned, done = (np.maximum(column, 0) for column in (coef, assigned, done))
    fault = _lost(laid, done, regulation, 0)
    late = _lost(laid, done, regulation, 1)
    goal, had = 100 * coef * assigned, 100 * coef * done
    well, timely = had.copy(), had.copy()
    for rest, (rows, loss) in ((well, fault), (timely, late)):
        rest[rows] -= coef[rows] * loss
    if regulation.points.cap_per_line:
        had, well, timely = (np.minimum(column, goal) for column in (had, well, timely))
    bounds = np.searchsorted(owner, np.arange(many + 1))
    full, *sums = (_by_owner(column, bounds) for column in (goal, had, well, timely))
    if many and int(full.max()) * 1200 * regulation.points.results_max > LARGEST:
        raise OverflowError("Số lượng công việc quá lớn để tính theo cột.")
    share = sum(np.minimum(column, full) for column in sums)
    return _Results(full, share, (full > 0) & ~unclear, full == 0)  # type: ignore[arg-type]


def _lost(laid: MonthLaid, done: Whole, regulation: Regulation, at: int) -> tuple[Whole, Whole]:
    """The lines with faults (or delays) and how many percent of a product each of them loses; an
    excuse counts with the authority's confirmation."""
    told = (laid.faults, laid.delays)[at]
    rules, rows = regulation.points, told.rows
    times = np.where(told.times == BLANK, 1, np.maximum(told.times, 0))
    left = np.maximum(rules.fault_floor, 100 - rules.fault_step * times)
    claimed = (told.bits & (FAULT_CLAIMED, DELAY_CLAIMED)[at]) > 0
    proven = claimed & (((told.bits & PROVEN) > 0) | (not rules.require_proof))
    units = np.minimum(np.maximum(told.units, 0), done[rows])
    return rows, np.where(proven, 0, units * (100 - left))


def _by_owner(column: Whole, bounds: Whole) -> Whole:
    """The sums of each owner's rows, exact: running totals at the owners' bounds."""
    found: Whole = np.diff(np.concatenate(([0], np.cumsum(column)))[bounds])
    return found


def _general(laid: MonthLaid, regulation: Regulation) -> tuple[Truth, Whole, Whole]:
    """Whether every mark of form 01 is there; what those that are come to, and what all may."""
    most = np.array(regulation.general.bounds, dtype=np.int64)[:, None]
    if laid.marks.min(initial=0) >= 0:  # as a month that is all in usually is
        sums: Whole = np.minimum(laid.marks, most).sum(axis=0)
        return np.ones(len(sums), dtype=np.bool_), sums, sums
    missing = laid.marks == BLANK
    least: Whole = np.minimum(np.maximum(laid.marks, 0), most).sum(axis=0)
    return ~missing.any(axis=0), least, least + (missing * most).sum(axis=0)


def grade_columns(total: Whole, regulation: Regulation) -> Whole:
    """By points, 0 the best; -1 where there is no total."""
    grades = regulation.grades
    least = np.array([grades.done, grades.good, grades.excellent])
    found: Whole = np.where(total < 0, UNKNOWN, 3 - np.searchsorted(least, total, side="right"))
    return found
