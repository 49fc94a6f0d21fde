"""A year of months (Article 21): missing months are not zeros, rounding happens once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.library import newest_regulation
from review.scorecard import Grade
from review.year import YearRule, grade_under_decree_90, looks_like_maternity, year_of

RULES = newest_regulation().year
totals = st.integers(0, 10_000)
rules = st.sampled_from(list(YearRule))
months = st.lists(st.none() | totals, min_size=12, max_size=12)


@given(totals, rules, st.lists(st.booleans(), min_size=12, max_size=12).filter(any))
def test_a_year_of_equal_months_equals_the_month(
    total: int, rule: YearRule, worked: list[bool]
) -> None:
    year = year_of([total if there else None for there in worked], rule)
    assert (year.score, year.counted, year.due) == (total, sum(worked), 12)


@given(st.lists(totals, min_size=12, max_size=12))
def test_the_two_rules_agree_on_a_full_year(full: list[int]) -> None:
    one, other = (year_of(full, rule).score for rule in YearRule)
    assert one == other


@given(months, rules)
def test_the_year_lies_between_its_months(given_: list[int | None], rule: YearRule) -> None:
    there = [month for month in given_ if month is not None]
    score = year_of(given_, rule).score
    assert score is None if not there else min(there) <= score <= max(there)


def test_an_incomplete_year_depends_on_the_rule() -> None:
    four = [9000, 9000, 9000, 6000, *[None] * 8]
    assert year_of(four, YearRule.MEAN_OF_MONTHS).score == 8250
    assert year_of(four, YearRule.MEAN_OF_QUARTERS).score == 7500


def test_a_quarter_tells_how_many_of_its_months_it_rests_on() -> None:
    assert year_of([8500, None, None], YearRule.MEAN_OF_MONTHS).quarters == ((1, 8500, 1),)


def test_only_a_gap_as_long_as_maternity_leave_is_read_as_one() -> None:
    lengths = [n for n in range(13) if looks_like_maternity([80] * (12 - n) + [None] * n, RULES)]
    assert lengths == [6, 7]
    assert not looks_like_maternity([80, *[None] * 6, 80, *[None] * 4], RULES)


@pytest.mark.parametrize(
    ("counted", "maternity", "grade"),
    [(10, False, Grade.GOOD), (8, False, Grade.DONE), (5, False, None), (5, True, Grade.GOOD)],
)
def test_decree_90_was_harder_on_long_leave(
    counted: int, maternity: bool, grade: Grade | None
) -> None:
    assert grade_under_decree_90(Grade.GOOD, counted, maternity, RULES) is grade
