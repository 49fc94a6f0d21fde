"""Training: what makes a need, what meets it, and whether forms and hours are as asked."""

from __future__ import annotations

from datetime import date

from review.plan_rules import LegalText
from review.training import (
    Fault,
    Gap,
    Lesson,
    LowMark,
    Need,
    Reading,
    cost_of,
    hours_by_cadre,
    measures_of,
    mix_of_forms,
    needs_of,
    overdue,
    too_long_days,
    unread_texts,
    updated_in_time,
)
from tests.plan_makers import RULES, YEAR_END, cadre

WHO = cadre()
T = RULES.training
OCTOBER = date(2026, 10, 31)
TEXT = LegalText("335/2025/NĐ-CP", "Nghị định", date(2026, 1, 1))


def fault(times: int, work: str = "KT01", cell: str = "S3 Công việc – sản phẩm!J9") -> Fault:
    return Fault(WHO.code, work, times, "Thẩm định hồ sơ: chưa đạt", cell, "2026-10", OCTOBER)


def mark(got: int, criterion: str = "c3", most: int = 250) -> LowMark:
    return LowMark(WHO.code, criterion, got, most, "II.1", "S4!G7", "2026-10", OCTOBER)


def test_faults_enough_of_one_product_make_a_need_that_names_the_cell() -> None:
    (need,) = needs_of(WHO, T, faults=[fault(1), fault(1, "KT03", "S3!J10")])
    assert need.course.code == "BD-HS"
    assert [piece.cell for piece in need.why] == ["S3 Công việc – sản phẩm!J9", "S3!J10"]
    assert needs_of(WHO, T, faults=[fault(1)]) == ()


def test_a_mark_below_the_share_of_its_most_makes_a_need_and_one_at_it_does_not() -> None:
    assert [n.course.code for n in needs_of(WHO, T, marks=[mark(149)])] == ["BD-NV"]
    assert needs_of(WHO, T, marks=[mark(150)]) == ()


def test_a_longer_period_weighs_faults_by_month_and_marks_by_their_mean() -> None:
    assert needs_of(WHO, T, faults=[fault(5)], months=3) == ()
    assert needs_of(WHO, T, faults=[fault(6)], months=3)
    assert needs_of(WHO, T, marks=[mark(100), mark(200)]) == ()  # 60% on the mean
    assert len(needs_of(WHO, T, marks=[mark(99), mark(200)])[0].why) == 2


def test_a_new_text_and_a_lack_for_the_next_post_make_needs() -> None:
    gap = Gap(WHO.code, "Phó Trưởng phòng", "lý luận chính trị", "S7!H6", "2026", OCTOBER)
    found = needs_of(WHO, T, gaps=[gap], unread=[TEXT])
    assert [need.course.code for need in found] == ["BD-PL", "BD-CD"]
    assert found[0].since == TEXT.since
    assert all(piece.subject == WHO.code for need in found for piece in need.why)


def test_a_text_counts_as_unread_only_when_its_time_is_up() -> None:
    texts = [TEXT]
    assert unread_texts(WHO.code, [], texts, T, date(2026, 1, 30)) == ()
    assert unread_texts(WHO.code, [], texts, T, date(2026, 1, 31)) == (TEXT,)
    read = [Reading(WHO.code, TEXT.code, date(2026, 1, 10))]
    assert unread_texts(WHO.code, read, texts, T, YEAR_END) == ()


def lesson(
    hours: int, form: str = "tap_trung", on: date = date(2026, 5, 4), **other: str
) -> Lesson:
    return Lesson(
        other.get("cadre", WHO.code), "Lớp", form, hours, on, course=other.get("course", "")
    )


def test_hours_count_in_the_period_they_were_held() -> None:
    lessons = [lesson(1600), lesson(800, on=date(2025, 12, 31))]
    assert hours_by_cadre(lessons, date(2026, 1, 1), YEAR_END) == {WHO.code: 1600}


def test_one_form_above_the_share_is_told_and_at_the_share_is_not() -> None:
    at = [lesson(800), lesson(200, "truc_tuyen")]
    assert mix_of_forms(at, T).value == 8000 and not mix_of_forms(at, T).alarm
    assert mix_of_forms([*at, lesson(100)], T).alarm
    assert mix_of_forms([], T).value is None


def test_the_minimum_of_hours_goes_by_the_months_of_the_period() -> None:
    other = cadre("03637-02")
    found = {
        m.code: m
        for m in measures_of([WHO, other], [lesson(1000)], T, date(2026, 4, 1), date(2026, 6, 30))
    }
    assert found["THIEU_TIET"].value == 1  # a quarter of 40 lessons: 10
    assert found["THIEU_TIET"].evidence[0].subject == other.code
    assert found["TIET"].shown == "5 tiết"


def test_a_need_waits_too_long_unless_a_class_met_it() -> None:
    need = Need(WHO.code, WHO.unit, T.courses[0], (), date(2025, 12, 30))
    assert overdue([need], set(), T, YEAR_END) == (need,)
    assert overdue([need], {(WHO.code, "BD-CT")}, T, YEAR_END) == ()
    young = Need(WHO.code, WHO.unit, T.courses[0], (), date(2025, 12, 31))
    assert overdue([young], set(), T, YEAR_END) == ()


def test_a_day_cannot_hold_more_than_its_lessons() -> None:
    assert too_long_days([lesson(801)], T) and not too_long_days([lesson(800)], T)


def test_a_text_is_known_in_time_or_not() -> None:
    late = Reading(WHO.code, TEXT.code, date(2026, 2, 1))
    found = updated_in_time([WHO], [late], TEXT, T, YEAR_END)
    assert found.value == 0 and found.alarm
    assert updated_in_time([WHO], [late], TEXT, T, date(2026, 1, 15)).value is None


def test_a_course_costs_by_its_form() -> None:
    by_code = {course.code: course for course in T.courses}
    assert cost_of(by_code["BD-NV"], T) == 16 * T.cost["tap_trung"]
