"""Whether the schedules go on: when a scheduled run last began, and when none did for too long.

beat(conn, now, stamp, gap)     -> Outage(since, until) where none had begun for longer than `gap`
last_beat(conn)                 -> the moment, None before the first
recall_outages(conn)            -> every time that the machine was off
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour, pour_new

SCHEDULES = "schedules"


class BeatRow(Base):
    __tablename__ = "beats"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[datetime]


class OutageRow(Base):
    __tablename__ = "outages"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]


BEATS, OUTAGES = table_of(BeatRow), table_of(OutageRow)


@dataclass(frozen=True, slots=True)
class Outage:
    """No scheduled run began between these moments."""

    since: datetime
    until: datetime


def beat(conn: Connection, now: datetime, stamp: Stamp, gap: timedelta) -> Outage | None:
    """Notes that a scheduled run has begun; the outage that ended with it, if there was one."""
    last = last_beat(conn)
    if last is not None and last >= now:
        return None
    pour(conn, BEATS, [(SCHEDULES, now)], stamp)
    if last is None or now - last <= gap:
        return None
    pour_new(conn, OUTAGES, [(last, now)], stamp)
    return Outage(last, now)


def last_beat(conn: Connection) -> datetime | None:
    return conn.execute(select(BEATS.c.last).where(BEATS.c.name == SCHEDULES)).scalar()


def recall_outages(conn: Connection) -> list[Outage]:
    rows = conn.execute(select(OUTAGES.c.since, OUTAGES.c.until).order_by(OUTAGES.c.id))
    return [Outage(since, until) for since, until in rows.tuples()]
