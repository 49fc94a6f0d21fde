"""Appeals and corrections after approval, each with the snapshot it was opened on.

number = keep_appeal(conn, appeal, stamp)
recall_appeal(conn, number).state               -> CaseState.OPEN
settle_appeal(conn, decided_appeal, stamp)
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column

from review.appeals import Appeal, CaseKind, CaseState
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour_new


class AppealRow(Base):
    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint(one_of("kind", CaseKind), name="kind"),
        CheckConstraint(one_of("state", CaseState), name="state"),
        Index(None, "period", "cadre"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.code"))
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    kind: Mapped[str]
    opened_by: Mapped[str]
    grounds: Mapped[str]
    snapshot: Mapped[dict[str, Any]]
    closes_on: Mapped[date | None]
    state: Mapped[str]
    decided_by: Mapped[str]
    note: Mapped[str]
    outcome: Mapped[dict[str, Any]]


def keep_appeal(conn: Connection, one: Appeal, stamp: Stamp) -> int:
    """Opens a case and gives its number."""
    row = (
        one.period,
        one.cadre,
        one.unit,
        one.kind,
        one.opened_by,
        one.grounds,
        dict(one.snapshot),
        one.closes_on,
        one.state,
        one.decided_by,
        one.note,
        dict(one.outcome),
    )
    pour_new(conn, table_of(AppealRow), [row], stamp)
    table = table_of(AppealRow)
    mine = table.c.period == one.period, table.c.cadre == one.cadre
    query = select(table.c.id).where(*mine).order_by(table.c.id.desc())
    return int(conn.execute(query).scalars().first() or 0)


def settle_appeal(conn: Connection, one: Appeal) -> None:
    """Writes how an open case was decided; its grounds and snapshot never change."""
    table = table_of(AppealRow)
    conn.execute(
        update(table)
        .where(table.c.id == one.id, table.c.state == CaseState.OPEN.value)
        .values(
            state=one.state.value,
            decided_by=one.decided_by,
            note=one.note,
            outcome=dict(one.outcome),
        )
    )


def recall_appeal(conn: Connection, number: int) -> Appeal | None:
    table = table_of(AppealRow)
    row = conn.execute(select(table).where(table.c.id == number)).one_or_none()
    return None if row is None else _appeal_from(row)


def recall_appeals(conn: Connection, period: str) -> list[Appeal]:
    """Every case of a period, in the order they were opened."""
    table = table_of(AppealRow)
    query = select(table).where(table.c.period == period).order_by(table.c.id)
    return [_appeal_from(row) for row in conn.execute(query)]


def _appeal_from(row: Any) -> Appeal:
    return Appeal(
        period=row.period,
        cadre=row.cadre,
        unit=row.unit,
        kind=CaseKind(row.kind),
        opened_by=row.opened_by,
        grounds=row.grounds,
        snapshot=row.snapshot,
        closes_on=row.closes_on,
        state=CaseState(row.state),
        decided_by=row.decided_by,
        note=row.note,
        outcome=row.outcome,
        id=row.id,
        at=row.at,
    )
