"""Which files the sender has had an answer to, and what went back with it.

unanswered(conn, "2026-10")              -> files judged and not answered yet
keep_answers(conn, [Answer(12, "unit_returned", "Sửa.xlsx", sha, place)], stamp)
recall_answers(conn, [12])[12].person    -> the reader of the letter, as the ledger knows it
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour
from tdkt_models.files import FileState, ReceivedFileRow

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


def recall_answers(conn: Connection, files: Collection[int]) -> dict[int, Answer]:
    query = select(ANSWERS).where(ANSWERS.c.file.in_(files))
    return {row.file: Answer(row.file, row.kind, row.person) for row in conn.execute(query)}


def unanswered(conn: Connection, period: str) -> list[int]:
    """Files of a period that were judged and not answered yet, and copies of files that came
    again; in the order they came."""
    c = FILES.c
    judged = (c.period == period) & c.state.in_(("checked", "set_aside"))
    again = c.state == FileState.DUPLICATE.value
    query = (
        select(c.id)
        .where(judged | again)
        .where(c.id.not_in(select(ANSWERS.c.file)))
        .order_by(c.received_at, c.id)
    )
    return list(conn.execute(query).scalars())
