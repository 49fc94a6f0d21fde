"""The drawer of awkward files, each named by what is wrong with it.

unit = Desk()                              one unit of the sample, its form and good answers
unit.good()                                -> bytes of a report with nothing wrong
HOSTILE["a zip bomb of 2 GiB"](unit)       -> bytes that no parser should see
python -m tests.drawer FOLDER              writes them all, to be tried by hand
"""

from __future__ import annotations

import io
import random
import re
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from channels.blank import blank_workbook
from channels.filling import answers, fill
from channels.library import regulation_in_force
from channels.zip_patch import Package
from review.brief import UnitBrief
from review.form import Form
from review.period import Period
from sample import sample_roster
from sample.entries import Entries, good_entries

PERIOD = "2026-10"
XLSX_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NBSP = "\u00a0"


@dataclass(frozen=True)
class Desk:
    """One unit of the sample province, ready to write its report."""

    code: str = "SYT"
    period: str = PERIOD
    seed: int = 1

    @cached_property
    def brief(self) -> UnitBrief:
        period, roster = Period.parse(self.period), sample_roster()
        unit = next(unit for unit in roster.active(period) if unit.code == self.code)
        works = regulation_in_force(self.period).works
        return UnitBrief(unit, self.period, roster.cadres_of(unit.code, period), works)

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        return regulation_in_force(self.period).forms

    @property
    def form(self) -> Form:
        return self.forms["month"]

    def entries(self) -> Entries:
        return good_entries(self.brief, random.Random(self.seed))

    def blank(self) -> bytes:
        return blank_workbook(self.form, self.brief)

    def good(self, change: Callable[[Entries], None] | None = None) -> bytes:
        """The report with one change made to what is written in it."""
        entries = self.entries()
        if change:
            change(entries)
        return fill(self.blank(), answers(self.form, self.brief, entries))

    def with_cells(self, cells: Mapping[tuple[str, str], Any]) -> bytes:
        """The good report with these cells (sheet key, address) overwritten."""
        return fill(
            self.good(), {(self.form.sheet(key).name, cell): v for (key, cell), v in cells.items()}
        )

    def rows(self, key: str) -> list[list[Any]]:
        """The raw rows of a sheet of the good report."""
        from channels.workbook import read_workbook

        return [list(row) for row in read_workbook(self.good()).sheets[self.form.sheet(key).name]]

    def by_hand(self, **sheets: Sequence[Sequence[Any]] | None) -> bytes:
        """The good report typed into a workbook of one's own, some sheets other than they were
        (None: left out); no hidden sheet."""
        pages = {sheet.name: self.rows(sheet.key) for sheet in self.form.sheets}
        for key, rows in sheets.items():
            name = self.form.sheet(key).name
            if rows is None:
                del pages[name]
            else:
                pages[name] = [list(row) for row in rows]
        return typed(pages)


def typed(pages: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A plain workbook of these rows."""
    from xlsxwriter.workbook import Workbook

    kept = io.BytesIO()
    book = Workbook(kept, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    for name, rows in pages.items():
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value not in ("", None):
                    page.write(at, column, value)
    book.close()
    return kept.getvalue()


# Changes to the package


def patched(data: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    package = Package(data)
    return package.with_parts(
        {part: change(package.read(part)) for part, change in changes.items()}
    )


def with_members(data: bytes, members: Mapping[str, bytes], without: Iterable[str] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            if name not in without and name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    return out.getvalue()


WORK_PART = "xl/worksheets/sheet3.xml"


def work_sheet(data: bytes, before_end: bytes) -> bytes:
    """The work sheet with these rows at its end."""
    change = {WORK_PART: lambda xml: xml.replace(b"</sheetData>", before_end + b"</sheetData>")}
    return patched(data, change)


def swollen(data: bytes, part: str, head: bytes, block: bytes, times: int, tail: bytes) -> bytes:
    """The package with one part of `times` blocks, compressed as it is made: no memory for it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    return out.getvalue() if times == 0 else _append(out.getvalue(), part, head, block, times, tail)


def _append(data: bytes, part: str, head: bytes, block: bytes, times: int, tail: bytes) -> bytes:
    out = io.BytesIO(data)
    with (
        zipfile.ZipFile(out, "a", 8, compresslevel=1) as archive,
        archive.open(part, "w", force_zip64=True) as stream,
    ):
        stream.write(head)
        for _ in range(times):
            stream.write(block)
        stream.write(tail)
    return out.getvalue()


def lying_about_size(data: bytes, part: str, says: int) -> bytes:
    """The directory states another size for a part than it inflates to."""
    raw = bytearray(data)
    name = part.encode()
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", raw, at + 28)[0]
        if bytes(raw[at + 46 : at + 46 + length]) == name:
            struct.pack_into("<I", raw, at + 24, says)
            local = struct.unpack_from("<I", raw, at + 42)[0]
            struct.pack_into("<I", raw, local + 22, says)
        at = raw.find(b"PK\x01\x02", at + 46)
    return bytes(raw)


def _png() -> bytes:
    row = zlib.compress(b"\0\xff\xff\xff")
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", row), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


def _zip_of(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _ole(*streams: str) -> bytes:
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return (XLSX_OLE.ljust(512, b"\0") + names).ljust(6144, b"\x5a")


def entity_bomb(desk: Desk) -> bytes:
    lol = '<!DOCTYPE lolz [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    head = lol.encode() + b"]>"
    change = {WORK_PART: lambda xml: re.sub(rb"(<\?xml[^>]*\?>)", rb"\1" + head, xml, count=1)}
    data = patched(desk.good(), change)
    cell = b'<row r="60"><c r="E60" t="inlineStr"><is><t>&i;</t></is></c></row>'
    return work_sheet(data, cell)


Make = Callable[[Desk], bytes]

MIB = 1 << 20
SST = "xl/sharedStrings.xml"
XLSB = Path(__file__).parent / "drawer" / "Excel-nhi-phan.xlsb"
_SST_HEAD = (
    b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)
_WORDS = b"<si><t>" + b"a" * 1013 + b"</t></si>"

# Files that no parser should see: name → (maker, the code to answer with)
HOSTILE: dict[str, tuple[Make, str]] = {
    "0 byte": (lambda _: b"", "EMPTY"),
    "20 MiB toàn byte 0": (lambda _: bytes(20 * MIB), "CORRUPT"),
    "21 MiB": (lambda _: bytes(21 * MIB), "TOO_LARGE"),
    "bom zip 2 GiB": (
        lambda d: swollen(d.good(), WORK_PART, b"<worksheet>", b" " * MIB, 2048, b"</worksheet>"),
        "ZIP_BOMB",
    ),
    "bom chuoi dung chung 1 GiB": (
        lambda d: swollen(d.good(), SST, _SST_HEAD, _WORDS * 1024, 1024, b"</sst>"),
        "ZIP_BOMB",
    ),
    "xlsb hang trieu ban ghi rong": (
        lambda _: swollen(XLSB.read_bytes(), "xl/worksheets/sheet3.bin", b"", bytes(MIB), 8, b""),
        "ZIP_BOMB",
    ),
    "xlsb hang trieu ban ghi rong o so trang": (
        lambda _: swollen(XLSB.read_bytes(), "xl/workbook.bin", b"", bytes(MIB), 8, b""),
        "ZIP_BOMB",
    ),
    "bom zip khai man kich thuoc": (
        lambda d: lying_about_size(
            swollen(d.good(), WORK_PART, b"<worksheet>", b" " * MIB, 300, b"</worksheet>"),
            WORK_PART,
            4000,
        ),
        "CORRUPT",
    ),
    "o xa XFD1048576": (
        lambda d: work_sheet(d.good(), b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "FAR_CELL",
    ),
    "hang xa A1048576": (
        lambda d: work_sheet(d.good(), b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "FAR_CELL",
    ),
    "bom thuc the XML": (entity_bomb, "CORRUPT"),
    "mat khau mo": (
        lambda _: _ole("Root Entry", "EncryptionInfo", "EncryptedPackage"),
        "ENCRYPTED",
    ),
    "co macro": (
        lambda d: with_members(d.good(), {"xl/vbaProject.bin": XLSX_OLE * 40}),
        "MACROS",
    ),
    "xls co macro": (lambda _: _ole("Root Entry", "Workbook", "_VBA_PROJECT_CUR"), "MACROS"),
    "zip bi cut": (lambda d: d.good()[:9000], "CORRUPT"),
    "XML bi cut": (
        lambda d: patched(d.good(), {WORK_PART: lambda xml: xml[: len(xml) // 2]}),
        "CORRUPT",
    ),
    "byte hong giua tep": (
        lambda d: (lambda b: b[:6000] + bytes(400) + b[6400:])(d.good()),
        "CORRUPT",
    ),
    "khong co workbook.xml": (
        lambda d: with_members(d.good(), {}, without=["xl/workbook.xml"]),
        "CORRUPT",
    ),
    "PDF doi ten": (lambda _: b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF", "NOT_A_WORKBOOK"),
    "docx doi ten": (
        lambda _: _zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
        "NOT_A_WORKBOOK",
    ),
    "zip thuong doi ten": (lambda _: _zip_of({"bao-cao.txt": b"abc"}), "NOT_A_WORKBOOK"),
    "CSV doi ten": (lambda _: "Mã;Họ tên\n01;Lò Văn Inh\n".encode(), "NOT_A_WORKBOOK"),
    "HTML doi ten": (
        lambda _: b"<html><table><tr><td>1</td></tr></table></html>",
        "NOT_A_WORKBOOK",
    ),
    "PNG doi ten": (lambda _: _png(), "NOT_A_WORKBOOK"),
    "tep khoa ~$": (
        lambda _: (b"\x05Admin".ljust(55, b" ") + b"\x05\0" + "Admin".encode("utf-16-le")).ljust(
            165, b" "
        ),
        "NOT_A_WORKBOOK",
    ),
}


# Files that only a killable process can be asked to open: they pass the guard.
PAST_THE_GUARD: dict[str, Make] = {
    # Blanks around "=" are legal XML, and hide the far cell from a quick look.
    "o xa giau sau dau cach": lambda d: work_sheet(
        d.good(), b'<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>'
    ),
}


# Awkward, and accepted all the same.


def moved_down(rows: list[list[Any]], by: int = 3) -> list[list[Any]]:
    title = [["Đơn vị tự chèn thêm dòng này"]] + [[""]] * (by - 1)
    return [*rows[:2], *title, *rows[2:]]


def reordered(rows: list[list[Any]]) -> list[list[Any]]:
    """The columns from the fifth on the other way round, below the title."""
    return [*rows[:4], *([*row[:4], *reversed(row[4:])] for row in rows[4:])]


def _decomposed(rows: list[list[Any]]) -> list[list[Any]]:
    def change(value: Any) -> Any:
        return unicodedata.normalize("NFD", value) if isinstance(value, str) else value

    return [*rows[:5], *([change(value) for value in row] for row in rows[5:])]


def _commas(rows: list[list[Any]]) -> list[list[Any]]:
    def change(value: Any) -> Any:
        if isinstance(value, float):
            return f"{value:g}{NBSP}".replace(".", ",")
        return value

    return [*rows[:5], *([row[0], *map(change, row[1:])] for row in rows[5:])]


def _text_dates(rows: list[list[Any]]) -> list[list[Any]]:
    def change(value: Any) -> Any:
        return f"{value:%d/%m/%Y}" if hasattr(value, "year") else value

    return [*rows[:5], *([change(value) for value in row] for row in rows[5:])]


MENDED: dict[str, tuple[Make, set[str]]] = {
    "go tay lai toan bo": (lambda d: d.by_hand(), set()),
    "dong tieu de bi day xuong": (
        lambda d: d.by_hand(work=moved_down(d.rows("work")), cover=moved_down(d.rows("cover"))),
        {"header_moved"},
    ),
    "cot dao thu tu": (lambda d: d.by_hand(work=reordered(d.rows("work"))), {"header_moved"}),
    "cot them": (
        lambda d: d.by_hand(work=[[*row, "thêm"] for row in d.rows("work")]),
        set(),
    ),
    "chu to hop NFD": (lambda d: d.by_hand(work=_decomposed(d.rows("work"))), {"nfc"}),
    "dau phay va dau cach la": (
        lambda d: d.by_hand(general=_commas(d.rows("general"))),
        {"number_text"},
    ),
    "ngay go dang chu": (
        lambda d: d.by_hand(work=_text_dates(d.rows("work"))),
        {"date_text"},
    ),
}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    desk = Desk()
    makers = {name: make for name, (make, _) in (HOSTILE | MENDED).items()} | PAST_THE_GUARD
    for name, make in makers.items():
        (folder / f"{name.replace(' ', '-')}.xlsx").write_bytes(make(desk))


if __name__ == "__main__":
    main()
