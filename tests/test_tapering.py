"""The last files of a month are checked in smaller batches, none left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tasks.call_roll import in_batches
from tasks.collect import LEAST_BATCH, MANY, shared_out, tapering


def test_the_last_batch_is_parted_into_ever_smaller_ones() -> None:
    found = [len(batch) for batch in tapering(in_batches(range(1, 251), 100))]
    assert found == [100, 100, 25, 25]
    assert [len(batch) for batch in tapering(in_batches(range(100), 100))] == [50, 25, 25]


@given(st.integers(0, 700), st.integers(1, 300))
def test_every_file_is_in_one_batch_in_order(files: int, size: int) -> None:
    batches = tapering(in_batches(range(files), size))
    assert [one for batch in batches for one in batch] == list(range(files))
    assert all(batches) and max(map(len, batches), default=0) <= size
    assert not batches or len(batches[-1]) < 2 * LEAST_BATCH


def test_where_there_are_many_a_batch_has_twice_as_many_files() -> None:
    files = range(MANY * 100)
    assert {len(batch) for batch in shared_out(files[:-1], 100)[:-4]} == {100}
    many = shared_out(files, 100)
    assert [len(batch) for batch in many] == [200] * 9 + [100, 50, 25, 25]
    assert [one for batch in many for one in batch] == list(files)
