"""A leader's d follows from the people managed: 100, 50, or not known while one of them is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from scoring_makers import cadre, change, job, rating, report, terms

from channels.library import newest_regulation
from review.cadres import Cadre, Group, Role
from review.explanation import explain
from review.leading import DRule
from review.raising import raising
from review.regulation import Regulation
from review.scorecard import CardStatus, Scorecard
from review.scoring import grounds_of, score_unit
from review.submission import Submission

LAW = newest_regulation()
AS_REPORTED = replace(LAW, points=replace(LAW.points, leader_d=DRule.REPORTED))
HEAD, B, C = cadre("A", Role.HEAD), cadre("B"), cadre("C")


def unit_report(
    d: str | None, *, b_done: int = 5, c_done: int = 5, c_marked: bool = True
) -> Submission:
    """A head with d as reported; B and C did so much of 5; C is marked by the authority, or not."""
    work = [job("A"), job("B", assigned=5, done=b_done), job("C", assigned=5, done=c_done)]
    marks = [rating("A"), rating("B"), *([rating("C")] if c_marked else [])]
    return report(work, marks, [terms("A", d=d)])  # type: ignore[arg-type]


def head_of(said: Submission, law: Regulation = LAW, roll: Any = (HEAD, B, C)) -> Scorecard:
    return score_unit(said, roll, law)[0]


def why(card: Scorecard) -> str:
    return "\n".join(reason.says for reason in card.reasons)


@pytest.mark.parametrize("reported", ["100", "50", None])
@pytest.mark.parametrize(("b_done", "d"), [(5, 100_00), (0, 50_00)])
def test_d_is_what_the_people_came_to_whatever_was_reported(
    reported: str | None, b_done: int, d: int
) -> None:
    card = head_of(unit_report(reported, b_done=b_done))
    assert card.d == d
    said = f"Báo cáo ghi d = {reported}%." if reported else "Báo cáo để trống d."
    assert said in why(card)
    assert ("DDE_SAI_MUC" in card.flags) is (reported == "100" and b_done == 0)
    counted = "1/2 người dưới 50,00 điểm" if b_done == 0 else "cả 2 người từ 50,00"
    assert counted in why(card)
    lost = sum(reason.lost or 0 for reason in card.reasons)
    assert card.total == 10_000 - lost


@pytest.mark.parametrize(("c1", "total", "d"), [(500, 5000, 100_00), (499, 4999, 50_00)])
def test_exactly_50_points_are_enough(c1: int, total: int, d: int) -> None:
    """V26a/b."""
    none = {f"c{n}": 0 for n in range(7, 11)}
    said = report(
        [job("A"), job("B", assigned=70, done=30)],
        [rating("A"), rating("B", c1=c1, **none)],
        [terms("A", d="50")],
    )
    head, staff = score_unit(said, [HEAD, B], LAW)
    assert (staff.total, head.d) == (total, d)


def test_a_heads_score_is_a_range_while_a_result_that_could_decide_is_missing() -> None:
    """C has 28 of the 70 and is not marked yet: 28 to 58 points."""
    card = head_of(unit_report("100", c_done=2, c_marked=False))
    assert card.status is CardStatus.INSUFFICIENT and card.total is None
    assert "1/2 người chưa có kết quả" in why(card)
    known = head_of(unit_report("100"))
    low = head_of(unit_report("100", b_done=0))
    assert card.bounds == (low.total, known.total), "d alone is open: 50 or 100"


def test_a_missing_result_that_could_not_decide_is_not_waited_for() -> None:
    """B is below 50 already: whatever C comes to, d is 50. C has 70 without any mark: 100."""
    card = head_of(unit_report("100", b_done=0, c_done=2, c_marked=False))
    assert card.d == 50_00 and card.status is CardStatus.OK
    assert head_of(unit_report("50", c_marked=False)).d == 100_00


def test_nobody_is_named_in_a_leaders_reasons() -> None:
    """Others' results are for their unit's head and the office, and a deputy is neither."""
    card = head_of(unit_report("100", b_done=0))
    assert not {"B", "C"} & set(why(card).replace("/", " ").split())
    assert "30,00 điểm" not in why(card).replace("30,00/30 điểm", "")


def test_who_is_scored_elsewhere_or_on_leave_has_no_part_in_it() -> None:
    elsewhere = cadre("D")._replace(group=Group.PUBLIC_EMPLOYEE)
    card = head_of(unit_report("50"), roll=(HEAD, B, C, elsewhere))
    assert card.d == 100_00
    away = report(
        [job("A"), job("B")],
        [rating("A"), rating("B")],
        [terms("A")],
        [change("thai_san", "C", on=date(2026, 9, 1), until=date(2027, 2, 28))],
    )
    assert head_of(away).d == 100_00


def test_where_nobody_is_managed_d_is_as_reported() -> None:
    said = report([job("A")], [rating("A")], [terms("A", d="50")])
    (card,) = score_unit(said, [HEAD], LAW)
    assert card.d == 50_00 and "tính từ" not in why(card)


def test_a_deputys_d_rests_on_the_field_and_the_heads_on_the_deputy_too() -> None:
    deputy = cadre("D", Role.DEPUTY)._replace(field="Khen thưởng")
    staff: list[Cadre] = [B._replace(field="Khen thưởng"), C._replace(field="Khác")]
    said = report(
        [job("A"), job("B"), job("C", assigned=5, done=0), job("D")],
        [rating("A"), rating("B"), rating("C"), rating("D")],
        [terms("A"), terms("D", d="50")],
    )
    cards = {card.cadre: card for card in score_unit(said, [HEAD, *staff, deputy], LAW)}
    assert (cards["A"].d, cards["D"].d) == (50_00, 100_00)


def test_a_regulation_may_take_d_as_reported_and_then_says_that_it_does_not_fit() -> None:
    card = head_of(unit_report("100", b_done=0), AS_REPORTED)
    assert card.d == 100_00 and "DDE_SAI_MUC" in card.flags
    assert "ghi d = 100% trong khi 1/2 người được quản lý dưới 50,00 điểm" in why(card)
    assert head_of(unit_report(None), AS_REPORTED).status is CardStatus.INSUFFICIENT


def test_what_would_raise_a_heads_grade_is_not_somebody_elses_result() -> None:
    said = report(
        [job("A", assigned=10, done=8), job("B", assigned=5, done=0)],
        [rating("A"), rating("B")],
        [terms("A")],
    )
    cards = score_unit(said, [HEAD, B], LAW)
    ground = grounds_of(cards, [HEAD, B], LAW)["A"]
    step = raising(said, HEAD, LAW, ground)
    assert step is not None and "d đạt" not in step.says
    assert cards[0].total is not None and f"{cards[0].total // 100}," in step.says


def test_the_trace_says_what_d_rests_on() -> None:
    lines = explain(head_of(unit_report("50")), LAW)
    at = next(n for n, line in enumerate(lines) if "d tính từ điểm của cấp dưới" in line)
    assert "Điều 15" in lines[at] and "cả 2 người" in lines[at]
    assert "Báo cáo ghi d = 50%." in lines[at + 1] and "S5" in lines[at + 1]
