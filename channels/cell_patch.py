"""Values put into the cells of one sheet's XML, everything else left as it stands.

    patched(xml, {"D12": "Tờ trình", "H12": Decimal("2.5"), "G12": date(2026, 10, 30)})

A cell keeps its style. Text goes in line with its cell, so the table of shared strings need not
change. A total cell keeps its formula and gets the value that a spreadsheet program would show;
a value given for the total itself takes the formula's place, as when a person types over it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from review.form import column_letter

Value = str | int | float | Decimal | date | None

_CELL = re.compile(r'<c r="([A-Z]+\d+)"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_ROW = re.compile(r'<row r="(\d+)"([^>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_NUMBER = re.compile(r'<c r="([A-Z]+\d+)"(?: s="\d+")?><v>([^<]+)</v>')
_TOTAL = re.compile(
    r'<c r="(?P<at>[A-Z]+\d+)"(?P<style>(?: s="\d+")?)[^>]*>'
    r"<f>(?P<formula>[^<]*SUM\((?P<parts>[A-Z0-9:,]+)\)[^<]*)</f><v>[^<]*</v></c>"
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_EPOCH = date(1899, 12, 30)


def patched(xml: str, values: Mapping[str, Value]) -> str:
    """The sheet with these cells filled; cells and rows that are not there yet are added.
    Values are text, numbers, dates, or None for an empty cell."""
    waiting = dict(values)

    def filled(found: re.Match[str]) -> str:
        address = found[1]
        if address not in waiting:
            return found[0]
        return _cell(address, found[2], waiting.pop(address))

    xml = _CELL.sub(filled, xml)
    if waiting:
        xml = _added(xml, waiting)
    return _with_totals(xml) if "SUM(" in xml else xml


def place(address: str) -> tuple[int, int]:
    """Row and column of an address, both from 1: "C7" -> (7, 3)."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(address[len(letters) :]), column


def _cell(address: str, style: str, value: Value) -> str:
    if value is None:
        return f'<c r="{address}"{style}/>'
    if isinstance(value, str):
        text = escape(_FORBIDDEN.sub("", value))
        return (
            f'<c r="{address}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        )
    number = (value - _EPOCH).days if isinstance(value, date) else value
    return f'<c r="{address}"{style}><v>{number}</v></c>'


def _added(xml: str, values: Mapping[str, Value]) -> str:
    """The sheet with cells that it did not have, each in its row and each row in its order; a new
    line looks like the last one above it, as when a person inserts a row."""
    head, _, rest = xml.partition("<sheetData")
    data, closing, tail = rest.partition("</sheetData>")
    if not closing:  # <sheetData/>
        data, tail = "", rest.removeprefix("/>")
    styles = {place(cell[1])[1]: cell[2] for cell in _CELL.finditer(data)}
    by_row: dict[int, dict[int, str]] = {}
    for address, value in values.items():
        row, column = place(address)
        by_row.setdefault(row, {})[column] = _cell(address, styles.get(column, ""), value)
    rows = {int(row[1]): (row[2], row[3] or "") for row in _ROW.finditer(data)}
    for number, cells in by_row.items():
        attributes, inside = rows.get(number, ("", ""))
        present = {place(cell[1])[1]: cell[0] for cell in _CELL.finditer(inside)} | cells
        inside = "".join(present[column] for column in sorted(present))
        rows[number] = (re.sub(r' spans="[^"]*"', "", attributes), inside)
    written = "".join(f'<row r="{n}"{rows[n][0]}>{rows[n][1]}</row>' for n in sorted(rows))
    return f"{head}<sheetData>{written}</sheetData>{tail}"


def _with_totals(xml: str) -> str:
    numbers = {address: Decimal(value) for address, value in _NUMBER.findall(xml)}

    def total(found: re.Match[str]) -> str:
        parts = [numbers[a] for a in _addresses(found["parts"]) if a in numbers]
        head = f'<c r="{found["at"]}"{found["style"]}'
        if not parts:  # the formula shows nothing until the first part is there
            return f'{head} t="str"><f>{found["formula"]}</f><v></v></c>'
        return f"{head}><f>{found['formula']}</f><v>{sum(parts)}</v></c>"

    return _TOTAL.sub(total, xml)


def _addresses(parts: str) -> list[str]:
    """Every cell of "E6:G6,I6" (ranges lie in one row)."""
    found = []
    for part in parts.split(","):
        first, _, last = part.partition(":")
        row, start = place(first)
        end = place(last)[1] if last else start
        found += [f"{column_letter(column - 1)}{row}" for column in range(start, end + 1)]
    return found
