"""A workbook of ours, filled in as a person would: by cells, or by rows and field names.

    cells = answers(form, brief, {"cover": {"prepared_by": "Lò Văn Inh"},
                                  "work": [{"cadre": "03637-01", "work": "VB", "done": 3}, …]})
    fill(press.blank(brief), cells)     -> the bytes of the filled workbook

For the sample province, the tests and the benchmarks. Looks, rules, locks and hidden sheets stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast
from xml.sax.saxutils import unescape

from channels.cell_patch import Value, patched
from channels.prefilled import Line, line_cells, lines, shown
from channels.zip_patch import Package
from review.brief import UnitBrief
from review.form import Form, Sheet

Cells = Mapping[tuple[str, str], Value]
Entries = Mapping[str, Mapping[str, object] | Sequence[Mapping[str, object]]]

_SHEET_NAME = re.compile(r'<sheet name="([^"]*)"')


class Pages:
    """One workbook of ours, taken apart once to be filled any number of times."""

    def __init__(self, workbook: bytes) -> None:
        self._package = Package(workbook)
        self._texts: dict[str, str] = {}

    @cached_property
    def _parts(self) -> dict[str, str]:
        """The part of each sheet by its name: xlsxwriter numbers them in the order of the tabs."""
        names = _SHEET_NAME.findall(self._text("xl/workbook.xml"))
        return {
            unescape(name, {"&quot;": '"'}): f"xl/worksheets/sheet{at}.xml"
            for at, name in enumerate(names, start=1)
        }

    def _text(self, part: str) -> str:
        if part not in self._texts:
            self._texts[part] = self._package.text(part)
        return self._texts[part]

    def filled(self, cells: Cells, marks: Mapping[str, str] | None = None) -> bytes:
        """The workbook with these cells filled and, in sheets and properties, each mark replaced
        by its text (which must be XML). Raises KeyError for a sheet it does not have."""
        fresh = {part: patched(self._text(part), v) for part, v in self._by_part(cells).items()}
        if marks:
            for part in [*self._parts.values(), "docProps/core.xml", "docProps/custom.xml"]:
                fresh[part] = _marked(fresh.get(part) or self._text(part), marks)
        return self._package.with_parts({part: xml.encode() for part, xml in fresh.items()})

    def _by_part(self, cells: Cells) -> dict[str, dict[str, Value]]:
        split: dict[str, dict[str, Value]] = {}
        for (sheet, address), value in cells.items():
            split.setdefault(self._parts[sheet], {})[address] = value
        return split


def fill(blank: bytes, cells: Cells) -> bytes:
    """The workbook with these cells ((sheet name, "D12") → text, number, date or None) filled.

    Totals keep their formula and get the value it would show; a value given for the total itself
    replaces it. Cells outside the form are added. Raises KeyError for a sheet it does not have.
    """
    return Pages(blank).filled(cells)


def answers(form: Form, brief: UnitBrief, entries: Entries) -> dict[tuple[str, str], Value]:
    """The cells that these entries fill in the unit's blank: a mapping for a card, rows for a
    table, by field name. A choice may be its key or its label; anything else goes in as it is.

    A row goes to the prefilled line it agrees with in the fields that identify it (its cadre, its
    rater, its task), each line once; all others to the free lines below, in order.
    """
    cells: dict[tuple[str, str], Value] = {}
    for key, given in entries.items():
        sheet = form.sheet(key)
        filled = (
            _card(sheet, given)
            if isinstance(given, Mapping)
            else _table(
                sheet, given, lines(sheet, form, brief), {c.code: c.name for c in brief.cadres}
            )
        )
        cells |= {(sheet.name, address): value for address, value in filled}
    return cells


def _marked(text: str, marks: Mapping[str, str]) -> str:
    for mark, replacement in marks.items():
        text = text.replace(mark, replacement)
    return text


def _card(sheet: Sheet, given: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    for name, value in given.items():
        yield sheet.cell(name), cast(Value, shown(sheet.field(name), value))


def _table(
    sheet: Sheet,
    rows: Sequence[Mapping[str, object]],
    prefilled: Sequence[Line],
    names: Mapping[object, str],
) -> Iterator[tuple[str, Value]]:
    taken: set[int] = set()
    below = len(prefilled)
    for row in rows:
        line = {name: cast(Value, shown(sheet.field(name), value)) for name, value in row.items()}
        at = _own_line(sheet, line, prefilled, taken)
        if at is None:
            at, below = below, below + 1
            if "name" in sheet.columns and line.get("cadre") in names:
                line = {"name": names[line["cadre"]], **line}
        taken.add(at)
        yield from line_cells(sheet, line, at).items()


def _own_line(sheet: Sheet, line: Line, prefilled: Sequence[Line], taken: set[int]) -> int | None:
    for at, known in enumerate(prefilled):
        shared = [name for name in sheet.row_key if name in known and name in line]
        if at not in taken and shared and all(known[name] == line[name] for name in shared):
            return at
    return None
