"""Due dates as an official counts them: over Tết, over 30/4–1/5, over swapped days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import ChannelRefused
from channels.public_holidays import working_days
from review.calendar import DueRule, WorkingDays, deadlines_of, late_days
from review.period import Period

HANOI = "Asia/Ho_Chi_Minh"
DAYS = working_days(range(2025, 2029))
MONTHLY = DueRule(opens_day=7, due_day=5, grace_days=2, lock_days=5)

in_reach = st.dates(date(2025, 3, 1), date(2028, 10, 1))
numbers = st.integers(0, 60)


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(HANOI))  # type: ignore[arg-type,misc]


def test_october_is_due_at_the_end_of_office_hours_on_the_fifth() -> None:
    dates = deadlines_of(Period.parse("2026-10"), MONTHLY, DAYS, HANOI)
    assert dates.opens == local(2026, 10, 24)
    assert dates.due == local(2026, 11, 5, 17)
    assert dates.grace == local(2026, 11, 9, 17)
    assert dates.locks == local(2026, 11, 16, 17)


def test_january_2027_is_due_after_tet() -> None:
    """5 February 2027 is the eve of Tết; the days off run to Wednesday 10 February."""
    dates = deadlines_of(Period.parse("2027-01"), MONTHLY, DAYS, HANOI)
    assert dates.due == local(2027, 2, 11, 17)
    assert dates.grace == local(2027, 2, 15, 17)


def test_a_report_due_on_30_april_moves_past_1_may_its_weekend_and_the_day_in_lieu() -> None:
    rule = DueRule(0, 30, 0, 1)
    assert deadlines_of(Period.parse("2027-03"), rule, DAYS, HANOI).due == local(2027, 5, 4, 17)
    assert deadlines_of(Period.parse("2026-03"), rule, DAYS, HANOI).due == local(2026, 5, 4, 17)


def test_a_due_day_on_a_saturday_moves_to_monday() -> None:
    due = deadlines_of(Period.parse("2026-11"), MONTHLY, DAYS, HANOI).due
    assert due == local(2026, 12, 7, 17)


def test_a_saturday_swapped_in_by_the_government_is_a_working_day() -> None:
    assert DAYS.is_working(date(2026, 8, 22))
    assert not DAYS.is_working(date(2026, 8, 31))
    assert not DAYS.is_working(date(2026, 8, 29))


def test_an_extension_moves_every_later_limit_of_that_unit() -> None:
    october = Period.parse("2026-10")
    dates = deadlines_of(october, MONTHLY, DAYS, HANOI, extension_days=3)
    assert dates.due == local(2026, 11, 9, 17)  # the 8th is a Sunday
    assert dates.grace == local(2026, 11, 11, 17)
    assert dates.opens == deadlines_of(october, MONTHLY, DAYS, HANOI).opens


def test_lateness_counts_working_days_only() -> None:
    due = local(2027, 2, 3, 17)
    assert late_days(local(2027, 2, 3, 17), due, DAYS) == 0
    assert late_days(local(2027, 2, 3, 17, 1), due, DAYS) == 1
    assert late_days(local(2027, 2, 8, 9), due, DAYS) == 1  # in the middle of Tết
    assert late_days(local(2027, 2, 12, 9), due, DAYS) == 2


def test_lateness_is_counted_in_the_offices_days_and_not_in_utc() -> None:
    due = local(2026, 11, 5, 17)
    assert late_days(datetime(2026, 11, 5, 9, 59, tzinfo=UTC), due, DAYS) == 0
    assert late_days(datetime(2026, 11, 6, 18, tzinfo=UTC), due, DAYS) == 1  # Saturday 1:00
    assert late_days(datetime(2026, 11, 8, 18, tzinfo=UTC), due, DAYS) == 2  # Monday 1:00


@given(in_reach, numbers)
def test_adding_working_days_and_counting_them_agree(day: date, n: int) -> None:
    there = DAYS.add(day, n)
    assert DAYS.is_working(there)
    if n:
        assert DAYS.between(day, there) == n


@given(in_reach, st.integers(1, 30))
def test_going_back_and_forth_between_working_days_ends_where_it_began(day: date, n: int) -> None:
    start = DAYS.on_or_after(day)
    assert DAYS.add(DAYS.add(start, -n), n) == start


@given(in_reach, st.integers(-40, 40), st.integers(-40, 40))
def test_counts_of_working_days_add_up(a: date, m: int, n: int) -> None:
    b, c = a + timedelta(days=m), a + timedelta(days=m + n)
    assert DAYS.between(a, b) + DAYS.between(b, c) == DAYS.between(a, c)


@given(
    st.dates(date(2025, 2, 1), date(2027, 12, 1)).map(lambda d: Period.containing(d, "month")),
    st.builds(DueRule, st.integers(0, 20), numbers, st.integers(0, 9), st.integers(0, 9)),
    st.integers(0, 20),
)
def test_limits_stand_in_order_and_on_working_days(p: Period, rule: DueRule, more: int) -> None:
    dates = deadlines_of(p, rule, DAYS, HANOI, more)
    assert dates.opens < dates.due <= dates.grace <= dates.locks
    assert all(DAYS.is_working(at.date()) for at in (dates.due, dates.grace, dates.locks))
    assert dates.due.utcoffset() == timedelta(hours=7)


def test_the_office_corrects_days_off_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text(
        '[[off]]\nday = 2026-11-05\nuntil = 2026-11-06\nreason = "Nghỉ tránh lũ, CV 12/UBND"\n'
        '[[working]]\nday = 2026-11-07\nreason = "Làm bù cho ngày 05/11/2026"\n'
        '[[working]]\nday = 2026-11-24\nreason = "Chưa có quyết định nghỉ"\n',
        encoding="utf-8",
    )
    days = working_days([2026], path)
    assert days.on_or_after(date(2026, 11, 5)) == date(2026, 11, 7)
    assert days.is_working(date(2026, 11, 24)) and not DAYS.is_working(date(2026, 11, 24))


def test_a_swapped_saturday_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text('[[off]]\nday = 2026-08-22\nreason = "Không làm bù"\n', encoding="utf-8")
    assert not working_days([2026], path).is_working(date(2026, 8, 22))


def test_no_corrections_file_is_no_correction(tmp_path: Path) -> None:
    assert working_days([2026], tmp_path / "holidays.toml") == working_days([2026])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[off]]\nday = 2026-11-05\n", "05/11/2026 phải có đúng các mục"),
        ('[[off]]\nday = "5/11"\nreason = "x"\n', "cần day = 2027-02-08"),
        ('[off]\nday = 2026-11-05\nreason = "x"\n', r"hai dấu ngoặc vuông"),
        ('[[nghi]]\nday = 2026-11-05\nreason = "x"\n', "không có mục “nghi”"),
        ("[[off]", "Không đọc được"),
        (
            '[[off]]\nday = 2026-11-05\nreason = "x"\n[[working]]\nday = 2026-11-05\nreason = "y"',
            "vừa ghi là nghỉ vừa ghi là làm",
        ),
        ('[[off]]\nday = 2026-11-05\nuntil = 2026-10-05\nreason = "x"\n', "until không trước day"),
    ],
)
def test_a_wrong_corrections_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ChannelRefused, match=says):
        working_days([2026], path)


def test_without_any_holiday_only_weekends_are_off() -> None:
    plain = WorkingDays()
    assert plain.add(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert plain.add(date(2027, 1, 1), 1) == date(2027, 1, 4)
