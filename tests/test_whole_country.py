"""The whole country by columns comes to what cards and sums by hand come to; what it is measured by
is the code that the commands call."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.country import country
from benchmarks.whole_country import by_hand
from benchmarks.whole_country_cards import by_cards
from benchmarks.whole_country_columns import by_columns, laid_out
from review.rollup_columns import PartColumns, State, roll_up_columns
from review.year import YearRule, year_of


def test_reports_scored_card_by_card_come_to_the_same_sums() -> None:
    """A year of three units: every point, every year's points, how many are excellent."""
    made = country(60, 7)
    assert by_cards(made).sums == by_columns(laid_out(made)) == by_hand(made)


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_the_yardstick_by_hand_comes_to_the_same(seed: int) -> None:
    made = country(400, seed)
    assert by_hand(made) == by_columns(laid_out(made))


@given(st.integers(0, 10_000), st.sampled_from(YearRule))
def test_every_year_is_what_year_of_makes_of_its_months(seed: int, rule: YearRule) -> None:
    dice = np.random.default_rng(seed)
    months = np.where(dice.random((20, 4, 3)) < 0.1, -1, dice.integers(0, 10_001, (20, 4, 3)))
    state = np.where(months >= 0, State.COUNTED, State.LEAVE)
    ones = np.ones_like(months)
    rolled = roll_up_columns(PartColumns(state, ones, months, months, ones, ones), rule)
    for row, year in zip(months.reshape(-1, 12).tolist(), rolled.score.tolist(), strict=True):
        score = year_of([None if t < 0 else t for t in row], rule).score
        assert year == (-1 if score is None else score)
