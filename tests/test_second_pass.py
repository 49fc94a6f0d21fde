"""A sheet set out for a parser that goes through it once: the same cells, the same refusals."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineError, CalamineWorkbook

from channels.reading import read_and_examine
from channels.second_pass import LARGEST, spared
from channels.sheet_marks import marks_of
from channels.zip_patch import Package
from review.findings import Verdict
from tests.drawer import PERIOD, Desk

DESK = Desk()
PACKAGE = Package(DESK.good())
SHEET = DESK.form.sheet("leaders").name
PART = "xl/worksheets/sheet5.xml"
XML = PACKAGE.read(PART)

PIECES = (
    *(b"", b"<", b">", b"/", b'"', b"&", b"</c>", b"</row>", b"<c>", b"<v>7</v>", b"<!-- -->"),
    *(
        b"<!--",
        b"</sheetData>",
        b"<sheetData>",
        b"</worksheet>",
        b"&#0;",
        b"&#9;",
    ),
    *(b"<a 1=''>", b'<c r="B7"><v>1</v></c>'),
)
EDITS = st.lists(
    st.tuples(st.integers(0, len(XML)), st.integers(0, 30), st.sampled_from(PIECES)),
    min_size=1, max_size=3,
)  # fmt: skip


def rows_of(xml: bytes) -> list[list[Any]] | str:
    """What the parser makes of the sheet, or that it cannot."""
    data = PACKAGE.with_parts({PART: xml})
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            rows: list[list[Any]] = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
            return rows
    except (CalamineError, ValueError, OSError):
        return "damaged"


def test_the_part_is_that_of_the_sheet() -> None:
    assert rows_of(XML)[4][0] == "TT"
    assert rows_of(XML.replace(b"</sheetData>", b"", 1)) == "damaged"


def test_a_sound_sheet_is_gone_through_once() -> None:
    less = spared(XML)
    assert less is not None and less.xml != XML
    assert rows_of(less.xml) == rows_of(XML)
    assert XML.count(b"<c ") == less.cells.count(b"<c ")
    assert b"<dimension" in less.xml and b"<cols>" in XML and b"<cols>" not in less.xml


@pytest.mark.parametrize(
    ("more", "spares"),
    [
        (b"<x><dimension ref='A1:B2'/></x>", True),
        (b"<sheetData/>", False),
        (b"<x><sheetData></sheetData></x>", False),
    ],
)
def test_a_size_wherever_it_stands_is_the_parser_s_and_cells_stand_once(
    more: bytes, spares: bool
) -> None:
    xml = XML.replace(b"<cols>", more + b"<cols>", 1)
    less = spared(xml)
    assert (less is not None) == spares
    assert rows_of(less.xml if less else xml) == rows_of(xml)
    assert less is None or more in less.xml


@given(EDITS)
def test_whatever_befalls_a_sheet_it_is_read_or_refused_as_before(
    edits: list[tuple[int, int, bytes]],
) -> None:
    xml = XML
    for at, length, piece in edits:
        xml = xml[:at] + piece + xml[at + length :]
    less = spared(xml)
    assert rows_of(less.xml if less else xml) == rows_of(xml)
    if less:  # the marks of the cells are the marks of the sheet
        assert list(marks_of(less.cells, SHEET)) == list(marks_of(xml, SHEET))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</sheetData>", b"</sheetData><x>"),
        (b"</sheetData>", b"</sheetData></x>"),
        (b"</sheetData>", b"</c></sheetData>"),
        (b"</row><row", b"</row></sheetData><row"),
    ],
)
def test_what_is_broken_around_the_cells_is_sent_back(old: bytes, new: bytes) -> None:
    data = PACKAGE.with_parts({PART: XML.replace(old, new, 1)})
    found = read_and_examine(data, DESK.forms, PERIOD)
    assert (found.verdict is Verdict.UNREADABLE) == (rows_of(XML.replace(old, new, 1)) == "damaged")


@pytest.mark.parametrize(
    "more", [b'<mergeCells><mergeCell ref="A1:B1"/></mergeCells>', b"<!-- x -->", b"&#1;"]
)
def test_a_sheet_with_more_to_be_found_around_its_cells_is_left_as_it_is(more: bytes) -> None:
    assert spared(XML.replace(b"</sheetData>", b"</sheetData>" + more, 1)) is None


def test_a_sheet_beyond_any_report_is_not_copied_once_more() -> None:
    lines = b"<row/>" * (LARGEST // 6)
    assert spared(XML.replace(b"</sheetData>", lines + b"</sheetData>", 1)) is None


def test_a_damaged_part_is_found_damaged_though_its_xml_is_whole() -> None:
    """The sum in the zip is that of another content: one digit of a mark is not what was sent."""
    good = PACKAGE.with_open({PART: XML}, {})
    at = good.index(XML) + XML.index(b"<v>") + 3
    bad = good[:at] + (b"7" if good[at : at + 1] != b"7" else b"8") + good[at + 1 :]
    assert read_and_examine(good, DESK.forms, PERIOD).verdict is Verdict.ACCEPTED
    assert read_and_examine(bad, DESK.forms, PERIOD).findings[0].check == "CORRUPT"
