"""Letters in doubt: handed over, perhaps, and the answer never came.

doubted(conn, "2026-10")            -> [LedgerLetter, …], by number
note_doubt(conn, 12, "…", stamp)    what is known of one that stays in doubt
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from review.post import LetterState
from tdkt_models.base import Stamp, table_of
from tdkt_models.letter_rows import LedgerLetter, LetterRow, ledger_letter

LETTERS = table_of(LetterRow)


def doubted(conn: Connection, period: str | None = None) -> list[LedgerLetter]:
    query = select(LETTERS).where(LETTERS.c.state == LetterState.IN_DOUBT.value)
    if period is not None:
        query = query.where(LETTERS.c.period == period)
    return [ledger_letter(row) for row in conn.execute(query.order_by(LETTERS.c.id))]


def note_doubt(conn: Connection, letter: int, reason: str, stamp: Stamp) -> None:
    """Writes beside a letter in doubt what was found out, in Vietnamese; it stays in doubt."""
    conn.execute(
        update(LETTERS)
        .where(LETTERS.c.id == letter, LETTERS.c.state == LetterState.IN_DOUBT.value)
        .values(reason=reason, run=stamp.run)  # not `at`: it says since when
    )
