"""How the units of a roll are shared out to the runs of a step."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.lots import LAST, MANY, lots_of
from review.settings import WorkSettings
from tasks.call_roll import RollCall
from tasks.report import report
from tasks.roll_up import roll_up
from tasks.score import score
from tasks.update_plans import update_plans


def rolled(units: int) -> RollCall:
    return RollCall(tuple(f"{n:05}" for n in range(units)), new=0)


@given(st.integers(0, 400), st.integers(1, 9), st.integers(1, 12))
def test_every_unit_is_in_one_lot_and_in_order(units: int, batch: int, processes: int) -> None:
    roll, work = rolled(units), WorkSettings(processes=processes, batch=batch)
    for duty in (score, update_plans, report, roll_up):
        assert tuple(chain.from_iterable(lots_of(duty, roll, work))) == roll.units


def test_a_country_goes_two_batches_at_a_time_and_ends_with_single_ones() -> None:
    sizes = [len(lot) for lot in lots_of(report, rolled(10_000), WorkSettings(processes=2))]
    assert sizes == [200] * 46 + [100] * 2 * LAST


@pytest.mark.parametrize("batches", [1, 2, MANY - 1])
def test_a_province_goes_batch_by_batch(batches: int) -> None:
    lots = lots_of(update_plans, rolled(100 * batches), WorkSettings())
    assert [len(lot) for lot in lots] == [100] * batches
