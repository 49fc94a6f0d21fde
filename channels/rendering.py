"""A letter's payload put into words: subject, text, HTML and the pictures inside it.

    rendered = render(letter)
    rendered.subject     -> "[Sở Nội vụ] Kết quả tháng 10/2026 của đồng chí"

The words of a kind stand in templates/letters/<kind>.txt.j2 and .html.j2, in English below en/. The
text comes first: its first line is the subject, its first paragraph the lead (the state, and what
to do by when), and the HTML is given both, so that the two parts cannot say different things.
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
from channels.office_wording import OfficeWords, template_of, worded
from channels.tongues import TONGUES, Tongue, tongue_of
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
    lang: str = "vi"


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
    tongue = tongue_of(letter.payload)
    words, page = _templates(letter.kind, own, tongue.code)
    images = PICTURES.get(letter.kind, _no_pictures)(letter.payload, tongue)
    subject, lead, text = _parted(unicodedata.normalize("NFC", words(letter.payload)))
    note = _correction(corrects, tongue)
    if note:
        subject = _fitted(_corrected(subject, tongue.corrected))
        text = text.replace("\n", f"\n\n{note}\n", 1)
    told = {"subject": subject, "lead": lead, "images": images, "correction": note}
    html = _inliner().inline(page(letter.payload, **told, tongue=tongue.code))
    html = unicodedata.normalize("NFC", html)
    if len(html.encode()) > MOST_HTML:
        raise LetterTooLong(f"{letter.key}: {len(html.encode())} bytes, {MOST_HTML} at most")
    return Rendered(subject, text, html, images, lang=tongue.code)


def _correction(corrects: datetime | None, tongue: Tongue) -> str:
    if corrects is None:
        return ""
    return tongue.correction.format(tongue.filters["moment"](corrects.isoformat()))


def _corrected(subject: str, word: str) -> str:
    office, bracket, rest = subject.partition("] ")
    return f"{office}{bracket}{word}{rest}" if bracket else f"{word}{subject}"


def _parted(words: str) -> tuple[str, str, str]:
    subject, _, body = words.strip().partition("\n")
    text = body.strip() + "\n"
    return _fitted(subject.strip()), text.partition("\n")[0].strip(), text


def _fitted(subject: str) -> str:
    """Cut at a word: phones show some 40 characters and every reader at least 70."""
    if len(subject) <= LONGEST_SUBJECT:
        return subject
    return subject[:LONGEST_SUBJECT].rpartition(" ")[0].rstrip(" ,–") + "…"


def _templates(kind: LetterKind, own: Path | None, code: str) -> tuple[Words, Words]:
    names = [f"{TONGUES[code].folder}{kind.value}.{part}.j2" for part in ("txt", "html")]
    office = _office_words(own, _edition(own), code) if own else None
    if office:
        text, page = (template_of(office, name) for name in names)
        return partial(worded, text), partial(worded, page)
    environment = _environment(code)
    text, page = (environment.get_template(name) for name in names)
    return text.render, page.render


def _edition(folder: Path) -> tuple[tuple[str, int], ...]:
    """Changes whenever a template of the office's does."""
    found = (path for part in ("*.j2", "*/*.j2") for path in folder.glob(part))
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in found))


@lru_cache(maxsize=4)
def _office_words(
    folder: Path, edition: tuple[tuple[str, int], ...], code: str
) -> OfficeWords | None:
    return OfficeWords(folder, TEMPLATES, TONGUES[code].filters) if edition else None


@cache
def _environment(code: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=lambda name: bool(name) and ".html" in str(name),  # "x.html.j2" too
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(TONGUES[code].filters)
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    """Styles go into the tags after rendering: before it, a parser would throw the loops of a
    template out of its tables. Nothing is ever fetched."""
    return css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False, minify_css=True
    )


def _no_pictures(_payload: Any, _tongue: Tongue) -> tuple[Inline, ...]:
    return ()


def _digest_pictures(payload: Any, tongue: Tongue) -> tuple[Inline, ...]:
    from channels.charts import digest_chart  # matplotlib is slow to load and rarely wanted

    rows = tuple((row["name"], row["completeness"]) for row in payload["clusters"])
    percent = tongue.filters["percent"]
    told = "; ".join(f"{name}: {percent(share)}" for name, share in rows)
    picture = digest_chart(rows, tongue.chart)
    return (Inline("bieudo@tdkt", picture, tongue.chart_told.format(tongue.chart, told)),)


PICTURES: dict[LetterKind, Callable[[Any, Tongue], tuple[Inline, ...]]] = {
    LetterKind.OFFICE_DIGEST: _digest_pictures,
}
