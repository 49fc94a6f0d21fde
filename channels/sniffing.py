"""What a file is, by its first bytes, whatever its name says.

kind_of(b"%PDF-1.7 …")      -> "tệp PDF"
kind_of(b"TT;Ho ten;Diem")  -> "tệp văn bản (CSV)"
"""

from __future__ import annotations

import re

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
LOCK_FILE_SIZE = 165  # the ~$ file that Excel keeps beside an open workbook

_SIGNATURES = (
    (b"%PDF", "tệp PDF"),
    (b"\x89PNG", "tệp ảnh PNG"),
    (b"\xff\xd8\xff", "tệp ảnh JPEG"),
    (b"GIF8", "tệp ảnh GIF"),
    (b"BM", "tệp ảnh BMP"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"),
    (b"\x1f\x8b", "tệp nén gzip"),
    (b"{\\rtf", "tệp văn bản RTF"),
    (b"MZ", "chương trình"),
    (b"\x7fELF", "chương trình"),
)
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|table|meta)\b", re.I | re.S)


def kind_of(data: bytes) -> str:
    """What to call the file, in Vietnamese; "" where its bytes tell nothing."""
    head = data[:4096]
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if len(data) == LOCK_FILE_SIZE and 0 < data[0] <= 54:
        return "tệp tạm ~$ mà Excel tạo khi đang mở bảng tính"
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "trang web HTML"
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        return "tệp XML"
    return "tệp văn bản (CSV)" if _is_text(head) else ""


def kind_of_zip(names: frozenset[str]) -> str:
    """What a zip that is no workbook is, by the names within."""
    if "word/document.xml" in names:
        return "tệp Word"
    if "ppt/presentation.xml" in names:
        return "tệp PowerPoint"
    return "tệp nén zip"


def _is_text(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return b"\0" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) == 0
