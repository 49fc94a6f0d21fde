"""A month under Decree 335/2025: what each cadre of a unit is given, and why."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_makers import (
    EXAMPLE,
    EXAMPLE_RATING,
    FULL_GENERAL,
    LAW,
    cadre,
    change,
    job,
    rating,
    report,
    terms,
)

from review.cadres import Group, Role
from review.marks import Line, sums_of
from review.scorecard import CardStatus, Grade, Scorecard
from review.scoring import card_for_missing, explain, score_unit


def scored(role: Role = Role.STAFF, **sheets: Any) -> Scorecard:
    return score_unit(report(**sheets), [cadre(role=role)], LAW)[0]


def lost(card: Scorecard, term: str | None = None) -> int:
    return sum(reason.lost or 0 for reason in card.reasons if term in (None, reason.term))


def says(card: Scorecard) -> str:
    return "\n".join(reason.says for reason in card.reasons)


def test_the_worked_example_as_staff_is_excellent_at_90_47() -> None:
    card = scored(work=EXAMPLE, general=[EXAMPLE_RATING])
    assert (card.a, card.b, card.c) == (9412, 9265, 8309)
    assert (card.general, card.task_score, card.total) == (2750, 6297, 9047)
    assert card.grade is Grade.EXCELLENT
    assert card.flags == ()


def test_the_same_person_as_deputy_is_good_at_88_15() -> None:
    card = scored(Role.DEPUTY, work=EXAMPLE, general=[EXAMPLE_RATING], leaders=[terms(dd="50")])
    assert (card.d, card.dd, card.e) == (10000, 5000, 10000)
    assert (card.mean, card.task_score, card.total) == (8664, 6065, 8815)
    assert card.grade is Grade.GOOD


def test_a_late_product_costs_a_quarter() -> None:
    card = scored(work=[job(late=1, late_times=1)], general=[rating()])
    assert card.c == 7500
    assert "trừ 25% điểm của sản phẩm" in says(card)


@pytest.mark.parametrize(("times", "left"), [(1, 7500), (3, 2500), (4, 0), (9, 0)])
def test_a_product_faulty_four_times_is_worth_nothing_and_never_less(times: int, left: int) -> None:
    assert scored(work=[job(faulty=1, fault_times=times)], general=[rating()]).b == left


def test_an_excuse_counts_only_with_the_confirmation_of_the_authority() -> None:
    claimed = job(late=1, late_times=1, late_excused="co")
    unproven = scored(work=[claimed], general=[rating()])
    proven = scored(work=[claimed | {"proof": "CV 12/UBND"}], general=[rating()])
    assert (unproven.c, proven.c) == (7500, 10000)
    assert "chưa có văn bản xác nhận nên vẫn trừ" in says(unproven)
    assert "do khách quan nên không trừ" in says(proven)


def test_a_blank_coefficient_is_the_catalogues() -> None:
    blank = scored(work=[job(work="TD04"), job(done=0)], general=[rating()])
    written = scored(work=[job(work="TD04", coef=300), job(coef=100, done=0)], general=[rating()])
    assert blank.a == written.a == 7500


def test_no_assigned_work_is_neither_0_nor_100() -> None:
    idle = [job(assigned=0, done=0, note="đi học")]
    card = scored(work=idle, general=[rating()])
    assert card.status is CardStatus.INSUFFICIENT
    assert (card.total, card.grade) == (None, None)
    assert card.flags == ("CAN_XAC_NHAN",)
    assert "đi học" in says(card)


def test_only_the_authoritys_score_counts_and_the_self_score_is_told() -> None:
    rows = [rating(rater="tu_cham"), rating(c1=300)]
    card = scored(work=[job()], general=rows)
    assert card.general == 2800
    assert "Cá nhân tự chấm 30,00 điểm, lệch 2,00 điểm" in says(card)


@pytest.mark.parametrize("rows", [[], [rating(rater="tu_cham")], [rating(c10=None)]])
def test_without_the_whole_score_of_the_authority_nobody_is_scored(rows: list[Any]) -> None:
    card = scored(work=[job()], general=rows)
    assert card.status is CardStatus.INSUFFICIENT
    assert "cấp có thẩm quyền chấm" in says(card)


@pytest.mark.parametrize("rows", [[], [terms(e=None)]])  # type: ignore[arg-type]
def test_a_head_without_all_of_d_dd_e_is_not_scored(rows: list[Any]) -> None:
    card = scored(Role.HEAD, work=[job()], general=[rating()], leaders=rows)
    assert card.status is CardStatus.INSUFFICIENT


def test_over_fulfilment_stops_at_100_and_is_flagged() -> None:
    card = scored(work=[job(assigned=10, done=12)], general=[rating()])
    assert (card.a, card.total) == (10000, 10000)
    assert card.flags == ("VUOT_KHOI_LUONG",)


def test_discipline_forces_the_lowest_grade_and_keeps_the_points() -> None:
    card = scored(work=[job()], general=[rating()], changes=[change("ky_luat")])
    assert (card.total, card.provisional) == (10000, Grade.EXCELLENT)
    assert card.grade is Grade.NOT_DONE
    assert "12/QĐ-UBND" in says(card)


def test_corruption_in_the_unit_falls_on_its_leaders_only() -> None:
    sheets: dict[str, Any] = {"work": [job()], "general": [rating()], "leaders": [terms()]}
    sheets["changes"] = [change("tham_nhung")]
    assert scored(Role.HEAD, **sheets).grade is Grade.NOT_DONE
    assert scored(Role.STAFF, **sheets).grade is Grade.EXCELLENT


WHOLE = {"on": date(2026, 9, 1), "until": date(2027, 2, 28)}
PART = {"on": date(2026, 10, 10), "until": date(2026, 10, 31)}


@pytest.mark.parametrize("event", ["thai_san", "nghi_om", "nghi_khac"])
def test_who_was_on_leave_the_whole_month_is_left_out_with_a_reason(event: str) -> None:
    card = scored(changes=[change(event, **WHOLE)])
    assert card.status is CardStatus.EXCLUDED
    assert "Cả kỳ nghỉ" in says(card)
    assert card.reasons[0].cells[0].startswith("S8 Biến động!")


def test_leave_does_not_hide_work_that_was_done_or_a_part_of_the_month() -> None:
    worked = scored(work=[job()], general=[rating()], changes=[change("nghi_om", **WHOLE)])
    part = scored(changes=[change("nghi_om", **PART)])
    assert worked.status is CardStatus.OK
    assert part.status is CardStatus.INSUFFICIENT


@pytest.mark.parametrize("group", [g for g in Group if g is not Group.CIVIL_SERVANT])
def test_other_groups_are_sent_to_their_own_regulation(group: Group) -> None:
    person = cadre(group=group)
    card = score_unit(report(work=[job()], general=[rating()]), [person], LAW)[0]
    assert card.status is card_for_missing(person, "2026-10", LAW).status is CardStatus.EXCLUDED
    assert LAW.route(group) in says(card)


def test_the_roll_is_scored_and_not_the_pile() -> None:
    roll = [cadre("B"), cadre("A"), cadre("C", Role.HEAD)]
    sent = report(work=[job("A"), job("X")], general=[rating("A"), rating("X")])
    cards = score_unit(sent, roll, LAW)
    assert [card.cadre for card in cards] == ["B", "A", "C"]
    assert [card.total for card in cards] == [None, 10000, None]


def test_a_unit_that_sent_nothing_has_cards_that_say_so() -> None:
    card = card_for_missing(cadre(), "2026-10", LAW)
    assert (card.status, card.total, card.period) == (CardStatus.INSUFFICIENT, None, "2026-10")
    assert "chưa có báo cáo" in says(card)


def test_a_nil_return_scores_nobody() -> None:
    card = scored(nil="co")
    assert card.status is CardStatus.INSUFFICIENT
    assert "không phát sinh" in says(card)


def test_a_line_nobody_used_is_no_line() -> None:
    unused = job(work="", content="", assigned=None, done=None)
    assert scored(work=[unused, job()], general=[rating()]).total == 10000


def test_a_figure_left_blank_is_not_zero() -> None:
    card = scored(work=[job(), job(done=None)], general=[rating()])
    assert card.status is CardStatus.INSUFFICIENT
    assert "S3 Công việc – sản phẩm!I7" in {c for r in card.reasons for c in r.cells}


def test_the_cap_may_be_taken_line_by_line() -> None:
    lines = [Line(100, 10, 12), Line(100, 10, 8)]
    assert sums_of(lines).a == sums_of(lines).full
    assert sums_of(lines, per_line=True).a * 100 == sums_of(lines).full * 90


def test_reasons_name_the_cell_the_article_and_the_cost() -> None:
    card = scored(work=EXAMPLE, general=[EXAMPLE_RATING])
    late = next(r for r in card.reasons if "3 sản phẩm chậm tiến độ" in r.says)
    assert late.cells == ("S3 Công việc – sản phẩm!M7", "S3 Công việc – sản phẩm!N7")
    assert late.article == "Điều 14.2c Nghị định 335/2025/NĐ-CP"
    assert late.lost == 51  # 70/3 × 0,5×3×25% / 17 = 0,5147


def test_explain_ends_where_the_card_does() -> None:
    card = scored(work=EXAMPLE, general=[EXAMPLE_RATING])
    lines = explain(card, LAW)
    assert "Tổng điểm = tiêu chí chung 27,50 + kết quả 62,97 = 90,47." in lines
    assert lines[-1] == "Cộng các phần mất: 9,53; 100 − 9,53 = 90,47 điểm."


def by_hand(sentence: str) -> Fraction:
    """What a person with a pencil gets from the written sum."""
    above, below = re.findall(r"= \((.*)\) / \((.*?)\) = ", sentence)[0]

    def value(text: str) -> Fraction:
        text = re.sub(r"\d+(,\d+)?", lambda n: f"F('{n[0].replace(',', '.')}')", text)
        text = text.replace("%", "*F(1,100)").replace("×", "*").replace("−", "-")
        return Fraction(eval(text, {"F": Fraction}))

    return value(above) / value(below)


def test_a_person_can_do_the_sum_again_from_what_explain_prints() -> None:
    card = scored(work=EXAMPLE, general=[EXAMPLE_RATING])
    sums = [line for line in explain(card, LAW) if re.search(r": [abc] = \(", line)]
    shares = [by_hand(line) for line in sums]
    assert len(shares) == 3
    total = Fraction(2750, 100) + 70 * sum(shares) / 3
    assert round(total * 100) == card.total


def test_the_float_that_would_have_been_wrong() -> None:
    """28 assigned, 21 done, 3 of them faulty once, general 18,12: exactly 69,995, so good."""
    a, b, c = 100 * 21 / 28, 100 * (21 - 3 * 0.25) / 28, 100 * 21 / 28
    floating = 18.12 + 70 * (a + b + c) / 300
    assert round(floating, 2) == 69.99  # a grade lower
    assert Fraction("18.12") + 70 * (75 + Fraction(2025, 28) + 75) / 300 == Fraction("69.995")
    row = job(assigned=28, done=21, faulty=3, fault_times=1)
    general = rating(c1=312, c2=0, c3=0, c4=0)
    card = scored(work=[row], general=[general])
    assert (card.general, card.total, card.grade) == (1812, 7000, Grade.GOOD)


whole = st.integers(0, 30)
excuse = st.sampled_from([None, "co", "khong"])
jobs = st.builds(
    lambda coef, assigned, done, bad, bad_times, late, late_times, fx, lx, proof: job(
        coef=coef, assigned=assigned, done=done, faulty=min(bad, done), fault_times=bad_times,
        late=min(late, done), late_times=late_times, fault_excused=fx, late_excused=lx, proof=proof,
    ),
    st.one_of(st.none(), st.integers(0, 500)), whole, whole, whole, st.integers(0, 6), whole,
    st.integers(0, 6), excuse, excuse, st.sampled_from(["", "CV 1"]),
)  # fmt: skip
marks_of_form_01 = st.fixed_dictionaries(
    {c.field: st.integers(0, c.most) for c in LAW.general.criteria}
)
dde = st.builds(terms, st.just("A"), *[st.sampled_from(["100", "50"])] * 3)
months = st.lists(jobs, min_size=1, max_size=6)
fast = settings(max_examples=60, deadline=None)


@given(months, marks_of_form_01, dde, st.sampled_from(list(Role)))
@fast
def test_what_was_lost_and_what_is_left_make_100(
    work: list[Any], marks: dict[str, int], leader: dict[str, Any], role: Role
) -> None:
    card = scored(role, work=work, general=[rating(**marks)], leaders=[leader])
    if card.status is CardStatus.OK:
        assert card.total is not None and card.general is not None and card.task_score is not None
        assert 0 <= card.total <= 10000
        assert card.general + card.task_score == card.total
        assert lost(card) + card.total == 10000
        assert lost(card, "general") == 3000 - card.general
        assert all(r.lost >= 0 for r in card.reasons if r.lost is not None)
    else:
        assert card.total is None and not any(row["coef"] != 0 and row["assigned"] for row in work)


@given(months, st.randoms())
@fast
def test_the_order_of_rows_never_matters(work: list[Any], dice: Any) -> None:
    shuffled = dice.sample(work, len(work))
    one, other = (scored(work=rows, general=[rating()]) for rows in (work, shuffled))
    assert (one.a, one.b, one.c, one.total) == (other.a, other.b, other.c, other.total)


@given(months, st.integers(0, 5), st.booleans())
@fast
def test_more_done_never_lowers_a(work: list[Any], at: int, per_line: bool) -> None:
    lines = [Line(100, row["assigned"], row["done"]) for row in work]
    at %= len(lines)
    more = [*lines[:at], lines[at]._replace(done=lines[at].done + 1), *lines[at + 1 :]]
    assert sums_of(more, per_line).a >= sums_of(lines, per_line).a


def test_a_card_that_waits_says_between_which_points_it_lies() -> None:
    no_authority = report([job(assigned=2, done=1)])
    (waiting,) = score_unit(no_authority, [cadre()], LAW)
    assert waiting.total is None and waiting.bounds == (3500, 6500)
    no_work = report([], [EXAMPLE_RATING])
    (idle,) = score_unit(no_work, [cadre()], LAW)
    assert idle.bounds == (2750, 9750)
    (known,) = score_unit(report(EXAMPLE, [EXAMPLE_RATING]), [cadre()], LAW)
    assert known.bounds == (9047, 9047)


@given(st.integers(0, 3), st.sampled_from(list(Role)))
def test_whatever_is_told_later_the_score_lies_within_the_bounds(done: int, role: Role) -> None:
    work = [job(assigned=3, done=done)]
    (waiting,) = score_unit(report(work), [cadre(role=role)], LAW)
    for marks, term in ((rating(), "100"), (rating(**dict.fromkeys(FULL_GENERAL, 0)), "50")):
        full = report(work, [marks], [terms(d=term, dd=term, e=term)])
        (told,) = score_unit(full, [cadre(role=role)], LAW)
        assert told.total is not None and waiting.bounds[0] <= told.total <= waiting.bounds[1]


def test_a_disqualifier_grades_even_where_the_points_are_not_known() -> None:
    (struck,) = score_unit(report([], changes=[change("ky_luat")]), [cadre()], LAW)
    assert struck.status is CardStatus.INSUFFICIENT and struck.total is None
    assert struck.grade is Grade.NOT_DONE
    (spared,) = score_unit(report([], changes=[change("tham_nhung")]), [cadre()], LAW)
    assert spared.grade is None, "for leaders only"
