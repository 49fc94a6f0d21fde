"""A period's results as the quota looks at them, for the whole province at once.

recall_people(conn, "2026").total[0]        -> 9047
"""

from __future__ import annotations

from collections.abc import Iterator
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
AT_A_TIME = 5_000


def recall_people(conn: Connection, period: str) -> People:
    """Everyone's result of a period, by unit and cadre: those scored directly, and what was made of
    the periods within for everyone else (the final result where there is one)."""
    return People.from_rows(_everyone(conn, period)).in_order()


def _everyone(conn: Connection, period: str) -> Iterator[Row]:
    """A month's cards as they come from the book: a country's rows are never in memory at once."""
    rolled, cards = table_of(PeriodScoreRow).c, table_of(ScorecardRow).c
    made: dict[str, Row] = {}
    for basis in Basis:  # the final ones come after and take the place
        here = and_(rolled.period == period, rolled.basis == basis.value)
        made |= {row[0]: row for row in _rows(conn, rolled, rolled.score, rolled.task, here)}
    for row in _rows(conn, cards, cards.total, cards.task_score, cards.period == period):
        of_parts = made.pop(row[0], row)
        yield row if row[8] else of_parts
    yield from made.values()


def _rows(conn: Connection, c: Any, total: Any, task: Any, here: Any) -> Iterator[Row]:
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
    by_page = query.execution_options(yield_per=AT_A_TIME)
    for some in conn.execute(by_page).tuples().partitions():
        yield from some
