"""Periods: what is written is what is read, and no day is lost between two of them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.period import Cadence, Period, PeriodError, period_due_on

HANOI = "Asia/Ho_Chi_Minh"
VECTORS = Path(__file__).parent / "scoring_vectors.json"

days = st.dates(date(1901, 1, 1), date(2900, 12, 31))
cadences = st.sampled_from(list(Cadence))
periods = st.builds(Period.containing, days, cadences)


@given(periods)
def test_what_is_written_is_what_is_read(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(periods)
def test_next_and_previous_undo_each_other_and_leave_no_gap(period: Period) -> None:
    assert period.next().previous() == period == period.previous().next()
    assert period.end + timedelta(days=1) == period.next().start


@given(periods, cadences)
def test_the_parts_cover_the_whole_and_nothing_else(period: Period, cadence: Cadence) -> None:
    if cadence.months > period.cadence.months:
        with pytest.raises(PeriodError, match="Không chia được"):
            period.split(cadence)
        return
    parts = period.split(cadence)
    assert (parts[0].start, parts[-1].end) == (period.start, period.end)
    assert all(left.next() == right for left, right in pairwise(parts))
    assert all(part in period and part.cadence is cadence for part in parts)


@given(days, cadences, st.integers(1990, 2040))
def test_a_day_falls_in_exactly_one_period(day: date, cadence: Cadence, term: int) -> None:
    period = Period.containing(day, cadence, term)
    assert day in period
    assert day not in period.next() and day not in period.previous()


@given(periods)
def test_report_windows_follow_each_other_without_gap(period: Period) -> None:
    assert period.report_window[1] + timedelta(days=1) == period.next().report_window[0]


@given(st.lists(periods, max_size=8))
def test_periods_sort_by_their_first_day(some: list[Period]) -> None:
    starts = [period.start for period in sorted(some)]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("text", "label", "start", "end"),
    [
        ("2026-10", "tháng 10/2026", date(2026, 10, 1), date(2026, 10, 31)),
        ("2028-02", "tháng 2/2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-Q3", "quý III/2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-H1", "6 tháng đầu năm 2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", "6 tháng cuối năm 2026", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", "năm 2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026..2030", "nhiệm kỳ 2026 – 2031", date(2026, 1, 1), date(2030, 12, 31)),
    ],
)
def test_a_period_has_its_days_and_its_words(text: str, label: str, start: date, end: date) -> None:
    period = Period.parse(text)
    assert (str(period), period.label, period.start, period.end) == (text, label, start, end)


def test_a_period_may_be_typed_in_small_letters_and_with_spaces_around_it() -> None:
    assert str(Period.parse(" 2026-q3 ")) == "2026-Q3"


@pytest.mark.parametrize(
    "text",
    ["2026-13", "2026-00", "2026-7", "2026-Q5", "2026-H3", "26", "", "10/2026", "2026..2031",
     "2026..2025", "2026-10-01", "tháng 10", "٢٠٢٦", "0026", "9999"],
)  # fmt: skip
def test_what_is_not_a_period_is_named_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(PeriodError) as said:
        Period.parse(text)
    assert str(said.value) == (
        f"“{text}” không phải là kỳ báo cáo; hãy viết 2026-07, 2026-Q3, 2026 hoặc 2026..2030"
    )


def test_the_first_year_of_a_term_is_the_offices_own() -> None:
    day = date(2026, 10, 31)
    assert str(Period.containing(day, "term")) == "2025..2029"
    assert str(Period.containing(day, "term", term_start=2026)) == "2026..2030"
    assert str(Period.containing(day, "term", term_start=2021)) == "2026..2030"


@pytest.mark.parametrize(
    ("scheduled", "cadence", "due"),
    [
        (datetime(2026, 12, 31, 23, tzinfo=UTC), "year", "2026"),
        (datetime(2026, 12, 31, 16, 59, tzinfo=UTC), "year", "2025"),
        (datetime(2026, 10, 31, 23, tzinfo=UTC), "month", "2026-10"),
        (datetime(2026, 9, 30, 23, tzinfo=UTC), "quarter", "2026-Q3"),
        (datetime(2026, 6, 30, 23, tzinfo=UTC), "half", "2026-H1"),
        (datetime(2029, 12, 31, 23, tzinfo=UTC), "term", "2025..2029"),
    ],
)
def test_a_run_reviews_what_had_closed_on_the_offices_date(
    scheduled: datetime, cadence: str, due: str
) -> None:
    assert str(period_due_on(scheduled, cadence, HANOI)) == due


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        period_due_on(datetime(2026, 12, 31, 23), "year", HANOI)


def test_a_month_lies_in_its_quarter_and_not_in_the_next() -> None:
    october = Period.parse("2026-10")
    assert october in Period.parse("2026-Q4")
    assert october not in Period.parse("2027")
    assert datetime(2026, 10, 31, 23, 59, tzinfo=UTC) in october


def test_report_windows_agree_with_the_vectors() -> None:
    cases = [v for v in json.loads(VECTORS.read_text("utf-8"))["vectors"]
             if v["group"] == "report_window"]  # fmt: skip
    assert len(cases) == 4
    for case in cases:
        cadence, text = case["input"]["period"].split()
        period = Period.parse(text)
        window = tuple(day.isoformat() for day in period.report_window)
        assert (period.cadence, window) == (cadence, tuple(case["expected"].values())), case["id"]
