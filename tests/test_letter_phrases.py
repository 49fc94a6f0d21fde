"""Letters are pressed with the phrases they share, and every letter of any book opens again."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import closing, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isal import isal_zlib
from sqlalchemy import text

from tdkt_models.base import Book, BookError, Stamp, downgrade, upgrade
from tdkt_models.letter_ledger import ledger
from tdkt_models.letter_phrases import PHRASES
from tdkt_models.letter_rows import canonical
from tdkt_models.letters import write_letters
from tdkt_models.packed import opened, pressed, pressed_letter, unpacked
from tests.letter_samples import own_result, result

KEPT = (  # as a book of 2026 has it
    "783f7ac957cbedfd09801c45f9bf81f76637d7249b0440454552042009cc2ebb9b3b8124bbb92117"
    "49b80485de99de9d2633d343f74c368b08f15651c1fb5654c45b51f1160d898a3778df1a4505ef20"
    "aaa090fdff9ff7ad9ea9dddd70fafdfdbebfffdfcd6667babbaaea7ddf7aebad4fbdf556f5331ace"
    "72fb74e3fe8fa8b37b43b930eb99cffcff00c4ce0bfc"
)
SAID = {"cadre": {"name": "Lò Văn Inh"}}


def test_no_character_of_the_phrases_was_ever_changed() -> None:
    assert zlib.adler32(PHRASES) == 0x7AC957CB
    assert unpacked(bytes.fromhex(KEPT)) == SAID


@given(st.binary() | st.text().map(str.encode))
def test_what_was_pressed_opens_as_it_was_and_by_zlib_alone(said: bytes) -> None:
    assert opened(pressed_letter(said)) == said == opened(pressed(said))
    assert zlib.decompressobj(zdict=PHRASES).decompress(pressed_letter(said)) == said
    assert zlib.decompress(pressed(said)) == said


def test_a_personal_letter_takes_little_more_than_half_the_room() -> None:
    said = canonical(own_result().payload)
    assert len(pressed_letter(said)) < 0.6 * len(pressed(said))


def test_a_letter_of_a_newer_program_is_told_as_such() -> None:
    press = zlib.compressobj(zdict=b"other phrases")
    newer = press.compress(b"{}") + press.flush()
    with pytest.raises(BookError, match="mới hơn"):
        opened(newer)


@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_damaged_letter_never_says_something_else(place: int, flip: int) -> None:
    small = bytearray(pressed_letter(canonical(SAID)))
    small[place % len(small)] ^= flip
    for damaged in (bytes(small), bytes(small[: max(2, place % len(small))])):
        with suppress(BookError, EOFError, isal_zlib.error):
            assert opened(damaged) == canonical(SAID)


def test_going_back_a_step_every_letter_is_any_programs(
    fresh_url: Callable[[], str], stamp: Stamp
) -> None:
    url = fresh_url()
    upgrade(url)
    with closing(Book.open(url)) as book, book.writing() as conn:
        write_letters(conn, [own_result(), result()], stamp)
    with closing(Book.open(url)) as book, book.reading() as conn:
        before = ledger(conn, "2026-10")
    downgrade(url, "0031")
    upgrade(url)
    with closing(Book.open(url)) as book, book.reading() as conn:
        small = list(conn.execute(text("select payload from letters")).scalars())
        assert all(zlib.decompress(one) for one in small)
        assert ledger(conn, "2026-10") == before
