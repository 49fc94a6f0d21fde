"""Which files the sender has had an answer to, and what went back with it.

unanswered(conn, "2026-10")              -> files judged and not answered yet
keep_answers(conn, [Answer(12, "unit_returned", "Sửa.xlsx", sha, place)], stamp)
recall_answers(conn, [12])[12].person    -> the reader of the letter, as the ledger knows it
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, ForeignKey, delete, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from review.post import LetterKind
from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour
from tdkt_models.files import FileState, ReceivedFileRow
from tdkt_models.letter_rows import LetterRow

ON_THE_WAY = ("written", "queued", "claimed", "sending", "sent", "in_doubt")
FILES = table_of(ReceivedFileRow)


class AnswerRow(Base):
    __tablename__ = "answers"

    file: Mapped[int] = mapped_column(ForeignKey("received_files.id"), primary_key=True)
    kind: Mapped[str]
    person: Mapped[str]


ANSWERS = table_of(AnswerRow)


@dataclass(frozen=True, slots=True)
class Answer:
    """The letter that answers a file: its kind and reader; both "" where none was wanted."""

    file: int
    kind: str = ""
    person: str = ""


def keep_answers(conn: Connection, answers: Sequence[Answer], stamp: Stamp) -> None:
    pour(conn, ANSWERS, [(one.file, one.kind, one.person) for one in answers], stamp)


def forget_answers(conn: Connection, files: Collection[int]) -> None:
    """These files are owed an answer again."""
    conn.execute(delete(ANSWERS).where(ANSWERS.c.file.in_(files)))


def recall_answers(conn: Connection, files: Collection[int]) -> dict[int, Answer]:
    query = select(ANSWERS).where(ANSWERS.c.file.in_(files))
    return {row.file: Answer(row.file, row.kind, row.person) for row in conn.execute(query)}


def answered_readers(conn: Connection, period: str, unit: str) -> list[str]:
    """The readers, as the ledger knows them, of all answers to files of a unit in a period."""
    query = (
        select(ANSWERS.c.person)
        .join(FILES, FILES.c.id == ANSWERS.c.file)
        .where(FILES.c.period == period, FILES.c.unit == unit, ANSWERS.c.person != "")
    )
    return list(conn.execute(query).scalars())


def answered_already(conn: Connection, period: str, files: Collection[int]) -> set[int]:
    """Those of these files whose findings went back to the unit, or are on their way."""
    letters = table_of(LetterRow).c
    query = (
        select(ANSWERS.c.file)
        .join(
            table_of(LetterRow),
            (letters.period == period)
            & (letters.kind == ANSWERS.c.kind)
            & (letters.person == ANSWERS.c.person),
        )
        .where(ANSWERS.c.file.in_(files), ANSWERS.c.kind == LetterKind.UNIT_RETURNED.value)
        .where(letters.state.in_(ON_THE_WAY))
    )
    return set(conn.execute(query).scalars())


def unanswered(conn: Connection, period: str) -> list[int]:
    """Files of a period that were judged and not answered yet, and copies of files that came
    again; in the order they came."""
    c = FILES.c
    judged = (c.period == period) & c.state.in_(("checked", "set_aside", "trial"))
    again = c.state == FileState.DUPLICATE.value
    query = (
        select(c.id)
        .where(judged | again)
        .where(~exists().where(ANSWERS.c.file == c.id))
        .order_by(c.received_at, c.id)
    )
    return list(conn.execute(query).scalars())
