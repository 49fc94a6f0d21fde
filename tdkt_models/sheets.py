"""A report's sheets, kept in one piece; and the few lines of them that the book is asked for.

    sheets_of(submission)                       -> {"work": {"columns": …, "rows": …}, …}
    tables_of(sheets, only={"work"})            -> {"work": Table("work", columns, rows)}, as it was

A report is written once and read whole, never line by line: it is a document, not a table. What
the book is searched for (who joined, left or was disciplined) stands in `roster_changes` besides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from review.submission import Submission, Table
from tdkt_models.base import Base, table_of
from tdkt_models.bulk import poured

Sheets = Mapping[str, Mapping[str, Any]]


class RosterChangeRow(Base):
    """A line of the sheet of changes: what became of a cadre, by which decision."""

    __tablename__ = "roster_changes"
    __table_args__ = {"sqlite_with_rowid": False}  # the key is the table: half the writing

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


def sheets_of(submission: Submission) -> Sheets:
    """All that the report says, its cover included, in the order of its sheets."""
    return {key: _said(table) for key, table in submission.tables.items()}


def tables_of(sheets: Sheets, only: Collection[str] | None = None) -> dict[str, Table]:
    """The tables (the cover and these only, if given) as they were before they were kept."""
    return {
        key: _table(key, said)
        for key, said in sheets.items()
        if only is None or key == "cover" or key in only
    }


def change_rows(number: int, submission: Submission) -> Iterator[tuple[Any, ...]]:
    """The rows of `roster_changes` to pour for a submission by its id."""
    names = poured(ROSTER_CHANGES)[2:]
    for row in submission.rows("changes"):
        yield (number, row.line, *(getattr(row, name, None) for name in names))


def _said(table: Table) -> dict[str, Any]:
    """JSON has no dates: the columns that hold some are named, `line` being column 0."""
    dates = sorted({at for row in table.rows for at, value in enumerate(row) if _is_date(value)})
    return {"columns": table.columns, "dates": dates, "rows": table.rows}


def _is_date(value: object) -> bool:
    return type(value) is date


def _table(key: str, said: Mapping[str, Any]) -> Table:
    dates = said["dates"]
    rows = map(tuple, (_with_dates(row, dates) for row in said["rows"]) if dates else said["rows"])
    return Table(key, tuple(said["columns"]), tuple(rows))


def _with_dates(row: list[Any], dates: list[int]) -> list[Any]:
    for at in dates:
        if row[at] is not None:
            row[at] = date.fromisoformat(row[at])
    return row
