"""The figures of a period: what all units counted, added up and told once a cycle.

weigh_plans.fn(occasion)      -> how many figures were kept

The units' tallies are read one after the other, so ten thousand need no more memory than one.
"""

from __future__ import annotations

from dataclasses import dataclass

from prefect import task
from sqlalchemy import Connection

from channels.plan_shelf import plan_rules_in_force
from review.evidence import Measure
from review.figures import added, told
from review.plans import PlanKind
from review.tally import Tally
from review.weighing import Weighing
from tasks.grounds import terms
from tasks.occasion import Occasion
from tasks.propose_plans import kinds_of
from tdkt_models.plan_measures import keep_measures
from tdkt_models.plan_tallies import recall_tallies, walk_tallies
from tdkt_models.units import recall_units


@task(name="Cân đối kế hoạch toàn tỉnh")
def weigh_plans(occasion: Occasion) -> int:
    """Says the sums as figures, and keeps these as the only ones of the period."""
    kinds = kinds_of(occasion)
    with occasion.office.book() as book:
        with book.reading() as conn:
            whole: dict[str, Tally] = {}
            for _unit, tallies in walk_tallies(conn, occasion.period_text):
                added(whole, tallies)
            found = told(whole, kinds, weighing_of(conn, occasion)) if whole else {}
        with book.writing() as conn:
            keep_measures(conn, occasion.period_text, found, occasion.stamp)
    return sum(len(some) for some in found.values())


def figures_of_unit(
    conn: Connection, occasion: Occasion, unit: str
) -> dict[PlanKind, list[Measure]]:
    """The same figures for one unit alone; none where its period was not reviewed."""
    tallies = recall_tallies(conn, occasion.period_text, unit)
    return told(tallies, kinds_of(occasion), weighing_of(conn, occasion)) if tallies else {}


def weighing_of(conn: Connection, occasion: Occasion) -> Weighing:
    return Weighing(
        occasion.period,
        plan_rules_in_force(occasion.period_text),
        terms(occasion),
        {code: unit.name for code, unit in recall_units(conn).items()},
        _Own(conn, occasion.period_text),
    )


@dataclass(frozen=True, slots=True)
class _Own:
    """Looks up one unit's own tally of a code."""

    conn: Connection
    period: str

    def __call__(self, unit: str, code: str) -> Tally | None:
        return recall_tallies(self.conn, self.period, unit).get(code)
