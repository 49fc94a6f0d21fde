"""The figures of a period for each plan: counted unit by unit, told for the whole province.

    counted = counts_of(ground, kinds)              one unit -> {"TIET": Tally, …}
    found = told(sum of all units' tallies, kinds, weighing)
    found[PlanKind.STRUCTURE][0].shown              -> "140 người"

One pair of functions a figure: what a unit adds to it, and how the sum is said. The list of them
ends each `figures_*` module. A tally whose code begins with a dot stays the unit's own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from review import (
    figures_forecast,
    figures_movements,
    figures_oversight,
    figures_people,
    figures_programme,
    figures_succession,
    figures_training,
)
from review.evidence import Measure
from review.ground import Ground
from review.plans import PlanKind
from review.tally import Tally
from review.weighing import OWN, Figure, Tallies, Weighing

FIGURES: tuple[Figure, ...] = (
    *figures_training.FIGURES,
    *figures_programme.FIGURES,
    *figures_people.FIGURES,
    *figures_forecast.FIGURES,
    *figures_succession.FIGURES,
    *figures_oversight.FIGURES,
    *figures_movements.FIGURES,
)


def counts_of(ground: Ground, kinds: Collection[str]) -> dict[str, Tally]:
    """What one unit adds to the figures of these plans."""
    found: dict[str, Tally] = {}
    for figure in FIGURES:
        if figure.kind in kinds:
            found |= figure.count(ground)
    return found


def added(whole: dict[str, Tally], unit: Mapping[str, Tally]) -> None:
    """Adds a unit's tallies to the province's, in place: what it tells to itself stays out."""
    for code, one in unit.items():
        if not code.startswith(OWN):
            there = whole.get(code)
            whole[code] = one if there is None else there + one


def told(
    tallies: Tallies, kinds: Collection[str], weighing: Weighing
) -> dict[PlanKind, list[Measure]]:
    """The figures by plan, in the order of the lists."""
    found: dict[PlanKind, list[Measure]] = {PlanKind(kind): [] for kind in kinds}
    for figure in FIGURES:
        if figure.kind in kinds:
            found[figure.kind] += figure.say(tallies, weighing)
    return found
