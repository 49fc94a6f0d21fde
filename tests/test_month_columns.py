"""A month of everybody by columns comes to exactly what each person's card says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_makers import FULL_GENERAL, cadre, change, job, rating, report, terms

from channels.library import newest_regulation
from review.cadres import Cadre, Group, Role
from review.dossier import dossiers
from review.leading import DRule
from review.month_columns import STATUS, score_columns
from review.month_layout import OfUnit, lay_out
from review.quota_people import RANK
from review.regulation import Regulation
from review.said_columns import said_columns
from review.scorecard import Grade, Scorecard
from review.scoring import card_for_missing, score_unit
from review.submission import Submission
from tests.province import HeldMonth

LAW = newest_regulation()
CODES = ("A", "B", "C", "D", "E")


def figures(card: Scorecard) -> tuple[Any, ...]:
    low, high = card.bounds
    ranks = [RANK[one] if one else -1 for one in (card.provisional, card.grade)]
    known = [-1 if one is None else one for one in (card.total, card.task_score)]
    bounds = (low, high) if card.status is not STATUS[2] else ()
    return (card.cadre, card.status, *known, *bounds, *ranks)


def by_columns(units: list[OfUnit], law: Regulation) -> list[tuple[Any, ...]]:
    laid = lay_out(units, law)
    scored = score_columns(laid, law)
    rows = zip(
        laid.codes, scored.status.tolist(), scored.total.tolist(), scored.task.tolist(),
        scored.low.tolist(), scored.high.tolist(), scored.points.tolist(), scored.grade.tolist(),
        strict=True,
    )  # fmt: skip
    return [
        (code, STATUS[status], total, task, *((low, high) if status != 2 else ()), points, grade)
        for code, status, total, task, low, high, points, grade in rows
    ]


def by_cards(said: Submission | None, roll: list[Cadre], law: Regulation) -> list[tuple[Any, ...]]:
    if said is None:
        return [figures(card_for_missing(one, "2026-10", law)) for one in roll]
    return [figures(card) for card in score_unit(said, roll, law, with_reasons=False)]


def maybe(values: Any) -> Any:
    return st.one_of(st.none(), values)


who = st.sampled_from((*CODES, "X"))  # X is not on the roll
whole = st.integers(-2, 30)
times = maybe(st.integers(-1, 6))
excuse = st.sampled_from([None, "co", "khong"])
jobs = st.builds(
    lambda code, **said: job(code, **said),
    who,
    work=st.sampled_from(["TD01", "KT01", "", "LA"]),
    coef=maybe(st.integers(-1, 500)),
    assigned=maybe(whole),
    done=maybe(whole),
    faulty=maybe(whole),
    fault_times=times,
    fault_excused=excuse,
    late=maybe(whole),
    late_times=times,
    late_excused=excuse,
    proof=st.sampled_from(["", " ", "CV 1"]),
)
marks = st.builds(
    lambda code, rater, said: rating(code, rater, **said),
    who,
    st.sampled_from(["tham_quyen", "tham_quyen", "tu_cham", "quan_ly"]),
    st.fixed_dictionaries({name: maybe(st.integers(-50, 600)) for name in list(FULL_GENERAL)[:2]}),
)
term = st.sampled_from(["100", "50", None])
leads = st.builds(terms, who, term, term, term)
day = st.dates(*(change("x")["on"].replace(day=n, month=m) for n, m in ((25, 9), (5, 11))))
changes = st.builds(
    lambda code, event, on, until: change(event, code, on=on, until=until),
    who,
    st.sampled_from([*LAW.leave, *LAW.disqualifying_events, "di"]),
    maybe(day),
    maybe(day),
)
people = st.builds(
    lambda roles, groups, fields: [
        cadre(code, role, group)._replace(field=field)
        for code, role, group, field in zip(CODES, roles, groups, fields, strict=True)
    ],
    st.lists(st.sampled_from([*[Role.STAFF] * 2, *Role]), min_size=5, max_size=5),
    st.lists(st.sampled_from([Group.CIVIL_SERVANT] * 4 + [Group.CONTRACT]), min_size=5, max_size=5),
    st.lists(st.sampled_from(["", "Khen thưởng", "Phong trào"]), min_size=5, max_size=5),
)  # fmt: skip
reports = st.one_of(
    st.none(),
    st.builds(
        report,
        st.lists(jobs, max_size=12),
        st.lists(marks, max_size=8),
        st.lists(leads, max_size=5),
        st.lists(changes, max_size=4),
        st.sampled_from(["khong", "khong", "khong", "co"]),
    ),
)
laws = st.builds(
    lambda per_line, proof, rule, step: replace(
        LAW, points=replace(LAW.points, cap_per_line=per_line, require_proof=proof, leader_d=rule,
                            fault_step=step)
    ),
    st.booleans(), st.booleans(), st.sampled_from(DRule), st.sampled_from([25, 40]),
)  # fmt: skip


@given(st.lists(st.tuples(reports, people), min_size=1, max_size=3), laws)
@settings(max_examples=250, deadline=None)
def test_whatever_was_reported_the_columns_say_what_the_cards_say(
    told: list[tuple[Submission | None, list[Cadre]]], law: Regulation
) -> None:
    units = [OfUnit("2026-10", roll, said and said_columns(said)) for said, roll in told]
    cards = [figure for said, roll in told for figure in by_cards(said, roll, law)]
    assert by_columns(units, law) == cards


@given(reports.filter(bool), laws)
@settings(max_examples=150, deadline=None)
def test_what_a_line_loses_is_what_is_said_of_its_faults(said: Submission, law: Regulation) -> None:
    """Points go by the lines alone; the reasons of them by the faults."""
    for dossier in dossiers(said, law).values():
        assert dossier.lines == [
            (work.coef, work.assigned, work.done, work.fault.loss, work.late.loss)
            for work in dossier.works(law)
        ]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=5, max_size=5))
def test_a_full_month_of_a_unit_says_the_same_too(told: list[tuple[bool, int]]) -> None:
    """Nearly everything there, so that d of the leaders is decided each way."""
    roll = [
        cadre("A", Role.HEAD),
        cadre("B", Role.DEPUTY)._replace(field="KT"),
        *(cadre(code)._replace(field="KT") for code in "CDE"),
    ]
    said = report(
        [job(one.code, assigned=5, done=done) for one, (_, done) in zip(roll, told, strict=True)],
        [rating(one.code) for one, (marked, _) in zip(roll, told, strict=True) if marked],
        [terms("A", d="50"), terms("B")],
    )
    found = by_columns([OfUnit("2026-10", roll, said_columns(said))], LAW)
    assert found == by_cards(said, roll, LAW)


@pytest.mark.parametrize("figure", [10**7, 10**13])
def test_a_figure_out_of_reason_is_left_to_the_cards(figure: int) -> None:
    assert said_columns(report([job(assigned=figure)])) is None


def test_many_large_figures_are_refused_not_wrapped() -> None:
    huge = report([job(assigned=10**6, coef=10**6)], [rating()])
    laid = lay_out([OfUnit("2026-10", [cadre()], said_columns(huge))], LAW)
    with pytest.raises(OverflowError):
        score_columns(laid, LAW)


@pytest.mark.xdist_group("held-month")
def test_the_whole_sample_month_says_the_same(held_month: HeldMonth) -> None:
    """Sixty units, what they really reported: each figure of each card."""
    from tests.test_rehearsal import month_both_ways

    cards, columns = month_both_ways(held_month)
    assert len(cards) > 100 and {card[1] for card in cards} == set(STATUS)
    assert columns == cards
    assert {card[-1] for card in cards} >= {RANK[Grade.EXCELLENT], RANK[Grade.NOT_DONE], -1}
