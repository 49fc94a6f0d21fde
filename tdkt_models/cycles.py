"""A review of one period: by which regulation, how far it has come, what its book came to.

keep_cycle(conn, Cycle("2026-10", "month", "2026-01", opened_at=now), stamp)
recall_cycle(conn, "2026-10").state        -> CycleState.OPEN
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Connection, select
from sqlalchemy.orm import Mapped, mapped_column

from review.period import Cadence
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour


class CycleState(StrEnum):
    OPEN = "open"  # files are taken in
    REVIEWED = "reviewed"  # scored, letters written
    APPROVED = "approved"  # a person has put their name to it
    CLOSED = "closed"  # nothing changes any more


class CycleRow(Base):
    __tablename__ = "cycles"
    __table_args__ = (
        CheckConstraint(one_of("cadence", Cadence), name="cadence"),
        CheckConstraint(one_of("state", CycleState), name="state"),
    )

    period: Mapped[str] = mapped_column(primary_key=True)
    cadence: Mapped[str]
    regulation: Mapped[str]
    state: Mapped[str]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    digest: Mapped[str]


@dataclass(frozen=True, slots=True)
class Cycle:
    """`period` is canonical text; `digest` that of the book when it was last reviewed, or ""."""

    period: str
    cadence: Cadence
    regulation: str
    state: CycleState = CycleState.OPEN
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    digest: str = ""


def keep_cycle(conn: Connection, cycle: Cycle, stamp: Stamp) -> None:
    row = (
        cycle.period,
        cycle.cadence.value,
        cycle.regulation,
        cycle.state,
        cycle.opened_at,
        cycle.closed_at,
        cycle.digest,
    )
    pour(conn, table_of(CycleRow), [row], stamp)


def recall_cycle(conn: Connection, period: str) -> Cycle | None:
    """The cycle of a period, None before it was opened."""
    table = table_of(CycleRow)
    row = conn.execute(select(table).where(table.c.period == period)).one_or_none()
    return None if row is None else _cycle_from(row)


def recall_cycles(conn: Connection) -> list[Cycle]:
    """Every cycle that was opened, by period."""
    return sorted(
        map(_cycle_from, conn.execute(select(table_of(CycleRow)))), key=lambda c: c.period
    )


def _cycle_from(row: Any) -> Cycle:
    return Cycle(
        period=row.period,
        cadence=Cadence(row.cadence),
        regulation=row.regulation,
        state=CycleState(row.state),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        digest=row.digest,
    )
