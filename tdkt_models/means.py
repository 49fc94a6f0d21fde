"""What a period came to in two numbers, counted by the book itself.

mean_of(conn, "2026-Q4")      -> Mean(persons=117, points=8753): those with a result, their mean
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from review.points import half_up
from review.rollup import Basis
from review.scorecard import CardStatus
from tdkt_models.base import table_of
from tdkt_models.period_scores import PeriodScoreRow
from tdkt_models.scores import ScorecardRow


@dataclass(frozen=True, slots=True)
class Mean:
    """`points` in hundredths; None where nobody has a result."""

    persons: int
    points: int | None


def mean_of(conn: Connection, period: str) -> Mean:
    """Of the cards of a month; of a longer period's final results, else of the provisional ones."""
    cards, rolled = table_of(ScorecardRow).c, table_of(PeriodScoreRow).c
    scored = cards.status == CardStatus.OK.value
    asked = [select(func.count(), func.sum(cards.total)).where(cards.period == period, scored)]
    for basis in (Basis.FINAL, Basis.PROVISIONAL):
        mine = rolled.period == period, rolled.basis == basis.value
        known = rolled.status == CardStatus.OK.value
        asked.append(select(func.count(), func.sum(rolled.score)).where(*mine, known))
    for query in asked:
        persons, whole = conn.execute(query).one()
        if persons:
            return Mean(persons, half_up(int(whole), persons))
    return Mean(0, None)
