"""When each period was last reviewed to the end: so that what a machine missed is made up for once.

keep_held(conn, "2026-10", sent=True, stamp)
recall_held(conn)["2026-10"].at         -> the moment it ended
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour


class HeldPeriodRow(Base):
    __tablename__ = "held_periods"

    period: Mapped[str] = mapped_column(primary_key=True)
    ended: Mapped[datetime]
    sent: Mapped[bool]


HELD = table_of(HeldPeriodRow)


@dataclass(frozen=True, slots=True)
class HeldReview:
    """When a review of the period last came to its end, and whether letters were let go by it."""

    at: datetime
    sent: bool


def keep_held(conn: Connection, period: str, *, sent: bool, stamp: Stamp) -> None:
    pour(conn, HELD, [(period, stamp.at, sent)], stamp)


def recall_held(conn: Connection) -> dict[str, HeldReview]:
    rows = conn.execute(select(HELD.c.period, HELD.c.ended, HELD.c.sent))
    return {period: HeldReview(ended, bool(sent)) for period, ended, sent in rows.tuples()}
