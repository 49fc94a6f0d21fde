"""Everybody's results of one period as columns, to be held against what another rule makes of them.

    before, after = ResultColumns.of_rows("2026-10", kept), of_rolls(rolls)
    changes(before, after)[0].words     -> "88,15 → 90,15, hoàn thành tốt → hoàn thành xuất sắc"

No card is made for those whom nothing changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from review.month_columns import EXCLUDED, INSUFFICIENT, OK, STATUS, UNKNOWN, MonthScored
from review.period import Cadence
from review.quota_cut import Truth, Whole
from review.quota_people import RANK, People
from review.rehearsal import Change
from review.rollup_columns import State
from review.rollup_layout import Spread
from review.rollup_people import Rolls
from review.scorecard import Grade, Scorecard
from review.year import LongLeave

GRADES = tuple(Grade)
AGAIN = ("state", "total", "task", "low", "high", "forced")  # what another rule may change
WORST = RANK[Grade.NOT_DONE]
NUMBER = {status: number for number, status in enumerate(STATUS)}
Row = tuple[str, str, int, int, int, int, int, int, int]


@dataclass(frozen=True)
class ResultColumns:
    """A person a row; figures as in MonthScored."""

    period: str
    codes: Sequence[str]
    units: Sequence[str]
    scored: MonthScored

    @classmethod
    def of_rows(cls, period: str, rows: Sequence[Row]) -> ResultColumns:
        """`rows`: code, unit and the columns of MonthScored in their order."""
        codes, units, *figures = zip(*rows, strict=True) if rows else ((),) * 9
        columns = [np.array(column, dtype=np.int64) for column in figures]
        return cls(period, codes, units, MonthScored(*columns))

    @classmethod
    def of_cards(cls, period: str, cards: Iterable[Scorecard]) -> ResultColumns:
        return cls.of_rows(period, [row_of(card) for card in cards])

    @classmethod
    def together(cls, period: str, parts: Sequence[ResultColumns]) -> ResultColumns:
        if not parts:
            return cls.of_rows(period, [])
        codes = [code for one in parts for code in one.codes]
        units = [unit for one in parts for unit in one.units]
        return cls(period, codes, units, _joined(parts))

    @cached_property
    def rows(self) -> Mapping[str, int]:
        return {code: row for row, code in enumerate(self.codes)}

    def only(self, kept: Truth) -> ResultColumns:
        at = np.flatnonzero(kept)
        columns = (column[at] for column in vars(self.scored).values())
        codes, units = ([of[row] for row in at.tolist()] for of in (self.codes, self.units))
        return ResultColumns(self.period, codes, units, MonthScored(*columns))

    def without(self, codes: Collection[str]) -> ResultColumns:
        if not codes:
            return self
        return self.only(np.array([code not in codes for code in self.codes], dtype=np.bool_))

    def people(self, duties: Mapping[str, str]) -> People:
        """As the quota looks at them; `duties` the group of similar duties by code."""
        s = self.scored
        rated, waiting = s.status == OK, (s.status == INSUFFICIENT) & (s.grade != WORST)
        groups = tuple(duties.get(code, "") for code in self.codes)
        return People(
            tuple(self.codes), tuple(self.units), groups, s.total, s.task, s.low, s.high, s.grade,
            rated, waiting,
        )  # fmt: skip

    def graded(self, grade: Whole) -> ResultColumns:
        return replace(self, scored=replace(self.scored, grade=grade))


def _joined(parts: Sequence[ResultColumns]) -> MonthScored:
    columns = zip(*(vars(one.scored).values() for one in parts), strict=True)
    return MonthScored(*(np.concatenate(column) for column in columns))


def of_rolls(rolls: Rolls) -> ResultColumns:
    """The longer period of each, with the grade that its card has."""
    rolled, laid, about = rolls.rolled, rolls.laid, rolls.about
    yearly = about.period.cadence is Cadence.YEAR
    points = rolls.by_points()
    if yearly and rolls.rules.long_leave is not LongLeave.ACTUAL_TIME:  # Decree 90 looks at each
        told = [RANK[one.grade] if one.grade else UNKNOWN for one in rolls.rows()]
        grade = np.array(told, dtype=np.int64)
    else:
        grade = np.where(laid.any_of(laid.forced), WORST, points)
        grade = np.where(rolled.due > 0, grade, UNKNOWN)
    complete = rolled.complete
    status = np.where(rolled.due == 0, EXCLUDED, np.where(complete, OK, INSUFFICIENT))
    low, high = (np.where(complete, rolled.score, column) for column in (rolled.low, rolled.high))
    points = np.where(complete, points, UNKNOWN)
    scored = MonthScored(status, rolled.score, rolled.task, low, high, points, grade)
    cadres = rolls.cadres
    return ResultColumns(
        str(about.period), [one.code for one in cadres], [one.unit for one in cadres], scored
    )


def again(spread: Spread, parts: Sequence[ResultColumns], at: Whole) -> Spread:
    """What a longer period has of the shorter ones, as another rule scores these; `at` where each
    of them stands (`places_of`). What another office sent stays, and so does who was not scored."""
    if not parts:
        return spread
    joined = _joined(parts)
    columns = {name: spread.columns[name].reshape(-1).copy() for name in AGAIN}
    rows = np.flatnonzero((at >= 0) & (joined.status != EXCLUDED))
    told = columns["state"][at[rows]] != State.ABSENT
    rows = rows[told & ~spread.sent.reshape(-1)[at[rows]]]
    to, known = at[rows], joined.status[rows] == OK
    columns["state"][to] = np.where(known, State.COUNTED, State.MISSING)
    columns["forced"][to] = (joined.grade[rows] == WORST) & (joined.points[rows] != WORST)
    for name in ("total", "task", "low", "high"):
        columns[name][to] = getattr(joined, name)[rows]
    shape = spread.columns["state"].shape
    changed = {name: column.reshape(shape) for name, column in columns.items()}
    return replace(spread, columns={**spread.columns, **changed})


def places_of(spread: Spread, parts: Sequence[ResultColumns]) -> Whole:
    """Where each row of the parts stands in the longer period; -1 of people not in it."""
    found = []
    for one in parts:
        place = spread.layout.places[one.period]
        wide = len(spread.layout.places)
        people = [spread.people.get(code, UNKNOWN) for code in one.codes]
        at = np.array(people, dtype=np.int64)
        found.append(np.where(at >= 0, at * wide + place, UNKNOWN))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def row_of(card: Scorecard) -> Row:
    low, high = card.bounds
    total, task = (UNKNOWN if one is None else one for one in (card.total, card.task_score))
    points, grade = (RANK[one] if one else UNKNOWN for one in (card.provisional, card.grade))
    return card.cadre, card.unit, NUMBER[card.status], total, task, low, high, points, grade


def changes(before: ResultColumns, after: ResultColumns) -> list[Change]:
    """Who has other points, another grade or another status, by unit and cadre."""
    at = np.array([after.rows.get(code, UNKNOWN) for code in before.codes], dtype=np.int64)
    was, now = before.scored, after.scored
    there = np.flatnonzero(at >= 0)
    then = at[there]
    differ = (
        (was.total[there] != now.total[then])
        | (was.grade[there] != now.grade[then])
        | (was.status[there] != now.status[then])
    )
    found = [_change(before, row, after, other) for row, other in
             zip(there[differ].tolist(), then[differ].tolist(), strict=True)]  # fmt: skip
    return sorted(found, key=lambda change: (change.unit, change.cadre))


def _change(before: ResultColumns, row: int, after: ResultColumns, other: int) -> Change:
    was, now = before.scored, after.scored
    return Change(
        before.codes[row],
        before.units[row],
        before.period,
        _points(was.total[row]),
        _points(now.total[other]),
        _grade(was.grade[row]),
        _grade(now.grade[other]),
    )


def _points(total: np.int64) -> int | None:
    return int(total) if total >= 0 else None


def _grade(rank: np.int64) -> Grade | None:
    return GRADES[int(rank)] if rank >= 0 else None
