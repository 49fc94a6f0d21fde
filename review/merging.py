"""A correction laid over the workbook it corrects: only its lines change, all others stay.

    merged(base, correction, form).sheets["S3 Công việc – sản phẩm"]    the base's rows, mended

A line of a correction says in its last column which line of the base it is; one without that number
is found by the fields that identify it (the form's `row_key`), or is new and goes to the end. A
line emptied but for its number is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from review.cells import as_text, folded
from review.explanations import CELL, LIST_SHEET, PLACE
from review.form import FieldType, Form, Sheet, column_letter
from review.headings import Place, card_place, table_place
from review.raw import Mark, RawWorkbook, Rows

ORIGIN = "Dòng gốc (không sửa)"
MOST_ROWS = 9_999
_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(slots=True)
class _Page:
    """One sheet being mended: its rows, which cells were written, where its lines came from."""

    rows: list[list[Any]]
    written: set[tuple[int, int]] = field(default_factory=set)
    lines: dict[int, int] = field(default_factory=dict)

    def put(self, row: int, column: int, value: Any) -> None:
        width = max([column + 1, *(len(line) for line in self.rows)])
        self.rows += [[] for _ in range(row + 1 - len(self.rows))]
        for line in self.rows:
            line += [""] * (width - len(line))
        self.rows[row][column] = value
        self.written.add((row, column))


def merged(base: RawWorkbook, correction: RawWorkbook, form: Form) -> RawWorkbook:
    """The base as the correction has it. What the correction says of itself is left out."""
    sheets = dict(base.sheets)
    marks = list(base.marks)
    lines: dict[str, dict[int, int]] = {}
    for sheet in form.sheets:
        if sheet.name in base.sheets and sheet.name in correction.sheets:
            page = _mended(sheet, base.sheets[sheet.name], correction.sheets[sheet.name])
            sheets[sheet.name] = page.rows
            lines[folded(sheet.name)] = page.lines
            marks = [mark for mark in marks if not _is_written(mark, sheet, page)]
            marks += _moved_marks(correction, sheet, page)
    if LIST_SHEET in correction.sheets:
        sheets[LIST_SHEET] = _moved_list(correction.sheets[LIST_SHEET], lines)
    return replace(base, sheets=sheets, marks=tuple(marks))


def _mended(sheet: Sheet, base: Rows, correction: Rows) -> _Page:
    page = _Page([list(row) for row in base])
    if sheet.kind == "card":
        _mend_card(page, sheet, base, correction)
    else:
        _mend_table(page, sheet, base, correction)
    return page


def _mend_card(page: _Page, sheet: Sheet, base: Rows, correction: Rows) -> None:
    there, here = card_place(sheet, base).cells, card_place(sheet, correction).cells
    for field_, target, source in zip(sheet.fields, there, here, strict=True):
        if target is not None and source is not None and not field_.locked:
            page.put(*target, _at(correction, *source))


def _mend_table(page: _Page, sheet: Sheet, base: Rows, correction: Rows) -> None:
    there, here = table_place(sheet, base), table_place(sheet, correction)
    if not there.columns or not here.columns:
        return
    origin = _origin_column(correction, here)
    known = _keys(sheet, base, there)
    for at in range(here.first, len(correction)):
        values = [_at(correction, at, c) if c is not None else "" for c in here.columns]
        number = _number(_at(correction, at, origin)) if origin is not None else None
        if number is None and not any(folded(value) for value in values):
            continue
        if number is None or not there.first <= number - 1 < min(len(base), MOST_ROWS):
            number = known.get(_key(sheet, values)) or len(page.rows) + 1
        page.lines[at + 1] = number
        for field_, column, value in zip(sheet.fields, there.columns, values, strict=True):
            if column is not None and field_.type is not FieldType.ORDINAL:
                page.put(number - 1, column, value)


def _origin_column(rows: Rows, place: Place) -> int | None:
    heads = [folded(cell) for cell in rows[place.first - 1]]
    return heads.index(folded(ORIGIN)) if folded(ORIGIN) in heads else None


def _number(value: Any) -> int | None:
    text = as_text(value).strip()
    return int(text) if text.isdigit() and len(text) < 6 else None


def _keys(sheet: Sheet, rows: Rows, place: Place) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for at in range(place.first, len(rows)):
        values = [_at(rows, at, c) if c is not None else "" for c in place.columns]
        key = _key(sheet, values)
        if all(key):
            found.setdefault(key, at + 1)
    return found


def _key(sheet: Sheet, values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(folded(as_text(values[sheet.at(name)])) for name in sheet.row_key)


def _at(rows: Rows, row: int, column: int) -> Any:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


# What points at cells


def _is_written(mark: Mark, sheet: Sheet, page: _Page) -> bool:
    found = _CELL.fullmatch(mark.cell)
    if mark.sheet != sheet.name or found is None:
        return False
    return any(
        row == int(found[2]) - 1 and column_letter(column) == found[1]
        for row, column in page.written
    )


def _moved_marks(correction: RawWorkbook, sheet: Sheet, page: _Page) -> Iterator[Mark]:
    for mark in correction.marks:
        if mark.sheet == sheet.name:
            yield mark._replace(cell=_moved(mark.cell, page.lines))


def _moved(cell: str, lines: dict[int, int]) -> str:
    found = _CELL.fullmatch(cell)
    return f"{found[1]}{lines.get(int(found[2]), int(found[2]))}" if found else cell


def _moved_list(rows: Rows, lines: dict[str, dict[int, int]]) -> Rows:
    """The list on which the unit explains, its cells being those of the base."""
    heads = next((row for row in rows if PLACE in row and CELL in row), None)
    if heads is None:
        return rows
    place, cell = list(heads).index(PLACE), list(heads).index(CELL)
    moved = [list(row) for row in rows]
    for row in moved:
        row[cell] = _moved(as_text(row[cell]), lines.get(folded(as_text(row[place])), {}))
    return moved
