"""Vietnamese typed in the fonts of before Unicode, read as it was meant: TCVN3 (.VnTime) and VNI.

    mended("C«ng t¸c thi ®ua")      -> Mended("Công tác thi đua", "tcvn3")
    mended("Coâng taùc thi ñua")    -> Mended("Công tác thi đua", "vni")
    mended("Lò Văn Có")             -> None       what is right already is left as it is
    by_font(".VnTimeH")             -> Font("tcvn3", capitals=True)

Both write Vietnamese with the letters of Western Europe: the font alone makes them look right. In a
workbook they stand as those letters. A text is mended by its letters only where it is no Vietnamese
as it stands and all of it is once mended (review/syllables.py), by one of the two readings and not
by both; the font of a cell, where it is known, settles what may be read two ways.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from review.syllables import is_syllable

TCVN3, VNI = "tcvn3", "vni"
LEAST_LETTERS = 3  # of one word, or two words: a lone sign such as ® or µm is no text

# Tones in the order in which both tables have them.
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_TCVN3_VOWELS = {  # five letters each, the vowel with each tone
    "a": "µ¶·¸¹", "ă": "»¼½¾Æ", "â": "ÇÈÉÊË", "e": "ÌÎÏÐÑ", "ê": "ÒÓÔÕÖ", "i": "×ØÜÝÞ",
    "o": "ßáâãä", "ô": "åæçèé", "ơ": "êëìíî", "u": "ïñòóô", "ư": "õö÷øù", "y": "úûüýþ",
}  # fmt: skip
_TCVN3_BARE = dict(zip("¡¢£¤¥¦§¨©ª«¬\u00ad®", "ĂÂÊÔƠƯĐăâêôơưđ", strict=True))
_VNI_MARKS = {  # what stands behind each vowel for each tone
    "a": "øûõùï", "e": "øûõùï", "o": "øûõùï", "u": "øûõùï", "y": "øûõù",
    "ô": "øûõùï", "ö": "øûõùï",
}  # fmt: skip
_VNI_MEANT = {"ô": "ơ", "ö": "ư"}
_VNI_HATS = {  # vowels that bear hat and tone in one mark
    "a": {"â": "âàåãáä", "ă": "êèúüéë"}, "e": {"ê": "âàåãáä"}, "o": {"ô": "âàåãáä"},
}  # fmt: skip
_VNI_ALONE = {"ì": "ì", "æ": "ỉ", "ó": "ĩ", "í": "í", "ò": "ị", "î": "ỵ", "ñ": "đ"}

_UNICODE = re.compile("[\u0102-\u01b0\u1ea0-\u1ef9\u0300-\u0323]")
_SUSPECT = re.compile("[\u00a1-\u00ff]")
_WORD = re.compile("[A-Za-z\u00a1-\u00ff]+")


class Mended(NamedTuple):
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Font:
    """A font of before Unicode; some show small letters as capitals."""

    why: str
    capitals: bool = False


def by_font(name: str) -> Font | None:
    """.VnTime, .VnArial … are TCVN3 (with an H at the end: capitals), VNI-Times … VNI."""
    if name.lower().startswith(".vn"):
        return Font(TCVN3, name.upper().endswith("H"))
    return Font(VNI) if name.upper().startswith("VNI") else None


def is_suspect(text: str) -> bool:
    """Whether a text may be of before Unicode: it has such letters, and none that only Unicode
    has. Much that is right passes: "Hà", "có"."""
    return _SUSPECT.search(text) is not None and not _UNICODE.search(text)


def is_unicode(text: str) -> bool:
    """Whether a text has letters of Vietnamese that the old fonts did not have."""
    return _UNICODE.search(text) is not None


def mended(text: str) -> Mended | None:
    """The text as it was meant, where its letters leave no doubt."""
    if not is_suspect(text) or _reads_well(text):
        return None
    found = [one for one in guesses(text) if _reads_well(one.text) and _is_enough(text)]
    return found[0] if len({one.text for one in found}) == 1 else None


def mended_by(text: str, font: Font, trusted: bool) -> Mended | None:
    """The text of a cell in such a font; None where it is Unicode all the same. What reads well
    either way is taken by the font only if it is `trusted`."""
    if not is_suspect(text):
        return None
    meant = _from_tcvn3(text) if font.why == TCVN3 else _from_vni(text)
    if meant == text or (_reads_well(text) and not trusted):
        return None
    if not _reads_well(meant):
        return mended(text)
    return Mended(meant.upper() if font.capitals else meant, font.why)


def guesses(text: str) -> Iterator[Mended]:
    """Both readings of a suspect text, right or not: for one who knows what may stand there."""
    if is_suspect(text):
        for why, meant in ((TCVN3, _from_tcvn3(text)), (VNI, _from_vni(text))):
            if meant != text:
                yield Mended(meant, why)


def well_read(text: str) -> int:
    """How many more words of a text are syllables of Vietnamese than are not."""
    words = _NOT_ASCII_WORD.findall(unicodedata.normalize("NFC", text))
    return sum(1 if _is_word(word) else -1 for word in words)


def _is_enough(text: str) -> bool:
    telling = [word for word in _WORD.findall(text) if len(word) > 1 and not _reads_well(word)]
    return len(telling) > 1 or any(len(word) >= LEAST_LETTERS for word in telling)


def _reads_well(text: str) -> bool:
    """Whether every word with a letter beyond the English ones is one of Vietnamese."""
    return all(map(_is_word, _NOT_ASCII_WORD.findall(unicodedata.normalize("NFC", text))))


def _is_word(word: str) -> bool:
    """A syllable, or an abbreviation such as TĐKT and QĐ."""
    return is_syllable(word) or _SHORT.fullmatch(word) is not None


_SHORT = re.compile("đ|[A-ZĐ]{0,6}Đ[A-ZĐ]{0,6}")


_LETTER = "A-Za-z\u00a1-\u00ff\u0102-\u01b0\u1ea0-\u1ef9"
_NOT_ASCII_WORD = re.compile(f"[{_LETTER}]*[\u00a1-\u00ff\u0102-\u01b0\u1ea0-\u1ef9][{_LETTER}]*")


# TCVN3: one sign a letter


def _composed(base: str, tone: str) -> str:
    return unicodedata.normalize("NFC", base + tone)


_TCVN3_TABLE = str.maketrans(
    _TCVN3_BARE
    | {
        sign: _composed(vowel, tone)
        for vowel, signs in _TCVN3_VOWELS.items()
        for sign, tone in zip(signs, _TONES, strict=True)
    }
)


def _from_tcvn3(text: str) -> str:
    """TCVN3 has no capitals with a tone: a text or a word in capitals is typed in small signs."""
    if _in_capitals(text, 3):
        return text.translate(_TCVN3_TABLE).upper()
    return _WORD.sub(lambda word: _cased(word[0]), text)


def _cased(word: str) -> str:
    meant = word.translate(_TCVN3_TABLE)
    return meant.upper() if _in_capitals(word, 2) else meant


def _in_capitals(text: str, least: int) -> bool:
    plain = [letter for letter in text if letter.isascii() and letter.isalpha()]
    return len(plain) >= least and all(map(str.isupper, plain))


# VNI: a vowel and its mark


def _vni_pairs() -> Iterator[tuple[str, str]]:
    for vowel, marks in _VNI_MARKS.items():
        for mark, tone in zip(marks, _TONES, strict=False):
            yield vowel + mark, _composed(_VNI_MEANT.get(vowel, vowel), tone)
    for vowel, hats in _VNI_HATS.items():
        for meant, marks in hats.items():
            for mark, tone in zip(marks, f" {_TONES}", strict=True):
                yield vowel + mark, _composed(meant, tone.strip())
    yield from _VNI_MEANT.items()
    yield from _VNI_ALONE.items()


@cache
def _vni() -> tuple[re.Pattern[str], dict[str, str]]:
    """The signs as they are written, the longest first, and what each means; made when somebody
    writes so: a desk starts without them."""
    meant = {
        written: meaning
        for small, read in _vni_pairs()
        for written, meaning in (
            (small, read), (small.upper(), read.upper()), (small.capitalize(), read.upper()),
        )
    }  # fmt: skip
    return re.compile("|".join(sorted(map(re.escape, meant), key=len, reverse=True))), meant


def _from_vni(text: str) -> str:
    signs, meant = _vni()
    return signs.sub(lambda found: meant[found[0]], text)
