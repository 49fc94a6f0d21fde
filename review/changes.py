"""What one version of a report says otherwise than another.

    differences(older, newer, form)[0].says
        -> "S3 Công việc – sản phẩm, SYT-01 · KT01: “Số lượng hoàn thành” 12 → 14"

Lines are paired by the fields that identify them (the form's `row_key`), not by where they stand:
a line moved down is no change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from review.cells import as_text
from review.form import Field, FieldType, Form, Sheet
from review.points import brief
from review.submission import Submission, Table

Key = tuple[Any, ...]
Lines = Mapping[Key, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs, or a whole line that came or went (`field` is then ""). `line` is the
    Excel row in the newer version, 0 for a line that went; `was` and `now` are texts."""

    sheet: Sheet
    key: str
    field: str
    line: int
    was: str
    now: str

    @property
    def says(self) -> str:
        where = f"{self.sheet.name}, {self.key}" if self.key else self.sheet.name
        if not self.field:
            return f"{where}: {'thêm dòng' if self.line else 'bỏ dòng'}"
        label = self.sheet.field(self.field).label
        return f"{where}: “{label}” {self.was or '(trống)'} → {self.now or '(trống)'}"


def differences(older: Submission, newer: Submission, form: Form) -> tuple[Change, ...]:
    """Every change, sheet by sheet as the form has them."""
    return tuple(
        change
        for sheet in form.sheets
        if sheet.key in older.tables and sheet.key in newer.tables
        for change in _of_sheet(sheet, older.tables[sheet.key], newer.tables[sheet.key])
    )


def _of_sheet(sheet: Sheet, older: Table, newer: Table) -> Iterator[Change]:
    before, after = _by_key(sheet, older), _by_key(sheet, newer)
    shared = [
        (sheet.field(name), 1 + older.columns.index(name), 1 + newer.columns.index(name))
        for name in sheet.columns
        if name in older.columns and name in newer.columns
    ]
    for key, row in after.items():
        if key in before:
            yield from _of_line(sheet, key, shared, before[key], row)
        else:
            yield Change(sheet, _shown(key), "", row[0], "", "")
    for key in before:
        if key not in after:
            yield Change(sheet, _shown(key), "", 0, "", "")


def _by_key(sheet: Sheet, table: Table) -> Lines:
    """Lines that share a key are told apart by their order."""
    places = [1 + table.columns.index(name) for name in sheet.row_key]
    found: dict[Key, tuple[Any, ...]] = {}
    for row in table.rows:
        key = tuple(row[n] for n in places)
        again = 1
        while (*key, again) in found:
            again += 1
        found[(*key, again)] = row
    return found


def _of_line(
    sheet: Sheet,
    key: Key,
    shared: Sequence[tuple[Field, int, int]],
    was: tuple[Any, ...],
    now: tuple[Any, ...],
) -> Iterator[Change]:
    for field, before, after in shared:
        if was[before] != now[after] and field.type is not FieldType.ORDINAL:
            texts = shown(field, was[before]), shown(field, now[after])
            yield Change(sheet, _shown(key), field.name, now[0], *texts)


def _shown(key: Key) -> str:
    """The identifying texts, without the number that tells equal ones apart unless it matters."""
    *own, again = key
    words = " · ".join(text for part in own if (text := as_text(part)))
    return f"{words} (lần {again})" if again > 1 else words


def shown(field: Field, value: Any) -> str:
    """A clean value as its cell shows it: 250 -> "2,5", a choice by its label."""
    if value in (None, ""):
        return ""
    if field.choices:
        return field.choices.get(str(value), str(value))
    if field.type is FieldType.NUMBER:
        return f"-{brief(-value)}" if value < 0 else brief(value)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else as_text(value)
