"""A made-up country for the scoring benchmarks: integer arrays, and the same as people and reports.

made = country(20_833, seed=2026)
made.coef.shape             -> (12, 20833, 4): a month, a person, a line
people_of(made)[0]          -> the cadres of the first unit
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from channels.library import newest_regulation
from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.quota_cut import Truth, Whole

LINES, OF_A_UNIT, MONTHS = 4, 20, 12
PERIODS = [f"2026-{month:02}" for month in range(1, MONTHS + 1)]


@dataclass(frozen=True)
class Country:
    """(months, people, lines) for the work, of which so many products were faulty or late once;
    (months, people, criteria) for the marks of form 01; (months, people) for đ and e in percent.
    `units` numbers each person's unit, `starts` the first person of each."""

    coef: Whole
    assigned: Whole
    done: Whole
    faulty: Whole
    late: Whole
    marks: Whole
    leads: Truth
    dd: Whole
    e: Whole
    units: Whole
    starts: Whole


def country(persons: int, seed: int) -> Country:
    """Twelve months of so many people, twenty to a unit, one in eight of them heads."""
    dice = np.random.default_rng(seed)
    months, shape = (MONTHS, persons), (MONTHS, persons, LINES)
    assigned = dice.integers(0, 12, shape)
    assigned[..., 0] += 1  # nobody is without work: what is missing is tested, not measured
    done = np.maximum(0, assigned - (dice.random(shape) < 0.2) + (dice.random(shape) < 0.05))
    leads = dice.random(persons) < 0.125
    leads[::OF_A_UNIT] = False  # so that every head has somebody
    most = np.array(newest_regulation().general.bounds)
    return Country(
        dice.choice(np.array([25, 50, 75, 100, 150, 300]), shape),
        assigned,
        done,
        np.where(dice.random(shape) < 0.1, np.minimum(done, 1), 0),
        np.where(dice.random(shape) < 0.1, np.minimum(done, 2), 0),
        most - dice.integers(0, 3, (*months, len(most))) * 25,
        leads,
        dice.choice(np.array([100, 100, 50]), months),
        dice.choice(np.array([100, 100, 50]), months),
        np.arange(persons) // OF_A_UNIT,
        np.arange(0, persons, OF_A_UNIT),
    )


def people_of(made: Country) -> list[list[Cadre]]:
    """The cadres of each unit."""
    found: list[list[Cadre]] = [[] for _ in made.starts]
    rows = zip(made.units.tolist(), made.leads.tolist(), strict=True)
    for at, (unit, head) in enumerate(rows):
        role = Role.HEAD if head else Role.STAFF
        found[unit].append(
            Cadre(f"{at:06}", f"{unit:05}", f"Lò Văn {at}", date(1985, 5, 20), Sex.MALE,
                  Group.CIVIL_SERVANT, Engagement.FULL, 100, role)
        )  # fmt: skip
    return found


@cache
def fields() -> tuple[str, ...]:
    return newest_regulation().general.fields
