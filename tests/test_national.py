"""The whole country on paper: from measured costs, by sums that a person can follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.national import Costs, Way, costs_in, loads, longest_wait, table

HERE = Path(__file__).resolve().parent.parent / "benchmarks"
COSTS = Costs(units=1000, month=0.06, read=0.006, take=0.011, letter=0.01)


def test_costs_are_those_that_were_measured() -> None:
    results, posting = ((HERE / name).read_text("utf-8") for name in ("RESULTS.md", "POSTING.md"))
    told = costs_in(results, posting)
    assert told.units >= 1000
    assert 0 < told.read < told.month and 0 < told.take < told.month and told.letter > 0
    with pytest.raises(ValueError, match="POSTING"):
        costs_in(results, "")


def test_only_reading_gains_from_more_processes() -> None:
    two, eight = (Way("", 1, 60_000, p, 0).hours(COSTS) for p in (2, 8))
    assert two == pytest.approx(1.0)
    assert eight == pytest.approx(1.0 - 60_000 * (0.006 / 2 - 0.006 / 8) / 3600)


def test_a_queue_grows_only_past_what_one_intake_can_do() -> None:
    assert longest_wait(3600, 1.0) == pytest.approx(1.0)  # half of them in 3,600 seconds
    assert longest_wait(14_400, 1.0) == pytest.approx(3600, rel=0.01)  # twice what is possible
    assert longest_wait(14_400, 1.0, lines=2) == pytest.approx(1.0)


def test_what_is_full_first_stands_first() -> None:
    found = loads(Way("", 1, 1000, 2, 2_000_000), COSTS, pace=20.0)
    assert found[0][0].startswith("máy chủ thư") and found[0][1] == pytest.approx(100_000 / 28_800)
    assert [share for _name, share in found] == sorted((s for _n, s in found), reverse=True)
    assert "**quá**" in table(COSTS)
