"""The structure of the body of cadres, and who stands in a post too short or too long."""

from __future__ import annotations

from datetime import date

from review.cadres import Engagement, Role, Sex
from review.evidence import decimal, middle, months_after, months_between, percent
from review.plans import PlanKind
from review.rotation import Acting, tenure, too_early, too_late
from review.structure import Establishment, Skill, mismatches, structure_of
from tests.plan_makers import RULES, TABLE, YEAR_END, cadre, figures, ground, lines, tallies

KIND = PlanKind.STRUCTURE
PEOPLE = [
    cadre("A-01", birth=date(1990, 1, 1), engagement=Engagement.FULL, share=100, sex=Sex.FEMALE),
    cadre("A-02", birth=date(1986, 12, 31), ethnicity="Kinh"),  # 40 that day
    cadre("A-03", birth=date(1976, 1, 1), education="Cao đẳng Văn thư"),  # 50
    cadre("A-04", birth=date(1975, 12, 31), education=""),  # 51
    cadre("A-05", birth=None),
]


def test_age_bands_meet_without_gap_or_overlap() -> None:
    counts = structure_of(PEOPLE, YEAR_END, RULES.structure)
    ages = {name.removeprefix("age:"): n for name, n in counts.items() if name.startswith("age:")}
    assert ages == {"dưới 40": 1, "40–50": 2, "trên 50": 1, "chưa rõ": 1}


def test_time_adds_up_to_persons_by_engagement() -> None:
    found = structure_of(PEOPLE, YEAR_END, RULES.structure)
    assert (found["fte:chuyen_trach"], found["fte:kiem_nhiem"]) == (100, 120)
    assert figures(ground(cadres=PEOPLE), kind=KIND)["FTE"].shown == "2,2 FTE"


def test_units_add_up_to_the_province_in_any_order() -> None:
    units = [ground(f"{n}", cadres=[one]) for n, one in enumerate(PEOPLE)]
    forth, back = tallies(*units, kind=KIND), tallies(*reversed(units), kind=KIND)
    assert forth == back
    whole = figures(ground(cadres=PEOPLE), kind=KIND)
    assert figures(*units, kind=KIND)["NU"] == whole["NU"]
    assert figures(*units, kind=KIND)["TRINH_DO"] == whole["TRINH_DO"]


def test_a_unit_that_gives_the_work_too_little_time_is_named() -> None:
    thin = ground("B", cadres=[cadre("B-01", share=10)])
    found = figures(thin, ground(cadres=PEOPLE), kind=KIND)["FTE"]
    assert found.alarm and [piece.subject for piece in found.evidence] == ["B"]
    assert "FTE" in lines(thin, KIND) and "FTE" not in lines(ground(cadres=PEOPLE), KIND)


def test_shares_of_women_young_and_minorities() -> None:
    found = figures(ground(cadres=PEOPLE), kind=KIND)
    assert (found["NU"].value, found["TRE"].value, found["DTTS"].value) == (2000, 2000, 8000)
    assert not found["NU"].alarm  # 20% is just enough
    assert not found["DTTS"].alarm  # no limit is set


def test_a_head_without_a_degree_is_a_mismatch_and_the_unknown_is_not() -> None:
    head = PEOPLE[2]._replace(role=Role.HEAD)
    unknown = PEOPLE[3]._replace(role=Role.HEAD)
    (found,) = mismatches([head, unknown, *PEOPLE[:2]], RULES.structure)
    assert found.cadre.code == "A-03"
    assert found.lacks == ("trình độ chuyên môn Cao đẳng, vị trí cần Đại học",)


def test_what_the_unit_itself_finds_lacking_counts_and_names_the_cell() -> None:
    skill = Skill("A", "A-01", wanted="Chứng chỉ TĐKT", fits="khong", cell="S2b!J6", period="2026")
    fits = Skill("A", "A-02", informatics="Cơ bản", fits="co")
    one = ground(cadres=PEOPLE, skills=[skill, fits])
    (change,) = [c for key, c in lines(one, KIND).items() if key.startswith("BO_TRI")]
    assert "Chứng chỉ TĐKT" in change.says and change.evidence[0].cell == "S2b!J6"
    assert "tin học 1" in figures(one, kind=KIND)["TRINH_DO"].says


def test_vacancies_name_the_unit_and_an_unreported_one_is_unknown() -> None:
    short = ground("A", establishments=[Establishment("A", 4, 3, "S1!B9")])
    full = ground("B", establishments=[Establishment("B", 2, 3)])
    found = figures(short, full, kind=KIND)["TRONG"]
    assert found.value == 1667 and found.evidence[0].subject == "A"
    assert "TRONG" in lines(short, KIND) and "TRONG" not in lines(full, KIND)
    assert "TRONG" not in figures(ground(), kind=KIND)


def test_rotation_looks_at_both_ends() -> None:
    early = cadre("A-06", since=date(2025, 7, 1), until=date(2026, 8, 31))
    long = cadre("A-07", since=date(2021, 11, 30))
    soon = cadre("A-08", since=date(2010, 1, 1), birth=date(1965, 12, 1))  # retires Oct 2027
    assert [t.months for t in too_early([early], RULES.rotation, TABLE)] == [13]
    assert [t.cadre.code for t in too_late([long, soon], YEAR_END, RULES.rotation, TABLE)] == [
        "A-07"
    ]
    assert tenure(cadre(since=None), YEAR_END) is None
    found = figures(ground(cadres=[early, long, soon, *PEOPLE]), kind=PlanKind.ROTATION)
    assert [found[code].value for code in ("ROI_VI_TRI", "QUA_SOM", "QUA_LAU")] == [1250, 1, 1]


def test_who_stood_in_for_a_superior_with_a_result_could_go_on() -> None:
    done = Acting(
        "A", "A-01", "Phụ trách phòng", date(2026, 3, 1), date(2026, 5, 31), "Tốt", "S8!K6"
    )
    now = Acting("A", "A-02", "Phụ trách phòng", date(2026, 12, 1), None, "")
    one = ground(cadres=PEOPLE, actings=[done, now])
    (change,) = lines(one, PlanKind.ROTATION).values()
    assert (change.line.subject, change.evidence[0].cell) == ("A-01", "S8!K6")
    assert figures(one, kind=PlanKind.ROTATION)["PHU_TRACH_THAY"].value == 2


def test_who_retired_did_not_rotate_too_early() -> None:
    gone = cadre(birth=date(1964, 10, 15), since=date(2025, 7, 1), until=date(2026, 4, 30))
    assert too_early([gone], RULES.rotation, TABLE) == ()


def test_figures_are_rounded_once_and_nothing_is_not_zero() -> None:
    assert percent(2, 3) == 6667 and percent(1, 0) is None
    assert middle([]) is None and middle([9, 2, 4]) == 400 and middle([1, 2]) == 150
    assert decimal(8250) == "82,5" and decimal(100) == "1" and decimal(-7) == "−0,07"


def test_months_count_from_day_to_day() -> None:
    assert months_between(date(2025, 7, 31), date(2026, 7, 30)) == 11
    assert months_between(date(2025, 7, 31), date(2026, 7, 31)) == 12
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 10, 31), -8) == date(2026, 2, 28)
    assert months_after(date(2026, 11, 30), 1) == date(2026, 12, 30)
