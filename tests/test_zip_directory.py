"""The directory of a plain zip is what zipfile says it is; of any other, zipfile is asked."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.zip_directory import Entry, directory, plain_directory
from channels.zip_patch import BROKEN
from tests.drawer import Desk

GOOD = Desk().good()
START = GOOD.find(b"PK\x01\x02")
PIECES = (b"", b"\0", b"\xff", b"/", b"\\", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x07", b"\x2e\0")
EDITS = st.lists(
    st.tuples(
        st.one_of(st.integers(START, len(GOOD)), st.integers(len(GOOD) - 50, len(GOOD))),
        st.integers(0, 3),
        st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)),
    ),
    min_size=1,
    max_size=3,
)


def by_zipfile(data: bytes) -> list[Entry]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [Entry(*(getattr(one, name) for name in Entry._fields)) for one in archive.filelist]


def test_a_workbook_s_directory_is_plain() -> None:
    found = plain_directory(GOOD)
    assert found == by_zipfile(GOOD)
    assert {"xl/workbook.xml", "xl/styles.xml"} < {one.filename for one in found or ()}


@given(EDITS)
def test_zipfile_says_the_same_of_what_is_taken_for_plain(
    edits: list[tuple[int, int, bytes]],
) -> None:
    data = GOOD
    for at, length, piece in edits:
        data = data[:at] + piece + data[at + length :]
    found = plain_directory(data)
    if found is not None:
        assert found == by_zipfile(data)


@pytest.mark.parametrize("name", ["Số liệu.xml", "a\\b.xml"])
def test_a_name_that_machines_read_differently_is_left_to_zipfile(name: str) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr(name, "x")
    assert plain_directory(kept.getvalue()) is None
    assert [one.filename for one in directory(kept.getvalue())] == [name]


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", GOOD[:-1], GOOD[: START + 9]])
def test_what_is_no_whole_zip_is_refused_as_zipfile_refuses_it(data: bytes) -> None:
    assert plain_directory(data) is None
    with pytest.raises(BROKEN):
        directory(data)


def test_a_zip_behind_something_else_and_one_with_a_comment_are_read_all_the_same() -> None:
    with_comment = GOOD[:-2] + b"\x02\0ab"
    for data in (b"abc" + GOOD, with_comment):
        assert plain_directory(data) is None
        assert len(directory(data)) == len(by_zipfile(GOOD))
