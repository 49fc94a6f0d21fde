"""The structure of the body of cadres, and who stands in a post too short or too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from review.cadres import Engagement, Role, Sex
from review.evidence import decimal, middle, months_after, months_between, percent
from review.rotation import measures_of as rotation_measures
from review.rotation import tenure, too_early, too_late
from review.structure import (
    Establishment,
    Structure,
    measures_of,
    mismatches,
    structure_of,
    vacancies,
)
from tests.plan_makers import RULES, TABLE, YEAR_END, cadre

PEOPLE = [
    cadre("A-01", birth=date(1990, 1, 1), engagement=Engagement.FULL, share=100, sex=Sex.FEMALE),
    cadre("A-02", birth=date(1986, 12, 31), ethnicity="Kinh"),  # 40 that day
    cadre("A-03", birth=date(1976, 1, 1), education="Cao đẳng Văn thư"),  # 50
    cadre("A-04", birth=date(1975, 12, 31), education=""),  # 51
    cadre("A-05", birth=None),
]


def test_age_bands_meet_without_gap_or_overlap() -> None:
    ages = structure_of(PEOPLE, YEAR_END, RULES.structure).ages
    assert ages == {"dưới 40": 1, "40–50": 2, "trên 50": 1, "chưa rõ": 1}


def test_time_adds_up_to_persons_by_engagement() -> None:
    found = structure_of(PEOPLE, YEAR_END, RULES.structure)
    assert found.fte == {"chuyen_trach": 100, "kiem_nhiem": 120}
    fte = next(one for one in measures_of(found, RULES.structure) if one.code == "FTE")
    assert fte.shown == "2,2 FTE"


def test_tallies_of_batches_add_up_to_the_tally_of_all() -> None:
    whole = structure_of(PEOPLE, YEAR_END, RULES.structure)
    parts = [structure_of([one], YEAR_END, RULES.structure) for one in PEOPLE]
    assert sum(parts, Structure()) == whole


def test_shares_of_women_young_and_minorities() -> None:
    found = {
        m.code: m
        for m in measures_of(structure_of(PEOPLE, YEAR_END, RULES.structure), RULES.structure)
    }
    assert (found["NU"].value, found["TRE"].value, found["DTTS"].value) == (2000, 2000, 8000)
    assert not found["NU"].alarm  # 20% is just enough
    assert not found["DTTS"].alarm  # no limit is set


def test_a_head_without_a_degree_is_a_mismatch_and_the_unknown_is_not() -> None:
    head = replace(PEOPLE[2], role=Role.HEAD)
    unknown = replace(PEOPLE[3], role=Role.HEAD)
    (found,) = mismatches([head, unknown, *PEOPLE[:2]], RULES.structure)
    assert found.cadre.code == "A-03"
    assert found.lacks == ("trình độ chuyên môn Cao đẳng, vị trí cần Đại học",)


def test_vacancies_name_the_unit_and_an_unreported_one_is_unknown() -> None:
    found = vacancies([Establishment("A", 4, 3, "S1!B9"), Establishment("B", 2, 3)])
    assert found.value == 1667 and found.evidence[0].subject == "A"
    assert vacancies([]).value is None


def test_rotation_looks_at_both_ends() -> None:
    early = cadre("A-06", since=date(2025, 7, 1), until=date(2026, 8, 31))
    long = cadre("A-07", since=date(2021, 11, 30))
    soon = cadre("A-08", since=date(2010, 1, 1), birth=date(1965, 12, 1))  # retires Oct 2027
    assert [t.months for t in too_early([early], RULES.rotation, TABLE)] == [13]
    assert [t.cadre.code for t in too_late([long, soon], YEAR_END, RULES.rotation, TABLE)] == [
        "A-07"
    ]
    assert tenure(cadre(since=None), YEAR_END) is None
    everyone = [early, long, soon, *PEOPLE]
    left, sooner, later = rotation_measures(
        everyone, date(2026, 1, 1), YEAR_END, RULES.rotation, TABLE
    )
    assert (left.value, sooner.value, later.value) == (1250, 1, 1)


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
