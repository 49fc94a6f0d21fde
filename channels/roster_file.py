"""The roll as a file: xlsx with two sheets, or csv.

    read_roster(Path("danh-sach.xlsx")).roster.unit("03637").name    -> "Xã Mường Kim"
    read_roster(Path("cadres.csv"), known=roster)   # the units of `known`, the file's cadres
    write_roster(roster, Path("danh-sach.xlsx"))       # or a folder: units.csv and cadres.csv

What is wrong with a cell is a Finding with its place; ChannelRefused is for a file that is not a
roll at all. Columns are found by their headings, in any order, under any title rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from channels.csv_cells import guarded
from channels.errors import ChannelRefused, why
from channels.roster_cells import CellError, clean, read_cell
from channels.roster_tables import CSV_NAMES, Table, tables_in
from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.findings import Finding, Severity
from review.roster import Roster
from review.roster_checks import letter_of, problems_of
from review.roster_columns import COLUMNS, Cell, Column, Part, shown
from review.units import Unit, UnitKind

STANDING_IN: dict[str, Any] = {  # for a faulty cell of a row that is shown but never kept
    "kind": UnitKind.OTHER, "sex": Sex.MALE, "group": Group.CIVIL_SERVANT,
    "engagement": Engagement.CONCURRENT, "role": Role.STAFF, "share": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RosterRead:
    """A roll as a file had it, and what is wrong with it. Only one without faults may be kept."""

    roster: Roster
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        return tuple(found for found in self.findings if found.severity is Severity.MUST_FIX)


def read_roster(path: Path, known: Roster | None = None) -> RosterRead:
    """The roll in an xlsx (also xls, ods), in a csv, or in a folder of units.csv and cadres.csv.

    A part that the file does not hold is taken from `known`. Raises ChannelRefused if there is no
    such file, it cannot be read, or no sheet of it has the headings of a roll.
    """
    known = known or Roster()
    tables = {table.part: table for table in tables_in(path)}
    read = {part: _entries(table) for part, table in tables.items()}
    units = _of_file(read, Part.UNITS, known.units)
    cadres = _of_file(read, Part.CADRES, known.cadres)
    roster = Roster(tuple(units), tuple(cadres))
    found = [finding for _, findings in read.values() for finding in findings]
    layouts = {part: table.layout for part, table in tables.items()}
    return RosterRead(roster, (*found, *problems_of(roster, layouts)))


def write_roster(roster: Roster, path: Path) -> None:
    """Writes an xlsx if the name ends so, else a folder with units.csv and cadres.csv (UTF-8 with
    BOM, as spreadsheets need it). Raises ChannelRefused if it cannot be written."""
    try:
        if path.suffix.lower() == ".xlsx":
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_workbook(roster, path)
            return
        path.mkdir(parents=True, exist_ok=True)
        for part, name in CSV_NAMES.items():
            (path / name).write_bytes(_csv_of(roster, part))
    except OSError as wrong:
        raise ChannelRefused(f"Không ghi được danh sách vào {path}: {why(wrong)}.") from wrong


# Reading


def _entries(table: Table) -> tuple[list[Unit | Cadre], list[Finding]]:
    found: list[Finding] = []
    entries: list[Unit | Cadre] = []
    for number, cells in table.rows:
        fields = {
            column.name: _field(table, column, number, cells, found)
            for column in COLUMNS[table.part]
        }
        entries.append(_entry(table.part, fields))
    return entries, found


def _field(
    table: Table, column: Column, number: int, cells: Sequence[Any], found: list[Finding]
) -> Any:
    """The value of one cell; what is wrong with it is added to `found`."""
    index = table.places.get(column.name)
    raw = cells[index] if index is not None and index < len(cells) else None
    try:
        value = read_cell(column, raw)
        if not column.required or value not in (None, ""):
            return value
        says = f"“{column.heading}” còn để trống."
    except CellError as wrong:
        value = read_cell(column, None)
        says = f"“{column.heading}” ghi “{clean(str(raw))}”: {wrong}."
    cell = f"{letter_of(index or 0)}{number}"
    found.append(
        Finding(
            "NGAY_SAI" if column.cell is Cell.DATE else "SAI_O", Severity.MUST_FIX, table.sheet,
            cell, "" if raw is None else str(raw), says, "Sửa ô này rồi nhập lại.",
        )
    )  # fmt: skip
    return STANDING_IN.get(column.name, value)


def _entry(part: Part, fields: dict[str, Any]) -> Unit | Cadre:
    if part is Part.CADRES:
        return Cadre(**fields)
    if fields["since"] is None:
        del fields["since"]  # the unit's own default: the day the communes of today began
    return Unit(**fields)


def _of_file(
    read: Mapping[Part, tuple[list[Any], list[Finding]]], part: Part, known: tuple[Any, ...]
) -> Sequence[Any]:
    return read[part][0] if part in read else known


# Writing


def _csv_of(roster: Roster, part: Part) -> bytes:
    columns = COLUMNS[part]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.heading for column in columns])
    for entry in roster.part(part):
        writer.writerow([guarded(shown(getattr(entry, column.name))) for column in columns])
    return out.getvalue().encode("utf-8-sig")


def _write_workbook(roster: Roster, path: Path) -> None:
    """Text is written as text: no cell of ours is ever a formula or a link."""
    import pandas as pd  # half a second that a csv, and most commands, need not wait for

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with pd.ExcelWriter(
        path, engine="xlsxwriter", date_format="dd/mm/yyyy", engine_kwargs={"options": options}
    ) as book:
        for part, columns in COLUMNS.items():
            rows = [[_written(getattr(e, c.name)) for c in columns] for e in roster.part(part)]
            frame = pd.DataFrame(rows, columns=[c.heading for c in columns], dtype=object)
            frame.to_excel(book, sheet_name=part.value, index=False)
            _dress(book.sheets[part.value], book.book, columns, len(rows))


def _written(value: Any) -> Any:
    return value if isinstance(value, int) or hasattr(value, "toordinal") else shown(value)


def _dress(sheet: Any, book: Any, columns: Sequence[Column], rows: int) -> None:
    """Widths, frozen headings, filters, lists to choose from; spare rows are dressed as well."""
    formats = {
        Cell.DATE: book.add_format({"num_format": "dd/mm/yyyy"}),
        Cell.WHOLE: book.add_format({"num_format": "0"}),
    }
    text = book.add_format({"num_format": "@"})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, formats.get(column.cell, text))
        if column.choices:
            labels = [choice.label for choice in column.choices]
            rule = {"validate": "list", "source": labels, "error_title": column.heading}
            sheet.data_validation(1, index, rows + 200, index, rule)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(rows, 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
