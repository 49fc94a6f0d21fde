"""A letter's payload put into words: subject, text, HTML and the pictures inside it.

    rendered = render(letter)
    rendered.subject     -> "[Sở Nội vụ] Kết quả tháng 10/2026 của đồng chí"

The words of a kind stand in templates/letters/<kind>.txt.j2 and .html.j2. The text comes first: its
first line is the subject, its first paragraph the lead (the state, and what to do by when), and the
HTML is given both, so that the two parts cannot say different things.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import css_inline
import jinja2

from channels.errors import ChannelRefused
from channels.office_wording import OfficeWords, office_words, template_of, worded
from channels.vietnamese import FILTERS, moment, percent
from review.keeping import AWAY
from review.post import Letter, LetterKind

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "letters"
LONGEST_SUBJECT = 70
MOST_HTML = 90_000  # bytes: Gmail cuts a letter off at 102 KB


Words = Callable[..., str]


class LetterTooLong(ValueError):
    """The HTML is larger than mail readers show whole."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A PNG shown inside the letter as `cid:<cid>`; `alt` carries its figures in words."""

    cid: str
    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with the letter; `name` is ASCII, `kind` its media type."""

    name: str
    content: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str
    images: tuple[Inline, ...] = ()
    files: tuple[Enclosed, ...] = ()


def render(letter: Letter, corrects: datetime | None = None, own: Path | None = None) -> Rendered:
    """The letter in words. `corrects` is when the letter that it takes the place of was sent, in
    the office's zone; `own` a folder of the office's own templates. Raises jinja2.UndefinedError
    where the payload lacks something that the template wants, LetterTooLong where the HTML would be
    cut off, TemplateRefused where a template of the office's does what none may, ChannelRefused
    where what it said lies in an archive file."""
    if AWAY in letter.payload:
        raise ChannelRefused(
            f"Nội dung thư kỳ {letter.period} đã chuyển ra tệp lưu trữ {letter.payload[AWAY]}. Cần "
            f"xem lại thì mở: tdkt archive open {letter.period} --by HỌ-TÊN"
        )
    words, page = _templates(letter.kind, own)
    images = PICTURES.get(letter.kind, _no_pictures)(letter.payload)
    subject, lead, text = _parted(unicodedata.normalize("NFC", words(letter.payload)))
    note = _correction(corrects)
    if note:
        subject = _fitted(_corrected(subject))
        text = text.replace("\n", f"\n\n{note}\n", 1)
    html = _inliner().inline(
        page(letter.payload, subject=subject, lead=lead, images=images, correction=note)
    )
    html = unicodedata.normalize("NFC", html)
    if len(html.encode()) > MOST_HTML:
        raise LetterTooLong(f"{letter.key}: {len(html.encode())} bytes, {MOST_HTML} at most")
    return Rendered(subject, text, html, images)


def _correction(corrects: datetime | None) -> str:
    if corrects is None:
        return ""
    at = moment(corrects.isoformat())
    return f"Thư này đính chính và thay cho thư gửi lúc {at}."


def _corrected(subject: str) -> str:
    office, bracket, rest = subject.partition("] ")
    return f"{office}{bracket}Đính chính: {rest}" if bracket else f"Đính chính: {subject}"


def _parted(words: str) -> tuple[str, str, str]:
    subject, _, body = words.strip().partition("\n")
    text = body.strip() + "\n"
    return _fitted(subject.strip()), text.partition("\n")[0].strip(), text


def _fitted(subject: str) -> str:
    """Cut at a word: phones show some 40 characters and every reader at least 70."""
    if len(subject) <= LONGEST_SUBJECT:
        return subject
    return subject[:LONGEST_SUBJECT].rpartition(" ")[0].rstrip(" ,–") + "…"


def _templates(kind: LetterKind, own: Path | None) -> tuple[Words, Words]:
    names = (f"{kind.value}.txt.j2", f"{kind.value}.html.j2")
    office = _office_words(own, _edition(own)) if own else None
    if office:
        text, page = (template_of(office, name) for name in names)
        return partial(worded, text), partial(worded, page)
    environment = _environment()
    text, page = (environment.get_template(name) for name in names)
    return text.render, page.render


def _edition(folder: Path) -> tuple[tuple[str, int], ...]:
    """Changes whenever a template of the office's does."""
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.j2")))


@lru_cache(maxsize=4)
def _office_words(folder: Path, _edition: tuple[tuple[str, int], ...]) -> OfficeWords | None:
    return office_words(folder, TEMPLATES)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=lambda name: bool(name) and ".html" in str(name),  # "x.html.j2" too
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    """Styles go into the tags after rendering: before it, a parser would throw the loops of a
    template out of its tables. Nothing is ever fetched."""
    return css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False, minify_css=True
    )


def _no_pictures(_payload: Any) -> tuple[Inline, ...]:
    return ()


def _digest_pictures(payload: Any) -> tuple[Inline, ...]:
    from channels.charts import digest_chart  # matplotlib is slow to load and rarely wanted

    rows = tuple((row["name"], row["completeness"]) for row in payload["clusters"])
    title = "Tỷ lệ đơn vị có báo cáo được chấp nhận"
    told = "; ".join(f"{name}: {percent(share)}" for name, share in rows)
    return (Inline("bieudo@tdkt", digest_chart(rows, title), f"Biểu đồ. {title}. {told}."),)


PICTURES: dict[LetterKind, Callable[[Any], tuple[Inline, ...]]] = {
    LetterKind.OFFICE_DIGEST: _digest_pictures,
}
