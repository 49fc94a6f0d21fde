"""Everyone's longer period from what the book has of the shorter ones, on columns.

    rolls = roll_up_people(about, cadres, figures, rules, grades)
    list(rolls.scores())[0]     -> the PeriodScore of the first person, with every part

Months of a person count wherever they were worked. A quarter that was scored as a whole stands for
its months; an office, or a unit, may have moved from months to quarters in the middle of a year.
What the book keeps (`rows`) and what explains a result (`scores`) are made from the same columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from review.cadres import Cadre
from review.period import Cadence, Period
from review.rollup import (
    Basis,
    Circumstances,
    Part,
    PartState,
    PeriodScore,
    Rolled,
    flags_of,
    graded,
)
from review.rollup_columns import UNKNOWN, RolledColumns, Whole, roll_up_columns
from review.rollup_layout import Figures, Laid, Layout, Spread, lay_out
from review.scorecard import CardStatus, Grade
from review.thresholds import Thresholds
from review.year import YearRule, YearRules

GRADES = tuple(Grade)


@dataclass(frozen=True, slots=True)
class About:
    """Which longer period is made, on which day it is looked at, whose group the regulation scores
    (by code), and which units are measured by quarters, from which quarter on."""

    period: Period
    basis: Basis
    today: date
    elsewhere: Collection[str] = ()
    quarterly: Mapping[str, Period] = field(default_factory=dict)


class Told(NamedTuple):
    """One person's result, ready to be kept: plain values, `parts` as in `part_of`."""

    cadre: str
    unit: str
    status: CardStatus
    score: int | None
    so_far: int | None
    low: int
    high: int
    counted: int
    due: int
    provisional: Grade | None
    grade: Grade | None
    flags: list[str]
    parts: list[list[Any]]
    task: int | None


@dataclass(frozen=True)
class Rolls:
    """The longer period of each of `cadres`, in their order."""

    about: About
    cadres: Sequence[Cadre]
    laid: Laid
    rolled: RolledColumns
    rules: YearRules
    grades: Thresholds

    def rows(self) -> Iterator[Told]:
        rolled = self.rolled
        columns = [column.tolist() for column in vars(rolled).values()]
        by_points = self.by_points().tolist()
        about = self._circumstances()
        everyone = zip(
            self.cadres, self.laid.parts_in_rows(), about, by_points, *columns, strict=True
        )
        for cadre, parts, said, point, score, task, so_far, low, high, counted, due in everyone:
            status = _status(counted, due)
            grade = GRADES[point] if point >= 0 else None
            yield Told(
                cadre.code,
                cadre.unit,
                status,
                _known(score),
                _known(so_far),
                low,
                high,
                counted,
                due,
                grade,
                graded(grade, said, self.rules) if due else None,
                list(flags_of(said, status is CardStatus.OK, grade, self.rules)) if due else [],
                parts,
                _known(task),
            )

    def by_points(self) -> Whole:
        """The grade by points, 0 the best, as soon as nothing missing could change it; else -1."""
        grades, rolled = self.grades, self.rolled
        least = np.array([grades.done, grades.good, grades.excellent])
        low, high = (3 - np.searchsorted(least, v, side="right") for v in (rolled.low, rolled.high))
        found: Whole = np.where((low == high) & (rolled.due > 0), low, UNKNOWN)
        return found

    def scores(self) -> Iterator[PeriodScore]:
        text, basis, rule = str(self.about.period), self.about.basis, self.rules.rule
        for told in self.rows():
            yield score_from(told, Rolled(told.cadre, told.unit, text, basis), rule)

    def _circumstances(self) -> Iterator[Circumstances]:
        yearly = self.about.period.cadence is Cadence.YEAR
        laid = self.laid
        for forced, moved, maternity, worked in zip(
            laid.any_of(laid.forced).tolist(),
            laid.moved().tolist(),
            laid.any_of(laid.maternity).tolist(),
            self.rolled.due.tolist(),
            strict=True,
        ):
            yield Circumstances(yearly, forced, moved, maternity, worked)


def roll_up_people(
    about: About,
    cadres: Sequence[Cadre],
    figures: Figures,
    rules: YearRules,
    grades: Thresholds,
) -> Rolls:
    """The parts that had ended before `about.today`, of the people given, and what they come to."""
    spread = Spread.of(Layout.of(about.period), cadres, figures)
    return rolls_from(about, spread, rules, grades)


def rolls_from(about: About, spread: Spread, rules: YearRules, grades: Thresholds) -> Rolls:
    """The same of figures that have been put in their places already."""
    laid = lay_out(spread, about.today, about.elsewhere, about.quarterly)
    rolled = roll_up_columns(laid.parts, rules.rule)
    return Rolls(about, spread.cadres, laid, rolled, rules, grades)


def score_from(told: Any, whose: Rolled, rule: YearRule) -> PeriodScore:
    """A result from its plain values: those just made, or a row of the book that has the same."""
    return PeriodScore(
        whose,
        CardStatus(told.status),
        rule,
        told.score,
        told.so_far,
        told.low,
        told.high,
        told.counted,
        told.due,
        Grade(told.provisional) if told.provisional else None,
        Grade(told.grade) if told.grade else None,
        tuple(told.flags),
        tuple(part_of(part) for part in told.parts),
        told.task,
    )


def part_of(told: Sequence[Any]) -> Part:
    """period, months, state, unit, and what differs from a part's usual values behind them."""
    period, months, state, *rest = told
    return Part(period, months, PartState(state), *rest)


def _status(counted: int, due: int) -> CardStatus:
    if not due:
        return CardStatus.EXCLUDED
    return CardStatus.OK if counted == due else CardStatus.INSUFFICIENT


def _known(value: int) -> int | None:
    return None if value < 0 else value
