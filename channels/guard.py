"""Refuses a file before a parser can be hurt by it; what it lets pass, calamine can open.

    guard(data)                     -> the cells whose value no reader will know, usually none
    guard(b"%PDF-1.7 …")            raises Refused("NOT_A_WORKBOOK", "Tệp này là tệp PDF…", fix)

    Refused (a ChannelRefused)
        EMPTY  TOO_LARGE  NOT_A_WORKBOOK  ENCRYPTED  MACROS  CORRUPT  ZIP_BOMB  FAR_CELL

The sizes come from the zip's own directory, and each sheet is inflated no further than the size
stated there, so that a lie costs nothing: calamine itself refuses a part that is larger. What is
not caught here is met in the reading room, whose process can be killed.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape

from channels.errors import ChannelRefused
from channels.sniffing import OLE, ZIP, kind_of, kind_of_zip
from review.raw import Mark, MarkKind

MOST_BYTES = 20 << 20
MOST_MEMBERS = 400
MOST_UNZIPPED = 96 << 20
MOST_XML = (
    64 << 20
)  # of sheets and shared strings: what a parser keeps in memory several times over

_WORKBOOKS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
# Beyond column CZ or row 9,999: a reader makes the whole rectangle (19 KB became 549 GB).
_FAR = re.compile(rb"""r=["'](?:[A-Z]{3}|[D-Z][A-Z]|[A-Z]{0,2}\d{5})""")
_FAR_VALUE = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']((?:[A-Z]{3,}|[D-Z][A-Z])\d+|[A-Z]+\d{5,})["'][^>]*(?<!/)>\s*<(?!/)"""
)
_NO_VALUE = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:<v></v>|<v\s*/>)?\s*</c>")
_ERROR = b't="e"'
_CELL = re.compile(rb"""<(?:\w+:)?c\s([^>]*)>""")
_ADDRESS = re.compile(rb"""\br=["']([A-Z]{1,3}\d{1,7})["']""")
_ERROR_TEXT = re.compile(rb"<v>([^<]{1,20})</v>")
_SHEET = re.compile(r"""<(?:\w+:)?sheet\s[^>]*>""")
_RELATION = re.compile(r"""<Relationship\s[^>]*>""")
_ATTRIBUTE = re.compile(r"""([\w:]+)=["']([^"']*)["']""")


class Refused(ChannelRefused):
    """A file that is not opened. `code` is one of contract.md's reasons; `says` and `fix` are
    Vietnamese, for the unit that sent it."""

    def __init__(self, code: str, says: str, fix: str) -> None:
        super().__init__(f"{says} {fix}")
        self.code, self.says, self.fix = code, says, fix


def guard(data: bytes) -> tuple[Mark, ...]:
    """Raises Refused for what no parser should see; returns the cells with an error or with a
    formula never calculated, which parsers give as if they were empty."""
    if not data:
        raise Refused(
            "EMPTY", "Tệp rỗng (0 byte).", "Gửi lại tệp; kiểm tra dung lượng trước khi gửi."
        )
    refuse_too_large(len(data))
    if data.startswith(OLE):
        _guard_ole(data)
        return ()
    if not data.startswith(ZIP):
        raise _not_a_workbook(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _guard_zip(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as e:
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


def _guard_zip(archive: zipfile.ZipFile) -> tuple[Mark, ...]:
    members = archive.infolist()
    names = frozenset(member.filename for member in members)
    _guard_sizes(members)
    if any(n.endswith("vbaProject.bin") or n.startswith("xl/macrosheets/") for n in names):
        raise _macros()
    if not names & _WORKBOOKS:
        if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
            raise _corrupt()
        raise _wrong_kind(kind_of_zip(names))
    if "content.xml" in names:
        _guard_ods(archive, names)
        return ()
    marks = tuple(_marks(archive, members))
    return _by_sheet_name(archive, marks) if marks else ()


def _guard_sizes(members: list[zipfile.ZipInfo]) -> None:
    xml = sum(m.file_size for m in members if m.filename.endswith((".xml", ".bin")))
    if (
        len(members) > MOST_MEMBERS
        or sum(m.file_size for m in members) > MOST_UNZIPPED
        or xml > MOST_XML
    ):
        says = "Tệp nén quá mức: giải nén ra lớn gấp nhiều lần một báo cáo."
        raise Refused("ZIP_BOMB", says, "Chép số liệu sang tệp mẫu mới rồi gửi lại.")


def _guard_ods(archive: zipfile.ZipFile, names: frozenset[str]) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in _content(archive, archive.getinfo(manifest)):
        raise _encrypted()


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Never archive.read(): it would inflate past a stated size that lies."""
    with archive.open(member) as part:
        return part.read(member.file_size)


def _marks(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[Mark]:
    for member in members:
        if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            xml = _content(archive, member)
            if _FAR.search(xml) and (far := _FAR_VALUE.search(xml)):
                raise _far(far[1].decode())
            if _ERROR in xml:
                yield from _errors(xml, member.filename)
            if b"</f>" in xml or b"<f t=" in xml:  # not the <formula1> of every drop-down
                yield from _uncached(xml, member.filename)


def _far(cell: str) -> Refused:
    says = f"Có ô nằm quá xa vùng biểu mẫu ({cell})."
    return Refused("FAR_CELL", says, "Xóa các hàng, cột thừa ngoài biểu mẫu, lưu lại rồi gửi.")


def _errors(xml: bytes, part: str) -> Iterator[Mark]:
    for tag in _CELL.finditer(xml):
        if _ERROR in tag[1] and (address := _ADDRESS.search(tag[1])):
            text = _ERROR_TEXT.search(xml, tag.end(), tag.end() + 4000)
            shown = text[1].decode("utf-8", "replace") if text else "#"
            yield Mark(part, address[1].decode(), MarkKind.ERROR, shown)


def _uncached(xml: bytes, part: str) -> Iterator[Mark]:
    """A formula of type str with an empty value did give a result: the empty text."""
    for found in _NO_VALUE.finditer(xml):
        start = max(xml.rfind(b"<c ", 0, found.start()), xml.rfind(b":c ", 0, found.start()))
        tag = xml[start : xml.find(b">", start)]
        gave_text = b't="str"' in tag and b"<v" in found[0]
        if not gave_text and (address := _ADDRESS.search(tag)):
            yield Mark(part, address[1].decode(), MarkKind.UNCACHED, "")


def _by_sheet_name(archive: zipfile.ZipFile, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    names = _sheet_names(archive)
    return tuple(
        Mark(names.get(mark.sheet, mark.sheet), mark.cell, mark.kind, mark.text) for mark in marks
    )


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part → name of each sheet, through the workbook's relations."""
    try:
        book, relations = (
            _content(archive, archive.getinfo(part)).decode("utf-8", "replace")
            for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        )
    except KeyError:
        return {}
    targets = {
        tag.get("Id", ""): tag.get("Target", "").removeprefix("/").removeprefix("xl/")
        for tag in map(_attributes, _RELATION.findall(relations))
    }
    sheets = map(_attributes, _SHEET.findall(book))
    return {f"xl/{targets.get(s.get('r:id', ''), '')}": s.get("name", "") for s in sheets}


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


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
