"""What the program says in Vietnamese, in English: for letters in English.

    translated("“a”: ghi 2 lần chậm nhưng không có sản phẩm nào.")
                                    -> "“a”: 2 times late stated, but no product."

templates/letters/en/phrases.toml has a line for every sentence that a letter may carry; {} stands
for what is filled in, which is put into English too, but never between quotation marks: that is
what somebody wrote. A sentence that is not there is given in Vietnamese, in quotation marks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

BOOK = Path(__file__).resolve().parent.parent / "templates" / "letters" / "en" / "phrases.toml"
Figures = Callable[[str], str]
SENTENCES = re.compile(r"(?<=[.!?”)])\s+(?=[A-ZĐÀ-Ỹ“])|(?<=[.!?])\s+(?=\d)|(?<=;)\s+")
_VIETNAMESE = re.compile(
    "[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
_STAYS = re.compile(r"“[^”]*”|\bđ(?= – )")  # what is quoted; the criterion of that letter
_SLOT = re.compile(r"\{(\d*)\}")
_ONE = re.compile(
    r"(?<![\d.,/])1 ((?:working |other )?(?:day|product|time|place|letter|unit|cadre|lesson|month"
    r"|year|scorecard|fault|cluster|byte|ground|need|movement|model|matter))s\b"
)
DEEPEST = 4  # a phrase within a phrase within a phrase


class Phrase(NamedTuple):
    """`patterns` differ in which slot takes what could stand in either; `quoted` tells of each slot
    whether it stands between quotation marks; `detail` is how much of the sentence is fixed, and
    `longest` the longest piece of that."""

    patterns: tuple[re.Pattern[str], ...]
    english: str
    quoted: tuple[bool, ...]
    detail: int
    longest: str


def is_vietnamese(text: str) -> bool:
    """Whether anything is left to put into English; what is quoted is not."""
    return vietnamese_left(text) > 0


def vietnamese_left(text: str) -> int:
    """How many letters of Vietnamese are left to put into English."""
    return len(_VIETNAMESE.findall(_STAYS.sub("", text)))


def translated(text: str, figures: Figures) -> str:
    """In English, sentence by sentence; `figures` puts dates and numbers into English."""
    text = text.strip()
    found = known(text, figures)
    if found is not None or not text:
        return found or ""
    if text.endswith(";"):
        return f"{translated(text[:-1], figures)};"
    parts = SENTENCES.split(text)
    if len(parts) > 1:
        return " ".join(translated(part, figures) for part in parts)
    done = figures(text)
    return _quoted(text) if is_vietnamese(done) else done


def _quoted(text: str) -> str:
    return f"“{text.translate(str.maketrans('“”', '‘’'))}”"


@lru_cache(maxsize=20_000)
def known(text: str, figures: Figures, depth: int = 0) -> str | None:
    """The English of a phrase that is in the book, with what is filled into it; None of others.
    Of several that fit, the most particular one that leaves nothing in Vietnamese."""
    whole, phrases = _book()
    if text in whole:
        return whole[text]
    best: str | None = None
    for phrase in phrases if depth < DEEPEST else ():
        if phrase.longest not in text:
            continue
        for slots in dict.fromkeys(_slots(phrase, text)):
            filled = _filled(phrase, slots, figures, depth + 1)
            if filled is not None and not is_vietnamese(filled):
                return filled
            best = best or filled
    return best


def _slots(phrase: Phrase, text: str) -> Iterator[tuple[str, ...]]:
    for pattern in phrase.patterns:
        match = pattern.fullmatch(text)
        if match is None:
            return
        yield match.groups()


def _filled(phrase: Phrase, values: tuple[str, ...], figures: Figures, depth: int) -> str | None:
    """None where a slot would leave something in Vietnamese that is not a name."""
    english = []
    for value, quoted in zip(values, phrase.quoted, strict=True):
        inner = value if quoted else _inner(value, figures, depth)
        if not quoted and is_vietnamese(inner) and not _may_stay(inner.strip()):
            return None
        english.append(inner)
    slots = iter(range(len(english)))
    made = _SLOT.sub(lambda m: english[int(m[1]) if m[1] else next(slots)], phrase.english)
    return _ONE.sub(r"1 \1", made)


def _may_stay(value: str) -> bool:
    """A name begins with a great letter, or is a number and what follows it; a sentence is none."""
    return not value[:1].islower() and len(SENTENCES.split(value)) == 1


def _inner(value: str, figures: Figures, depth: int) -> str:
    """What is filled in: a phrase of the program, or a name or number, which stays."""
    core = value.strip()
    before, _, after = value.partition(core) if core else (value, "", "")
    if not _VIETNAMESE.search(core):
        return before + figures(core) + after
    for end in ("", "."):
        bare = core.removesuffix(end)
        if core.endswith(end) and (found := known(bare, figures, depth)) is not None:
            return f"{before}{found}{end}{after}"
    return before + figures(core) + after


@cache
def _book() -> tuple[dict[str, str], tuple[Phrase, ...]]:
    """Those without slots by their text; the others, the most particular first."""
    pairs = tomllib.loads(BOOK.read_text(encoding="utf-8"))
    phrases = [_phrase(told, english) for told, english in pairs.items() if "{}" in told]
    by_detail = sorted(phrases, key=lambda phrase: -phrase.detail)
    return {told: pairs[told] for told in pairs if "{}" not in told}, tuple(by_detail)


def _phrase(told: str, english: str) -> Phrase:
    pieces = told.split("{}")
    patterns = tuple(
        re.compile(slot.join(map(re.escape, pieces)), re.DOTALL) for slot in ("(.*?)", "(.*)")
    )
    quoted = tuple(
        before.endswith("“") and after.startswith("”") for before, after in pairwise(pieces)
    )
    return Phrase(patterns, english, quoted, sum(map(len, pieces)), max(pieces, key=len))
