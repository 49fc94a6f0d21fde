"""What a relay may be asked now: its pace, its quota of the day, and whether it wants a rest.

    with book.writing(beside_others=True) as conn:
        turn = take_turns(conn, "mail.x.vn:587", 20, Limits(pace=14, quota=2000), stamp, today)
        token, mine = claim(conn, turn.granted, …)
        give_back(conn, "mail.x.vn:587", turn, turn.granted - len(mine), stamp)
    turn.starts[0]      -> when the first of them may leave

All posters of a book share one row a relay and lock it, so that neither pace nor quota is passed
however many there are. A quota, a certificate or a sign-in is about the relay and not about the
person: the relay is paused, and no letter is marked as failed for it (lab/email.md 2.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour
from tdkt_models.letter_rows import LetterAttemptRow

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(hours=6)
WINDOW = 200  # attempts that the circuit-breaker looks back on


class RelayRow(Base):
    __tablename__ = "mail_relays"

    relay: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime | None]
    day: Mapped[str]
    used: Mapped[int]
    paused_until: Mapped[datetime | None]
    pauses: Mapped[int]  # since something was last taken: each lasts twice as long
    why: Mapped[str]
    judged_from: Mapped[int]  # attempts up to this one no longer count for the breaker


@dataclass(frozen=True, slots=True)
class Limits:
    """`pace` letters a second and `quota` a day, 0 for as many as one likes; `breaker` the percent
    of refusals among the last 200 attempts past which the relay is rested."""

    pace: float = 0.0
    quota: int = 0
    breaker: int = 5


@dataclass(frozen=True, slots=True)
class Turn:
    """So many letters may leave, each at its time. None may if the relay rests or the quota is
    used up; then `why` says so and `until` when it may be tried again."""

    starts: tuple[datetime, ...] = ()
    day: str = ""
    until: datetime | None = None
    why: str = ""

    @property
    def granted(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, slots=True)
class RelayStanding:
    relay: str
    used_today: int
    paused_until: datetime | None
    why: str


RELAYS = table_of(RelayRow)


def take_turns(
    conn: Connection, relay: str, wanted: int, limits: Limits, stamp: Stamp, today: date
) -> Turn:
    """Up to `wanted` letters' worth of pace and quota, for this poster alone."""
    row = _locked(conn, relay, stamp)
    now, used = stamp.at, row.used if row.day == today.isoformat() else 0
    if row.paused_until and row.paused_until > now:
        return Turn(until=row.paused_until, why=row.why)
    left = wanted if not limits.quota else min(wanted, limits.quota - used)
    if left <= 0:
        why = f"Đã gửi đủ {limits.quota} thư của ngày {today:%d/%m/%Y}."
        return Turn(until=now + FIRST_PAUSE, why=why)
    gap = timedelta(seconds=1 / limits.pace) if limits.pace else timedelta(0)
    first = max(row.next_at or now, now)
    starts = tuple(first + gap * at for at in range(left))
    _set(conn, relay, stamp, next_at=starts[-1] + gap, day=today.isoformat(), used=used + left)
    return Turn(starts, today.isoformat())


def give_back(conn: Connection, relay: str, turn: Turn, unused: int, stamp: Stamp) -> None:
    """What was granted and not needed: the quota of that day, and the time if nobody came after."""
    if unused <= 0:
        return
    row = _locked(conn, relay, stamp)
    changes: dict[str, Any] = {}
    if row.day == turn.day:
        changes["used"] = max(0, row.used - unused)
    if row.next_at and row.next_at - turn.starts[-1] < timedelta(seconds=3600):
        changes["next_at"] = min(row.next_at, turn.starts[turn.granted - unused])
    _set(conn, relay, stamp, **changes)


def pause_relay(conn: Connection, relay: str, why: str, stamp: Stamp) -> datetime:
    """Rests the relay, each time for twice as long until something is taken. Returns until when."""
    row = _locked(conn, relay, stamp)
    until: datetime = stamp.at + min(FIRST_PAUSE * 2 ** min(row.pauses, 10), LONGEST_PAUSE)
    _set(conn, relay, stamp, paused_until=until, pauses=row.pauses + 1, why=why)
    return until


def resume_relay(conn: Connection, relay: str, stamp: Stamp) -> None:
    """Ends the rest, on a person's word; what was refused until now counts no more."""
    _locked(conn, relay, stamp)
    last = _last_attempt(conn)
    _set(conn, relay, stamp, paused_until=None, pauses=0, why="", judged_from=last)


def relay_took(conn: Connection, relay: str, stamp: Stamp) -> None:
    """Something was taken: the next pause is a first one again."""
    conn.execute(
        update(RELAYS)
        .where(RELAYS.c.relay == relay, RELAYS.c.pauses > 0)
        .values(pauses=0, why="", paused_until=None, at=stamp.at, run=stamp.run)
    )


def break_circuit(conn: Connection, relay: str, limits: Limits, stamp: Stamp) -> str:
    """Rests the relay if too many of the last letters were refused: more likely something of ours
    is wrong than all these addresses. Returns why, or ""."""
    row = _locked(conn, relay, stamp)
    table = table_of(LetterAttemptRow)
    recent = (
        select(table.c.outcome)
        .where(table.c.id > row.judged_from)
        .order_by(table.c.id.desc())
        .limit(WINDOW)
    )
    refused = list(conn.execute(recent).scalars()).count("failed")
    if refused * 100 <= limits.breaker * WINDOW:
        return ""
    why = f"{refused} trong {WINDOW} thư gần nhất bị từ chối: dừng gửi để người xem lại."
    until = stamp.at + LONGEST_PAUSE
    _set(conn, relay, stamp, paused_until=until, why=why, judged_from=_last_attempt(conn))
    return why


def relays(conn: Connection) -> list[RelayStanding]:
    """Every relay that was used, by name."""
    rows = conn.execute(select(RELAYS).order_by(RELAYS.c.relay))
    return [RelayStanding(row.relay, row.used, row.paused_until, row.why) for row in rows]


def _locked(conn: Connection, relay: str, stamp: Stamp) -> Any:
    """The relay's row, ours until the commit (SQLite's writers take turns anyway)."""
    query = select(RELAYS).where(RELAYS.c.relay == relay).with_for_update()
    row = conn.execute(query).one_or_none()
    if row is None:
        pour(conn, RELAYS, [(relay, None, "", 0, None, 0, "", 0)], stamp)
        row = conn.execute(query).one()
    return row


def _set(conn: Connection, relay: str, stamp: Stamp, **values: Any) -> None:
    conn.execute(
        update(RELAYS).where(RELAYS.c.relay == relay).values(**values, at=stamp.at, run=stamp.run)
    )


def _last_attempt(conn: Connection) -> int:
    return conn.execute(select(func.max(table_of(LetterAttemptRow).c.id))).scalar() or 0
