"""A report as a document of plain parts (texts, whole numbers, lists), and back again.

    said = sheets_of(submission)            {"work": {"columns": …, "dates": …, "rows": …}, …}
    tables_of(said, only={"work"})          -> {"work": Table("work", columns, rows)}, as it was
    written(submission).document            -> b'{"cover":…}', the same as bytes

In this form a report is kept in the book and comes from the process that read it: whatever is in a
document, making tables of it runs nobody's code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from review.submission import Submission, Table
from review.substance import substance

Sheets = Mapping[str, Mapping[str, Any]]
Row = Sequence[Any]
NOWHERE: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Written:
    """A report as the book keeps it, of that very report: the bytes of its document, and its
    substance (review/substance.py)."""

    document: bytes
    substance: str


def written(submission: Submission) -> Written:
    """The same bytes for the same report."""
    return Written(orjson.dumps(sheets_of(submission)), substance(submission))


def sheets_of(submission: Submission) -> Sheets:
    """All that the report says, in the order of its sheets."""
    return {key: _said(table) for key, table in submission.tables.items()}


def places_of(submission: Submission) -> Sheets:
    """Where it stood in the file, and what stood there beside it: not kept in the book."""
    return {
        key: {"places": table.places, "idle": _plain(table.idle)}
        for key, table in submission.tables.items()
        if table.places or table.idle
    }


def tables_of(
    sheets: Sheets, only: Collection[str] | None = None, places: Sheets = NOWHERE
) -> dict[str, Table]:
    """The tables: all of them, or the cover and these; with `places`, also where they stood. Raises
    ValueError where a row has not one value for each column."""
    return {
        key: _table(key, said, places.get(key, NOWHERE))
        for key, said in sheets.items()
        if only is None or key == "cover" or key in only
    }


def _said(table: Table) -> dict[str, Any]:
    return {"columns": table.columns, **_plain(table.rows)}


def _plain(rows: Sequence[Row]) -> dict[str, Any]:
    """Documents have no dates: the columns that hold some are named, the line being column 0."""
    columns = enumerate(zip(*rows, strict=True))
    dates = [at for at, column in columns if date in set(map(type, column))]
    return {"dates": dates, "rows": rows}


def _table(key: str, said: Mapping[str, Any], stood: Mapping[str, Any]) -> Table:
    columns, idle = tuple(said["columns"]), stood.get("idle")
    wide = 1 + len(columns)
    return Table(
        key,
        columns,
        _rows(said, wide),
        tuple(stood.get("places", ())),
        _rows(idle, wide) if idle else (),
    )


def _rows(said: Mapping[str, Any], wide: int) -> tuple[tuple[Any, ...], ...]:
    dates, rows = said["dates"], said["rows"]
    if not {wide}.issuperset(map(len, rows)):
        raise ValueError(f"a row has not {wide} values, as the sheet's columns have")
    if dates:
        for row in rows:
            for at in dates:
                if row[at] is not None:
                    row[at] = date.fromisoformat(row[at])
    return tuple(map(tuple, rows))
