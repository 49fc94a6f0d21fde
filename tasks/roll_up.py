"""Roll up: the results of a quarter, half-year, year or term from those of the periods within.

roll_up.fn(occasion, ("03637", "03640"))   -> RolledUp(persons=5, complete=4)

`occasion.now` decides the basis: before the period has ended a result is provisional (a year is
graded before 15 December), afterwards final; both are kept, so that January can confirm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from prefect import task
from sqlalchemy import Connection

from review.cadres import Cadre
from review.period import Cadence
from review.rollup import Basis, PeriodScore, Rolled
from review.rollup import roll_up as rolled
from review.rollup_parts import Figure, parts_of
from review.scorecard import CardStatus
from tasks.briefs import cadres_by_unit
from tasks.call_roll import open_cycle
from tasks.occasion import Occasion
from tdkt_models.decisions import open_units
from tdkt_models.outside_results import recall_outside
from tdkt_models.period_scores import (
    forget_others,
    keep_period_scores,
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
        units = open_units(conn, occasion.period_text, units)  # what a person approved stays
        scores = _scores(conn, occasion, units)
        kept = [score.whose.cadre for score in scores]
        forget_others(conn, occasion.period_text, basis_of(occasion), units, kept)
        keep_period_scores(conn, scores, occasion.stamp, regulation=occasion.regulation.code)
    return RolledUp(len(scores), sum(score.complete for score in scores))


def basis_of(occasion: Occasion) -> Basis:
    return Basis.PROVISIONAL if occasion.today <= occasion.period.end else Basis.FINAL


def _scores(conn: Connection, occasion: Occasion, units: Collection[str]) -> list[PeriodScore]:
    known = _known(conn, occasion, units)
    cadres = cadres_by_unit(conn, occasion, units)
    return [
        _score(occasion, cadre, known[cadre.code])
        for unit in sorted(units)
        for cadre in cadres[unit]
    ]


def _score(occasion: Occasion, cadre: Cadre, known: dict[str, Figure]) -> PeriodScore:
    regulation, period = occasion.regulation, occasion.period
    parts = parts_of(
        period,
        cadre,
        known,
        occasion.today,
        scored=regulation.scores(cadre.group),
        quarterly=cadre.unit in occasion.office.settings.scoring.quarterly_units,
    )
    whose = Rolled(cadre.code, cadre.unit, str(period), basis_of(occasion))
    return rolled(whose, parts, regulation.year, regulation.grades)


def _known(
    conn: Connection, occasion: Occasion, units: Collection[str]
) -> defaultdict[str, dict[str, Figure]]:
    """What the book has of each person, by the period it is of."""
    within = periods_within(occasion.period)
    term = occasion.period.cadence is Cadence.TERM
    figures: Iterable[Figure] = (recall_years if term else recall_figures)(conn, within, units)
    found: defaultdict[str, dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        found[figure.cadre][figure.period] = figure
    for sent in recall_outside(conn, within, units):  # by the old office, where we have no result
        ours = found[sent.cadre].get(sent.period)
        if ours is None or ours.status is not CardStatus.OK:
            found[sent.cadre][sent.period] = sent
    return found
