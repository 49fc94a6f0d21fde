"""Lai Châu before 2025's two reforms: districts until 30 June, other provincial bodies until 28
February (the Party's until 31 January), and where the people of today served then.

former_units()[0].successors          -> ("03637", "03640", "03595", "03618")
former_postings(sample_roster())      -> (lines of people still there, cadres who left for good)

The districts are real (domain.md 3.10), the mergers of provincial bodies the usual ones; the people
are invented like all of the sample.
"""

from __future__ import annotations

from pathlib import Path

from channels.roster_file import read_roster
from review.cadres import Cadre
from review.roster import Roster
from review.units import Unit

BEFORE = Path(__file__).parent / "lai-chau-before"


def former_units() -> tuple[Unit, ...]:
    """Ended units, each with those that took over from it."""
    return _before().units


def former_postings(now: Roster) -> tuple[tuple[Cadre, ...], tuple[Cadre, ...]]:
    """Earlier lines of cadres who serve on, and the lines of those who do not."""
    there = {cadre.code for cadre in now.cadres}
    lines = _before().cadres
    return (
        tuple(line for line in lines if line.code in there),
        tuple(line for line in lines if line.code not in there),
    )


def _before() -> Roster:
    """Its successors stand in another file, so what the reader says of them is not asked."""
    return read_roster(BEFORE).roster
