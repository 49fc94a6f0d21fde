"""A small writer of .xlsb (BIFF12), for the drawer: no program here writes that kind.

xlsb({"S1 Thông tin đơn vị": [["Mã đơn vị", "SYT"], …]}, errors={("S3 …", "H6"): 0x07})
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from review.cells import SERIAL_ZERO
from review.form import column_letter

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/'
    '2006/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.'
    'binary.macroEnabled.main"/><Default Extension="rels" ContentType="application/vnd.'
    'openxmlformats-package.relationships+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Pages = Mapping[str, Sequence[Sequence[Any]]]


def xlsb(pages: Pages, errors: Mapping[tuple[str, str], int]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, content: bytes | str) -> None:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, 8)

        put("[Content_Types].xml", _TYPES)
        put("_rels/.rels", _related([("rId1", "officeDocument", "xl/workbook.bin")]))
        sheets = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.bin") for n in _numbers(pages)]
        put("xl/_rels/workbook.bin.rels", _related(sheets))
        put("xl/workbook.bin", _book(list(pages)))
        for n, (name, rows) in zip(_numbers(pages), pages.items(), strict=True):
            own = {cell: code for (sheet, cell), code in errors.items() if sheet == name}
            put(f"xl/worksheets/sheet{n}.bin", _sheet(rows, own))
    return out.getvalue()


def _numbers(pages: Pages) -> range:
    return range(1, len(pages) + 1)


def _related(relations: Sequence[tuple[str, str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{own}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for own, kind, target in relations
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0"?><Relationships xmlns="{space}">{inside}</Relationships>'


def _record(kind: int, body: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(body)
    while length > 127:
        size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
    return number + size + bytes([length]) + body


def _wide(text: str) -> bytes:
    written = text.encode("utf-16-le")
    return struct.pack("<I", len(written) // 2) + written


def _book(names: Sequence[str]) -> bytes:
    tabs = b"".join(
        _record(156, struct.pack("<II", 0, n) + _wide(f"rId{n}") + _wide(name))
        for n, name in enumerate(names, start=1)
    )
    return _record(131) + _record(143) + tabs + _record(144) + _record(132)


def _sheet(rows: Sequence[Sequence[Any]], errors: Mapping[str, int]) -> bytes:
    width = max(map(len, rows), default=1)
    size = struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, max(width - 1, 0))
    body = b"".join(_row(at, row, errors) for at, row in enumerate(rows))
    return _record(129) + _record(148, size) + _record(145) + body + _record(146) + _record(130)


def _row(at: int, row: Sequence[Any], errors: Mapping[str, int]) -> bytes:
    head = _record(0, struct.pack("<IIHBBBI", at, 0, 300, 0, 0, 0, 0))
    cells = []
    for column, value in enumerate(row):
        place = struct.pack("<II", column, 0)
        cell = f"{column_letter(column)}{at + 1}"
        if cell in errors:
            cells.append(_record(3, place + bytes([errors[cell]])))
        elif isinstance(value, date):
            cells.append(_record(5, place + struct.pack("<d", (value - SERIAL_ZERO).days)))
        elif isinstance(value, int | float):
            cells.append(_record(5, place + struct.pack("<d", value)))
        elif value not in ("", None):
            cells.append(_record(6, place + _wide(str(value))))
    return head + b"".join(cells)
