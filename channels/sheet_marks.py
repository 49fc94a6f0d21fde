"""What a reader of workbooks does not tell of a sheet: the cells whose value it cannot know, the
formulas, the lines out of sight.

    marks_of(xml, "S3 Công việc – sản phẩm")
        -> Mark("S3 …", "D12", MarkKind.ERROR, "#DIV/0!"), Mark("S3 …", "A9", MarkKind.HIDDEN, "")

For the sheets of an .xlsx, by a few quick looks at their XML (the cells alone, where they are told
apart: channels/second_pass.py); other kinds: channels/other_marks.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from review.raw import Mark, MarkKind

LONGEST_CELL = 40_000  # bytes between a cell's tag and the end of its formula (at most 8,192 signs)

# Patterns that begin with plain text: ten times as fast as one that begins with a choice; and best
# with one letter that is rare in a sheet, what stands before it being looked at only there.
_NO_VALUE = (
    re.compile(rb"f(?<=</f)>\s*(?:<v></v>|<v\s*/>)?\s*</c>"),
    re.compile(rb"f(?<=<f)\b[^>]*/>\s*(?:<v></v>|<v\s*/>)?\s*</c>"),
)
_ERROR = b't="e"'
_SOME_ERROR = re.compile(_ERROR)
_CELL = re.compile(rb"""<(?:\w+:)?c\s([^>]*)>""")
_ADDRESS = re.compile(rb"""\br=["']([A-Z]{1,3}\d{1,7})["']""")
_PLAIN_CELL = re.compile(rb"""<c r="([A-Z]{1,3}\d{1,7})"[^>]*>$""")
_ERROR_TEXT = re.compile(rb"<v>([^<]{1,20})</v>")
_FORMULA = re.compile(rb"f(?<=[<:]f)[\s>/]")  # not the <formula1> of every drop-down
_TAG = ord("<")
_OTHER_BOOK = re.compile(rb"f\b[^>]*>[^<]*\[\d+\]")
_WITH_VALUE = re.compile(rb"f\b[^<>]*+>(?:[^<]*+</f>)?<v>[^<]")
_SOME_HIDDEN = re.compile(rb"d(?<=hidd)en=")
_HIDDEN = re.compile(rb"""<(?:\w+:)?row\s([^>]*\bhidden=["'](?:1|true)["'][^>]*)>""")
_ROW = re.compile(rb"""\br=["'](\d{1,7})["']""")


def marks_of(xml: bytes, sheet: str) -> Iterator[Mark]:
    if _SOME_ERROR.search(xml):
        yield from _errors(xml, sheet)
    places = [found.start() for found in _FORMULA.finditer(xml)]
    if any(xml[here - 1] == _TAG for here in places):
        if not all(_WITH_VALUE.match(xml, here) for here in places):
            yield from _uncached(xml, sheet)
        yield from _formulas(xml, sheet, places)
    if _SOME_HIDDEN.search(xml):
        yield from _hidden(xml, sheet)


def _formulas(xml: bytes, sheet: str, places: Iterable[int]) -> Iterator[Mark]:
    formula, links = MarkKind.FORMULA, b"[" in xml
    for here in places:
        # As nearly always: right behind the cell's own tag.
        plain = _PLAIN_CELL.match(xml, xml.rfind(b"<", 0, here - 1), here - 1)
        if cell := plain[1].decode() if plain else _cell_before(xml, here - 1):
            link = links and _OTHER_BOOK.match(xml, here)
            yield Mark(sheet, cell, MarkKind.LINK if link else formula, "")


def _cell_before(xml: bytes, here: int) -> str:
    """The address of the cell in which a place lies, "" where it has none."""
    address = _ADDRESS.search(_tag_before(xml, here))
    return address[1].decode() if address else ""


def _tag_before(xml: bytes, here: int) -> bytes:
    """The tag of the cell in which a place lies."""
    near = max(0, here - LONGEST_CELL)
    start = max(xml.rfind(b"<c ", near, here), near)
    start = max(xml.rfind(b":c ", start, here), start)  # of a writer that names its namespace
    return xml[start : xml.find(b">", start)]


def _hidden(xml: bytes, sheet: str) -> Iterator[Mark]:
    for row in _HIDDEN.finditer(xml):
        if number := _ROW.search(row[1]):
            yield Mark(sheet, f"A{number[1].decode()}", MarkKind.HIDDEN, "")


def _errors(xml: bytes, sheet: str) -> Iterator[Mark]:
    for tag in _CELL.finditer(xml):
        if _ERROR in tag[1] and (address := _ADDRESS.search(tag[1])):
            text = _ERROR_TEXT.search(xml, tag.end(), tag.end() + 4000)
            shown = text[1].decode("utf-8", "replace") if text else "#"
            yield Mark(sheet, address[1].decode(), MarkKind.ERROR, shown)


def _uncached(xml: bytes, sheet: str) -> Iterator[Mark]:
    """A formula of type str with an empty value did give a result: the empty text."""
    for found in chain.from_iterable(pattern.finditer(xml) for pattern in _NO_VALUE):
        tag = _tag_before(xml, found.start())
        gave_text = b't="str"' in tag and b"<v" in found[0]
        if not gave_text and (address := _ADDRESS.search(tag)):
            yield Mark(sheet, address[1].decode(), MarkKind.UNCACHED, "")
