"""Pages by which captured letters are read in a browser, offline, straight from the folder.

    write_index("outbox")     -> Path("outbox/index.html")

Each letter gets a page of its own with its pictures inside it and its attachments beside it; a
letter's HTML is shown in a sandboxed frame that can run nothing and fetch nothing. Pages written
before are not written again.
"""

from __future__ import annotations

import base64
import email
import email.policy
import html
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

import jinja2

from channels.half_made import making, sweep
from channels.vietnamese import moment
from review.post import LetterKind

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "outbox"
PAGES = "pages"
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_CID = re.compile(r"""(["'])cid:([^"']+)\1""")
_HEADERS = BytesHeaderParser(policy=email.policy.default)


@dataclass(frozen=True, slots=True)
class Line:
    """A letter's line in the list; `page` is its address within the folder."""

    page: str
    file: str
    at: str
    to: str
    subject: str
    kind: str


def write_index(folder: Path | str) -> Path:
    """Writes the page of every new letter and the list of all, newest first. Returns the list."""
    folder = Path(folder)
    pages = folder / PAGES
    pages.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(folder)
    sweep(pages)
    letters = sorted(folder.glob("*.eml"), reverse=True)
    for letter in letters:
        page = pages / f"{letter.stem}.html"
        if not page.exists():
            _write_letter(page, letter.read_bytes())
    index = folder / "index.html"
    listed = _environment().get_template("index.html.j2").render(lines=list(map(_line, letters)))
    _write(index, listed.encode())
    return index


def _write_letter(page: Path, content: bytes) -> None:
    """The page, and the attachments beside it under names that begin with its own."""
    message = _message(content)
    links = []
    for part in message.iter_attachments():
        name = part.get_filename() or "tep"
        link = f"{page.stem}-{_UNFIT.sub('_', name).strip('._')}"
        _write(page.with_name(link), bytes(part.get_payload(decode=True) or b""))
        links.append((name, link))
    _write(page, letter_page(content, links).encode())


def letter_page(content: bytes, files: Sequence[tuple[str, str]] = ()) -> str:
    """One message as a page; `files` are its attachments: their names, and where they lie."""
    message = _message(content)
    body = message.get_body(("html", "plain"))
    text = message.get_body(("plain",))
    frame = _with_pictures(message, body) if body and body.get_content_type() == "text/html" else ""
    names = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID")
    return (
        _environment()
        .get_template("letter.html.j2")
        .render(
            headers=[(name, _said(name, message)) for name in names if message[name]],
            frame=frame,
            text=text.get_content() if text else "",
            files=files,
        )
    )


def _message(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, _class=EmailMessage, policy=email.policy.default)


def _said(name: str, message: EmailMessage) -> str:
    value = str(message[name])
    if name != "Date":
        return value
    with suppress(ValueError):
        return moment(parsedate_to_datetime(value).astimezone().isoformat())
    return value


def _with_pictures(message: EmailMessage, body: MIMEPart) -> str:
    """The HTML with every picture that it names by its cid written into it."""
    pictures = {
        str(part["Content-ID"]).strip("<>"): part
        for part in message.walk()
        if part["Content-ID"] and part.get_content_maintype() == "image"
    }

    def inside(found: re.Match[str]) -> str:
        part = pictures.get(html.unescape(found[2]))
        if part is None:
            return '""'
        data = base64.b64encode(bytes(part.get_content())).decode()
        return f'"data:{part.get_content_type()};base64,{data}"'

    return _CID.sub(inside, body.get_content())


def _line(letter: Path) -> Line:
    with letter.open("rb") as file:
        headers = _HEADERS.parsebytes(_head(file.read(16384)))
    kind = str(headers["X-TDKT-Letter"] or "")
    return Line(
        page=f"{PAGES}/{letter.stem}.html",
        file=letter.name,
        at=_written_at(letter),
        to=str(headers["To"] or ""),
        subject=str(headers["Subject"] or ""),
        kind=_kind_name(kind),
    )


def _kind_name(kind: str) -> str:
    return LetterKind(kind).label if kind in set(LetterKind) else kind


def _head(beginning: bytes) -> bytes:
    return beginning.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def _written_at(letter: Path) -> str:
    return datetime.fromtimestamp(letter.stat().st_mtime).strftime("%d/%m/%Y %H:%M:%S")


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and for its owner only."""
    with making(path.parent) as half:  # of its own: two posters may write the same page
        with os.fdopen(half.number, "wb", closefd=False) as out:
            out.write(content)
        half.path.replace(path)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
