"""Letters that came back, and the addresses that no letter is sent to any more.

    bounce(conn, "<0d6b…@x.vn>", stamp, status="5.1.1", text="user unknown")   -> 12, the letter
    delivered(conn, "<0d6b…@x.vn>", stamp, text="status=sent")     -> 12, in doubt no longer
    suppress(conn, "cu@x.vn", "5.1.1 user unknown", stamp)         letters to it wait no more
    unsuppress(conn, "cu@x.vn", stamp, who="Lò Văn Inh")

A report of non-delivery is believed only if it names a Message-ID that this office gave out: a
forged one names none (lab/email.md 7). Temporary trouble (4.x) is noted and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from review.post import LetterState
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour, pour_new
from tdkt_models.letter_rows import POSTED, LetterAttemptRow, LetterRow

LETTERS = table_of(LetterRow)
PERMANENT, FULL = "5.", "5.2.2"  # a full mailbox is emptied one day: the address stays
WAITING = ("written", "queued")


class SuppressedRow(Base):
    """`address` in small letters; `message_id` of the letter that came back, or ""."""

    __tablename__ = "suppressed_addresses"

    address: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    message_id: Mapped[str]


SUPPRESSED = table_of(SuppressedRow)


@dataclass(frozen=True, slots=True)
class Suppressed:
    address: str
    reason: str
    message_id: str
    since: datetime


def bounce(
    conn: Connection, message_id: str, stamp: Stamp, *, status: str = "5.0.0", text: str = ""
) -> int | None:
    """Writes that a letter came back; `status` is that of RFC 3463, `text` the server's words.

    A permanent failure (5.x.x) makes it BOUNCED and, but for a full mailbox, suppresses its
    address. Returns the letter's id; None if no posted letter bears that Message-ID.
    """
    row = _posted(conn, message_id)
    if row is None:
        return None
    words = " ".join(part for part in (status, text) if part)
    permanent = status.startswith(PERMANENT)
    outcome = "bounced" if permanent else "delayed"
    attempt = (row.id, row.attempts, outcome, None, words)
    pour_new(conn, table_of(LetterAttemptRow), [attempt], stamp)
    if permanent:
        _end(conn, row.id, LetterState.BOUNCED, f"Thư bị trả lại: {words}", stamp)
        if status != FULL:
            suppress(conn, row.to_address, words, stamp, message_id=message_id)
    return int(row.id)


def delivered(conn: Connection, message_id: str, stamp: Stamp, *, text: str = "") -> int | None:
    """The relay's log, or a report of delivery, says that a letter arrived: if it was in doubt, it
    is sent. Returns its id; None if it was not in doubt."""
    row = _posted(conn, message_id)
    if row is None or row.state != "in_doubt":
        return None
    reason = f"Máy chủ thư cho biết đã nhận thư: {text}" if text else ""
    _end(conn, row.id, LetterState.SENT, reason, stamp)
    return int(row.id)


def suppress(
    conn: Connection, address: str, reason: str, stamp: Stamp, *, message_id: str = ""
) -> int:
    """No letter is sent to this address until a person or the roster says otherwise; those that
    wait for it are SUPPRESSED. Audited. Returns how many."""
    known = _key(address)
    pour(conn, SUPPRESSED, [(known, reason, message_id)], stamp)
    detail = {"reason": reason, "message_id": message_id}
    keep_audit(conn, [AuditEntry("tdkt", "address.suppressed", known, detail)], stamp)
    return hold_suppressed(conn, stamp)


def unsuppress(conn: Connection, address: str, stamp: Stamp, *, who: str) -> bool:
    """Lets an address be written to again; letters kept from it are judged anew. Audited."""
    gone = conn.execute(
        delete(SUPPRESSED)
        .where(SUPPRESSED.c.address == _key(address))
        .execution_options(preserve_rowcount=True)
    ).rowcount
    conn.execute(
        update(LETTERS)
        .where(func.lower(LETTERS.c.to_address) == _key(address))
        .where(LETTERS.c.state == LetterState.SUPPRESSED.value)
        .values(state="written", reason="", at=stamp.at, run=stamp.run)
    )
    keep_audit(conn, [AuditEntry(who, "address.unsuppressed", _key(address))], stamp)
    return gone > 0


def suppressed(conn: Connection, addresses: Collection[str] | None = None) -> dict[str, Suppressed]:
    """By address in small letters, of these only if given."""
    query = select(SUPPRESSED).order_by(SUPPRESSED.c.address)
    if addresses is not None:
        query = query.where(SUPPRESSED.c.address.in_([_key(one) for one in addresses]))
    return {
        row.address: Suppressed(row.address, row.reason, row.message_id, row.at)
        for row in conn.execute(query)
    }


def hold_suppressed(conn: Connection, stamp: Stamp, period: str | None = None) -> int:
    """Takes out of the queue what would go to a suppressed address. Returns how many."""
    query = select(LETTERS.c.id, LETTERS.c.to_address).where(LETTERS.c.state.in_(WAITING))
    if period is not None:
        query = query.where(LETTERS.c.period == period)
    refused = suppressed(conn)
    if not refused:
        return 0
    moved = [
        (number, refused[_key(address)].reason)
        for number, address in conn.execute(query).tuples()
        if _key(address) in refused
    ]
    for number, reason in moved:
        words = f"Địa chỉ này đã trả lại thư trước: {reason}. Sửa địa chỉ trong danh bạ."
        _end(conn, number, LetterState.SUPPRESSED, words, stamp)
    return len(moved)


def _posted(conn: Connection, message_id: str) -> Any:
    wanted = LETTERS.c.message_id == message_id.strip(), text(f"({POSTED})")
    return conn.execute(select(LETTERS).where(*wanted)).one_or_none()


def _end(conn: Connection, letter: int, state: LetterState, reason: str, stamp: Stamp) -> None:
    values: dict[str, Any] = {"state": state.value, "reason": reason, "doubt_token": None}
    if state is LetterState.SENT:
        values["sent_at"] = stamp.at
    conn.execute(
        update(LETTERS).where(LETTERS.c.id == letter).values(**values, at=stamp.at, run=stamp.run)
    )


def _key(address: str) -> str:
    return address.strip().lower()
