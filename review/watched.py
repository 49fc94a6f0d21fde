"""What is looked for in every letter that leaves: the codes, names and totals of a whole country.

watch = watch_over(units, names)        codes of units, the code and name of every cadre
with_totals(watch, (9047,))             watching for "90,47" as well
as_name("Lò Văn Inh")                   -> "lò văn inh"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from review.points import shown

TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Watch:
    """What to look for in a text, of a whole country: codes, names of persons (see `as_name`),
    totals. Held in memory as a whole, so nothing more is kept of anybody."""

    codes: frozenset[str]
    names: frozenset[str]
    totals: frozenset[str] = frozenset()


UNWATCHED = Watch(frozenset(), frozenset())  # where there is no text to look through


def watch_over(units: Iterable[str], cadres: Iterable[tuple[str, str]]) -> Watch:
    """Of the codes of units, and the code and name of every cadre."""
    codes, called = {code for code in units if _tells(code)}, set()
    for code, name in cadres:
        if _tells(code):
            codes.add(code)
        called.add(name)  # thousands bear the same one
    return Watch(frozenset(codes), frozenset(map(as_name, called)) - {""})


def with_totals(watch: Watch, totals: Iterable[int]) -> Watch:
    """Watching as well for what people scored, in hundredths."""
    return replace(watch, totals=frozenset(map(shown, totals)))


def as_name(text: str) -> str:
    """A person's name as it is looked for; "" for one word, which is anybody's."""
    text = unicodedata.normalize("NFC", text)
    if text.replace(" ", "").isalnum():  # as nearly every name: what lies between spaces
        words = text.casefold().split()
    else:
        words = [token.casefold() for token in TOKEN.findall(text)]
    return " ".join(words) if len(words) > 1 else ""


def _tells(code: str) -> bool:
    """Whether a code stands out in a text: “7” or “VP” would be met in every letter."""
    return len(code) >= 4 or (len(code) == 3 and code.isupper())
