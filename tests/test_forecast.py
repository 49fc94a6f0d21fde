"""The forecast: retirements of Decree 135/2020, announced moves, attrition as a range."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from review.cadres import Role, Sex
from review.forecast import (
    Exits,
    Move,
    _some_of,
    attrition,
    demand_by_term,
    exits_seen,
    forecast,
    measures_of,
    retiring_within,
)
from review.period import Period
from tests.plan_makers import RULES, TABLE, YEAR_END, cadre

HEAD = cadre("03637-01", birth=date(1965, 3, 2), role=Role.HEAD)  # 61y6m: pension from 1 Oct 2026
DEPUTY = cadre("03637-02", birth=date(1966, 4, 9), role=Role.DEPUTY)  # 62y: from 1 May 2028
YOUNG = [cadre(f"03640-{n:02}") for n in range(1, 41)]
NOTHING_SEEN = Exits(0, 0)


def test_retirements_fall_in_the_horizon_that_holds_the_first_pension_day() -> None:
    found = retiring_within([HEAD, DEPUTY, *YOUNG], date(2026, 8, 31), 12, TABLE)
    assert [(one.cadre.code, one.leaves) for one in found] == [("03637-01", date(2026, 10, 1))]
    later = retiring_within([DEPUTY], YEAR_END, 24, TABLE)
    assert [one.leaves for one in later] == [date(2028, 5, 1)]
    assert retiring_within([DEPUTY], date(2026, 4, 30), 24, TABLE) == ()


def test_one_past_the_age_who_still_serves_is_a_post_to_fill() -> None:
    assert retiring_within([HEAD], YEAR_END, 12, TABLE)


def test_a_birthday_nobody_knows_is_no_retirement() -> None:
    assert retiring_within([replace(HEAD, birth=None)], YEAR_END, 60, TABLE) == ()


def test_the_doubtful_month_of_the_table_asks_a_person() -> None:
    doubtful = cadre(birth=date(1969, 5, 5), sex=Sex.FEMALE)
    (found,) = retiring_within([doubtful], date(2025, 12, 31), 12, TABLE)
    assert found.verify


def test_each_horizon_holds_the_one_before() -> None:
    horizons = forecast([HEAD, DEPUTY, *YOUNG], YEAR_END, RULES.forecast, TABLE, Exits(6, 1700))
    assert [horizon.months for horizon in horizons] == [12, 24, 60]
    middles = [horizon.leaving.middle for horizon in horizons]
    assert middles == sorted(middles)
    for horizon in horizons:
        assert len(horizon.retiring) <= horizon.leaving.low <= horizon.leaving.high


def test_the_same_seed_gives_the_same_range_and_another_may_not() -> None:
    def middle(seed: int) -> list[tuple[int, int, int]]:
        rules = replace(RULES.forecast, seed=seed, draws=200)
        found = forecast(YOUNG, YEAR_END, rules, TABLE, Exits(6, 1700))
        return [(h.leaving.low, h.leaving.middle, h.leaving.high) for h in found]

    assert middle(335) == middle(335)
    assert len({tuple(middle(seed)) for seed in range(12)}) > 1


def test_more_that_was_seen_makes_the_range_narrower() -> None:
    little, much = (
        forecast(YOUNG * 5, YEAR_END, RULES.forecast, TABLE, seen)[0].leaving
        for seen in (Exits(3, 300), Exits(3000, 300_000))
    )
    assert much.high - much.low < little.high - little.low


def test_the_simulated_middle_is_what_the_rate_says() -> None:
    # 1% a month for 12 months of 1000 persons: 1000 · (1 − e^−0,12) = 113 leave.
    many = [cadre(f"90000-{n:04}") for n in range(1000)]
    found = forecast(many, YEAR_END, RULES.forecast, TABLE, Exits(10_000, 1_000_000))
    assert abs(found[0].leaving.middle - 113) <= 3


def test_rare_and_common_draws_have_the_right_mean() -> None:
    dice = Random(1)
    rare = [_some_of(dice, 40, 0.1) for _ in range(4000)]
    common = [_some_of(dice, 4000, 0.5) for _ in range(400)]
    assert abs(sum(rare) / len(rare) - 4) < 0.15
    assert abs(sum(common) / len(common) - 2000) < 6
    assert _some_of(dice, 7, 1.0) == 7 and _some_of(dice, 0, 0.5) == 0


def test_an_announced_move_of_one_who_retires_anyway_counts_once() -> None:
    move = Move("03637-01", date(2027, 2, 1), "Dự kiến chuyển")
    found = forecast([HEAD], YEAR_END, RULES.forecast, TABLE, NOTHING_SEEN, [move])[0]
    assert found.moving == () and found.leaving.high == 1


def test_who_left_for_another_reason_than_age_is_attrition() -> None:
    left = replace(YOUNG[0], until=date(2026, 6, 30))
    retired = replace(HEAD, until=date(2026, 9, 30))
    seen = exits_seen([left, retired, YOUNG[1]], date(2026, 1, 1), YEAR_END, TABLE)
    assert seen == Exits(left=1, person_months=6 + 9 + 12)
    assert attrition(seen).value == 4444  # 1 in 27 person-months, a year: 44,44%
    assert attrition(NOTHING_SEEN).value is None


def test_demand_for_key_posts_is_told_by_term() -> None:
    terms = [Period.parse("2026..2030"), Period.parse("2031..2035")]
    first, second = demand_by_term([HEAD, DEPUTY, *YOUNG], TABLE, RULES.forecast, terms)
    assert (first.value, second.value) == (2, 0)
    assert [piece.on for piece in first.evidence] == [date(2026, 10, 1), date(2028, 5, 1)]


def test_a_range_is_shown_as_a_range() -> None:
    found = measures_of(forecast(YOUNG, YEAR_END, RULES.forecast, TABLE, Exits(6, 1700)))
    vacant = next(one for one in found if one.code == "TRONG_60")
    assert "–" in vacant.shown and vacant.shown.endswith("vị trí")
