"""Pages by which captured letters are read in a browser, offline, straight from the folder.

    write_index("outbox")     -> Path("outbox/index.html")

Each letter gets a page of its own with its pictures inside it; a letter's HTML is shown in a
sandboxed frame that can run nothing and fetch nothing. Pages written before are not written again.
"""

from __future__ import annotations

import base64
import email
import email.policy
import html
import os
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.parser import BytesHeaderParser
from functools import cache
from pathlib import Path

import jinja2

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "outbox"
PAGES = "pages"
KIND_NAMES = {
    "unit_returned": "Trả lại để sửa",
    "unit_result": "Kết quả của đơn vị",
    "unit_trial": "Trả lời bản thử",
    "unit_reminder": "Nhắc nộp báo cáo",
    "cadre_result": "Kết quả cá nhân",
    "office_digest": "Tổng hợp của cơ quan",
    "leader_report": "Báo cáo lãnh đạo",
    "office_alert": "Việc gấp",
}
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
    letters = sorted(folder.glob("*.eml"), reverse=True)
    for letter in letters:
        page = pages / f"{letter.stem}.html"
        if not page.exists():
            _write(page, letter_page(letter.read_bytes()))
    index = folder / "index.html"
    _write(
        index, _environment().get_template("index.html.j2").render(lines=list(map(_line, letters)))
    )
    return index


def letter_page(content: bytes) -> str:
    """One message as a page that needs nothing else."""
    message = email.message_from_bytes(content, _class=EmailMessage, policy=email.policy.default)
    body = message.get_body(("html", "plain"))
    text = message.get_body(("plain",))
    frame = _with_pictures(message, body) if body and body.get_content_type() == "text/html" else ""
    names = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID")
    return (
        _environment()
        .get_template("letter.html.j2")
        .render(
            headers=[(name, str(message[name])) for name in names if message[name]],
            frame=frame,
            text=text.get_content() if text else "",
        )
    )


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
        kind=KIND_NAMES.get(kind, kind),
    )


def _head(beginning: bytes) -> bytes:
    return beginning.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def _written_at(letter: Path) -> str:
    return datetime.fromtimestamp(letter.stat().st_mtime).strftime("%d/%m/%Y %H:%M:%S")


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and for its owner only."""
    part = path.with_suffix(f".{os.getpid()}.part")  # two posters may write the same page
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8")
    part.replace(path)


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
