"""Succession and sources: limits, gaps between generations, who leaves and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from review.cadres import Role, Sex
from review.forecast import Range
from review.scorecard import Grade
from review.succession import (
    Candidate,
    Post,
    Source,
    conversion,
    generation_gaps,
    leaving_the_plan,
    measures_of,
    pipeline,
    posts_of,
    readiness_matrix,
)
from tests.plan_makers import RULES, TABLE, YEAR_END, cadre

S = RULES.succession
HOLDER = cadre("A-01", birth=date(1966, 4, 9), role=Role.HEAD)  # retires 1 May 2028
POST = Post("A", "truong", "Trưởng phòng", HOLDER)


def candidate(code: str = "A-02", post: str = "truong", **other: object) -> Candidate:
    usual = {"entered": date(2025, 1, 1), "reviewed": date(2026, 6, 1), "readiness": "san_sang"}
    values = {"grade": Grade.GOOD, "cell": "S7!A6", "period": "2026", **usual, **other}
    return Candidate("A", post, cadre(code), **values)  # type: ignore[arg-type]


def test_a_holder_who_retires_with_nobody_good_behind_is_a_gap() -> None:
    (bare,) = generation_gaps([POST], [], YEAR_END, S, TABLE)
    assert bare.leaves == date(2028, 5, 1) and "chưa có ai" in bare.says
    (weak,) = generation_gaps([POST], [candidate(grade=Grade.DONE)], YEAR_END, S, TABLE)
    assert "chưa ai xếp loại tốt" in weak.says and weak.evidence[1].cell == "S7!A6"
    assert generation_gaps([POST], [candidate()], YEAR_END, S, TABLE) == ()


def test_no_grade_yet_does_not_fill_a_gap_and_is_no_ground_to_leave() -> None:
    unknown = candidate(grade=None)
    assert generation_gaps([POST], [unknown], YEAR_END, S, TABLE)
    assert leaving_the_plan([unknown], S) == ()


def test_a_retirement_beyond_the_months_is_no_gap() -> None:
    assert generation_gaps([POST], [], date(2025, 4, 30), S, TABLE) == ()
    assert generation_gaps([POST], [], date(2025, 5, 1), S, TABLE)


def test_a_candidate_below_tot_leaves_and_it_is_said_why() -> None:
    (entry,) = leaving_the_plan([candidate(), candidate("A-03", grade=Grade.DONE)], S)
    assert (entry.cadre, entry.enters) == ("A-03", False)
    assert "Hoàn thành nhiệm vụ" in entry.ground


def test_limits_are_told_only_when_passed() -> None:
    three = [candidate(f"A-0{n}") for n in (2, 3, 4)]
    four = [*three, candidate("A-05")]
    posts = [candidate(post=f"p{n}") for n in range(4)]

    def counts(candidates: list[Candidate]) -> dict[str, int | None]:
        found = measures_of([POST], candidates, YEAR_END, S, RULES.structure, TABLE)
        return {one.code: one.value for one in found}

    assert counts(three)["NHIEU_NGUOI"] == 0 and counts(four)["NHIEU_NGUOI"] == 1
    assert counts(posts[:3])["NHIEU_CHUC"] == 0 and counts(posts)["NHIEU_CHUC"] == 1
    assert counts([])["TRONG_QH"] == 1 and counts(three)["TRONG_QH"] == 0
    late = [candidate(reviewed=date(2025, 12, 30)), candidate("A-03", reviewed=date(2025, 12, 31))]
    assert counts(late)["CHUA_RA_SOAT"] == 1


def test_a_person_planned_for_two_posts_counts_once_in_the_shares() -> None:
    woman = replace(candidate(), cadre=cadre("A-09", sex=Sex.FEMALE))
    both = [woman, replace(woman, post="pho"), candidate("A-03")]
    found = {m.code: m for m in measures_of([POST], both, YEAR_END, S, RULES.structure, TABLE)}
    assert found["QH_NU"].value == 5000


def test_sources_against_vacancies_are_a_range() -> None:
    sources = [Source("A", f"N{n}", "", "tai_cho", "san_sang", taken=n == 0) for n in range(5)]
    found = pipeline(sources, Range(4, 5, 8), S)
    assert (found.low, found.value, found.high) == (5000, 8000, 10000) and found.alarm
    assert conversion(sources).value == 2000
    assert pipeline(sources, Range(0, 0, 0), S).value is None


def test_readiness_is_counted_by_post() -> None:
    matrix = readiness_matrix([candidate(), candidate("A-03", readiness="chua")])
    assert matrix["truong"] == {"san_sang": 1, "chua": 1}


def test_key_posts_are_those_of_heads_and_deputies() -> None:
    posts = posts_of([HOLDER, cadre("A-02")], RULES.forecast.key_roles)
    assert [(post.unit, post.code) for post in posts] == [("A", "cấp trưởng")]
