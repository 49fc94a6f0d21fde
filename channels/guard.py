"""Refuses a file before a parser can be hurt by it; what it lets pass, calamine can open.

    guard(data).marks               -> the cells whose value no reader will know, usually none
    guard(data).data                -> the same workbook as a parser is to have it
    guard(b"%PDF-1.7 …")            raises Refused("NOT_A_WORKBOOK", "Tệp này là tệp PDF…", fix)

    Refused (a ChannelRefused)
        EMPTY  TOO_LARGE  NOT_A_WORKBOOK  ENCRYPTED  MACROS  CORRUPT  ZIP_BOMB  FAR_CELL

The sizes come from the zip's own directory, and each sheet is inflated no further than the size
stated there, so that a lie costs nothing. Only the sheets that will be read are inflated, and the
parser gets them inflated: nobody does it twice. What is not caught here is met in the reading room,
whose process can be killed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from channels.errors import ChannelRefused
from channels.lean_parts import lean_parts
from channels.legacy_fonts import Fonts, cells_in_old_fonts
from channels.other_marks import (
    MOST_MARKS,
    TooManyRecords,
    marks_of_ods,
    marks_of_xls,
    marks_of_xlsb,
)
from channels.second_pass import spared
from channels.sheet_marks import marks_of
from channels.sniffing import OLE, ZIP, kind_of, kind_of_zip
from channels.zip_directory import Directory, directory
from channels.zip_patch import BROKEN, Package, Seal
from review.raw import Mark

MOST_BYTES = 20 << 20
MOST_MEMBERS = 400
MOST_UNZIPPED = 96 << 20
MOST_XML = (
    64 << 20
)  # of sheets and shared strings: what a parser keeps in memory several times over

_WORKBOOKS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
# Beyond column CZ or row 9,999: a reader makes the whole rectangle (19 KB became 549 GB).
# Nearly every cell is told to be near by one look: no second letter, no fifth digit.
_NOT_NEAR = re.compile(rb"""r=..(?:[A-Z]|[^"']{5})""", re.DOTALL)
_FAR = re.compile(rb"""r=["'](?![A-Z]?\d{1,4}+["'])(?:[A-Z]{3}|[D-Z][A-Z]|[A-Z]{0,2}\d{5})""")
_FAR_VALUE = (  # compiled when it is wanted: nearly never
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']((?:[A-Z]{3,}|[D-Z][A-Z])\d+|[A-Z]+\d{5,})["'][^>]*(?<!/)>"""
    rb"""\s*<(?!/)"""
)
_SHEET = re.compile(r"""<(?:\w+:)?sheet\s[^>]*>""")
_RELATION = re.compile(r"""<Relationship\s[^>]*>""")
_NAMING = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_called: dict[tuple[Seal, ...], Mapping[str, str]] = {}
_ATTRIBUTE = re.compile(r"""([\w:]+)=["']([^"']*)["']""")


class Refused(ChannelRefused):
    """A file that is not opened. `code` is one of contract.md's reasons; `says` and `fix` are
    Vietnamese, for the unit that sent it."""

    def __init__(self, code: str, says: str, fix: str) -> None:
        super().__init__(f"{says} {fix}")
        self.code, self.says, self.fix = code, says, fix


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a parser may open; `marks` are the cells with an error or with a formula never
    calculated, which parsers give as if they were empty, other formulas, and hidden lines; `fonts`
    the cells in a font of before Unicode."""

    data: bytes
    marks: tuple[Mark, ...] = ()
    fonts: Fonts = field(default_factory=dict)


def every_sheet(_name: str) -> bool:
    return True


def guard(data: bytes, wanted: Callable[[str], bool] = every_sheet) -> Guarded:
    """Raises Refused for what no parser should see. Of an .xlsx, only the sheets whose names are
    `wanted` are looked into: no other may be read afterwards."""
    if not data:
        raise Refused(
            "EMPTY", "Tệp rỗng (0 byte).", "Gửi lại tệp; kiểm tra dung lượng trước khi gửi."
        )
    refuse_too_large(len(data))
    if data.startswith(OLE):
        _guard_ole(data)
        return Guarded(data, _most(marks_of_xls(data)))
    if not data.startswith(ZIP):
        raise _not_a_workbook(data)
    try:
        return _guard_zip(data, directory(data), wanted)
    except BROKEN as e:
        raise _corrupt() from e
    except RuntimeError as wrong:  # zipfile's word for a member with a password
        raise _encrypted() from wrong


def refuse_too_large(size: int) -> None:
    """Raises Refused where a file of so many bytes is not even read."""
    if size > MOST_BYTES:
        says = f"Tệp nặng {size / (1 << 20):.1f} MB".replace(".", ",") + ", quá giới hạn 20 MB."
        raise Refused("TOO_LARGE", says, "Xóa ảnh và các trang thừa rồi gửi lại.")


# Files of the old kind


def _guard_ole(data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _encrypted()
    if "_VBA_PROJECT_CUR".encode("utf-16-le") in data:
        raise _macros()
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise _wrong_kind("tệp Office kiểu cũ, không phải bảng tính")


# Zips


def _guard_zip(data: bytes, members: Directory, wanted: Callable[[str], bool]) -> Guarded:
    names = frozenset(member.filename for member in members)
    _guard_sizes(members)
    if any(n.endswith("vbaProject.bin") or n.startswith("xl/macrosheets/") for n in names):
        raise _macros()
    if not names & _WORKBOOKS:
        if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
            raise _corrupt()
        raise _wrong_kind(kind_of_zip(names))
    package = Package(data, members)
    if "content.xml" in names:
        _guard_ods(package)
        return Guarded(data, _most(marks_of_ods(package)))
    if "xl/workbook.bin" in names:
        return Guarded(data, _most(marks_of_xlsb(package)))
    return _guard_sheets(package, wanted)


def _most(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    try:
        return tuple(islice(marks, MOST_MARKS))
    except TooManyRecords as e:
        says = "Tệp chứa hàng trăm nghìn bản ghi, nhiều gấp nhiều lần một báo cáo."
        raise _bomb(says) from e


def _bomb(says: str) -> Refused:
    return Refused("ZIP_BOMB", says, "Chép số liệu sang tệp mẫu mới rồi gửi lại.")


def _guard_sizes(members: Directory) -> None:
    xml = sum(m.file_size for m in members if m.filename.endswith((".xml", ".bin")))
    if (
        len(members) > MOST_MEMBERS
        or sum(m.file_size for m in members) > MOST_UNZIPPED
        or xml > MOST_XML
    ):
        raise _bomb("Tệp nén quá mức: giải nén ra lớn gấp nhiều lần một báo cáo.")


def _guard_ods(package: Package) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in package.names and b"encryption-data" in package.read(manifest):
        raise _encrypted()


def _guard_sheets(package: Package, wanted: Callable[[str], bool]) -> Guarded:
    called = _sheet_names(package)
    sheets = {
        part: package.read(part)
        for part in package.names
        if part.startswith("xl/worksheets/")
        and part.endswith(".xml")
        and (part not in called or wanted(called[part]))
    }
    apart = {
        part: less
        for part, xml in sheets.items()
        if package.is_sound(part, xml) and (less := spared(xml)) is not None
    }
    cells = sheets | {part: less.cells for part, less in apart.items()}
    for xml in cells.values():
        if _NOT_NEAR.search(xml) and _FAR.search(xml) and (far := re.search(_FAR_VALUE, xml)):
            raise _far(far[1].decode())
    marks = [mark for part, xml in cells.items() for mark in marks_of(xml, called.get(part, part))]
    texts = {p: package.read(p) for p in package.names if p.lower() == "xl/sharedstrings.xml"}
    fonts = cells_in_old_fonts(package, {called.get(p, p): xml for p, xml in cells.items()})
    less_of_them = {part: less.xml for part, less in apart.items()} | lean_parts(package)
    return Guarded(package.with_open(sheets | texts, less_of_them), tuple(marks), fonts)


def _far(cell: str) -> Refused:
    says = f"Có ô nằm quá xa vùng biểu mẫu ({cell})."
    return Refused("FAR_CELL", says, "Xóa các hàng, cột thừa ngoài biểu mẫu, lưu lại rồi gửi.")


def _sheet_names(package: Package) -> Mapping[str, str]:
    """Part → name of each sheet, through the workbook's relations. The workbooks of one month
    differ little in these two parts."""
    try:
        seals = tuple(map(package.seal, _NAMING))
        known = _called.get(seals)
        if known is None:
            book, relations = (package.read(part).decode("utf-8", "replace") for part in _NAMING)
            if len(_called) >= 64:
                _called.clear()
            known = _called[seals] = _names_of_parts(book, relations)
    except KeyError:
        return {}
    return known


def _names_of_parts(book: str, relations: str) -> Mapping[str, str]:
    targets = {
        tag.get("Id", ""): tag.get("Target", "").removeprefix("/").removeprefix("xl/")
        for tag in map(_attributes, _RELATION.findall(relations))
    }
    sheets = map(_attributes, _SHEET.findall(book))
    return {f"xl/{targets.get(s.get('r:id', ''), '')}": s.get("name", "") for s in sheets}


def _attributes(tag: str) -> dict[str, str]:
    return {name: _meant(value) for name, value in _ATTRIBUTE.findall(tag)}


def _meant(value: str) -> str:
    if "&" not in value:
        return value
    from html import unescape  # its list of signs is long, and a desk starts without it

    return unescape(value)


# Words


def _not_a_workbook(data: bytes) -> Refused:
    if not data.strip(b"\0"):
        return _corrupt("Tệp chỉ toàn byte 0: đã hỏng khi lưu hoặc tải lên.")
    if data.startswith(b"PK"):
        return _corrupt()
    return _wrong_kind(kind_of(data))


def _wrong_kind(kind: str) -> Refused:
    says = (
        f"Đây là {kind}, không phải bảng tính Excel." if kind else "Đây không phải bảng tính Excel."
    )
    return Refused("NOT_A_WORKBOOK", says, "Gửi tệp Excel (.xlsx) theo mẫu mà tỉnh đã gửi.")


def _corrupt(says: str = "Tệp Excel bị hỏng hoặc tải lên chưa hết.") -> Refused:
    return Refused("CORRUPT", says, "Mở lại bằng Excel, lưu thành tệp .xlsx mới rồi gửi lại.")


def _encrypted() -> Refused:
    fix = "Bỏ mật khẩu mở tệp (Tệp → Thông tin → Bảo vệ sổ làm việc) rồi gửi lại."
    return Refused("ENCRYPTED", "Tệp có mật khẩu mở nên không đọc được.", fix)


def _macros() -> Refused:
    fix = "Lưu thành “Excel Workbook (.xlsx)”, không có macro, rồi gửi lại."
    return Refused("MACROS", "Tệp có macro (chương trình kèm theo).", fix)
