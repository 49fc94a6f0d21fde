"""Which sheet of a file is which of the form, where somebody has renamed them.

    paired(["S3 - Cong viec", "Sheet2"], ["S3 Công việc – sản phẩm"])
        -> {"S3 - Cong viec": "S3 Công việc – sản phẩm"}

Capitals and blanks never matter. Beyond these a name is taken for another only where nothing else
could be meant: by the words without their accents, by the number in front, or by likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import SequenceMatcher

from review.cells import folded
from review.legacy_text import mended

ALIKE = 0.75  # of 1, the least likeness of two names
APART = 0.1  # by so much the best likeness must be ahead of the next
Key = Callable[[str], str]
_NUMBER = re.compile(r"s ?\d{1,2}[a-z]?\b")


def paired(names: Sequence[str], wanted: Collection[str]) -> dict[str, str]:
    """The form's name of each sheet that is one of the `wanted`; the others are left out."""
    by_fold = {folded(name): name for name in wanted}
    found = {name: by_fold[folded(name)] for name in names if folded(name) in by_fold}
    taken = set(found.values())
    strangers = [name for name in names if name not in found]
    missing = [name for name in wanted if name not in taken]
    for same in (_plain, _number):
        found |= _by(same, strangers, missing)
        taken = set(found.values())
        strangers = [name for name in strangers if name not in found]
        missing = [name for name in missing if name not in taken]
    return found | _alike(strangers, missing)


def _by(key: Key, strangers: Sequence[str], missing: Sequence[str]) -> dict[str, str]:
    """Pairs that agree in a key which no other has."""
    theirs, ours = _grouped(key, strangers), _grouped(key, missing)
    return {
        there[0]: ours[what][0]
        for what, there in theirs.items()
        if what and len(there) == 1 and len(ours.get(what, ())) == 1
    }


def _grouped(key: Key, names: Sequence[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(key(name), []).append(name)
    return found


def _alike(strangers: Sequence[str], missing: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for name in strangers:
        scores = sorted(((likeness(name, one), one) for one in missing), reverse=True)
        if scores and scores[0][0] >= ALIKE:
            ahead = len(scores) == 1 or scores[0][0] - scores[1][0] >= APART
            if ahead and scores[0][1] not in pairs.values():
                pairs[name] = scores[0][1]
    return pairs


def likeness(one: str, other: str) -> float:
    """Of two headings or names, from 0 to 1: accents, capitals and signs aside."""
    return SequenceMatcher(None, _plain(one), _plain(other), autojunk=False).ratio()


def _plain(name: str) -> str:
    """Words without accents, parted by one blank."""
    meant = mended(name)
    letters = unicodedata.normalize("NFD", folded(meant.text if meant else name))
    bare = "".join(c for c in letters if not unicodedata.combining(c)).replace("đ", "d")
    return " ".join(re.findall(r"[^\W_]+", bare))


def _number(name: str) -> str:
    found = _NUMBER.match(_plain(name))
    return found[0].replace(" ", "") if found else ""
