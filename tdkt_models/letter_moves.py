"""Letters moved from state to state on somebody's word: let go, held back, sent again, settled.

queue(conn, "2026-10", stamp, ids=cleared)           written → queued
hold(conn, {12: "…"}, stamp)                         written → held
requeue(conn, [12], stamp, who="Lò Văn Inh")         failed, held, in doubt … → queued
settle(conn, [12], LetterState.SENT, "…", stamp, who)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, Update, update

from review.post import LetterKind, LetterState
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Stamp, table_of
from tdkt_models.letter_rows import LetterRow

LETTERS = table_of(LetterRow)
# States in which no byte has left: a newer revision takes the place of such a letter.
UNSENT = ("written", "queued", "claimed", "held")
RETRIED = ("failed", "held", "expired", "in_doubt", "suppressed", "bounced")
AT_ONCE = 5_000  # ids in one statement
NO_ADDRESS = "Chưa có địa chỉ nhận thư."


def queue(
    conn: Connection,
    period: str,
    stamp: Stamp,
    kinds: Collection[LetterKind] | None = None,
    ids: Collection[int] | None = None,
) -> int:
    """Lets the written letters of a period go (of these kinds or these only, if given); a letter
    without an address is held instead. Returns how many may go."""
    if ids is not None and len(ids) > AT_ONCE:
        chosen = sorted(ids)
        parts = [chosen[at : at + AT_ONCE] for at in range(0, len(chosen), AT_ONCE)]
        return sum(queue(conn, period, stamp, kinds, part) for part in parts)
    mine = update(LETTERS).where(LETTERS.c.period == period, LETTERS.c.state == "written")
    if kinds is not None:
        mine = mine.where(LETTERS.c.kind.in_([kind.value for kind in kinds]))
    if ids is not None:
        mine = mine.where(LETTERS.c.id.in_(ids))
    conn.execute(
        mine.where(LETTERS.c.to_address == "").values(
            state="held", reason=NO_ADDRESS, at=stamp.at, run=stamp.run
        )
    )
    return changed(conn, mine.values(state="queued", at=stamp.at, run=stamp.run))


def judge_again(conn: Connection, ids: Collection[int], stamp: Stamp, who: str) -> int:
    """Puts held letters back to WRITTEN: the gate reads them anew before they may go. Audited."""
    done = changed(
        conn,
        update(LETTERS)
        .where(LETTERS.c.id.in_(ids), LETTERS.c.state == "held")
        .values(state="written", reason="", at=stamp.at, run=stamp.run),
    )
    keep_audit(conn, [AuditEntry(who, "letter.judged_again", str(n)) for n in sorted(ids)], stamp)
    return done


def requeue(conn: Connection, ids: Collection[int], stamp: Stamp, who: str) -> int:
    """Lets letters go again on a person's word: failed, held, expired, suppressed, bounced, or in
    doubt (then the reader may get it twice, under one Message-ID). Audited. Returns how many."""
    done = changed(
        conn,
        update(LETTERS)
        .where(LETTERS.c.id.in_(ids), LETTERS.c.state.in_(RETRIED), LETTERS.c.to_address != "")
        .values(state="queued", reason="", not_before=None, expires_at=None, doubt_token=None)
        .values(lease_until=None)
        .values(at=stamp.at, run=stamp.run),
    )
    keep_audit(conn, [AuditEntry(who, "letter.requeued", str(n)) for n in sorted(ids)], stamp)
    return done


def hold(conn: Connection, reasons: Mapping[int, str], stamp: Stamp) -> int:
    """Keeps written letters back, each for its reason. Returns how many."""
    held = 0
    for number, reason in reasons.items():
        held += changed(
            conn,
            update(LETTERS)
            .where(LETTERS.c.id == number, LETTERS.c.state == "written")
            .values(state="held", reason=reason, at=stamp.at, run=stamp.run),
        )
    return held


def settle(
    conn: Connection, ids: Collection[int], state: LetterState, reason: str, stamp: Stamp, who: str
) -> int:
    """Puts letters in a state on a person's word or the relay's log: in doubt to SENT or FAILED,
    unsent to HELD or CANCELLED, sent to BOUNCED. Audited. Returns how many."""
    allowed = {
        LetterState.SENT: ("in_doubt",),
        LetterState.FAILED: ("in_doubt",),
        LetterState.BOUNCED: ("sent", "in_doubt"),
        LetterState.HELD: ("written", "queued"),
        LetterState.CANCELLED: ("written", "queued", "held", "failed", "expired"),
    }
    done = changed(
        conn,
        update(LETTERS)
        .where(LETTERS.c.id.in_(ids), LETTERS.c.state.in_(allowed[state]))
        .values(state=state.value, reason=reason, at=stamp.at, run=stamp.run),
    )
    detail = {"state": state.value, "reason": reason}
    keep_audit(
        conn, [AuditEntry(who, "letter.settled", str(n), detail) for n in sorted(ids)], stamp
    )
    return done


def changed(conn: Connection, statement: Update) -> int:
    """Carries out an update and returns how many rows it changed."""
    return conn.execute(statement.execution_options(preserve_rowcount=True)).rowcount
