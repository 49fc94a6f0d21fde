"""Alarms: each is told once while it lasts, and again when it comes back after it was over.

number = tell(conn, alarm, "2026-10", stamp)        -> 7, or None where it was told already
over(conn, AlarmKind.WAITING, stamp)                what was the matter is so no more
recall_alarms(conn, lasting=True)                   -> those that last, the latest first
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column

from review.alarms import Alarm, AlarmKind
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour_new


class AlarmRow(Base):
    """`at` is when it was first told; `told_at` when last."""

    __tablename__ = "alarms"
    __table_args__ = (
        CheckConstraint(one_of("kind", AlarmKind), name="kind"),
        Index(None, "kind", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    period: Mapped[str]
    matter: Mapped[str]
    facts: Mapped[list[Any]]
    told_at: Mapped[datetime]
    times: Mapped[int]
    over_at: Mapped[datetime | None]


ALARMS = table_of(AlarmRow)


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm in the book; `over_at` None while it lasts."""

    number: int
    kind: AlarmKind
    key: str
    matter: str
    facts: tuple[str, ...]
    since: datetime
    over_at: datetime | None


def tell(
    conn: Connection, alarm: Alarm, period: str, stamp: Stamp, again: timedelta | None = None
) -> int | None:
    """The number of an alarm that is to be told now; None where it lasts and was told already (less
    than `again` ago, or ever)."""
    c = ALARMS.c
    mine = c.kind == alarm.kind.value, c.key == alarm.key, c.over_at.is_(None)
    row = conn.execute(select(ALARMS).where(*mine).order_by(c.id.desc())).first()
    if row is None:
        values = (alarm.kind, alarm.key, period, alarm.matter, list(alarm.facts), stamp.at, 1, None)
        pour_new(conn, ALARMS, [values], stamp)
        return conn.execute(select(c.id).where(*mine).order_by(c.id.desc())).scalars().first()
    if again is None or row.told_at + again > stamp.at:
        return None
    conn.execute(
        update(ALARMS)
        .where(c.id == row.id)
        .values(told_at=stamp.at, times=row.times + 1, matter=alarm.matter)
        .values(facts=list(alarm.facts))
    )
    return int(row.id)


def over(
    conn: Connection, kind: AlarmKind, stamp: Stamp, *, but: frozenset[str] = frozenset()
) -> int:
    """Ends the lasting alarms of a kind, those with these keys excepted. Returns how many."""
    c = ALARMS.c
    lasting = c.kind == kind.value, c.over_at.is_(None), c.key.not_in(but)
    done = conn.execute(
        update(ALARMS)
        .where(*lasting)
        .values(over_at=stamp.at)
        .execution_options(preserve_rowcount=True)
    )
    return done.rowcount


def recall_alarms(conn: Connection, *, lasting: bool = False) -> list[Told]:
    c = ALARMS.c
    query = select(ALARMS).order_by(c.id.desc())
    if lasting:
        query = query.where(c.over_at.is_(None))
    return [
        Told(r.id, AlarmKind(r.kind), r.key, r.matter, tuple(r.facts), r.at, r.over_at)
        for r in conn.execute(query)
    ]


def was_told(conn: Connection, kind: AlarmKind, key: str) -> bool:
    """Whether it was ever told."""
    c = ALARMS.c
    found = conn.execute(select(c.id).where(c.kind == kind.value, c.key == key)).first()
    return found is not None
