"""The yardstick's guard and cells: refuse before a parser can be hurt; clean each value once.

    guard(data)                     raises Refused("file.bomb", …)
    hundredths("2,50 ")             -> 250       None for blank, BAD for anything else
    date("31/02/1980")              -> BAD

The technique of shared/floor/floor.py, line for line where our form allows it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
import zipfile
import zlib
from typing import Any

MAX_BYTES, MAX_MEMBERS, MAX_UNZIPPED, MEMO = 20 << 20, 300, 96 << 20, 300_000
# The parts that are read: a script by hand does not inflate the guide, the lists and the
# self-check, which are three quarters of all bytes.
READ = frozenset(f"xl/worksheets/sheet{n}.xml" for n in (2, 3, 4, 5, 6, 7, 11))
# A cell beyond column ZZ or row 19,999
FAR = re.compile(rb"""r=["'](?:[A-Z]{3}|[A-Z]{0,2}(?:\d{6}|[2-9]\d{4}))""")
NO_VALUE = re.compile(rb"</f>(?:<v></v>|<v/>)?</c>")
TOTAL = b"O"  # the column in which idle lines of form 01 have a total without a value
BLANK = re.compile(r"[\s\u00a0\u200b\u202f\ufeff]+")
NUMBER = re.compile(r"(-?\d+)(?:[.,](\d+))?$")
DMY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
BAD: Any = object()
_texts: dict[Any, str] = {}
_numbers: dict[Any, Any] = {}
_dates: dict[Any, Any] = {}


class Refused(ValueError):
    def __init__(self, code: str, says: str) -> None:
        super().__init__(says)
        self.code = code


def guard(data: bytes) -> None:
    if not data:
        raise Refused("file.empty", "Tệp rỗng.")
    if len(data) > MAX_BYTES:
        raise Refused("file.big", "Tệp quá lớn.")
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("file.password", "Tệp có mật khẩu mở.")
        return  # an old .xls
    if data[:4] != b"PK\x03\x04":
        raise Refused("file.kind", "Không phải bảng tính Excel.")
    try:
        _guard_parts(zipfile.ZipFile(io.BytesIO(data)))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as wrong:
        raise Refused("file.corrupt", "Tệp Excel bị hỏng hoặc tải lên chưa hết.") from wrong


def _guard_parts(package: zipfile.ZipFile) -> None:
    infos = package.infolist()
    if len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_UNZIPPED:
        raise Refused("file.bomb", "Tệp giải nén ra quá lớn.")
    for info in infos:
        if info.filename in READ:
            with package.open(info) as part:
                xml = part.read(info.file_size)  # package.read would inflate past a lying size
            if FAR.search(xml):
                raise Refused("file.far", "Có ô nằm quá xa vùng biểu mẫu.")
            if b't="e"' in xml:
                raise Refused("file.error_cell", "Có ô lỗi công thức (#DIV/0!, #N/A...).")
            if b"</f>" in xml and _lacks_values(xml):
                raise Refused("file.uncached", "Có công thức chưa được tính.")


def _lacks_values(xml: bytes) -> bool:
    starts = (xml.rfind(b' r="', 0, found.start()) + 4 for found in NO_VALUE.finditer(xml))
    return any(xml[at : at + 1] != TOTAL or xml[at + 1 : at + 2].isalpha() for at in starts)


def text(value: Any) -> str:
    clean = _texts.get(value)
    if clean is None:
        if value.__class__ is str:
            clean = BLANK.sub(" ", unicodedata.normalize("NFC", value)).strip()
        else:
            clean = f"{value:.15g}" if value.__class__ is float else str(value)
        if len(_texts) < MEMO:
            _texts[value] = clean
    return clean


def hundredths(value: Any) -> Any:
    """int | None for blank | BAD for what is no number with at most two decimals."""
    clean = _numbers.get(value, value)
    if clean is not value:
        return clean
    kind = value.__class__
    if kind is float:
        clean = round(value * 100)
        if not -1e-6 < value * 100 - clean < 1e-6:
            clean = BAD
    elif kind is str:
        clean = _typed(text(value))
    elif kind is int:
        clean = value * 100
    else:
        return BAD
    if len(_numbers) < MEMO:
        _numbers[value] = clean
    return clean


def _typed(typed: str) -> Any:
    found = NUMBER.match(typed)
    if not typed:
        return None
    if not found or len(found[2] or "") > 2:
        return BAD
    part = int(((found[2] or "") + "00")[:2])
    return int(found[1]) * 100 + (-part if typed[0] == "-" else part)


def whole(value: Any) -> Any:
    clean = hundredths(value)
    if clean is None or clean is BAD:
        return clean
    return clean // 100 if clean >= 0 and clean % 100 == 0 else BAD


def date(value: Any) -> Any:
    """ISO text | None for blank | BAD."""
    clean = _dates.get(value)
    if clean is not None:
        return clean
    if isinstance(value, dt.datetime):
        clean = value.date().isoformat()
    elif value.__class__ is dt.date:
        clean = value.isoformat()
    elif value.__class__ is str:
        typed = text(value)
        if not typed:
            return None
        clean = _typed_date(DMY.match(typed))
    else:
        return BAD
    _dates[value] = clean
    return clean


def _typed_date(found: re.Match[str] | None) -> Any:
    try:
        return dt.date(int(found[3]), int(found[2]), int(found[1])).isoformat() if found else BAD
    except ValueError:
        return BAD
