"""What operators read in another language: `templates/words/<lang>.toml`, text by Vietnamese text.

english = words("en")
english("Chưa nộp")                         -> "Not handed in"
english("Cổng 4200 đang có …")              -> by the line "Cổng … đang có …": a hole takes any text
english("chưa dịch")                        -> as it is: a text without a line stays Vietnamese
english("Danh bạ. Ví dụ: tdkt …")           -> what is given as an example is carried over

Vietnamese is the language of the sources, so `words("vi")` returns what it is given.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from channels.errors import LibraryError

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "words"
HOLE, EXAMPLE = "…", "Ví dụ:"
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
    shapes = [
        (re.compile("(.+?)".join(map(re.escape, key.split(HOLE))), re.DOTALL), value.split(HOLE))
        for key, value in known.items()
        if HOLE in key and key.count(HOLE) == value.count(HOLE)
    ]

    @lru_cache(maxsize=4096)
    def told(text: str) -> str:
        asked = flat(text)
        if asked in known:
            return known[asked]
        if "\n\n" in asked:
            return "\n\n".join(told(part) for part in asked.split("\n\n"))
        said, example, shown = asked.partition(EXAMPLE)
        if example:
            return f"{told(said)} {known[example]} {shown.strip()}".strip()
        for shape, parts in shapes:
            if found := shape.fullmatch(asked):
                between = [*map(told, found.groups()), ""]
                return "".join(a + b for a, b in zip(parts, between, strict=True))
        return text

    return told
