"""The tables of the ledger of letters, and the values that come out of it.

letter_key(letter.key, 2)      -> "2026-10:unit_result:03637:r2"
payload_sha(letter.payload)    -> "9c1f…", equal whatever the order of its keys
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from review.post import Letter, LetterKind, LetterState
from tdkt_models.base import Base, one_of, table_of
from tdkt_models.packed import PackedLetter

# Of what left the house: it alone can come back. As it stands in the index by Message-ID.
POSTED = "state = 'sent' or state = 'in_doubt'"


class LetterRow(Base):
    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint(one_of("state", LetterState), name="state"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint(
            "(lease_token is not null) = (state in ('claimed', 'sending'))", name="lease"
        ),
        Index(
            "ix_letters_due",
            "not_before",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_letters_expiring",
            "expires_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        # A letter is put into two trees as it is written, the table and this one; into another one
        # only as it leaves, when the relay sets the pace (decision 0033).
        Index("uq_letters_natural", "period", "person", "kind", "revision", unique=True),
        Index(
            "uq_letters_posted",
            "message_id",
            unique=True,
            sqlite_where=text(POSTED),
            postgresql_where=text(POSTED),
        ),
        Index(
            "ix_letters_lease_token",
            "lease_token",
            sqlite_where=text("lease_token is not null"),
            postgresql_where=text("lease_token is not null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    kind: Mapped[str]
    person: Mapped[str]
    revision: Mapped[int]
    letter_key: Mapped[str]
    to_address: Mapped[str]
    about: Mapped[list[Any]]
    payload: Mapped[dict[str, Any]] = mapped_column(PackedLetter)
    payload_sha: Mapped[str]
    template_sha: Mapped[str]
    message_id: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    smtp_code: Mapped[int | None]
    smtp_text: Mapped[str]
    reason: Mapped[str]
    sent_at: Mapped[datetime | None]
    # Of the sender whose lease ran out: it may still know.
    doubt_token: Mapped[str | None] = mapped_column(sort_order=100)
    # When the letter that this one corrects was sent, and its Message-ID.
    corrects_at: Mapped[datetime | None] = mapped_column(sort_order=101)
    corrects_id: Mapped[str | None] = mapped_column(sort_order=102)


class LetterAttemptRow(Base):
    """What each attempt came to: written once, never changed."""

    __tablename__ = "letter_attempts"
    __table_args__ = (Index(None, "letter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    n: Mapped[int]
    outcome: Mapped[str]
    smtp_code: Mapped[int | None]
    smtp_text: Mapped[str]


@dataclass(frozen=True, slots=True)
class LedgerLetter:
    """A letter as it stands in the ledger."""

    id: int
    letter: Letter
    revision: int
    message_id: str
    template_sha: str
    state: LetterState
    attempts: int
    not_before: datetime | None
    expires_at: datetime | None
    sent_at: datetime | None
    smtp_code: int | None
    smtp_text: str
    reason: str
    corrects_at: datetime | None = None
    corrects_id: str = ""
    tried_until: datetime | None = None  # of a letter in doubt: until when it was being handed over


ClaimedLetter = LedgerLetter  # one that a sender holds by its token


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: SENT, FAILED, IN_DOUBT, SUPPRESSED, HELD, or QUEUED to try again at
    `not_before`. `code` and `text` are the relay's answer; `reason` Vietnamese, for the list.
    `spent` is False where the relay took nothing from anybody: no attempt is used up."""

    state: LetterState
    code: int | None = None
    text: str = ""
    reason: str = ""
    not_before: datetime | None = None
    spent: bool = True


@dataclass(frozen=True, slots=True)
class LetterAttempt:
    letter: int
    n: int
    outcome: str
    code: int | None
    text: str
    at: datetime
    run: str


def payload_sha(payload: Mapping[str, Any]) -> str:
    """sha256 of the payload as canonical JSON: equal whatever the order of its keys."""
    return hashlib.sha256(canonical(payload)).hexdigest()


def canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def letter_sha(about: Sequence[str], payload: bytes) -> str:
    """payload_sha of {"about": …, "payload": …} where the payload is canonical JSON already: whose
    data a letter carries is part of what it says."""
    whose = canonical(sorted(about))
    return hashlib.sha256(b'{"about":%b,"payload":%b}' % (whose, payload)).hexdigest()


def named_letter(message_id: str, payload_sha: str) -> str:
    """How the audit names a letter that was written: which, and what it says, without saying it."""
    return f"{message_id[1:13]}:{payload_sha[:12]}"


def named_letters(conn: Connection) -> set[str]:
    """The names of all letters of the ledger."""
    c = table_of(LetterRow).c
    return {named_letter(*row) for row in conn.execute(select(c.message_id, c.payload_sha))}


def letter_key(key: str, revision: int) -> str:
    return f"{key}:r{revision}"


def ledger_letter(row: Any) -> LedgerLetter:
    letter = Letter(
        row.period,
        LetterKind(row.kind),
        row.person,
        row.to_address,
        tuple(row.about),
        row.payload,
    )
    return LedgerLetter(
        id=row.id,
        letter=letter,
        revision=row.revision,
        message_id=row.message_id,
        template_sha=row.template_sha,
        state=LetterState(row.state),
        attempts=row.attempts,
        not_before=row.not_before,
        expires_at=row.expires_at,
        sent_at=row.sent_at,
        smtp_code=row.smtp_code,
        smtp_text=row.smtp_text,
        reason=row.reason,
        corrects_at=row.corrects_at,
        corrects_id=row.corrects_id or "",
        tried_until=(row.lease_until or row.at) if row.state == "in_doubt" else None,
    )
