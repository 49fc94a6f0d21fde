"""A text with nothing to mend is taken as it is; that is what mending it would have left."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from review import cells
from review.cells import Cleaner, tidy
from review.form import Field, FieldType
from review.legacy_text import is_suspect
from review.tidy_text import is_tidy

# Blanks of every kind, marks apart from their letters, signs that nobody sees.
ODD = (
    "aA9-ồo\u0302\u0300 \t\n\r\x1c\u0085\u00a0\u200b\u200f\u202f\u2028\u2060\u3000\ufeff\x00\u0323"
)
TEXTS = st.one_of(st.text(), st.text(ODD, max_size=8))


def the_long_way(text: str) -> str:
    return cells._BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


@given(TEXTS)
def test_tidying_takes_no_other_way_than_the_long_one(text: str) -> None:
    assert tidy(text) == the_long_way(text)
    if is_tidy(text):
        assert text == the_long_way(text)


@given(TEXTS)
def test_what_is_tidy_stands_as_it_was_typed(text: str) -> None:
    if is_tidy(text) and not is_suspect(text):
        for kind in (FieldType.TEXT, FieldType.CODE):
            assert Cleaner(Field("note", "Ghi chú", kind))[text] == text


def test_a_blank_at_an_end_two_in_a_row_or_a_letter_in_parts_is_mended_and_said() -> None:
    read = Cleaner(Field("note", "Ghi chú", FieldType.TEXT))
    for typed, meant, why in (
        (" Lò Văn Có", "Lò Văn Có", "space"),
        ("Lò  Văn Có", "Lò Văn Có", "space"),
        ("Hô\u0300 sơ", "Hồ sơ", "nfc"),
        ("90999-02\u00a0", "90999-02", "space"),
    ):
        assert (read[typed].value, read[typed].why) == (meant, why)
    assert read[""] == read["   "] == ""
