"""Training: what makes a need, what meets it, and whether forms and hours are as asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from review.ground import Ground
from review.marked_low import Asked, LowMark, Marked
from review.plan_rules import LegalText
from review.plans import PlanKind, ProposedChange
from review.training import (
    Fault,
    Gap,
    Lesson,
    Need,
    Reading,
    Wish,
    commonest,
    cost_of,
    forms_of,
    hours_by_cadre,
    meets,
    needs_of,
    overdue,
    texts_due,
    unread_texts,
)
from tests.plan_makers import RULES, YEAR_END, cadre, figures, ground, lines, outcomes

WHO = cadre()
T, KIND = RULES.training, PlanKind.TRAINING
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


def test_a_text_is_asked_for_in_the_period_in_which_its_time_is_up() -> None:
    first, last = date(2026, 1, 1), date(2026, 1, 31)
    assert texts_due([TEXT], T, first, date(2026, 1, 30)) == ()
    assert texts_due([TEXT], T, first, last) == (TEXT,)
    assert texts_due([TEXT], T, date(2026, 2, 1), YEAR_END) == ()


def test_who_was_told_of_a_text_or_came_after_its_time_need_not_learn_it() -> None:
    assert unread_texts(WHO, [], [TEXT], T) == (TEXT,)
    assert unread_texts(WHO, [Reading(WHO.code, TEXT.code, date(2026, 1, 10))], [TEXT], T) == ()
    assert unread_texts(cadre(since=date(2026, 2, 1)), [], [TEXT], T) == ()


def lesson(
    hours: int, form: str = "tap_trung", on: date = date(2026, 5, 4), **other: object
) -> Lesson:
    usual = {"cadre": WHO.code, "topic": "Lớp", "form": form, "hours": hours, "on": on}
    return Lesson(**{**usual, **other})  # type: ignore[arg-type]


def test_hours_count_in_the_period_they_were_held() -> None:
    lessons = [lesson(1600), lesson(800, on=date(2025, 12, 31))]
    assert hours_by_cadre(lessons, date(2026, 1, 1), YEAR_END) == {WHO.code: 1600}


def test_one_form_above_the_share_is_told_and_at_the_share_is_not() -> None:
    at = [lesson(800), lesson(200, "truc_tuyen")]
    assert commonest(forms_of(at)) == ("tap_trung", 8000)
    assert "HINH_THUC" not in lines(unit(lessons=at), KIND)
    more = unit(lessons=[*at, lesson(100)])
    assert "HINH_THUC" in lines(more, KIND) and figures(more, kind=KIND)["HINH_THUC"].alarm
    assert figures(unit(), kind=KIND)["HINH_THUC"].value is None


def test_the_minimum_of_hours_goes_by_the_months_of_the_period() -> None:
    other = cadre("03637-02")
    one = unit("2026-Q2", cadres=[WHO, other], lessons=[lesson(1000)])
    found = figures(one, kind=KIND)
    assert found["THIEU_TIET"].value == 1  # a quarter of 40 lessons: 10
    assert found["THIEU_TIET"].evidence[0].subject == other.code
    assert found["TIET"].shown == "5 tiết"
    assert lines(one, KIND)["THIEU_TIET:03637-02:BD-BS"].line.quantity == 10


def test_a_need_waits_too_long_by_its_day_or_by_its_time_in_plans() -> None:
    old = Need(WHO.code, WHO.unit, T.courses[0], (), date(2025, 12, 30))
    young = Need(WHO.code, WHO.unit, T.courses[0], (), date(2025, 12, 31))
    carried = Need(WHO.code, WHO.unit, T.courses[1], (), date(2026, 12, 1), waited=12)
    assert overdue([young, carried, old], T, YEAR_END) == (old, carried)


def test_a_text_is_known_in_time_or_not() -> None:
    late = Reading(WHO.code, TEXT.code, date(2026, 2, 1))
    found = figures(unit(readings=[late]), kind=KIND)["CAP_NHAT_335/2025/NĐ-CP"]
    assert found.value == 0 and found.alarm and "muộn" in found.evidence[0].says
    early = Reading(WHO.code, TEXT.code, date(2026, 1, 31))
    assert figures(unit(readings=[early]), kind=KIND)["CAP_NHAT_335/2025/NĐ-CP"].value == 10000
    assert not [code for code in figures(unit("2026-Q3"), kind=KIND) if "CAP_NHAT" in code]


WISH = Wish(WHO.code, "", "nghiep_vu", "Tập huấn nghiệp vụ", False, date(2026, 5, 2), "S6!F6")


def test_what_the_unit_asks_for_is_a_need_with_its_cell() -> None:
    change = lines(unit("2026-Q2", wishes=[WISH]), KIND)["NHU_CAU:03637-01:BD-NV"]
    assert change.evidence[0].cell == "S6!F6" and change.evidence[0].on == WISH.since
    met = lesson(1600, on=date(2026, 6, 1), kind="nghiep_vu")
    assert "NHU_CAU:03637-01:BD-NV" not in lines(
        unit("2026-Q2", wishes=[WISH], lessons=[met]), KIND
    )


def test_a_class_meets_the_course_it_names_else_its_name_else_its_kind() -> None:
    course = {course.code: course for course in T.courses}
    assert meets(lesson(800, course="BD-HS"), course["BD-HS"], T)
    assert not meets(lesson(800, course="BD-HS", kind="nghiep_vu"), course["BD-NV"], T)
    assert meets(lesson(800, kind="nghiep_vu"), course["BD-NV"], T)
    assert meets(lesson(800, topic="Lớp kỹ năng giao tiếp, phối hợp, phục vụ"), course["BD-PV"], T)


def test_a_line_of_the_plan_is_done_when_its_class_was_held_and_not_when_its_cause_is_gone() -> (
    None
):
    (change,) = need_changes(unit("2026-Q2", faults=[fault(6)], sheets=("work",)))
    assert change.line.key == "NHU_CAU:03637-01:BD-HS"

    def after(**told: object) -> tuple[str, list[int]]:
        later = unit("2026-Q3", lines=[change.line], **told)
        again = [c.line.carried for c in need_changes(later)]
        return outcomes(later, KIND)[change.line.key].outcome, again

    held = lesson(1200, on=date(2026, 8, 3), course="BD-HS")
    assert after() == ("not_done", [1]), "the fault is gone, the class was not held"
    assert after(lessons=[held]) == ("done", [])
    assert after(sheets=("work",)) == ("unknown", []), "nobody told of classes"
    assert after(lessons=[held], faults=[fault(9)]) == ("done", [0]), "held, and needed anew"


def need_changes(one: Ground) -> list[ProposedChange]:
    return [change for key, change in lines(one, KIND).items() if key.startswith("NHU_CAU")]


def test_needs_are_weighed_against_what_was_delivered() -> None:
    (change,) = need_changes(unit("2026-Q2", faults=[fault(6)], sheets=("work",)))
    plan = [change.line, replace(change.line, key="NHU_CAU:03637-01:BD-CT", content="Khác")]
    held = lesson(1200, on=date(2026, 8, 3), course="BD-HS", cost=150)
    found = figures(unit("2026-Q3", lines=plan, lessons=[held]), kind=KIND)
    assert found["DAP_UNG"].value == 5000 and "1 trên 2" in found["DAP_UNG"].says
    assert "1,5 triệu đồng" in found["TIET"].says


def unit(period: str = "2026", **told: object) -> Ground:
    usual: dict[str, object] = {"cadres": [WHO]}
    return ground("03637", period, **{**usual, **told})  # type: ignore[arg-type]


def test_a_course_costs_by_its_form() -> None:
    by_code = {course.code: course for course in T.courses}
    assert cost_of(by_code["BD-NV"], T) == 16 * T.cost["tap_trung"]


@given(
    st.lists(st.tuples(st.integers(0, 600) | st.none(), st.sampled_from([250, 333, 500]))),
    st.integers(0, 120),
)
def test_a_mark_is_low_below_its_share_of_the_most_to_the_hundredth(
    told: list[tuple[int | None, int]], percent: int
) -> None:
    asked = tuple(Asked(f"c{at}", most, "", "") for at, (_, most) in enumerate(told))
    marked = Marked(WHO.code, tuple(mark for mark, _ in told), asked, 9, "2026-10", OCTOBER)
    assert marked.below(percent) == [
        one.criterion
        for one, mark in zip(asked, marked.marks, strict=True)
        if mark is not None and mark * 100 < one.most * percent
    ]
