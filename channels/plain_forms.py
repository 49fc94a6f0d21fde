"""Forms sent as text: CSV (one file, or a zip with one for each sheet) and JSON.

    read_plain(data, regulation.forms).sheets["S3 Công việc – sản phẩm"]     -> its rows
    read_plain(b"a;b", regulation.forms)              -> None: no form of ours

CSV: a line with the name of a sheet, in brackets or alone, begins each; its lines follow as they
stand in the workbook. Fields are parted by ; , or tabs. JSON: `{"form": "thang", "unit": "03637",
"period": "2026-10", "sheets": {"S1 Thông tin đơn vị": {"Mã đơn vị": …}, "S3 …": [{…}, …]}}`, sheets
and fields by the words of the form or by their keys. Written by channels/plain_writing.py.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from channels.csv_cells import unguarded
from channels.plain_text import PlainText, plain_text
from channels.sniffing import ZIP
from channels.zip_patch import BROKEN
from review.cells import as_text, folded
from review.findings import Repair
from review.form import CARD_FIRST_ROW, HEADING_ROW, META_SHEET, FieldType, Form, Sheet
from review.raw import RawWorkbook, Rows
from review.sheet_names import paired

MOST_ROWS, MOST_COLUMNS, MOST_FIELD = 20_000, 200, 32_000
LOOKED_AT = 300  # lines by which the sign between fields is told
META_KEYS = ("unit", "period", "form", "version")
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,8})")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,8})[.,]\d{1,2}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
Forms = Mapping[str, Form]
Pages = dict[str, list[list[Any]]]


def read_plain(data: bytes, forms: Forms) -> RawWorkbook | None:
    """The sheets in a text, or None where it is no text, or none with a sheet of these forms."""
    if data.startswith(ZIP):
        return _read_zip(data, forms)
    read = plain_text(data)
    if read is None:
        return None
    if read.text.lstrip().startswith("{"):
        return _read_json(read.text, forms)
    return _read_csv({"": read}, forms)


# CSV


def _read_zip(data: bytes, forms: Forms) -> RawWorkbook | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if not members or not all(one.filename.lower().endswith(".csv") for one in members):
                return None
            if len(members) > 60 or sum(one.file_size for one in members) > 20 << 20:
                return None
            texts = {_name(one): _member(archive, one) for one in members}
    except (*BROKEN, RuntimeError):
        return None
    return _read_csv({name: text for name, text in texts.items() if text}, forms)


def _name(member: zipfile.ZipInfo) -> str:
    return re.split(r"[\\/]", member.filename)[-1][: -len(".csv")]


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> PlainText | None:
    with archive.open(member) as stream:
        return plain_text(stream.read(member.file_size))


def _read_csv(texts: Mapping[str, PlainText], forms: Forms) -> RawWorkbook | None:
    pages: Pages = {}
    every = [sheet for form in forms.values() for sheet in form.sheets]
    wanted = {META_SHEET, *(sheet.name for sheet in every)}
    words = {folded(field.label) for sheet in every for field in sheet.fields}
    try:
        for name, text in texts.items():
            pages |= _pages(name, _lines(text.text, words), wanted)
    except csv.Error:
        return None
    called = paired(list(pages), wanted)
    meta = {folded(row[0]): as_text(row[1]) for row in pages.get(META_SHEET, ()) if len(row) > 1}
    sheets = {own: _squared(pages[name]) for name, own in called.items() if own != META_SHEET}
    if not sheets:
        return None
    return RawWorkbook(
        sheets,
        tuple(called.get(name, name) for name in pages if name and name != META_SHEET),
        {key: meta[key] for key in META_KEYS if meta.get(key)},
        mended=tuple(_codings(texts.values())),
    )


def _codings(texts: Iterable[PlainText]) -> list[Repair]:
    return [Repair("", "", why, "Unicode", _kind(why)) for why in {t.why for t in texts} if why]


def _kind(why: str) -> str:
    return why if why in ("tcvn3", "vni") else "encoding"


def _lines(text: str, words: set[str]) -> list[list[str]]:
    """Parted by the sign that brings out the most words of the form: figures have commas too."""
    csv.field_size_limit(MOST_FIELD)

    def known(sign: str) -> int:
        rows = islice(_parted(text, sign), LOOKED_AT)
        return sum(folded(cell) in words for row in rows for cell in row)

    lines: list[list[str]] = []
    for line in _parted(text, max(";\t,", key=known)):
        if len(lines) >= MOST_ROWS or len(line) > MOST_COLUMNS:
            raise csv.Error("too large for a form")
        lines.append(line)
    return lines


def _parted(text: str, sign: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=sign)


def _pages(name: str, lines: Sequence[list[str]], wanted: set[str]) -> Pages:
    """The lines by the sheet under whose name they stand; what stands before any is the file's."""
    by_fold = {folded(one) for one in wanted}
    pages: Pages = {name: []}
    for line in lines:
        alone = [cell for cell in line if cell.strip()]
        title = alone[0].strip() if len(alone) == 1 else ""
        bracketed = title.startswith("[") and title.endswith("]")
        if bracketed or (title and folded(title) in by_fold):
            name = title.strip("[] ")
            pages.setdefault(name, [])
        else:
            pages[name].append([_value(cell) for cell in line])
    return {name: rows for name, rows in pages.items() if rows}


def _value(cell: str) -> Any:
    """A plain number as a number, anything that may be a code or is written oddly as text."""
    text = cell.strip()
    if _WHOLE.fullmatch(text):
        return float(text)
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else unguarded(cell)


def _squared(rows: Sequence[Sequence[Any]]) -> Rows:
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


# JSON


def _read_json(text: str, forms: Forms) -> RawWorkbook | None:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    sheets = told.get("sheets") if isinstance(told, dict) else None
    if not isinstance(sheets, dict):
        return None
    meta = {key: as_text(told[key]) for key in META_KEYS if isinstance(told.get(key), str)}
    form = _form_of(meta.get("form", ""), sheets, forms)
    if form is None:
        return None
    by_key = {sheet.key: sheet.name for sheet in form.sheets}
    named = {by_key.get(str(name), str(name)): page for name, page in sheets.items()}
    called = paired(list(named), [sheet.name for sheet in form.sheets])
    ours = {sheet.name: sheet for sheet in form.sheets}
    pages = {own: _page(ours[own], named[name]) for name, own in called.items()}
    names = tuple(called.get(name, name) for name in named)
    return RawWorkbook(pages, names, {**meta, "form": form.code})


def _form_of(code: str, sheets: Mapping[str, Any], forms: Forms) -> Form | None:
    if found := next((form for form in forms.values() if form.code == code), None):
        return found
    shared = {
        cadence: len({n for s in form.sheets for n in (s.name, s.key)}.intersection(sheets))
        for cadence, form in forms.items()
    }
    best = max(shared, key=shared.__getitem__, default="")
    return forms[best] if shared.get(best) else None


def _page(sheet: Sheet, told: Any) -> Rows:
    """The page as the workbook would have it; lines that are lists are taken as they stand."""
    if sheet.kind == "card":
        pairs = told.items() if isinstance(told, dict) else ()
        labels = {field.name: field.label for field in sheet.fields}
        days = _days(sheet)
        said = [(labels.get(name, name), value) for name, value in pairs]
        lines = [[name, _json_value(value, name in days)] for name, value in said]
        return _squared([*[["", ""]] * (CARD_FIRST_ROW - 1), *lines])
    told = told[:MOST_ROWS] if isinstance(told, list) else []
    rows = [line for line in told if isinstance(line, list)]
    if rows and len(rows) == len(told):
        return _squared([[_json_value(value) for value in row] for row in rows])
    return _table(sheet, [line for line in told if isinstance(line, dict)])


def _table(sheet: Sheet, lines: Sequence[Mapping[str, Any]]) -> Rows:
    """A field in no line is blank in all of them, unless some line has a field the form lacks: then
    one may have been meant for the other, and the heading stays away to be asked about."""
    labels = {folded(name): f.label for f in sheet.fields for name in (f.name, f.label)}
    said = [{labels.get(folded(k), k): v for k, v in line.items()} for line in lines]
    there = dict.fromkeys(name for line in said for name in line)
    strangers = [name for name in there if name not in labels.values()]
    headings = [f.label for f in sheet.fields if f.label in there or not strangers] + strangers
    days = _days(sheet)
    body = [[_json_value(line.get(n, ""), n in days) for n in headings] for line in said]
    return _squared([*[[""]] * (HEADING_ROW - 1), headings, *body])


def _days(sheet: Sheet) -> set[str]:
    return {field.label for field in sheet.fields if field.type is FieldType.DATE}


def _json_value(value: Any, is_day: bool = False) -> Any:
    if value is None:
        return ""
    if is_day and isinstance(value, str) and _ISO.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, bool | float | str):
        return value
    return float(value) if isinstance(value, int) and abs(value) < 1 << 53 else str(value)[:200]
