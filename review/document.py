"""A report as a document of plain parts (texts, whole numbers, lists), and back again.

    said = sheets_of(submission)            {"work": {"columns": …, "dates": …, "rows": …}, …}
    tables_of(said, only={"work"})          -> {"work": Table("work", columns, rows)}, as it was

In this form a report is kept in the book and comes from the process that read it: whatever is in a
document, making tables of it runs nobody's code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from review.submission import Submission, Table

Sheets = Mapping[str, Mapping[str, Any]]
Row = Sequence[Any]


def sheets_of(submission: Submission, *, with_places: bool = False) -> Sheets:
    """All that the report says, in the order of its sheets; `with_places` also where it stood."""
    sheets = {key: _said(table) for key, table in submission.tables.items()}
    if with_places:
        for key, table in submission.tables.items():
            sheets[key] |= {"places": table.places, "idle": _plain(table.idle)}
    return sheets


def tables_of(sheets: Sheets, only: Collection[str] | None = None) -> dict[str, Table]:
    """The tables: all of them, or the cover and these."""
    return {
        key: _table(key, said)
        for key, said in sheets.items()
        if only is None or key == "cover" or key in only
    }


def _said(table: Table) -> dict[str, Any]:
    return {"columns": table.columns, **_plain(table.rows)}


def _plain(rows: Sequence[Row]) -> dict[str, Any]:
    """Documents have no dates: the columns that hold some are named, the line being column 0."""
    with_dates = (row for row in rows if date in map(type, row))
    dates = {at for row in with_dates for at, value in enumerate(row) if type(value) is date}
    return {"dates": sorted(dates), "rows": rows}


def _table(key: str, said: Mapping[str, Any]) -> Table:
    idle = said.get("idle")
    return Table(
        key,
        tuple(said["columns"]),
        _rows(said),
        tuple(said.get("places", ())),
        _rows(idle) if idle else (),
    )


def _rows(said: Mapping[str, Any]) -> tuple[tuple[Any, ...], ...]:
    dates, rows = said["dates"], said["rows"]
    if dates:
        for row in rows:
            for at in dates:
                if row[at] is not None:
                    row[at] = date.fromisoformat(row[at])
    return tuple(map(tuple, rows))
