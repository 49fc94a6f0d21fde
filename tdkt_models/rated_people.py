"""A period's results as the quota looks at them, for the whole province at once.

recall_people(conn, "2026").total[0]        -> 9047
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from review.quota_people import RANK, UNKNOWN, People, Row
from review.rollup import Basis
from review.scorecard import CardStatus, Grade
from tdkt_models.base import table_of
from tdkt_models.cadres import CadreRow
from tdkt_models.period_scores import PeriodScoreRow
from tdkt_models.scores import ScorecardRow

MOST = 100_00


def recall_people(conn: Connection, period: str) -> People:
    """Everyone's result of a period, by unit and cadre: those scored directly, and what was made of
    the periods within for everyone else (the final result where there is one)."""
    rolled, cards = table_of(PeriodScoreRow).c, table_of(ScorecardRow).c
    of_the_period = rolled.period == period
    rows: dict[str, Row] = {}
    for basis in Basis:  # the final ones come after and take the place
        here = and_(of_the_period, rolled.basis == basis.value)
        rows |= _rows(conn, rolled, rolled.score, rolled.task, here)
    for code, row in _rows(
        conn, cards, cards.total, cards.task_score, cards.period == period
    ).items():
        if code not in rows or row[8]:
            rows[code] = row
    return People.from_rows(sorted(rows.values(), key=lambda row: (row[1], row[0])))


def _rows(conn: Connection, c: Any, total: Any, task: Any, here: Any) -> dict[str, Row]:
    people = table_of(CadreRow).c
    rated = c.status == CardStatus.OK.value
    unsure = and_(
        c.status == CardStatus.INSUFFICIENT.value,
        func.coalesce(c.grade, "") != Grade.NOT_DONE.value,
    )
    query = (
        select(
            c.cadre,
            c.unit,
            people.duties,
            func.coalesce(total, UNKNOWN),
            func.coalesce(task, UNKNOWN),
            func.coalesce(total, c.low, 0),
            func.coalesce(total, c.high, MOST),
            case(*((c.grade == grade.value, rank) for grade, rank in RANK.items()), else_=UNKNOWN),
            case((rated, 1), else_=0),
            case((unsure, 1), else_=0),
        )
        .join_from(c.cadre.table, people.code.table, people.code == c.cadre)
        .where(here)
    )
    return {row[0]: tuple(row) for row in conn.execute(query).tuples()}
