"""Who is at work on a period: one lock each, with a lease, fenced by a number that only grows.

    hold = take(conn, "2026-10", worker, stamp, lease)      -> Fence("2026-10", 7), or None
    holder(conn, "2026-10")                                 -> who holds it, since when, until when
    renew(conn, hold, stamp, lease)                         every few seconds while at work
    must_hold(conn, hold)                                   in each transaction; raises LockLost
    give_back(conn, hold, stamp)

Whoever takes a lock over counts the number up: a run that was slow, or only thought dead, finds in
its next transaction that the number is no longer its own, and keeps nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour
from tdkt_models.errors import BookError


class LockLost(BookError):
    """Another run has taken the period over; this one may keep nothing more."""


class PeriodLockRow(Base):
    """`token` counts the takings; `until` is when the lease ends, NULL when nobody holds it."""

    __tablename__ = "period_locks"

    period: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[int]
    work: Mapped[str]
    who: Mapped[str]
    place: Mapped[str]
    holder: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


LOCKS = table_of(PeriodLockRow)


@dataclass(frozen=True, slots=True)
class Fence:
    """What a run shows to keep something about a period it holds."""

    period: str
    token: int


@dataclass(frozen=True, slots=True)
class Worker:
    """Who is at work: on what, in whose name, where (machine and process), in which run."""

    work: str
    who: str
    place: str
    run: str


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that somebody holds, or held until a machine died."""

    fence: Fence
    worker: Worker
    since: datetime
    until: datetime


def take(
    conn: Connection,
    period: str,
    worker: Worker,
    stamp: Stamp,
    lease: timedelta,
    *,
    over: Fence | None = None,
) -> Fence | None:
    """The lock, if nobody holds it, its lease has run out, or its holder is this run or the one
    named in `over` (known to be dead). None if another holds it."""
    row = conn.execute(select(LOCKS).where(LOCKS.c.period == period)).one_or_none()
    held = row is not None and row.until is not None and row.until > stamp.at
    dead = row is not None and over == Fence(period, row.token)
    if held and not dead and row is not None and row.holder != worker.run:
        return None
    token = row.token + 1 if row is not None else 1
    given = (worker.work, worker.who, worker.place, worker.run)
    values = (period, token, *given, stamp.at, stamp.at + lease)
    pour(conn, LOCKS, [values], stamp)
    if row is not None and row.until is not None and row.holder != worker.run:
        detail = {"from": row.holder, "who": row.who, "place": row.place, "token": token}
        keep_audit(conn, [AuditEntry(worker.who, "period.taken_over", period, detail)], stamp)
    return Fence(period, token)


def renew(conn: Connection, fence: Fence, stamp: Stamp, lease: timedelta) -> bool:
    """Holds it for longer. False if another has taken it over."""
    return _hit(conn, fence, until=stamp.at + lease)


def give_back(conn: Connection, fence: Fence, stamp: Stamp) -> bool:
    """Lets go of it. False if another has taken it over."""
    return _hit(conn, fence, until=None, at=stamp.at)


def must_hold(conn: Connection, fence: Fence) -> None:
    """Raises LockLost where the period has been taken over since."""
    now = conn.execute(select(LOCKS.c.token).where(LOCKS.c.period == fence.period)).scalar()
    if now != fence.token:
        raise LockLost(
            f"Kỳ {fence.period} đã do một lượt chạy khác tiếp quản; lượt này dừng lại và không ghi "
            "gì thêm."
        )


def holder(conn: Connection, period: str) -> Held | None:
    """Whoever holds the period, also when the lease has run out and nobody has given it back."""
    row = conn.execute(
        select(LOCKS).where(LOCKS.c.period == period, LOCKS.c.until.is_not(None))
    ).one_or_none()
    return None if row is None else _held(row)


def holders(conn: Connection) -> list[Held]:
    """Every lock that was not given back, by period."""
    query = select(LOCKS).where(LOCKS.c.until.is_not(None)).order_by(LOCKS.c.period)
    return [_held(row) for row in conn.execute(query)]


def _held(row: Any) -> Held:
    worker = Worker(row.work, row.who, row.place, row.holder)
    return Held(Fence(row.period, row.token), worker, row.since, row.until)


def _hit(conn: Connection, fence: Fence, **values: object) -> bool:
    done = conn.execute(
        update(LOCKS)
        .where(LOCKS.c.period == fence.period, LOCKS.c.token == fence.token)
        .values(**values)
        .execution_options(preserve_rowcount=True)
    )
    return done.rowcount == 1
