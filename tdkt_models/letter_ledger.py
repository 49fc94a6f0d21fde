"""What stands in the ledger of letters: counted, listed, looked up.

counts(conn, "2026-10")[LetterState.SENT]            -> 24682
ledger(conn, "2026-10", person="03637")              -> every revision of the unit's letters
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from review.post import LetterKind, LetterState
from tdkt_models.base import by_index, table_of
from tdkt_models.letter_rows import (
    LedgerLetter,
    LetterAttempt,
    LetterAttemptRow,
    LetterRow,
    ledger_letter,
)

LETTERS = table_of(LetterRow)


def counts(conn: Connection, period: str) -> dict[LetterState, int]:
    """How many letters of a period stand in each state; every state is there."""
    query = select(LETTERS.c.state, func.count()).where(LETTERS.c.period == period)
    found: dict[str, int] = dict(conn.execute(query.group_by(LETTERS.c.state)).tuples().all())
    return {state: found.get(state.value, 0) for state in LetterState}


def has_letters(conn: Connection, period: str) -> bool:
    """Whether any letter of the period was written."""
    one = select(LETTERS.c.id).where(LETTERS.c.period == period).limit(1)
    return conn.execute(one).first() is not None


def due_letters(conn: Connection, period: str | None = None) -> int:
    """How many letters are queued, of a period or of any."""
    query = select(func.count()).select_from(LETTERS).where(LETTERS.c.state == "queued")
    if period is not None:
        query = query.where(LETTERS.c.period == period)
    return conn.execute(query).scalar_one()


def written_letters(conn: Connection, period: str, kinds: Collection[LetterKind]) -> list[int]:
    """The ids of the letters that nobody has let go yet, of these kinds, by reader: a unit's and
    its people's stand together."""
    c = LETTERS.c
    mine = c.period == period, c.state == "written", c.kind.in_([kind.value for kind in kinds])
    query = select(c.id).where(*mine).order_by(c.person, c.kind, c.revision)
    return list(conn.execute(query).scalars())


def periods_written(conn: Connection, kinds: Collection[LetterKind]) -> list[str]:
    """The periods that have letters of these kinds which nobody has let go yet."""
    c = LETTERS.c
    mine = c.state == "written", c.kind.in_([kind.value for kind in kinds])
    return sorted(conn.execute(select(c.period).where(*mine).distinct()).scalars())


def ledger(
    conn: Connection,
    period: str,
    *,
    state: LetterState | None = None,
    person: str | None = None,
    kind: LetterKind | None = None,
    ids: Collection[int] | None = None,
) -> list[LedgerLetter]:
    """The letters of a period (of these ids), every revision, by kind and person."""
    query = select(LETTERS).where(LETTERS.c.period == period)
    for column, wanted in ((LETTERS.c.state, state), (LETTERS.c.person, person)):
        if wanted is not None:
            query = query.where(column == str(wanted))
    if kind is not None:
        query = query.where(LETTERS.c.kind == kind.value)
    if ids is not None:
        query = query.where(LETTERS.c.id.in_(ids))
    found = map(ledger_letter, conn.execute(query))
    return sorted(found, key=lambda one: (one.letter.kind, one.letter.person, one.revision))


def recall_invitations(conn: Connection, period: str, units: Collection[str]) -> dict[str, str]:
    """By unit, the Message-ID of the last invitation that went out to it."""
    c = LETTERS.c
    query = select(c.person, c.message_id).where(
        c.period == period,
        c.person.in_(units),
        c.kind == LetterKind.UNIT_INVITATION.value,
        c.state == LetterState.SENT.value,
    )
    query = by_index(query, LETTERS, "period", "person").order_by(c.revision)
    return dict(conn.execute(query).tuples().all())


def attempts_of(conn: Connection, letter: int) -> list[LetterAttempt]:
    """What each attempt at a letter (by id) came to, in order."""
    table = table_of(LetterAttemptRow)
    rows = conn.execute(select(table).where(table.c.letter == letter).order_by(table.c.id))
    return [
        LetterAttempt(r.letter, r.n, r.outcome, r.smtp_code, r.smtp_text, r.at, r.run) for r in rows
    ]
