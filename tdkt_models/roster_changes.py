"""The few lines of the reports that the book is searched for: who joined, left, was disciplined.

change_rows(12, submission)     -> the rows of `roster_changes` for the submission of that id

A report as a whole is a document (`sheets` in tdkt_models/submissions.py): written once, read
whole, never line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from review.submission import Submission
from tdkt_models.base import Base, table_of
from tdkt_models.bulk import poured


class RosterChangeRow(Base):
    """A line of the sheet of changes: what became of a cadre, by which decision."""

    __tablename__ = "roster_changes"
    __table_args__ = (
        Index(None, "until"),  # what still lasts, of all the years
        {"sqlite_with_rowid": False},  # the key is the table: half the writing
    )

    submission: Mapped[int] = mapped_column(
        ForeignKey("submissions.id"), primary_key=True, autoincrement=False, sort_order=-2
    )
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    event: Mapped[str | None]
    cadre: Mapped[str | None]
    name: Mapped[str | None]
    birth: Mapped[date | None]
    group: Mapped[str | None]
    engagement: Mapped[str | None]
    share: Mapped[int | None]
    on: Mapped[date | None]
    until: Mapped[date | None]
    document: Mapped[str | None]
    note: Mapped[str | None]


ROSTER_CHANGES = table_of(RosterChangeRow)


def change_rows(number: int, submission: Submission) -> Iterator[tuple[Any, ...]]:
    """The rows of `roster_changes` to pour for a submission by its id."""
    names = poured(ROSTER_CHANGES)[2:]
    for row in submission.rows("changes"):
        yield (number, row.line, *(getattr(row, name, None) for name in names))
