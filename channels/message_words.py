"""All the words of a finished message, whatever they are in: what the gate reads before it leaves.

    words_of(message)      -> "Kết quả tháng 10/2026 … 03637-01 … 90,44 …"

Headers, text, HTML (with alt texts and titles), workbooks (with sheet names, notes, charts and
properties), documents, PDF, file names. What cannot be read is not let through: `Unreadable`.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage, Message

from channels.errors import ChannelRefused

OFFICE_FILES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
PDF = "application/pdf"
_HIDDEN = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(?:alt|title|aria-label)\s*=\s*"([^"]*)\"""")
_TAG = re.compile(r"<[^>]*>")
_RUNS = re.compile(r"</(?:w:)?t>(?:(?!</w:p>|</si>|</is>).)*?<(?:w:)?t(?: [^>]*)?>", re.DOTALL)
_POINT = re.compile(r"(?<![\d.,])(\d{1,3})\.(\d+)(?![\d.])")
_NUMBER_AS_STORED = re.compile(r"<v>(\d{1,3}\.\d+)</v>")


class Unreadable(ChannelRefused):
    """A part of a letter is of a kind that the gate cannot look into."""


def words_of(message: EmailMessage, password: str = "") -> str:
    """Everything that a reader of the message could read; `password` opens a locked PDF.

    Raises Unreadable.
    """
    heads = [f"{name}: {value}" for name, value in message.items()]
    return unicodedata.normalize("NFC", "\n".join([*heads, *_parts(message, password)]))


def _parts(message: EmailMessage, password: str) -> Iterator[str]:
    english = message["Content-Language"] == "en"
    for part in message.walk():
        if part.is_multipart():
            continue
        yield part.get_filename() or ""
        kind = part.get_content_type()
        if kind == "text/html":
            yield _as_stored(words_of_html(_text(part)), english)
        elif kind.startswith("text/"):
            yield _as_stored(_text(part), english)
        elif not kind.startswith("image/"):
            yield words_of_file(_bytes(part), kind, password)


def _as_stored(words: str, english: bool) -> str:
    """Points as the book has them, “90,44”: an English letter says “90.44”."""
    return _POINT.sub(lambda found: f"{found[1]},{found[2]}", words) if english else words


def words_of_file(content: bytes, kind: str, password: str = "") -> str:
    """The words of an attachment by its media type. Raises Unreadable."""
    try:
        if kind in OFFICE_FILES:
            return _words_of_zip(content)
        if kind == PDF:
            return _words_of_pdf(content, password)
    except Unreadable:
        raise
    except Exception as wrong:  # whatever a damaged file makes its reader say
        raise Unreadable(f"Không đọc được tệp kèm theo để kiểm tra: {wrong}.") from wrong
    raise Unreadable(f"Không kiểm tra được tệp kèm theo loại {kind}.")


def words_of_html(page: str) -> str:
    page = _HIDDEN.sub(" ", page)
    told = _ATTRIBUTE.findall(page)
    return html.unescape(" ".join([_TAG.sub(" ", page), *told]))


def _words_of_zip(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        pages = [file.read(name).decode("utf-8") for name in file.namelist() if _is_text(name)]
    return html.unescape(" ".join(_words_of_xml(page) for page in pages))


def _is_text(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml"))


def _words_of_xml(page: str) -> str:
    """Numbers are written as an official would, so that 90.4 is found as 90,40."""
    page = _NUMBER_AS_STORED.sub(lambda found: f"<v>{float(found[1]):.2f}</v>", page)
    page = _RUNS.sub("", page)  # a name may be broken into runs of different type
    attributes = re.findall(r'\b(?:name|title|descr)="([^"]*)"', page)
    words = " ".join([_TAG.sub(" ", page), *attributes])
    return _POINT.sub(lambda found: f"{found[1]},{found[2]:0<2}", words)


def _words_of_pdf(content: bytes, password: str) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(password):
        raise Unreadable("Tệp PDF kèm theo có mật khẩu mà nơi kiểm tra không biết.")
    told = [str(value) for value in (reader.metadata or {}).values()]
    return " ".join([*(page.extract_text() for page in reader.pages), *told])


def _text(part: Message) -> str:
    return _bytes(part).decode(part.get_content_charset() or "utf-8", "replace")


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
