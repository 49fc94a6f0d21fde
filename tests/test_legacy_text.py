"""Text of before Unicode is read as it was meant; what is right already is never touched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from review.legacy_text import by_font, mended
from review.syllables import is_syllable
from sample import sample_roster
from tests.old_fonts import tcvn3, vni

ROOT = Path(__file__).resolve().parent.parent
_QUOTED = re.compile(r'"([^"\n]{4,})"')


def sentences() -> list[str]:
    """Everything Vietnamese that the forms and the sample province say: thousands of words."""
    texts = [path.read_text() for path in (ROOT / "regulations").rglob("*.toml")]
    said = [found for text in texts for found in _QUOTED.findall(text)]
    roster = sample_roster()
    said += [unit.name for unit in roster.units] + [cadre.name for cadre in roster.cadres]
    return sorted(set(said))


def test_right_text_is_never_changed() -> None:
    assert len(sentences()) > 1000
    assert [text for text in sentences() if mended(text)] == []
    words = {word for text in sentences() for word in text.split()}
    assert [word for word in words if mended(word)] == []


@pytest.mark.parametrize(("typed", "why"), [(tcvn3, "tcvn3"), (vni, "vni")])
def test_what_was_typed_in_an_old_font_is_what_was_meant(typed: object, why: str) -> None:
    """Where capitals with a tone are lost by the font, the words are still the same."""
    assert callable(typed)
    wrong = []
    for text in sentences():
        if text.isascii() or typed(text) == text:
            continue
        found = mended(typed(text))
        if found is not None and (found.why, found.text.lower()) != (why, text.lower()):
            wrong.append((text, found))
    assert wrong == []


@pytest.mark.parametrize(("typed", "why"), [(tcvn3, "tcvn3"), (vni, "vni")])
def test_a_sentence_is_nearly_always_recognised(typed: object, why: str) -> None:
    assert callable(typed)
    long = [text for text in sentences() if len(text.split()) >= 4 and not text.isascii()]
    known = [text for text in long if mended(typed(text))]
    assert len(known) > 0.9 * len(long)


@pytest.mark.parametrize(
    "text",
    [
        "Hà Nhì", "có", "Có", "là · có", "50µm ± 2", "® © §", "«OK»", "café", "Müller", "España",
        "10 m² ½ ¾", "Lù A Dê", "Mí Và Sùng", "á à", "É", "resumé", "Pô Pí", "naïve façade",
    ],
)  # fmt: skip
def test_what_may_be_right_is_left_alone(text: str) -> None:
    assert mended(text) is None


def test_capitals_of_the_capital_fonts() -> None:
    assert mended("UBND TØNH LAI CH¢U") == ("UBND TỈNH LAI CHÂU", "tcvn3")
    assert mended("ÑEÀ NGHÒ KHEN THÖÔÛNG") == ("ĐỀ NGHỊ KHEN THƯỞNG", "vni")
    font = by_font(".VnTimeH")
    assert font is not None and font.capitals
    assert by_font("Times New Roman") is None


@pytest.mark.parametrize(
    ("word", "is_one"),
    [("nghiệp", True), ("thưởng", True), ("khuyến", True), ("bác", True), ("bàc", False),
     ("xyz", False), ("ngw", False), ("trườngg", False), ("quỳnh", True), ("giếng", True)],
)  # fmt: skip
def test_a_syllable_is_known_by_its_build(word: str, is_one: bool) -> None:
    assert is_syllable(word) is is_one
