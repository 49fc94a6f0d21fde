"""The changes proposed to the plans (their lines: tdkt_models/plan_lines.py).

keep_changes(conn, changes, stamp, source="2026-Q4", units=["03637"])
recall_changes(conn, kind, "2027-Q1")            -> proposals, decided ones too
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Index,
    UniqueConstraint,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from review.evidence import Evidence
from review.plans import Action, ChangeState, PlanKind, PlanLine, ProposedChange
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import Row, clear, pour, ready
from tdkt_models.plan_lines import LINE, LINE_OF

NATURAL = ("kind", "period", "source", "unit", "key")


class PlanChangeRow(Base):
    __tablename__ = "plan_changes"
    __table_args__ = (
        UniqueConstraint(*NATURAL, name="natural"),
        CheckConstraint(one_of("kind", PlanKind), name="kind"),
        CheckConstraint(one_of("action", Action), name="action"),
        CheckConstraint(one_of("state", ChangeState), name="state"),
        CheckConstraint("state != 'refused' or reason != ''", name="refused"),
        Index(None, "source", "unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    period: Mapped[str]
    source: Mapped[str]
    unit: Mapped[str]
    key: Mapped[str]
    action: Mapped[str]
    state: Mapped[str]
    measure: Mapped[str]
    says: Mapped[str]
    evidence: Mapped[list[Any]]
    line: Mapped[dict[str, Any]]
    reason: Mapped[str]
    who: Mapped[str]
    decided_at: Mapped[datetime | None]


class WrittenChanges(NamedTuple):
    """Changes ready for the book, and their natural keys."""

    naturals: Sequence[tuple[str, ...]] = ()
    rows: Sequence[Row] = ()


def written_changes(changes: Sequence[ProposedChange]) -> WrittenChanges:
    rows = ready(table_of(PlanChangeRow), map(_row, changes))
    return WrittenChanges([change.natural for change in changes], rows)


def keep_changes(
    conn: Connection,
    changes: Sequence[ProposedChange] | WrittenChanges,
    stamp: Stamp,
    *,
    source: str = "",
    units: Collection[str] = (),
) -> None:
    """Writes changes by their natural key. With `source` and `units`, what these units had there
    and is not given now is taken out."""
    table = table_of(PlanChangeRow)
    given = changes if isinstance(changes, WrittenChanges) else written_changes(changes)
    if source and units:
        natural = [table.c[name] for name in NATURAL]
        query = select(*natural).where(table.c.source == source, table.c.unit.in_(units))
        there = {tuple(row) for row in conn.execute(query)}
        clear(conn, table, NATURAL, list(there.difference(given.naturals)))
    pour(conn, table, given.rows, stamp, written=True)


def recall_changes(
    conn: Connection,
    kind: PlanKind | None = None,
    period: str | None = None,
    *,
    source: str | None = None,
    units: Collection[str] | None = None,
    either: bool = False,
    most: int | None = None,
) -> list[ProposedChange]:
    """Changes to the plan of `period`, or made by the review of `source`; with `either`, those of
    which `period` is the one or the other; of these units, if any are named; of many only the
    first, where `most` says so."""
    c = table_of(PlanChangeRow).c
    query = select(table_of(PlanChangeRow)).order_by(c.kind, c.period, c.source, c.unit, c.key)
    if kind is not None:
        query = query.where(c.kind == kind.value)
    if period is not None:
        query = query.where(
            or_(c.period == period, c.source == period) if either else c.period == period
        )
    if source is not None:
        query = query.where(c.source == source)
    if units is not None:
        query = query.where(c.unit.in_(units))
    found = map(change_from, conn.execute(query.limit(most)))
    return sorted(found, key=lambda change: change.natural)


def _row(change: ProposedChange) -> tuple[Any, ...]:
    line = change.line
    told = dict(zip(LINE, LINE_OF(line), strict=True))  # JSON writes a date as 2026-11-30
    return (
        line.kind.value,
        line.period,
        change.source,
        line.unit,
        line.key,
        change.action.value,
        change.state.value,
        change.measure,
        change.says,
        [piece.as_json() for piece in change.evidence],
        told,
        change.reason,
        change.who,
        change.decided_at,
    )


def change_from(row: Any) -> ProposedChange:
    due = row.line["due"]
    values = {**row.line, "due": date.fromisoformat(due) if due else None}
    return ProposedChange(
        action=Action(row.action),
        line=PlanLine(PlanKind(row.kind), row.period, row.unit, row.key, **values),
        source=row.source,
        measure=row.measure,
        says=row.says,
        evidence=tuple(map(Evidence.from_json, row.evidence)),
        state=ChangeState(row.state),
        reason=row.reason,
        who=row.who,
        decided_at=row.decided_at,
        id=row.id,
    )
