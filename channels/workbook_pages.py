"""The pages of a workbook that an office reads and prints: types and styles, tables, print set-up.

    styles = styles_of(book)
    table_page(book, styles, payload, Page("Theo cụm, khối", "Theo cụm, khối", CLUSTERS), rows)

Strings are written as strings: what a unit typed is never a formula or a link.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FONT = "Times New Roman"
LINE, TITLE, NOTE = 15.5, 20, 17  # points: the heights of a line of 11, of 14, of 12 points
PROVISIONAL = "BẢN DỰ KIẾN – CHƯA QUA PHÊ DUYỆT"
GREYS = ("#333333", "#737373", "#ADADAD", "#E0E0E0")


@dataclass(frozen=True, slots=True)
class Column:
    """`style` is one of text, whole, points, signed, percent, day."""

    head: str
    key: str
    width: float
    style: str = "text"


@dataclass(frozen=True, slots=True)
class Page:
    """`freeze` columns stay in sight; `note` stands below the title."""

    name: str
    title: str
    columns: Sequence[Column]
    freeze: int = 0
    note: str = ""


def styles_of(book: Any) -> dict[str, Any]:
    base = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
    cell = {**base, "font_size": 11, "border": 1, "text_wrap": True}
    shapes: dict[str, dict[str, Any]] = {
        "plain": base,
        "small": {**base, "font_size": 11, "align": "center"},
        "bold": {**base, "bold": True, "align": "center"},
        "ruled": {**base, "bold": True, "align": "center", "underline": 1},
        "title": {**base, "font_size": 14, "bold": True, "align": "center"},
        "soft": {**base, "italic": True, "align": "center"},
        "warn": {**base, "bold": True, "italic": True, "align": "center"},
        "head": {**cell, "bold": True, "align": "center", "bg_color": "#E8E8E8"},
        "text": cell,
        "whole": {**cell, "align": "center", "num_format": "#,##0"},
        "points": {**cell, "align": "center", "num_format": "0.00"},
        "signed": {**cell, "align": "center", "num_format": "+0.00;-0.00;0.00"},
        "percent": {**cell, "align": "center", "num_format": "0.0%"},
        "day": {**cell, "align": "center", "num_format": "dd/mm/yyyy"},
    }
    made: dict[str, Any] = {name: book.add_format(shape) for name, shape in shapes.items()}
    made["text"].set_num_format("@")
    return made


def write(sheet: Any, row: int, at: int, value: Any, style: str, styles: Any) -> None:
    shape = styles[style]
    if value is None or value == "":
        sheet.write_blank(row, at, None, shape)
    elif style in ("points", "signed"):
        sheet.write_number(row, at, value / 100, shape)
    elif style == "percent":
        sheet.write_number(row, at, value / 10000, shape)
    elif style == "whole":
        sheet.write_number(row, at, value, shape)
    elif style == "day":
        sheet.write_datetime(row, at, datetime.fromisoformat(value), shape)
    else:
        sheet.write_string(row, at, str(value), shape)


def dressed(
    book: Any, payload: Mapping[str, Any], name: str, wide: bool, by_line: bool = False
) -> Any:
    """`by_line` lets go of each line as the next begins: for a page of which no chart is drawn."""
    book.constant_memory = by_line
    sheet = book.add_worksheet(name)
    book.constant_memory = False
    sheet.set_paper(9)  # A4
    (sheet.set_landscape if wide else sheet.set_portrait)()
    sheet.set_margins(left=0.8, right=0.5, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    said = PROVISIONAL if payload["provisional"] else ""
    sheet.set_header(f'&C&"{FONT},Italic"&10{said}')
    sheet.set_footer(f'&L&"{FONT},Regular"&9{payload["period_label"]}&R&9Trang &P/&N')
    sheet.hide_gridlines(2)
    return sheet


def table_page(
    book: Any,
    styles: Mapping[str, Any],
    payload: Mapping[str, Any],
    page: Page,
    rows: Iterable[Mapping[str, Any]],
    by_line: bool = False,
) -> Any:
    """A page with one table: its head comes again on every printed page and stays in sight."""
    sheet = dressed(book, payload, page.name, wide=True, by_line=by_line)
    last = len(page.columns) - 1
    sheet.merge_range(0, 0, 0, last, f"{page.title} – {payload['about']}", styles["title"])
    note = PROVISIONAL if payload["provisional"] else payload["office"]
    sheet.merge_range(1, 0, 1, last, page.note or note, styles["soft"])
    for at, column in enumerate(page.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(3, at, column.head, styles["head"])
    sheet.set_row(3, LINE * max(_lines(column.head, column) for column in page.columns))
    sheet.set_default_row(LINE)  # Excel then fits no line to its letters: the larger ones have room
    sheet.set_row(0, TITLE)
    sheet.set_row(1, NOTE)
    end = 3
    for end, row in enumerate(rows, start=4):
        lines = max(_lines(row[column.key], column) for column in page.columns)
        if (
            lines > 1
        ):  # the height of each row is remembered to the end: of a country's people 200 MB
            sheet.set_row(end, LINE * lines)
        for at, column in enumerate(page.columns):
            write(sheet, end, at, row[column.key], column.style, styles)
    sheet.freeze_panes(4, page.freeze)
    sheet.repeat_rows(3)
    if end > 3:
        sheet.autofilter(3, 0, end, last)
    else:
        sheet.merge_range(4, 0, 4, last, "Không có.", styles["soft"])
    return sheet


def _lines(value: Any, column: Column) -> int:
    """How many lines a cell needs: what opens a workbook does not always see to it."""
    if not isinstance(value, str) or not value:
        return 1
    room = max(1, int(column.width * 1.12))
    if len(value) <= room and "\t" not in value:
        return 1
    return len(textwrap.wrap(value, room)) or 1


def small_table(
    sheet: Any,
    styles: Mapping[str, Any],
    top: int,
    heads: Sequence[str],
    rows: Sequence[Sequence[tuple[Any, str]]],
) -> None:
    for at, head in enumerate(heads):
        sheet.write_string(top, at, head, styles["head"])
    for down, row in enumerate(rows, start=1):
        for at, (value, style) in enumerate(row):
            write(sheet, top + down, at, value, style, styles)


def plain_chart(chart: Any, title: str) -> None:
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12}})
    chart.set_legend({"none": True})
