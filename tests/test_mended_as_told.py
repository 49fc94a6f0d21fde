"""Fixing exactly what was listed leaves no finding: on every form, for faults of every kind, in any
mixture. The faults are made from the forms themselves, so that a new field is spoilt at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.blank import blank_workbook
from channels.filling import answers, fill
from channels.reading import read_and_examine
from channels.workbook import read_workbook
from review.checks import findings_of
from review.findings import Finding, Severity
from review.form import Field, FieldType, Sheet, column_index
from tests.test_longer_forms import FORMS, brief, entries, form

PERIODS = ("2026-10", "2026-Q4", "2026", "2026..2030")
EXAMPLES = int(os.environ.get("SOAK_FAULTS", "12"))  # make soak asks for many more
MOST = 8  # faults in one workbook


class Plant(NamedTuple):
    """A cell, and something wrong to write there."""

    sheet: str
    cell: str
    value: Any


@cache
def good(period: str) -> bytes:
    known = brief(period)
    told = answers(form(period), known, entries(period))
    return fill(blank_workbook(form(period), known), told)


@cache
def plants(period: str) -> tuple[Plant, ...]:
    """Every way to spoil a cell in which something stands in the good report."""
    submission = read_and_examine(good(period), FORMS, period).submission
    assert submission is not None
    found = []
    for sheet in form(period).sheets:
        for row in submission.tables[sheet.key].rows:
            for field, value in zip(sheet.fields, row[1:], strict=True):
                if value not in (None, "") and not field.locked:
                    cell = sheet.cell(field.name, row[0])
                    found += [Plant(sheet.name, cell, bad) for bad in _bad(sheet, field)]
    return tuple(found)


def _bad(sheet: Sheet, field: Field) -> Iterator[Any]:
    if field.type is FieldType.ORDINAL:
        return
    if field.required:
        yield None
    if field.type in (FieldType.NUMBER, FieldType.WHOLE):
        yield from ("hai", -1)
        if field.high:
            yield float(field.high) + 1
        if field.total_of:
            yield 0.5
    if field.type is FieldType.WHOLE:
        yield 2.5
    if field.type is FieldType.DATE:
        yield from ("32/13/2026", "hôm qua")
        if field.not_before:
            yield date(1990, 1, 1)
    if field.choices:
        yield "Không rõ"
    if field.source and not field.source.startswith("works"):
        yield "ZZ-99"
    if field.source.startswith("works"):
        yield "ZZ99"


def judged(period: str, data: bytes) -> tuple[Finding, ...]:
    """What asks something of the unit."""
    examined = read_and_examine(data, FORMS, period)
    found = findings_of(examined, form(period), brief(period))
    return tuple(finding for finding in found if finding.severity is not Severity.NOTE)


@cache
def good_rows(period: str) -> Any:
    return read_workbook(good(period)).sheets


def good_value(period: str, sheet: str, cell: str) -> Any:
    letters = cell.rstrip("0123456789")
    rows, row, column = good_rows(period)[sheet], int(cell[len(letters) :]) - 1, letters
    value = rows[row][column_index(column)] if row < len(rows) else ""
    return None if value == "" else value


@pytest.mark.parametrize("period", PERIODS)
def test_faults_of_every_kind_can_be_planted(period: str) -> None:
    assert judged(period, good(period)) == ()
    kinds = {type(plant.value) for plant in plants(period)}
    assert len(plants(period)) > 40 and {type(None), str} <= kinds


@pytest.mark.parametrize("period", PERIODS)
@given(data=st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_fixing_exactly_what_was_listed_leaves_nothing(period: str, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(plants(period)), min_size=1, max_size=MOST))
    spoilt = fill(good(period), {(one.sheet, one.cell): one.value for one in chosen})
    listed = judged(period, spoilt)
    assert listed
    told = {(one.sheet, one.cell) for one in listed if one.cell}
    assert told or all(one.sheet for one in listed)
    mended = fill(spoilt, {place: good_value(period, *place) for place in told})
    assert judged(period, mended) == ()
