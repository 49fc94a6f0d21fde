"""Roll up: the results of a quarter, half-year, year or term from those of the periods within.

roll_up.fn(occasion, ("03637", "03640"))   -> RolledUp(persons=5, complete=4)

`occasion.now` decides the basis: before the period has ended a result is provisional (a year is
graded before 15 December), afterwards final; both are kept, so that January can confirm.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from prefect import task
from sqlalchemy import Connection

from review.period import Cadence, Period
from review.regulation import Regulation
from review.rollup import Basis
from review.rollup_columns import State
from review.rollup_layout import Figures, Layout, Spread
from review.rollup_people import About, Rolls, rolls_from
from tasks.briefs import cadres_by_unit
from tasks.call_roll import open_cycle
from tasks.occasion import Occasion
from tdkt_models.decisions import open_units
from tdkt_models.outside_results import recall_outside
from tdkt_models.period_scores import (
    forget_others,
    keep_rolls,
    periods_within,
    recall_figures,
    recall_years,
)


@dataclass(frozen=True, slots=True)
class RolledUp:
    persons: int
    complete: int


@task(name="Tổng hợp điểm quý, năm, nhiệm kỳ")
def roll_up(occasion: Occasion, units: Collection[str]) -> RolledUp:
    """For the people who are in these units in the period; months that they worked elsewhere count
    too. Missing is not zero: an incomplete result is a range and says how many parts it rests on.
    """
    with occasion.office.book() as book, book.writing() as conn:
        open_cycle(conn, occasion)
        basis = basis_of(occasion)
        units = open_units(conn, occasion.period_text, units, basis)  # what was approved stays
        rolls = rolls_now(conn, occasion, units)
        kept = [cadre.code for cadre in rolls.cadres]
        forget_others(conn, occasion.period_text, basis, units, kept)
        keep_rolls(conn, rolls, occasion.stamp, regulation=occasion.regulation.code)
    return RolledUp(len(kept), int(rolls.rolled.complete.sum()))


def basis_of(occasion: Occasion) -> Basis:
    return Basis.PROVISIONAL if occasion.today <= occasion.period.end else Basis.FINAL


def rolls_now(conn: Connection, occasion: Occasion, units: Collection[str]) -> Rolls:
    """What the book's shorter periods come to now; keeps nothing."""
    figures = Figures.from_rows(figures_of(conn, occasion, units))
    return rolls_under(occasion, spread_of(conn, occasion, units, figures), occasion.regulation)


def spread_of(
    conn: Connection, occasion: Occasion, units: Collection[str], figures: Figures
) -> Spread:
    """What the book has of each person of these units in each part of the period."""
    by_unit = cadres_by_unit(conn, occasion, units)
    cadres = [cadre for unit in sorted(units) for cadre in by_unit[unit]]
    return Spread.of(Layout.of(occasion.period), cadres, figures)


def rolls_under(occasion: Occasion, spread: Spread, regulation: Regulation) -> Rolls:
    """What these figures come to under a regulation."""
    about = About(
        occasion.period,
        basis_of(occasion),
        occasion.today,
        elsewhere=[cadre.code for cadre in spread.cadres if not regulation.scores(cadre.group)],
        quarterly=_quarterly(occasion, {cadre.unit for cadre in spread.cadres}),
    )
    return rolls_from(about, spread, regulation.year, regulation.grades)


def _quarterly(occasion: Occasion, units: Collection[str]) -> dict[str, Period]:
    scoring = occasion.office.settings.scoring
    since = {unit: scoring.quarterly_since(unit) for unit in units}
    return {unit: quarter for unit, quarter in since.items() if quarter is not None}


def figures_of(
    conn: Connection, occasion: Occasion, units: Collection[str]
) -> list[tuple[Any, ...]]:
    """What the book has of each person in the periods within; what another office sent stands where
    we have no result."""
    within = periods_within(occasion.period)
    term = occasion.period.cadence is Cadence.TERM
    ours = (recall_years if term else recall_figures)(conn, within, units)
    sent = recall_outside(conn, within, units)
    if not sent:
        return ours
    counted = {(row[0], row[1]) for row in ours if row[3] == State.COUNTED}
    return [*ours, *(row for row in sent if (row[0], row[1]) not in counted)]
