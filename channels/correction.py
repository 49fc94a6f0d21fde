"""The bad lines of a report in a workbook of their own, to be mended and sent back.

    correction(form, submission, findings, base="ab12…")    -> the bytes of an .xlsx, or None

It holds the lines in which something must be mended or explained, as they were written, and
nothing else; the hidden sheet says which file it corrects, a last column which line each was
(review/merging.py lays it over that file again). The cells are marked as in any marked workbook.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from channels.marked import marked
from review.findings import Finding, Severity
from review.form import (
    CARD_FIRST_ROW,
    FIRST_ROW,
    HEADING_ROW,
    META_SHEET,
    Field,
    FieldType,
    Form,
    Sheet,
    column_letter,
)
from review.merging import ORIGIN
from review.submission import Submission

CORRECTS = "corrects"
SPARE = 5  # rows in which choices may still be picked
_CELL = re.compile(r"([A-Z]+)(\d+)")
_HOW = "Chỉ gồm các dòng cần sửa. Sửa xong gửi lại tệp này; các dòng khác của báo cáo giữ nguyên."
Bad = Mapping[int, Mapping[str, str]]  # line → column letter → what stood there


def correction(
    form: Form, submission: Submission, findings: Sequence[Finding], base: str
) -> bytes | None:
    """None where no line is to blame: then the whole file is to be mended."""
    asked = [f for f in findings if f.severity is not Severity.NOTE and _CELL.fullmatch(f.cell)]
    pages = {sheet.name: sheet for sheet in form.sheets}
    bad: defaultdict[str, dict[int, dict[str, str]]] = defaultdict(dict)
    for finding in asked:
        if finding.sheet in pages:
            letters, line = _place(finding.cell)
            bad[finding.sheet].setdefault(line, {})[letters] = finding.value
    if not bad:
        return None
    moved: dict[tuple[str, int], int] = {}
    kept = io.BytesIO()
    book = Workbook(kept, {"in_memory": True, "strings_to_formulas": False})
    for sheet in form.sheets:
        if sheet.name in bad:
            moved |= _page(book, sheet, submission, bad[sheet.name])
    _meta(book, submission, base)
    book.close()
    return marked(kept.getvalue(), [_moved(f, moved) for f in asked if f.sheet in bad])


def _place(cell: str) -> tuple[str, int]:
    found = _CELL.fullmatch(cell)
    assert found is not None
    return found[1], int(found[2])


def _moved(finding: Finding, moved: Mapping[tuple[str, int], int]) -> Finding:
    letters, line = _place(finding.cell)
    at = moved.get((finding.sheet, line), line)
    return replace(finding, cell=f"{letters}{at}")


def _page(
    book: Workbook, sheet: Sheet, submission: Submission, bad: Bad
) -> dict[tuple[str, int], int]:
    page = book.add_worksheet(sheet.name)
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    page.write_string(1, 0, _HOW, book.add_format({"italic": True}))
    if sheet.kind == "card":
        _card(book, page, sheet, submission, bad)
        return {}
    return _table(book, page, sheet, submission, bad)


def _card(book: Workbook, page: Worksheet, sheet: Sheet, said: Submission, bad: Bad) -> None:
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 44)
    values = said.tables[sheet.key].rows[0][1:]
    for at, (field, value) in enumerate(zip(sheet.fields, values, strict=True)):
        row = CARD_FIRST_ROW - 1 + at
        page.write_string(row, 0, field.label)
        _write(book, page, (row, 1), field, value, bad.get(row + 1, {}).get("B", ""))


def _table(
    book: Workbook, page: Worksheet, sheet: Sheet, said: Submission, bad: Bad
) -> dict[tuple[str, int], int]:
    table = said.tables[sheet.key]
    letters = table.places or tuple(map(column_letter, range(len(sheet.fields))))
    lines = {row[0]: row for row in (*table.idle, *table.rows)}
    heading = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#D9E5F3"})
    for column, field in enumerate(sheet.fields):
        page.set_column(column, column, field.width)
        page.write_string(HEADING_ROW - 1, column, field.label, heading)
    last = len(sheet.fields)
    page.write_string(HEADING_ROW - 1, last, ORIGIN, heading)
    moved: dict[tuple[str, int], int] = {}
    for at, line in enumerate(sorted(set(bad) & set(lines))):
        row = FIRST_ROW - 1 + at
        moved[sheet.name, line] = row + 1
        for column, (field, value) in enumerate(zip(sheet.fields, lines[line][1:], strict=True)):
            stood = bad[line].get(letters[column], "")
            _write(book, page, (row, column), field, value, stood)
        page.write_number(row, last, line)
    _choices(page, sheet, FIRST_ROW - 1 + len(moved) + SPARE)
    page.freeze_panes(HEADING_ROW, 0)
    return moved


def _choices(page: Worksheet, sheet: Sheet, last: int) -> None:
    for column, field in enumerate(sheet.fields):
        labels = list((field.choices or {}).values())
        if labels and len(",".join(labels)) <= 255:  # what Excel allows in one rule
            rule = {"validate": "list", "source": labels}
            page.data_validation(FIRST_ROW - 1, column, last, column, rule)


def _write(
    book: Workbook, page: Worksheet, at: tuple[int, int], field: Field, value: Any, stood: str
) -> None:
    """What stood there where it could not be understood; a total is left to be added up."""
    if field.total_of or field.type is FieldType.ORDINAL:
        return
    if value in (None, ""):
        if stood:
            page.write_string(*at, stood)
    elif isinstance(value, date):
        page.write_datetime(*at, value, book.add_format({"num_format": "dd/mm/yyyy"}))
    elif field.type is FieldType.NUMBER:
        page.write_number(*at, value / 100)
    elif field.choices:
        page.write_string(*at, field.choices.get(str(value), str(value)))
    elif isinstance(value, int):
        page.write_number(*at, value)
    else:
        page.write_string(*at, str(value))


def _meta(book: Workbook, submission: Submission, base: str) -> None:
    page = book.add_worksheet(META_SHEET)
    said = {
        "unit": submission.unit,
        "period": submission.period,
        "form": submission.form,
        "version": submission.version,
        CORRECTS: base,
    }
    for row, (key, value) in enumerate(said.items()):
        page.write_string(row, 0, key)
        page.write_string(row, 1, value)
    page.very_hidden()
