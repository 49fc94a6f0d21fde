"""The approved results: each version stays for ever, the latest one stands.

keep_results(conn, frozen(cards, drawn), stamp)
recall_results(conn, "2026-10", units=["03637"])    -> the standing versions, by unit and cadre
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from review.results import Result
from review.scorecard import CardStatus, Grade
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour, poured
from tdkt_models.cycles import CycleState, recall_cycle
from tdkt_models.witness import names


class ResultRow(Base):
    """Figures in hundredths of a point."""

    __tablename__ = "results"
    __table_args__ = (
        CheckConstraint(one_of("status", CardStatus), name="status"),
        CheckConstraint(one_of("by_points", Grade), name="by_points"),
        CheckConstraint(one_of("grade", Grade), name="grade"),
        CheckConstraint("version >= 1", name="version"),
        Index(None, "period", "unit"),
    )

    period: Mapped[str] = mapped_column(ForeignKey("cycles.period"), primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.code"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    status: Mapped[str]
    total: Mapped[int | None]
    by_points: Mapped[str | None]
    grade: Mapped[str | None]
    why: Mapped[str]


def keep_results(conn: Connection, results: Sequence[Result], stamp: Stamp) -> list[Result]:
    """Adds a version of each result that differs from its latest one; gives back those added."""
    known: dict[tuple[str, str], Result] = {}
    for period in {result.period for result in results}:
        known |= {(r.period, r.cadre): r for r in _latest(conn, period)}
    added = []
    for result in results:
        before = known.get((result.period, result.cadre))
        version = before.version if before else 0
        if before is None or replace(result, version=version) != before:
            added.append(replace(result, version=version + 1))
    rows = [
        (r.period, r.cadre, r.version, r.unit, r.status, r.total, r.by_points, r.grade, r.why)
        for r in added
    ]
    pour(conn, table_of(ResultRow), rows, stamp)
    names(conn, "results", [named_results(conn, period) for period in sorted({r[0] for r in rows})])
    return added


def periods_with_results(conn: Connection) -> list[str]:
    return sorted(conn.scalars(select(table_of(ResultRow).c.period).distinct()))


def named_results(conn: Connection, period: str) -> str:
    """How the audit names all that was ever approved of a period, every version."""
    table = table_of(ResultRow)
    columns = [table.c[name] for name in poured(table)]
    rows = conn.execute(select(*columns).where(table.c.period == period)).tuples()
    said = sorted("|".join(map(str, row)) for row in rows)
    return f"{period}:{len(said)}:" + sha256("\n".join(said).encode()).hexdigest()


def recall_results(
    conn: Connection, period: str, units: Collection[str] | None = None
) -> list[Result]:
    """The latest version of each result of the period; none while it is not approved."""
    cycle = recall_cycle(conn, period)
    approved = cycle is not None and cycle.state in (CycleState.APPROVED, CycleState.CLOSED)
    return _latest(conn, period, units) if approved else []


def _latest(conn: Connection, period: str, units: Collection[str] | None = None) -> list[Result]:
    table = table_of(ResultRow)
    query = select(table).where(table.c.period == period).order_by(table.c.version)
    if units is not None:
        query = query.where(table.c.unit.in_(units))
    latest = {row.cadre: _result_from(row) for row in conn.execute(query)}
    return sorted(latest.values(), key=lambda r: (r.unit, r.cadre))


def standing_result(conn: Connection, period: str, cadre: str) -> Result | None:
    """The latest version of one result; None while the period is not approved."""
    cycle = recall_cycle(conn, period)
    if cycle is None or cycle.state not in (CycleState.APPROVED, CycleState.CLOSED):
        return None
    versions = recall_versions(conn, period, cadre)
    return versions[-1] if versions else None


def recall_versions(conn: Connection, period: str, cadre: str) -> list[Result]:
    """Every version of one result, the first approval first."""
    table = table_of(ResultRow)
    mine = table.c.period == period, table.c.cadre == cadre
    query = select(table).where(*mine).order_by(table.c.version)
    return [_result_from(row) for row in conn.execute(query)]


def _result_from(row: Any) -> Result:
    return Result(
        period=row.period,
        cadre=row.cadre,
        unit=row.unit,
        status=CardStatus(row.status),
        total=row.total,
        by_points=Grade(row.by_points) if row.by_points else None,
        grade=Grade(row.grade) if row.grade else None,
        why=row.why,
        version=row.version,
    )
