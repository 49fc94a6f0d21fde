"""The forecast: retirements of Decree 135/2020, announced moves, attrition as a range."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from review.cadres import Cadre, Role, Sex
from review.evidence import Measure
from review.forecast import (
    Exits,
    Leaving,
    Move,
    Range,
    exits_seen,
    outlook_of,
    rate_a_year,
    retiring_within,
    simulated,
    some_of,
)
from review.plans import PlanKind
from tests.plan_makers import RULES, TABLE, YEAR_END, cadre, figures, ground, lines

HEAD = cadre("03637-01", birth=date(1965, 3, 2), role=Role.HEAD)  # 61y6m: pension from 1 Oct 2026
DEPUTY = cadre("03637-02", birth=date(1966, 4, 9), role=Role.DEPUTY)  # 62y: from 1 May 2028
YOUNG = [cadre(f"03640-{n:02}") for n in range(1, 41)]
NOTHING_SEEN = Exits(0, 0)
KIND = PlanKind.STRUCTURE


def test_retirements_fall_in_the_horizon_that_holds_the_first_pension_day() -> None:
    found = retiring_within([HEAD, DEPUTY, *YOUNG], date(2026, 8, 31), 12, TABLE)
    assert [(one.cadre.code, one.leaves) for one in found] == [("03637-01", date(2026, 10, 1))]
    later = retiring_within([DEPUTY], YEAR_END, 24, TABLE)
    assert [one.leaves for one in later] == [date(2028, 5, 1)]
    assert retiring_within([DEPUTY], date(2026, 4, 30), 24, TABLE) == ()


def test_one_past_the_age_who_still_serves_is_a_post_to_fill() -> None:
    assert retiring_within([HEAD], YEAR_END, 12, TABLE)
    (change,) = [c for k, c in lines(ground(cadres=[HEAD]), KIND).items() if "HUU_12" in k]
    assert change.line.due == date(2027, 12, 31), "by the end of the plan, not in the past"


def test_a_birthday_nobody_knows_is_no_retirement() -> None:
    assert retiring_within([HEAD._replace(birth=None)], YEAR_END, 60, TABLE) == ()


def test_the_doubtful_month_of_the_table_asks_a_person() -> None:
    doubtful = cadre(birth=date(1969, 5, 5), sex=Sex.FEMALE)
    (found,) = retiring_within([doubtful], date(2025, 12, 31), 12, TABLE)
    assert found.verify


def vacant(cadres: list[Cadre], months: int, seen: Exits, seed: int = 335) -> Range:
    """What a province of these people may lose, by the forecast's own rules."""
    rules = replace(RULES.forecast, seed=seed)
    outlook = outlook_of(cadres, date.min, _after(months), TABLE)
    return simulated(f"{months}", outlook.counts, months, rules, seen)


def _after(months: int) -> date:
    return date(2026 + months // 12, 12, 31)


def test_each_horizon_holds_the_one_before() -> None:
    ranges = [vacant([HEAD, DEPUTY, *YOUNG], months, Exits(6, 1700)) for months in (12, 24, 60)]
    middles = [one.middle for one in ranges]
    assert middles == sorted(middles)
    assert [one.low >= least for one, least in zip(ranges, (1, 2, 2), strict=True)] == [True] * 3


def test_the_same_seed_gives_the_same_range_and_another_may_not() -> None:
    def ranges(seed: int) -> Range:
        return vacant(YOUNG, 60, Exits(6, 1700), seed)

    assert ranges(335) == ranges(335)
    assert len({ranges(seed) for seed in range(12)}) > 1


def test_more_that_was_seen_makes_the_range_narrower() -> None:
    little, much = (vacant(YOUNG * 5, 12, seen) for seen in (Exits(3, 300), Exits(3000, 300_000)))
    assert much.high - much.low < little.high - little.low


def test_the_simulated_middle_is_what_the_rate_says() -> None:
    # 1% a month for 12 months of 1000 persons: 1000 · (1 − e^−0,12) = 113 leave.
    many = [cadre(f"90000-{n:04}") for n in range(1000)]
    assert abs(vacant(many, 12, Exits(10_000, 1_000_000)).middle - 113) <= 3


def test_announced_moves_come_about_as_often_as_the_rules_say() -> None:
    found = simulated("moves", Leaving(0, 1000, 0), 12, RULES.forecast, NOTHING_SEEN)
    assert abs(found.middle - 900) <= 3


def test_rare_and_common_draws_have_the_right_mean() -> None:
    dice = Random(1)
    rare = [some_of(dice, 40, 0.1) for _ in range(4000)]
    common = [some_of(dice, 4000, 0.5) for _ in range(400)]
    assert abs(sum(rare) / len(rare) - 4) < 0.15
    assert abs(sum(common) / len(common) - 2000) < 6
    assert some_of(dice, 7, 1.0) == 7 and some_of(dice, 0, 0.5) == 0


def test_an_announced_move_of_one_who_retires_anyway_counts_once() -> None:
    move = Move("03637-01", date(2027, 2, 1), "Dự kiến chuyển")
    found = outlook_of([HEAD], date.min, _after(12), TABLE, [move])
    assert found.moving == () and found.counts == Leaving(1, 0, 0)


def test_who_left_for_another_reason_than_age_is_attrition() -> None:
    left = YOUNG[0]._replace(until=date(2026, 6, 30))
    retired = HEAD._replace(until=date(2026, 9, 30))
    seen = exits_seen([left, retired, YOUNG[1]], date(2026, 1, 1), YEAR_END, TABLE)
    assert seen == Exits(left=1, person_months=6 + 9 + 12)
    assert rate_a_year(seen) == 4444  # 1 in 27 person-months, a year: 44,44%
    assert rate_a_year(NOTHING_SEEN) is None
    elsewhere = exits_seen([left], date(2026, 1, 1), YEAR_END, TABLE, {left.code})
    assert elsewhere == Exits(left=0, person_months=6), "who serves on elsewhere is not lost"


def told(*people: Cadre, moves: tuple[Move, ...] = ()) -> dict[str, Measure]:
    """The figures of a province of three units."""
    units = [ground("03637", cadres=people, moves=moves), ground("03640", cadres=YOUNG)]
    return figures(*units, kind=KIND)


def test_demand_for_key_posts_is_told_by_term_as_a_range() -> None:
    found = told(HEAD, DEPUTY)
    this, following = found["NHU_CAU_2026..2030"], found["NHU_CAU_SAU_2031..2035"]
    assert [piece.on for piece in this.evidence] == [date(2028, 5, 1)], "HEAD is past the age"
    assert this.low is not None and this.low >= 1 and this.high is not None
    assert "từ sau ngày 31/12/2026" in this.says and following.evidence == ()


def test_a_range_is_shown_as_a_range_with_what_it_is_made_of() -> None:
    move = Move(YOUNG[0].code, date(2027, 3, 1), "Dự kiến chuyển đi từ 01/03/2027", "S8!E6")
    found = told(HEAD, YOUNG[0], moves=(move,))
    vacant_in_60 = found["TRONG_60"]
    assert "–" in vacant_in_60.shown and vacant_in_60.shown.endswith("vị trí")
    assert "1 nghỉ hưu, 1 dự kiến chuyển" in vacant_in_60.says
    assert vacant_in_60.evidence[0].cell == "S8!E6"


def test_the_forecast_of_a_province_does_not_depend_on_how_units_are_counted() -> None:
    one = figures(ground("03637", cadres=[HEAD, DEPUTY, *YOUNG]), kind=KIND)
    two = told(HEAD, DEPUTY)
    for code in ("HUU_12", "TRONG_12", "TRONG_24", "TRONG_60", "NHU_CAU_2026..2030", "BIEN_DONG"):
        assert one[code] == two[code]
