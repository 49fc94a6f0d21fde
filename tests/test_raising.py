"""What would raise the grade: smallest, and true when scored again; more done never lowers a."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from by_hand import by_hand
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_makers import EXAMPLE, EXAMPLE_RATING, LAW, cadre, change, job, rating, report, terms

from review.cadres import Role
from review.explanation import explain
from review.points import shown
from review.raising import edited, raising
from review.scorecard import CardStatus, Grade
from review.scoring import score_unit

lines = st.builds(
    lambda assigned, done, faulty, late, times, work: job(
        assigned=assigned, done=done, faulty=faulty, fault_times=times, late=late,
        late_times=times, work=work,
    ),
    *[st.integers(1, 9), st.integers(0, 12), st.integers(0, 5), st.integers(0, 5)],
    st.integers(1, 5),
    st.sampled_from(["TD01", "KT01", "TD04", "TD11"]),
)  # fmt: skip
works = st.lists(lines, min_size=1, max_size=4)
roles = st.sampled_from(Role)


def scored(work: list[dict[str, Any]], role: Role = Role.STAFF, **sheets: Any) -> Any:
    said = report(work, [EXAMPLE_RATING], [terms(dd="50")], **sheets)
    return score_unit(said, [cadre(role=role)], LAW)[0]


@settings(max_examples=40, deadline=None)
@given(works, roles)
def test_the_step_raises_the_grade_when_scored_again(
    work: list[dict[str, Any]], role: Role
) -> None:
    said = report(work, [EXAMPLE_RATING], [terms(dd="50")])
    person = cadre(role=role)
    (card,) = score_unit(said, [person], LAW)
    step = raising(said, person, LAW)
    if card.grade is Grade.EXCELLENT:
        assert step is None
    elif step is not None:
        ranks = list(Grade)
        assert ranks.index(step.grade) < ranks.index(card.grade)
        assert step.total - step.gain == card.total
        assert f"{shown(card.total)} → {shown(step.total)}" in step.says


def test_one_mended_thing_is_preferred_to_two() -> None:
    said = report(EXAMPLE, [EXAMPLE_RATING], [terms(dd="50")])
    deputy = cadre(role=Role.DEPUTY)
    step = raising(said, deputy, LAW)
    assert step is not None and len(step.edits) == 1
    assert step.grade is Grade.EXCELLENT and step.total >= 9000


def test_no_more_is_changed_than_it_takes() -> None:
    """20 assigned, 15 done: 30 general + 70 × 75% = 82,50. Three more make 93,00; two 89,50."""
    said = report([job(assigned=20, done=15)], [rating()])
    step = raising(said, cadre(), LAW)
    assert step is not None and step.total == 9300
    assert step.says.startswith("Nếu “Báo cáo tháng” xong 18/20 (nay 15): 82,50 → 93,00")


def test_a_long_way_is_shortened_to_what_is_needed() -> None:
    """Far below: many things must change, and each by as little as reaches the grade."""
    work = [job(assigned=4, done=1, work=code, content=code) for code in ("TD01", "KT01", "TD04")]
    low = rating(**{f"c{n}": 100 for n in range(3, 11)})
    person = cadre()
    said = report(work, [low])
    step = raising(said, person, LAW)
    assert step is not None
    extent = dict(step.edits)
    for edit, steps in step.edits:
        less = edited(said, extent | {edit: steps - 1})
        (card,) = score_unit(less, [person], LAW)
        assert card.grade is not step.grade, "one step less of anything does not reach it"


def test_no_change_of_points_helps_against_a_disqualifier() -> None:
    said = report([job(assigned=2, done=1)], [rating()], changes=[change("ky_luat")])
    assert raising(said, cadre(), LAW) is None


@given(works, st.data())
def test_more_done_never_lowers_a(work: list[dict[str, Any]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(work) - 1))
    more = [dict(line) for line in work]
    more[at]["done"] += data.draw(st.integers(1, 5))
    assert scored(more).a >= scored(work).a


@given(works, roles, st.randoms())
def test_the_order_of_the_rows_never_matters(
    work: list[dict[str, Any]], role: Role, dice: Any
) -> None:
    mixed = list(work)
    dice.shuffle(mixed)
    one, other = scored(work, role), scored(mixed, role)
    assert (one.total, one.grade, one.a, one.b, one.c) == (
        other.total, other.grade, other.a, other.b, other.c,
    )  # fmt: skip


@given(works, roles)
def test_the_parts_of_an_explanation_always_sum_to_the_total(
    work: list[dict[str, Any]], role: Role
) -> None:
    card = scored(work, role)
    assert card.status is CardStatus.OK
    assert sum(reason.lost or 0 for reason in card.reasons) == 10_000 - card.total
    assert card.general + card.task_score == card.total
    assert any(f"= {shown(card.total)}" in line for line in explain(card, LAW))


@settings(max_examples=150, deadline=None)
@given(works, roles, st.booleans(), st.booleans())
def test_a_person_can_work_out_any_score_from_what_is_printed(
    work: list[dict[str, Any]], role: Role, per_line: bool, disciplined: bool
) -> None:
    law = replace(LAW, points=replace(LAW.points, cap_per_line=per_line))
    changes = [change("ky_luat")] if disciplined else []
    said = report(work, [EXAMPLE_RATING], [terms(dd="50")], changes)
    (card,) = score_unit(said, [cadre(role=role)], law)
    worked = by_hand(explain(card, law))
    assert worked.total * 100 == card.total and worked.lost * 100 == 10_000 - card.total
    assert worked.grade == card.grade.label


def test_the_float_that_would_have_been_wrong() -> None:
    marks = ("2.9", "3.7", "2.8", "3.7", "3.9", "3.4", "39.8", "29.8")
    from review.points import hundredths

    assert sum(map(float, marks)) == 89.99999999999999, "binary floats fall below the grade"
    assert LAW.grades.grade_of(sum(map(hundredths, marks))) is Grade.EXCELLENT
