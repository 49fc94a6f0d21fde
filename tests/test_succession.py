"""Succession and sources: limits, gaps between generations, who enters, who leaves and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from review.cadres import Role, Sex
from review.ground import Ground
from review.plans import PlanKind
from review.scorecard import CardStatus, Grade, Scorecard
from review.succession import (
    Candidate,
    Post,
    Prospect,
    Revision,
    Source,
    generation_gaps,
    leaving_the_plan,
    post_code,
    posts_of,
)
from tests.plan_makers import RULES, TABLE, YEAR_END, cadre, figures, ground, lines

S, KIND = RULES.succession, PlanKind.SUCCESSION
HOLDER = cadre("A-01", birth=date(1966, 4, 9), role=Role.HEAD, post="Trưởng phòng")  # to 1 May 2028
POST = Post("A", "cap_truong", "Trưởng phòng", HOLDER)


def candidate(code: str = "A-02", post: str = "cap_truong", **other: object) -> Candidate:
    usual = {"entered": date(2025, 1, 1), "reviewed": date(2026, 6, 1), "readiness": "san_sang"}
    values = {"grade": Grade.GOOD, "cell": "S7!A6", "period": "2026", **usual, **other}
    return Candidate("A", post, cadre(code), **values)  # type: ignore[arg-type]


def unit(*candidates: Candidate, **other: object) -> Ground:
    return ground(cadres=[HOLDER, cadre("A-02"), cadre("A-03")], candidates=candidates, **other)


def test_a_holder_who_retires_with_nobody_good_behind_is_a_gap() -> None:
    (bare,) = generation_gaps([POST], [], YEAR_END, S, TABLE)
    assert bare.leaves == date(2028, 5, 1) and "chưa có ai" in bare.says
    (weak,) = generation_gaps([POST], [candidate(grade=Grade.DONE)], YEAR_END, S, TABLE)
    assert "chưa ai xếp loại tốt" in weak.says and weak.evidence[1].cell == "S7!A6"
    assert generation_gaps([POST], [candidate()], YEAR_END, S, TABLE) == ()
    assert generation_gaps([POST], [candidate(post="cap_pho")], YEAR_END, S, TABLE)


def test_a_post_is_known_by_its_role_however_its_name_is_spelt() -> None:
    assert post_code("cap_truong", "TP. Hành chính", []) == "cap_truong"
    assert post_code("", "trưởng  PHÒNG", [HOLDER]) == "cap_truong"
    assert post_code("khac", "Kế toán trưởng", [HOLDER]) == "kế toán trưởng"
    assert figures(unit(candidate(title="TP")), kind=KIND)["TRONG_QH"].value == 0


def test_no_grade_yet_does_not_fill_a_gap_and_is_no_ground_to_leave() -> None:
    unknown = candidate(grade=None)
    assert generation_gaps([POST], [unknown], YEAR_END, S, TABLE)
    assert leaving_the_plan([unknown], S) == ()


def test_a_retirement_beyond_the_months_is_no_gap() -> None:
    assert generation_gaps([POST], [], date(2025, 4, 30), S, TABLE) == ()
    assert generation_gaps([POST], [], date(2025, 5, 1), S, TABLE)


def test_a_candidate_below_tot_leaves_and_it_is_said_why() -> None:
    found = lines(unit(candidate(), candidate("A-03", grade=Grade.DONE)), KIND)
    (change,) = [c for key, c in found.items() if key.startswith("XEP_LOAI")]
    assert change.line.subject == "A-03" and "Hoàn thành nhiệm vụ" in change.says


def test_the_years_own_result_goes_before_what_the_unit_wrote() -> None:
    weak = Scorecard("A-02", "A", "2026", CardStatus.OK, total=6400, grade=Grade.DONE)
    found = lines(unit(candidate(), cards={"A-02": weak}), KIND)
    (change,) = [c for key, c in found.items() if key.startswith("XEP_LOAI")]
    assert change.evidence[0].score == 6400


def test_who_is_ready_and_graded_well_and_not_in_the_plan_could_enter() -> None:
    good = {c: Scorecard(c, "A", "2026", CardStatus.OK, total=8000, grade=Grade.GOOD) for c in
            ("A-02", "A-03")}  # fmt: skip
    told = [Prospect("A", c, "Phó Trưởng phòng", "san_sang", "", "S4!J6") for c in good]
    found = lines(unit(candidate(), prospects=told, cards=good), KIND)
    (change,) = [c for key, c in found.items() if key.startswith("DE_XUAT_VAO")]
    assert change.line.subject == "A-03" and change.evidence[0].cell == "S4!J6"
    assert change.evidence[1].score == 8000


def test_limits_are_told_only_when_passed() -> None:
    three = [candidate(f"A-0{n}") for n in (2, 3, 4)]
    four = [*three, candidate("A-05")]
    posts = [candidate(post=f"p{n}") for n in range(4)]

    def counts(candidates: list[Candidate]) -> dict[str, int | None]:
        return {code: one.value for code, one in figures(unit(*candidates), kind=KIND).items()}

    assert counts(three)["NHIEU_NGUOI"] == 0 and counts(four)["NHIEU_NGUOI"] == 1
    assert counts(posts[:3])["NHIEU_CHUC"] == 0 and counts(posts)["NHIEU_CHUC"] == 1
    assert counts([])["TRONG_QH"] == 1 and counts(three)["TRONG_QH"] == 0
    late = [candidate(reviewed=date(2025, 12, 30)), candidate("A-03", reviewed=date(2025, 12, 31))]
    assert counts(late)["CHUA_RA_SOAT"] == 1
    assert "NHIEU_NGUOI:" in " ".join(lines(unit(*four), KIND))
    assert "NHIEU_CHUC:" in " ".join(lines(unit(*posts), KIND))


def test_whoever_several_units_plan_for_is_counted_over_all_of_them() -> None:
    """Three posts at home are allowed; a fourth in another unit is one too many."""
    home = unit(*(candidate(post=f"p{n}") for n in range(3)))
    guest = replace(candidate(post="p9"), unit="B")
    away = ground("B", candidates=[guest])
    assert figures(home, away, kind=KIND)["NHIEU_CHUC"].value == 1
    assert figures(home, ground("B"), kind=KIND)["NHIEU_CHUC"].value == 0


def test_a_person_planned_for_two_posts_counts_once_in_the_shares() -> None:
    woman = replace(candidate(), cadre=cadre("A-09", sex=Sex.FEMALE))
    both = [woman, replace(woman, post="cap_pho"), candidate("A-03")]
    assert figures(unit(*both), kind=KIND)["QH_NU"].value == 5000


def test_who_came_into_the_plan_and_who_went_is_told_with_its_ground() -> None:
    told = [
        Revision("A", "Lò Văn Inh", "Trưởng phòng", True, "12/QĐ-SNV", date(2026, 5, 4), "S7!L6"),
        Revision("A", "Tẩn A Phủ", "Trưởng phòng", False, "Chuyển công tác", None, "S7!L7"),
    ]
    found = figures(unit(revisions=told), kind=KIND)["VAO_RA"]
    assert found.value == 2 and "1 lượt bổ sung, 1 lượt đưa ra" in found.says
    assert "12/QĐ-SNV" in found.evidence[0].says and found.evidence[0].cell == "S7!L6"


def test_sources_against_vacancies_are_a_range() -> None:
    told = [Source("A", f"N{n}", "TĐKT", "tại chỗ", "san_sang", taken=n == 0) for n in range(5)]
    many = [HOLDER, *(cadre(f"A-1{n}", birth=date(1965, 1, 1)) for n in range(4))]
    found = figures(ground(cadres=many, sources=told), kind=PlanKind.SOURCES)
    assert found["NGUON"].shown == "0,8 lần"  # four for the five who retire within 24 months
    assert found["NGUON"].alarm and found["CHUYEN_DOI_NGUON"].value == 2000
    assert figures(ground(sources=told), kind=PlanKind.SOURCES)["NGUON"].value is None
    (change,) = lines(ground(cadres=many, sources=told), PlanKind.SOURCES).values()
    assert change.line.quantity == 1


def test_readiness_is_counted_by_post() -> None:
    deputy = candidate("A-03", "cap_pho", readiness="chua")
    found = figures(unit(candidate(), deputy), kind=KIND)["SAN_SANG"]
    assert found.value == 1
    assert "cấp trưởng: 1 sẵn sàng" in found.says.lower() and "cấp phó: 0 sẵn sàng" in found.says


def test_key_posts_are_those_of_heads_and_deputies() -> None:
    posts = posts_of([HOLDER, cadre("A-02")], RULES.forecast.key_roles)
    assert [(post.unit, post.code, post.name) for post in posts] == [
        ("A", "cap_truong", "Trưởng phòng")
    ]
