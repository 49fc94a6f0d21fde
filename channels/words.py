"""What operators read in another language: `templates/words/<lang>.toml`, text by Vietnamese text.

english = words("en")
english("Chưa nộp")                         -> "Not handed in"
english("Cổng 4200 đang có …")              -> by the line "Cổng … đang có …": a hole takes any text
english("chưa dịch")                        -> as it is: a text without a line stays Vietnamese
english("Danh bạ. Ví dụ: tdkt …")           -> what is given as an example is carried over
english("Ghi 2 lần chậm. Thiếu …")             -> sentence by sentence, also by the letters' book

Vietnamese is the language of the sources, so `words("vi")` returns what it is given.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from channels.english import figures
from channels.errors import LibraryError
from channels.phrasebook import SENTENCES, is_vietnamese, vietnamese_left
from channels.phrasebook import known as known_in_letters

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "words"
HOLE, EXAMPLE = "…", "Ví dụ:"
FIGURES = re.compile(r"(?:\d\d? giờ \d\d ngày )?[\d.,:/%–− +×()-]*\d[\d.,:/%–− +×()-]*")
FULL_STOPS = re.compile(r"(?<=[.!?])\s+(?=[A-ZĐÀ-Ỹ“])")
Told = Callable[[str], str]


def words(lang: str) -> Told:
    """Raises LibraryError for a language that there is no file of."""
    return str if lang == "vi" else _reader(lang)


def languages() -> tuple[str, ...]:
    return ("vi", *sorted(path.stem for path in FOLDER.glob("*.toml")))


def flat(text: str) -> str:
    """A text as it is looked up: paragraphs of single-spaced words."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))


@lru_cache(maxsize=4)
def catalogue(lang: str) -> Mapping[str, str]:
    try:
        read = tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(languages())
        raise LibraryError(f"Chưa có ngôn ngữ “{lang}”; hiện có: {known}.") from None
    return {flat(key): value for part in read.values() for key, value in part.items()}


@lru_cache(maxsize=4)
def _reader(lang: str) -> Told:
    known = catalogue(lang)
    holed = sorted((key for key in known if HOLE in key), key=_told_outright, reverse=True)
    shapes = [_shape(key, known[key]) for key in holed]

    @lru_cache(maxsize=4096)
    def told(text: str) -> str:
        asked = flat(text)
        if asked in known:
            return _around(text, known[asked])
        if lang == "en" and FIGURES.fullmatch(asked):
            return figures(text)
        if asked.endswith(";"):
            return f"{told(text.rstrip()[:-1])};"
        if "\n\n" in asked:
            return _around(text, "\n\n".join(told(part) for part in asked.split("\n\n")))
        said, example, shown = asked.partition(EXAMPLE)
        if example:
            return f"{told(said)} {known[example]} {shown.strip()}".strip()
        best, left = "", vietnamese_left(asked)
        lines = text.split("\n") if "\n" in text.strip() else []
        for longest, shape, parts in shapes:
            of_lines = bool(lines) and not any("\n" in part for part in parts)
            if longest in asked and not of_lines and (found := shape.fullmatch(asked)):
                between = [*map(told, found.groups()), ""]
                made = "".join(a + b for a, b in zip(parts, between, strict=True))
                if not (remains := vietnamese_left(made)):
                    return _around(text, made)
                if remains < left:  # of what names sheets and people, as little as may be
                    best, left = made, remains
        in_letters = known_in_letters(asked, figures) if lang == "en" else None
        if in_letters is not None and not is_vietnamese(in_letters):
            return _around(text, in_letters)
        if best:
            return _around(text, best)
        if lines:
            return "\n".join(map(told, lines))
        for ends in (FULL_STOPS, SENTENCES):  # a title may have a semicolon in it
            if len(sentences := ends.split(text)) > 1:
                return " ".join(map(told, sentences))
        return text

    return told


def _shape(own: str, english: str) -> tuple[str, re.Pattern[str], list[str]]:
    """What a text must have in it, how it must be built, and the English between its holes."""
    pieces = own.split(HOLE)
    pattern = re.compile("(.+?)".join(map(re.escape, pieces)), re.DOTALL)
    return max(pieces, key=len), pattern, english.split(HOLE)


def _told_outright(shape: str) -> int:
    """How much of a line is no hole: the most particular one is taken first."""
    return len(shape.replace(HOLE, ""))


def _around(text: str, english: str) -> str:
    """With the spaces that stand around the text."""
    core = text.strip()
    return text.replace(core, english, 1) if core else text
