"""The last files of a month are checked in smaller batches, none left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tasks.call_roll import in_batches
from tasks.collect import LEAST_BATCH, tapering


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
