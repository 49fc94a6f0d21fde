"""Years of the sample province, made without a workbook: what its units would have reported.

    for said in reports(briefs, regulation, Period.parse("2024-Q3")): …

The same seed gives the same reports; each is what a checked workbook of the period comes to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from channels.filling import answers
from channels.prefilled import line_cells, lines
from review.brief import UnitBrief
from review.form import Field, FieldType, Form, Sheet
from review.period import Period
from review.regulation import Regulation
from review.submission import Submission, Table
from sample.characters import character_of
from sample.longer import report_of
from sample.month import SEED

SILENT = 0.05  # the chance that a report of the most careless unit never comes
TEXTS = (FieldType.TEXT, FieldType.CODE)


def reports(
    briefs: Iterable[UnitBrief], regulation: Regulation, period: Period, seed: int = SEED
) -> Iterator[Submission]:
    """A report of each unit that has somebody to write it; careless ones are silent at times."""
    form = regulation.forms[period.cadence]
    for brief in briefs:
        dice = Random(f"{seed}:{period}:{brief.unit.code}")
        silent = dice.random() < SILENT * (1 - character_of(brief.unit).care)
        if brief.cadres and not silent:
            yield submission_of(form, brief, report_of(brief, dice))


def submission_of(form: Form, brief: UnitBrief, entries: Mapping[str, Any]) -> Submission:
    """What the unit's blank says once these entries are in it."""
    written: dict[str, dict[str, Any]] = defaultdict(dict)
    for (name, address), value in answers(form, brief, dict(entries)).items():
        written[name][address] = value
    tables = {sheet.key: _table(sheet, form, brief, written[sheet.name]) for sheet in form.sheets}
    return Submission(brief.unit.code, brief.period, form.code, form.version, tables)


def _table(sheet: Sheet, form: Form, brief: UnitBrief, written: Mapping[str, Any]) -> Table:
    """A prefilled line in which nobody wrote counts only where it is data as it stands."""
    known = lines(sheet, form, brief)
    if sheet.kind == "card":
        card = dict(known[0]) | {
            f.name: written[a] for f in sheet.fields if (a := sheet.cell(f.name)) in written
        }
        return Table(sheet.key, sheet.columns, ((5, *_clean(sheet, card)),))
    cells: dict[str, Any] = {}
    for at, line in enumerate(known):
        cells |= line_cells(sheet, line, at)
    touched = {_row_of(address) for address in written}
    cells |= written
    rows: dict[int, dict[str, Any]] = defaultdict(dict)
    columns = {sheet.cell(name, 0).removesuffix("0"): name for name in sheet.columns}
    for address, value in cells.items():
        row = _row_of(address)
        rows[row][columns[address.removesuffix(str(row))]] = value
    told = [n for n in sorted(rows) if sheet.stands or n in touched]
    return Table(sheet.key, sheet.columns, tuple((n, *_clean(sheet, rows[n])) for n in told))


def _row_of(address: str) -> int:
    return int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _clean(sheet: Sheet, row: Mapping[str, Any]) -> tuple[Any, ...]:
    values = {field.name: clean(field, row.get(field.name)) for field in sheet.fields}
    for field in sheet.fields:
        if field.total_of and values[field.name] is None:
            values[field.name] = sum(values[name] or 0 for name in field.total_of)
    return tuple(values[name] for name in sheet.columns)


def clean(field: Field, value: Any) -> Any:
    """A cell's value as review.submission holds it."""
    if value in (None, ""):
        return "" if field.type in TEXTS else None
    if field.type is FieldType.CHOICE:
        keys = {label: key for key, label in (field.choices or {}).items()}
        return keys.get(str(value), str(value))
    if field.type is FieldType.NUMBER:
        return int(Decimal(str(value)) * 100)
    if field.type is FieldType.ORDINAL:
        return None
    return value if isinstance(value, int | date) else str(value)
