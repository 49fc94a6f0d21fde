"""Who may send a letter now: claims with a lease, fenced by a token (lab/email.md 2.2).

claimed    no byte has left: when the lease runs out, it is queued again
sending    committed before the first byte: when the lease runs out, nobody can know: in doubt

A sender whose lease was taken over cannot finish: its token no longer fits, and it is told so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Update,
    and_,
    literal_column,
    or_,
    select,
    update,
)

from review.post import LetterKind, LetterState
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Stamp, table_of
from tdkt_models.bulk import pour_new
from tdkt_models.letter_rows import (
    ClaimedLetter,
    LetterAttemptRow,
    LetterRow,
    Outcome,
    ledger_letter,
)

LETTERS: Table = table_of(LetterRow)
HELD_BY_SENDER = ("claimed", "sending")
LEASE_MS = 60_000
KNOWN = (LetterState.SENT, LetterState.FAILED)
TRY_AGAIN = (LetterState.QUEUED, LetterState.HELD)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found after a crash: queued again, put in doubt, and too old to be sent."""

    requeued: int
    in_doubt: int
    expired: int


def claim(
    conn: Connection,
    n: int,
    lease_ms: int,
    now: datetime,
    *,
    period: str | None = None,
    kinds: Collection[LetterKind] | None = None,
) -> tuple[str, list[ClaimedLetter]]:
    """Up to `n` queued letters that are due (of these kinds only, if given), for this sender alone
    until the lease runs out.

    Returns the token to show when sending and finishing, and the letters in order of id.
    """
    token = str(uuid4())
    c = LETTERS.c
    due = select(c.id).where(c.state == "queued", or_(c.not_before.is_(None), c.not_before <= now))
    due = due.where(or_(c.expires_at.is_(None), c.expires_at > now))
    if period is not None:
        due = due.where(c.period == period)
    if kinds is not None:
        due = due.where(c.kind.in_([kind.value for kind in kinds]))
    # SKIP LOCKED lets PostgreSQL's senders pass each other; SQLite's writers take turns anyway.
    # MATERIALIZED, or the planner may run the LIMIT again for every row.
    ids = due.order_by(c.id).limit(n).with_for_update(skip_locked=True).cte("due")
    ids = ids.prefix_with("MATERIALIZED", dialect="postgresql")
    taken = conn.execute(
        update(LETTERS)
        .where(c.id.in_(select(ids.c.id)))
        .values(state="claimed", lease_token=token, lease_until=_until(now, lease_ms))
        .returning(*LETTERS.c)
    )
    return token, sorted(map(ledger_letter, taken), key=lambda letter: letter.id)


def mark_sending(
    conn: Connection, letter: int, token: str, stamp: Stamp, lease_ms: int = LEASE_MS
) -> bool:
    """Says that the first byte is about to leave. Commit before it does, and send only if True:
    False means that the lease ran out or that the letter was cancelled."""
    return _hit(
        conn,
        update(LETTERS)
        .where(LETTERS.c.id == letter, LETTERS.c.lease_token == token)
        .where(LETTERS.c.state == "claimed", LETTERS.c.lease_until > stamp.at)
        .values(state="sending", attempts=LETTERS.c.attempts + 1)
        .values(lease_until=_until(stamp.at, lease_ms), at=stamp.at, run=stamp.run),
    )


def renew(conn: Connection, token: str, now: datetime, lease_ms: int = LEASE_MS) -> int:
    """Keeps the rest of a claim while its sender is alive and busy with one of its letters."""
    kept = conn.execute(
        update(LETTERS)
        .where(LETTERS.c.lease_token == token, LETTERS.c.state == "claimed")
        .where(LETTERS.c.lease_until > now)
        .values(lease_until=_until(now, lease_ms))
        .execution_options(preserve_rowcount=True)
    )
    return kept.rowcount


def finish(conn: Connection, letter: int, token: str, outcome: Outcome, stamp: Stamp) -> bool:
    """Writes what the attempt came to. False means that the lease was lost to `recover`: what this
    sender saw stands in its attempts and in the audit. A letter in doubt since then is in doubt no
    more if its own sender knows the answer."""
    from_states = ("sending",) if outcome.state is LetterState.SENT else HELD_BY_SENDER
    c = LETTERS.c
    done = _finished(
        conn, letter, (c.lease_token == token, c.state.in_(from_states)), outcome, stamp
    )
    if not done and outcome.state in KNOWN:
        _finished(conn, letter, (c.doubt_token == token, c.state == "in_doubt"), outcome, stamp)
    _attempt(conn, letter, outcome, stamp)
    if not done:
        detail = {"outcome": outcome.state.value, "code": outcome.code}
        keep_audit(conn, [AuditEntry("tdkt", "letter.lease_lost", str(letter), detail)], stamp)
    return done


def _finished(
    conn: Connection, letter: int, held: tuple[Any, ...], outcome: Outcome, stamp: Stamp
) -> bool:
    again = outcome.state in TRY_AGAIN
    return _hit(
        conn,
        update(LETTERS)
        .where(LETTERS.c.id == letter, *held)
        .values(state=outcome.state.value, lease_token=None, lease_until=None, doubt_token=None)
        .values(smtp_code=outcome.code, smtp_text=outcome.text, reason=outcome.reason)
        .values(not_before=outcome.not_before if again else None)
        .values(sent_at=stamp.at if outcome.state is LetterState.SENT else None)
        .values(attempts=LETTERS.c.attempts - (0 if outcome.spent else 1))
        .values(at=stamp.at, run=stamp.run),
    )


def release(conn: Connection, token: str, stamp: Stamp) -> int:
    """Gives back the letters of a claim that no byte of has left. Returns how many."""
    mine = LETTERS.c.lease_token == token, LETTERS.c.state == "claimed"
    return len(_move(conn, mine, stamp, state="queued"))


def recover(conn: Connection, stamp: Stamp) -> Recovered:
    """Puts in order what senders left behind whose lease ran out, and letters past their time."""
    now = stamp.at
    # By the index on tokens, of which only letters that are held have one: the ledger is of years.
    lost = and_(LETTERS.c.lease_token > "", LETTERS.c.lease_until <= now)
    again = _move(conn, (LETTERS.c.state == "claimed", lost), stamp, state="queued")
    doubt = _move(
        conn,
        (LETTERS.c.state == "sending", lost),
        stamp,
        state="in_doubt",
        doubt_token=LETTERS.c.lease_token,
        lease_until=LETTERS.c.lease_until,  # until when it may have been on its way
        reason="Máy dừng khi đang gửi: chưa rõ thư đã tới hay chưa.",
    )
    for letter in doubt:
        _attempt(conn, letter, Outcome(LetterState.IN_DOUBT, text="lease expired"), stamp)
    queued: ColumnElement[str] = literal_column(
        "'queued'"
    )  # as it stands in the index of those that wait
    old = LETTERS.c.state == queued, LETTERS.c.expires_at <= now
    expired = _move(conn, old, stamp, state="expired", reason="Quá hạn gửi.")
    return Recovered(len(again), len(doubt), len(expired))


def _move(conn: Connection, where: tuple[Any, ...], stamp: Stamp, **values: Any) -> list[int]:
    moved = conn.execute(
        update(LETTERS)
        .where(*where)
        .values(
            {"lease_token": None, "lease_until": None, "at": stamp.at, "run": stamp.run} | values
        )
        .returning(LETTERS.c.id)
    )
    return sorted(moved.scalars())


def _attempt(conn: Connection, letter: int, outcome: Outcome, stamp: Stamp) -> None:
    n = conn.execute(select(LETTERS.c.attempts).where(LETTERS.c.id == letter)).scalar() or 0
    row = (letter, n, outcome.state.value, outcome.code, outcome.text)
    pour_new(conn, table_of(LetterAttemptRow), [row], stamp)


def _until(now: datetime, lease_ms: int) -> datetime:
    return now + timedelta(milliseconds=lease_ms)


def _hit(conn: Connection, statement: Update) -> bool:
    return conn.execute(statement.execution_options(preserve_rowcount=True)).rowcount == 1
