"""The figures that plans rest on, by period and plan, each with its reason and evidence.

keep_measures(conn, "2026-Q4", {PlanKind.TRAINING: measures}, stamp)
recall_measures(conn, "2026-Q4")[PlanKind.TRAINING]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CheckConstraint, Connection, select
from sqlalchemy.orm import Mapped, mapped_column

from review.evidence import Evidence, Measure
from review.plans import PlanKind
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import clear, pour


class MeasureRow(Base):
    """A figure of a period, for one plan; the evidence is what its alarm rests on."""

    __tablename__ = "plan_measures"
    __table_args__ = (CheckConstraint(one_of("kind", PlanKind), name="kind"),)

    period: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    value: Mapped[int | None]
    unit: Mapped[str]
    says: Mapped[str]
    low: Mapped[int | None]
    high: Mapped[int | None]
    alarm: Mapped[bool]
    evidence: Mapped[list[Any]]


def keep_measures(
    conn: Connection, period: str, measures: Mapping[PlanKind, Sequence[Measure]], stamp: Stamp
) -> None:
    """Makes these the only figures of the period."""
    table = table_of(MeasureRow)
    rows = [
        (
            period,
            kind.value,
            one.code,
            one.label,
            one.value,
            one.unit,
            one.says,
            one.low,
            one.high,
            one.alarm,
            [piece.as_json() for piece in one.evidence],
        )
        for kind, some in measures.items()
        for one in some
    ]
    c = table.c
    names = (c.period, c.kind, c.code)
    there = {tuple(row) for row in conn.execute(select(*names).where(c.period == period))}
    gone = there.difference((row[0], row[1], row[2]) for row in rows)
    clear(conn, table, ("period", "kind", "code"), list(gone))
    pour(conn, table, rows, stamp)


def recall_measures(conn: Connection, period: str) -> dict[PlanKind, list[Measure]]:
    table = table_of(MeasureRow)
    query = select(table).where(table.c.period == period)
    found: dict[PlanKind, list[Measure]] = {}
    for row in sorted(conn.execute(query), key=lambda row: (row.kind, row.code)):
        found.setdefault(PlanKind(row.kind), []).append(_measure_from(row))
    return found


def _measure_from(row: Any) -> Measure:
    evidence = tuple(map(Evidence.from_json, row.evidence))
    said = (row.code, row.label, row.value, row.unit, row.says)
    return Measure(*said, evidence, row.low, row.high, row.alarm)
