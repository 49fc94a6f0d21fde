"""Errors, formulas and hidden lines in workbooks that are no .xlsx: .xls, .xlsb and .ods.

    marks_of_xls(data), marks_of_xlsb(package), marks_of_ods(package)
        -> Mark("S3 Công việc – sản phẩm", "D12", MarkKind.ERROR, "#DIV/0!"), …

The reader gives a cell in error as empty, whatever the kind of file; here each kind's own records
are walked, for these cells only. A file that breaks off yields what was met before. Raises
TooManyRecords for more of them than any report has: 16 KB of zip can hold four million.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING

from channels.zip_patch import Package
from review.form import column_letter
from review.raw import Mark, MarkKind

if TYPE_CHECKING:  # what reads these kinds is slow to load and rarely wanted
    from lxml import etree

ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
MOST_MARKS = 20_000  # of one file; nobody reads on
MOST_RECORDS = 500_000  # of one file; the fullest report has some tens of thousands

Records = Iterator[tuple[int, int, memoryview]]  # kind, place in the stream, content


class TooManyRecords(ValueError):
    """A file that would be walked for many seconds, and that is no report."""


def few(records: Records, met: Iterator[int]) -> Records:
    """The same records; `met` counts those of the whole file."""
    for record in records:
        if next(met) >= MOST_RECORDS:
            raise TooManyRecords
        yield record


def _cell(row: int, column: int) -> str:
    return f"{column_letter(column)}{row + 1}"


# .xls: records of BIFF in a stream of an OLE file

_SHEET, _BOF, _FORMULA, _BOOLEAN, _ROW = 0x85, 0x809, 0x06, 0x205, 0x208


def marks_of_xls(data: bytes) -> Iterator[Mark]:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            name = next((one for one in ("Workbook", "Book") if ole.exists(one)), "")
            stream = ole.openstream(name).read() if name else b""
    except (OSError, ValueError, IndexError, struct.error):  # what the reader will say better
        return
    sheets: dict[int, str] = {}
    sheet = ""
    for kind, at, body in few(biff(memoryview(stream)), count()):
        if kind == _SHEET and len(body) > 8:
            sheets[struct.unpack_from("<I", body)[0]] = _biff_name(body)
        elif kind == _BOF:
            sheet = sheets.get(at, sheet)
        elif sheet and len(body) >= 8:
            yield from _of_biff(sheet, kind, body)


def _of_biff(sheet: str, kind: int, body: memoryview) -> Iterator[Mark]:
    row, column = struct.unpack_from("<HH", body)
    if kind == _FORMULA and len(body) >= 14:
        failed = bytes(body[12:14]) == b"\xff\xff" and body[6] == 2
        yield _told(sheet, _cell(row, column), body[8] if failed else None)
    elif kind == _BOOLEAN and body[7]:
        yield _told(sheet, _cell(row, column), body[6])
    elif kind == _ROW and len(body) >= 14 and body[12] & 0x20:
        yield Mark(sheet, f"A{row + 1}", MarkKind.HIDDEN, "")


def _told(sheet: str, cell: str, error: int | None) -> Mark:
    if error is None:
        return Mark(sheet, cell, MarkKind.FORMULA, "")
    return Mark(sheet, cell, MarkKind.ERROR, ERRORS.get(error, "#"))


def biff(stream: memoryview) -> Records:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, at, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _biff_name(body: memoryview) -> str:
    length, wide = body[6], body[7]
    if wide & 1:
        return bytes(body[8 : 8 + 2 * length]).decode("utf-16-le", "replace")
    return bytes(body[8 : 8 + length]).decode("latin-1")


# .xlsb: records of BIFF12 in the parts of a zip

_XLSB_ROW, _XLSB_CELL_ERROR, _XLSB_FORMULAS, _XLSB_FORMULA_ERROR, _XLSB_SHEET = (
    0, 3, (8, 9, 10), 11, 156,
)  # fmt: skip
_XLSB_TELLING = (_XLSB_CELL_ERROR, _XLSB_FORMULA_ERROR, *_XLSB_FORMULAS)
_HIDDEN_ROW = 0x10


def marks_of_xlsb(package: Package) -> Iterator[Mark]:
    met = count()
    for part, sheet in _parts_of_xlsb(package, met).items():
        row = 0
        for kind, _, body in few(_biff12(package.read(part)), met):
            if kind == _XLSB_ROW and len(body) >= 12:
                row = struct.unpack_from("<I", body)[0]
                if body[11] & _HIDDEN_ROW:
                    yield Mark(sheet, f"A{row + 1}", MarkKind.HIDDEN, "")
            elif kind in _XLSB_TELLING and len(body) >= 9:
                failed = kind not in _XLSB_FORMULAS
                column = struct.unpack_from("<I", body)[0] & 0x3FFF
                yield _told(sheet, _cell(row, column), body[8] if failed else None)


def _parts_of_xlsb(package: Package, met: Iterator[int]) -> Mapping[str, str]:
    """Part → name of each sheet."""
    from lxml import etree

    try:
        book, relations = map(package.read, ("xl/workbook.bin", "xl/_rels/workbook.bin.rels"))
        tree = etree.fromstring(relations, etree.XMLParser(resolve_entities=False))
    except (KeyError, etree.XMLSyntaxError):
        return {}
    told = tree.iterchildren("{*}*")  # elements only: a comment stands there as well, and says None
    targets = {one.get("Id"): f"xl/{one.get('Target', '').removeprefix('/xl/')}" for one in told}
    named = {}
    for kind, _, body in few(_biff12(book), met):
        if kind == _XLSB_SHEET and len(body) > 12:
            relation, end = _wide(body, 8)
            named[targets.get(relation, "")] = _wide(body, end)[0]
    return {part: name for part, name in named.items() if part in package.names}


def _wide(body: memoryview, at: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", body, at)[0] if at + 4 <= len(body) else 0
    end = at + 4 + 2 * length
    return bytes(body[at + 4 : end]).decode("utf-16-le", "replace"), end


def _biff12(data: bytes) -> Records:
    """The kind has one byte or two, the size up to four, seven bits each."""
    stream, at = memoryview(data), 0
    while at < len(stream):
        kind, at = _varint(stream, at, 2)
        size, at = _varint(stream, at, 4)
        yield kind, at, stream[at : at + size]
        at += size


def _varint(stream: memoryview, at: int, most: int) -> tuple[int, int]:
    value = 0
    for n in range(most):
        if at >= len(stream):
            break
        byte, at = stream[at], at + 1
        value |= (byte & 0x7F) << (7 * n)
        if not byte & 0x80:
            break
    return value, at


# .ods: elements of content.xml

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_EXTENSION = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TELLING = (b'value-type="error"', b"table:formula=", b"table:visibility=")


def marks_of_ods(package: Package) -> Iterator[Mark]:
    from lxml import etree

    content = package.read("content.xml")
    if any(sign in content for sign in _TELLING):
        events = etree.iterparse(
            io.BytesIO(content),
            events=("start", "end"),
            tag=[f"{_TABLE}{name}" for name in ("table", "table-row", "table-cell")],
            resolve_entities=False,
            huge_tree=False,
        )
        try:
            yield from _of_ods(events)
        except etree.XMLSyntaxError:  # the reader will say it better
            return


def _of_ods(events: Iterator[tuple[str, etree._Element]]) -> Iterator[Mark]:
    sheet, row, column = "", 0, 0
    for event, element in events:
        kind = str(element.tag).removeprefix(_TABLE)
        if kind == "table":
            sheet, row = element.get(f"{_TABLE}name", ""), 0
        elif kind == "table-row" and event == "start":
            column = 0
            if element.get(f"{_TABLE}visibility", "visible") != "visible":
                yield Mark(sheet, f"A{row + 1}", MarkKind.HIDDEN, "")
        elif kind == "table-row":
            row += _times(element, "rows")
            element.clear()
        elif event == "end":
            if element.get(f"{_EXTENSION}value-type") == "error":
                text = "".join(element.itertext()).strip()[:20]
                yield Mark(sheet, _cell(row, column), MarkKind.ERROR, text or "#")
            elif f"{_TABLE}formula" in element.attrib:
                yield Mark(sheet, _cell(row, column), MarkKind.FORMULA, "")
            column += _times(element, "columns")


def _times(element: etree._Element, what: str) -> int:
    told = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(told) if told.isdigit() and len(told) < 8 else 1
