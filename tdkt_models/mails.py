"""The mails that came to the mailbox, each exactly once, with what became of it.

keep_mails(conn, [ReceivedMail("tdkt@x/INBOX|17|4", sha, …)], stamp)
recall_mails(conn, states=NEEDS_A_PERSON)
known_mails(conn), known_hashes(conn)      what was taken before, by channel id and by content
mail_of(file.channel_id)                   the channel id of the mail that a file came in
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from review.mail import MailState
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour

CHANNEL = "mail"
NEEDS_A_PERSON = tuple(state for state in MailState if state.needs_a_person)


class MailRow(Base):
    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("channel_id", name="natural"),
        CheckConstraint(one_of("state", MailState), name="state"),
        Index(None, "sha256"),
        Index(None, "sender", "received_at"),
        Index(None, "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    stored_path: Mapped[str]
    received_at: Mapped[datetime]
    sender: Mapped[str]
    subject: Mapped[str]
    message_id: Mapped[str]
    thread: Mapped[list[Any]]
    state: Mapped[str]
    reason: Mapped[str]
    beside: Mapped[list[Any]]
    automatic: Mapped[bool]
    vouched: Mapped[str]
    told: Mapped[bool]


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """`thread` are the Message-IDs that an answer refers to, this mail's last; `beside` names what
    was enclosed and is no report; `vouched` who said that the sender may send for any unit; `told`
    whether the office has heard of it; `id` is the book's."""

    channel_id: str
    sha256: str
    size: int
    stored_path: str
    received_at: datetime
    sender: str = ""
    subject: str = ""
    message_id: str = ""
    thread: tuple[str, ...] = ()
    state: MailState = MailState.TAKEN
    reason: str = ""
    beside: tuple[str, ...] = ()
    automatic: bool = False
    vouched: str = ""
    told: bool = False
    id: int | None = None


MAILS = table_of(MailRow)


def keep_mails(conn: Connection, mails: Sequence[ReceivedMail], stamp: Stamp) -> None:
    """Writes mails by channel id; the later word on one wins."""
    rows = [
        (
            *(one.channel_id, one.sha256, one.size, one.stored_path, one.received_at),
            *(one.sender, one.subject, one.message_id, list(one.thread), one.state, one.reason),
            *(list(one.beside), one.automatic, one.vouched, one.told),
        )
        for one in mails
    ]
    pour(conn, MAILS, rows, stamp)


def recall_mails(
    conn: Connection,
    *,
    states: Collection[MailState] | None = None,
    channel_ids: Collection[str] | None = None,
    ids: Collection[int] | None = None,
    since: datetime | None = None,
) -> list[ReceivedMail]:
    """The mails that meet every condition given, in the order they came."""
    query = select(MAILS).order_by(MAILS.c.received_at, MAILS.c.id)
    if states is not None:
        query = query.where(MAILS.c.state.in_([state.value for state in states]))
    if channel_ids is not None:
        query = query.where(MAILS.c.channel_id.in_(channel_ids))
    if ids is not None:
        query = query.where(MAILS.c.id.in_(ids))
    if since is not None:
        query = query.where(MAILS.c.received_at >= since)
    return [_mail_from(row) for row in conn.execute(query)]


def known_mails(conn: Connection) -> dict[str, str]:
    """The sha256 of every mail taken, by channel id."""
    return dict(conn.execute(select(MAILS.c.channel_id, MAILS.c.sha256)).tuples().all())


def sent_since(conn: Connection, sender: str, since: datetime, until: datetime) -> int:
    """How many mails this sender sent in (since, until]."""
    c = MAILS.c
    counted = c.sender == sender, c.received_at > since, c.received_at <= until
    query = select(func.count()).where(*counted, c.state != MailState.AGAIN.value)
    return int(conn.execute(query).scalar_one())


def mail_of(channel_id: str) -> str:
    """A file in a mail is known by the mail's channel id and its place in it."""
    return channel_id.rpartition("|")[0]


def _mail_from(row: Any) -> ReceivedMail:
    return ReceivedMail(
        channel_id=row.channel_id,
        sha256=row.sha256,
        size=row.size,
        stored_path=row.stored_path,
        received_at=row.received_at,
        sender=row.sender,
        subject=row.subject,
        message_id=row.message_id,
        thread=tuple(row.thread),
        state=MailState(row.state),
        reason=row.reason,
        beside=tuple(row.beside),
        automatic=row.automatic,
        vouched=row.vouched,
        told=row.told,
        id=row.id,
    )
