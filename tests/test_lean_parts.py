"""The list of sheets and styles cut down for a parser: the same is found, or the same fault."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineError, CalamineWorkbook

from channels.guard import guard
from channels.lean_parts import ASKED, lean_parts, outline
from channels.zip_patch import Package
from tests.drawer import Desk

DATA = Desk().good()
PACKAGE = Package(DATA)
PARTS = tuple(ASKED)
WORKBOOK, STYLES = PARTS
DATED = Desk().form.sheet("cover").name

PIECES = (
    *(b"", b"<", b">", b"/", b'"', b"&", b"&amp;", b"&x;", b"&#1;", b"<!-- -->", b"<a/>", b"\xff"),
    *(b"<sheet/>", b"</sheets>", b"</definedNames>", b"<definedNames>", b"</definedName>", b"<x>"),
    *(b'<workbookPr date1904="1"/>', b"<fonts>", b"</fonts>", b'<xf numFmtId="14"/>', b"<cellXfs>"),
    *(b"<x:numFmts>", b"</x:numFmts>", b'<numFmts><numFmt numFmtId="1" formatCode="d"/></numFmts>'),
)


def of(part: str, xml: bytes) -> bytes:
    return outline(xml, *ASKED[part])


def book_of(part: str, xml: bytes) -> tuple[list[tuple[str, str, str]], list[list[Any]]] | str:
    """The sheets and the cells that the parser finds, or that it cannot."""
    data = PACKAGE.with_parts({part: xml})
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets = [(s.name, str(s.typ), str(s.visible)) for s in book.sheets_metadata]
            return sheets, book.get_sheet_by_name(DATED).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError):
        return "damaged"


@pytest.mark.parametrize("part", PARTS)
def test_the_parser_finds_the_same_in_less(part: str) -> None:
    xml = PACKAGE.read(part)
    lean = of(part, xml)
    assert lean and len(lean) < len(xml)
    assert book_of(part, lean) == book_of(part, xml) != "damaged"


@pytest.mark.parametrize("part", PARTS)
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(PIECES)),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_befalls_a_part_it_is_read_or_refused_as_before(
    part: str, edits: list[tuple[float, int, bytes]]
) -> None:
    xml = PACKAGE.read(part)
    for share, length, piece in edits:
        at = xml.find(b"<", int(share * len(xml)))  # where an edit may leave it well formed
        xml = xml[:at] + piece + xml[at + length :]
    assert book_of(part, of(part, xml) or xml) == book_of(part, xml)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (WORKBOOK, b"<definedNames>", b"<definedNames><sheet/>"),
        (WORKBOOK, b"<sheets>", b'<x:workbookPr date1904="1"/><sheets>'),
        (WORKBOOK, b'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
        (WORKBOOK, b"<sheets>", b"<!-- trang --><sheets>"),
        (STYLES, b"<fonts", b'<x><numFmts count="0"></numFmts></x><fonts'),
        (STYLES, b"</styleSheet>", b""),
    ],
)
def test_a_part_with_more_to_be_found_in_it_is_left_as_it_is(
    part: str, old: bytes, new: bytes
) -> None:
    xml = PACKAGE.read(part)
    assert old in xml
    assert of(part, xml.replace(old, new, 1)) == b""


def test_only_a_part_met_before_is_cut_down_and_never_a_damaged_one() -> None:
    unit = PACKAGE.read(WORKBOOK).replace(b"<sheets>", b'<x name="of this test"/><sheets>')
    package = Package(PACKAGE.with_parts({WORKBOOK: unit}))
    assert WORKBOOK not in lean_parts(package)
    assert lean_parts(package)[WORKBOOK] == of(WORKBOOK, unit)
    stated = package._members[WORKBOOK]._replace(crc=1)
    lying = Package(DATA)
    lying._members[WORKBOOK] = stated
    assert WORKBOOK not in lean_parts(lying) and WORKBOOK not in lean_parts(lying)


def test_what_the_guard_passes_on_reads_the_same_at_each_meeting() -> None:
    unlike = PACKAGE.read(STYLES).replace(b"<fonts", b"<fonts knownFonts='7'", 1)
    data = PACKAGE.with_parts({STYLES: unlike})
    first, then = guard(data).data, guard(data).data
    assert len(then) != len(first)
    books = [CalamineWorkbook.from_filelike(io.BytesIO(one)) for one in (first, then)]
    once, again = ([b.get_sheet_by_name(n).to_python() for n in b.sheet_names] for b in books)
    assert once == again and any(isinstance(c, date) for rows in again for row in rows for c in row)
