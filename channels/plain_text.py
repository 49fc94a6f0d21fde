"""The text in a file of unknown coding: Unicode of every kind, Windows-1258, TCVN3, VNI.

plain_text("Mã;Họ tên".encode("utf-16"))    -> PlainText("Mã;Họ tên", "")
plain_text(old).why                         -> "tcvn3": read as what makes it Vietnamese
"""

from __future__ import annotations

import codecs
import unicodedata
from typing import NamedTuple

from review.legacy_text import guesses, well_read

CODE_PAGE = "windows-1258"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class PlainText(NamedTuple):
    """`why` is "" for Unicode, else by which old coding it was read."""

    text: str
    why: str


def plain_text(data: bytes) -> PlainText | None:
    """None for bytes that are no text in any of these."""
    for mark, coding in _MARKS:
        if data.startswith(mark):
            return _unicode(data.removeprefix(mark), coding)
    if b"\0" in data[:4096]:
        return _unicode(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    return _unicode(data, "utf-8") or _of_before_unicode(data)


def _unicode(data: bytes, coding: str) -> PlainText | None:
    try:
        text = data.decode(coding)
    except UnicodeDecodeError:
        return None
    return None if _is_no_text(text) else PlainText(text, "")


def _is_no_text(text: str) -> bool:
    return any(ord(c) < 9 or 13 < ord(c) < 32 for c in text[:4096])


def _of_before_unicode(data: bytes) -> PlainText | None:
    """The reading that makes the most words Vietnamese; the code page of Windows if none does."""
    letters = data.decode("latin-1")
    if _is_no_text(letters):
        return None
    paged = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    read = [PlainText(paged, CODE_PAGE), *(PlainText(g.text, g.why) for g in guesses(letters))]
    return max(read, key=lambda one: well_read(one.text))
