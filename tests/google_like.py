"""A workbook as Google's writer exports it: its own ways with styles, empty rows and strings.

google_sheets({"S1 Thông tin đơn vị": [["Mã đơn vị", "SYT"], …]})

No document properties, a thousand styled empty rows, every row with its own height, words in shared
strings with the runs of a rich text, days as numbers with a style, a drawing part for each sheet.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from review.cells import SERIAL_ZERO
from review.form import column_letter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ROWS = 1000
Pages = Mapping[str, Sequence[Sequence[Any]]]


def google_sheets(pages: Pages) -> bytes:
    out = io.BytesIO()
    words: dict[str, int] = {}
    sheets = [_sheet(rows, words) for rows in pages.values()]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, text: str) -> None:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), HEAD + text, 8)

        for n, xml in enumerate(sheets, start=1):
            put(f"xl/worksheets/sheet{n}.xml", xml)
            put(f"xl/worksheets/_rels/sheet{n}.xml.rels",
                _related([("rId1", "drawing", f"../drawings/drawing{n}.xml")]))  # fmt: skip
            put(f"xl/drawings/drawing{n}.xml", _drawing())
        put("xl/sharedStrings.xml", _strings(words))
        put("xl/styles.xml", _STYLES)
        put("xl/workbook.xml", _book(pages))
        parts = [(f"rId{n + 3}", "worksheet", f"worksheets/sheet{n}.xml") for n in _numbers(pages)]
        put("xl/_rels/workbook.xml.rels", _related([
            ("rId1", "theme", "theme/theme1.xml"), ("rId2", "styles", "styles.xml"),
            ("rId3", "sharedStrings", "sharedStrings.xml"), *parts]))  # fmt: skip
        put("xl/theme/theme1.xml", _THEME)
        put("_rels/.rels", _related([("rId1", "officeDocument", "xl/workbook.xml")]))
        put("[Content_Types].xml", _types(pages))
    return out.getvalue()


def _numbers(pages: Pages) -> range:
    return range(1, len(pages) + 1)


def _sheet(rows: Sequence[Sequence[Any]], words: dict[str, int]) -> str:
    width = max(map(len, rows), default=1)
    padded = [*rows, *[[""] * width] * (ROWS - len(rows))]
    body = "".join(_row(n, row, words) for n, row in enumerate(padded, start=1))
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mx="http://schemas.microsoft.com/'
        'office/mac/excel/2008/main"><sheetPr><outlinePr summaryBelow="0" summaryRight="0"/>'
        '</sheetPr><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr '
        'customHeight="1" defaultColWidth="12.63" defaultRowHeight="15.75"/>'
        f'<sheetData>{body}</sheetData><drawing r:id="rId1"/></worksheet>'
    )


def _row(n: int, row: Sequence[Any], words: dict[str, int]) -> str:
    if not any(value not in ("", None) for value in row):
        return f'<row r="{n}" ht="15.75" customHeight="1"><c r="A{n}" s="1"/></row>'
    cells = "".join(_cell(f"{column_letter(c)}{n}", value, words) for c, value in enumerate(row))
    return f'<row r="{n}">{cells}</row>'


def _cell(at: str, value: Any, words: dict[str, int]) -> str:
    if value in ("", None):
        return f'<c r="{at}" s="1"/>'
    if isinstance(value, bool):
        return f'<c r="{at}" s="1" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f'<c r="{at}" s="2"><v>{(value - SERIAL_ZERO).days}.0</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{at}" s="1"><v>{float(value)}</v></c>'
    number = words.setdefault(str(value), len(words))
    return f'<c r="{at}" s="1" t="s"><v>{number}</v></c>'


def _strings(words: Mapping[str, int]) -> str:
    told = "".join(
        f"<si><t>{escape(word)}</t></si>"
        if n % 3
        else f'<si><r><rPr><sz val="12"/></rPr><t xml:space="preserve">{escape(word)}</t></r></si>'
        for word, n in words.items()
    )
    return f'<sst xmlns="{MAIN}" count="{len(words)}" uniqueCount="{len(words)}">{told}</sst>'


def _book(pages: Pages) -> str:
    tabs = "".join(
        f'<sheet state="visible" name="{escape(name)}" sheetId="{n}" r:id="rId{n + 3}"/>'
        for n, name in enumerate(pages, start=1)
    )
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/><sheets>{tabs}</sheets>'
        "<definedNames/><calcPr/></workbook>"
    )


def _related(relations: Sequence[tuple[str, str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{own}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for own, kind, target in relations
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def _drawing() -> str:
    space = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    return f'<xdr:wsDr xmlns:xdr="{space}"/>'


def _types(pages: Pages) -> str:
    named = [
        ("workbook", "spreadsheetml.sheet.main"),
        ("styles", "spreadsheetml.styles"),
        ("sharedStrings", "spreadsheetml.sharedStrings"),
        ("theme/theme1", "theme"),
    ]
    for n in _numbers(pages):
        named.append((f"worksheets/sheet{n}", "spreadsheetml.worksheet"))
        named.append((f"drawings/drawing{n}", "drawing"))
    own = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{TYPE}.{kind}+xml"/>'
        for part, kind in named
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default ContentType="application/xml" '
        'Extension="xml"/><Default ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml" Extension="rels"/>{own}</Types>'
    )


_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="dd/mm/yyyy"/></numFmts><fonts count="2"><font><sz val="10.0"/>'
    '<color rgb="FF000000"/><name val="Arial"/><scheme val="minor"/></font>'
    '<font><color theme="1"/><name val="Arial"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
    'patternType="lightGray"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs '
    'count="1"><xf borderId="0" fillId="0" fontId="0" numFmtId="0"/></cellStyleXfs><cellXfs '
    'count="3"><xf borderId="0" fillId="0" fontId="0" numFmtId="0" xfId="0"/><xf borderId="0" '
    'fillId="0" fontId="1" numFmtId="0" xfId="0" applyFont="1"/><xf borderId="0" fillId="0" '
    'fontId="1" numFmtId="164" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle xfId="0" name="Normal" builtinId="0"/></cellStyles><dxfs count="0"/></styleSheet>'
)
_THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Sheets">'
    "<a:themeElements/></a:theme>"
)
