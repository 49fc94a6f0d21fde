"""A year as an office lives it: a report a month, scored, rolled up, approved; leave, a transfer, a
fault, a month that never came, and the term that is made of the years."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scoring_makers import cadre, change, job, rating, report, terms

from review.cadres import Group, Role
from review.rollup import MOVED, Basis, PartState, PeriodScore
from review.scorecard import CardStatus, Grade
from review.scoring import score_unit
from tasks.call_roll import call_roll
from tasks.office import Office
from tasks.roll_up import roll_up
from tasks.score import score
from tdkt_models.period_scores import recall_period_scores
from tests.score_office import keep_people, keep_report, occasion, person, small_office
from tests.scoring_makers import LAW

HOME, OTHER = "03637", "03640"
PEOPLE = [person(code, HOME) for code in ("lam", "nghi", "phat", "thieu", "chuyen")]
AWAY = {"on": date(2026, 2, 20), "until": date(2026, 8, 20)}  # six months, five of them whole


def handed_in(office: Office, month: int) -> None:
    """What the unit says of a month; nothing in May."""
    period = f"2026-{month:02}"
    call_roll.fn(occasion(office, period))
    if month != 5:
        said = report(*_sheets(month))
        for unit, mine in ((HOME, said), *(((OTHER, _moved(month)),) if month > 6 else ())):
            keep_report(office, replace(mine, unit=unit, period=period), f"{unit}-{month}.xlsx")
    score.fn(occasion(office, period), (HOME, OTHER))


def _sheets(month: int) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    here = ["lam", "phat", "thieu", *(["chuyen"] if month <= 6 else [])]
    away = 3 <= month <= 7
    work = [job(code, assigned=10, done=10 if code != "thieu" else 8) for code in here]
    marks = [rating(code) for code in here]
    if not away:
        work, marks = [*work, job("nghi", assigned=2, done=1)], [*marks, rating("nghi")]
    changes = [change("thai_san", "nghi", **AWAY)] if 2 <= month <= 8 else []
    if month == 9:
        changes.append(change("ky_luat", "phat", on=date(2026, 9, 3)))
    return work, marks, [], changes


def _moved(month: int) -> Any:
    return report([job("chuyen", assigned=10, done=7)], [rating("chuyen")])


@contextmanager
def a_year(folder: Path, url: str) -> Iterator[Office]:
    with small_office(folder, url, [*PEOPLE, person("khac", OTHER)]) as office:
        for month in range(1, 13):
            if month == 7:  # “chuyen” is at the other unit from July on
                since = person("chuyen", OTHER, since=date(2026, 7, 1))
                keep_people(office, [since])
            handed_in(office, month)
        yield office


def rolled(office: Office, period: str, day: str) -> dict[str, PeriodScore]:
    about = occasion(office, period, day)
    roll_up.fn(about, (HOME, OTHER))
    with office.book() as book, book.reading() as conn:
        return {s.whose.cadre: s for s in recall_period_scores(conn, period)}


def test_a_year_of_reports_comes_to_each_persons_year(tmp_path: Path, sqlite_url: str) -> None:
    with a_year(tmp_path, sqlite_url) as office:
        made = rolled(office, "2026", "2027-01-20")
        quarter = rolled(office, "2026-Q1", "2027-01-20")
        december = rolled(office, "2026", "2026-12-10")

    worked = made["lam"]
    assert (worked.counted, worked.due, worked.score) == (11, 12, None), "May never came"
    assert (worked.so_far, worked.low, worked.high) == (10_000, 9167, 10_000)
    assert worked.grade is Grade.EXCELLENT, "no May could change it"

    leave = {part.period: part.state for part in made["nghi"].parts}
    on_leave = [p for p, state in leave.items() if state is PartState.LEAVE]
    assert on_leave == [f"2026-{n:02}" for n in (3, 4, 6, 7)], "of May nothing was said"
    assert leave["2026-02"] is PartState.COUNTED, "a part of the month was worked"
    assert (made["nghi"].counted, made["nghi"].due) == (7, 8)
    assert made["nghi"].so_far == 6500, "30 + 70 × 50%, on the time worked"

    assert made["phat"].grade is Grade.NOT_DONE and made["phat"].so_far == 10_000
    assert made["thieu"].so_far == 8600

    moved = made["chuyen"]
    assert moved.whose.unit == OTHER and MOVED in moved.flags
    assert {part.unit for part in moved.parts if part.score} == {HOME, OTHER}
    assert moved.so_far == (5 * 10_000 + 6 * 7900 + 5) // 11, "the old unit's months count"

    assert quarter["lam"].score == 10_000 and quarter["lam"].due == 3
    assert december["lam"].whose.basis is Basis.FINAL, "the final result stands before the other"


def test_before_15_december_the_year_is_provisional_and_both_are_kept(
    tmp_path: Path, sqlite_url: str
) -> None:
    with small_office(tmp_path, sqlite_url, [*PEOPLE, person("khac", OTHER)]) as office:
        for month in (10, 11):
            handed_in(office, month)
        early = rolled(office, "2026-Q4", "2026-12-10")["lam"]
        assert (early.whose.basis, early.due, early.score) == (Basis.PROVISIONAL, 2, 10_000)
        handed_in(office, 12)
        late = rolled(office, "2026-Q4", "2027-01-16")["lam"]
        assert (late.whose.basis, late.due) == (Basis.FINAL, 3)
        with office.book() as book, book.reading() as conn:
            kept = recall_period_scores(conn, "2026-Q4", basis=Basis.PROVISIONAL)
        assert {score.whose.cadre: score for score in kept}["lam"] == early


def test_a_term_is_made_of_its_years_final_results(tmp_path: Path, sqlite_url: str) -> None:
    with a_year(tmp_path, sqlite_url) as office:
        handed_in_late = occasion(office, "2026-05", "2027-01-18")
        keep_report(office, replace(report(*_sheets(6)), period="2026-05"), "muon.xlsx")
        score.fn(handed_in_late, (HOME, OTHER))
        year = rolled(office, "2026", "2027-01-20")["lam"]
        term = rolled(office, "2026..2030", "2027-06-01")["lam"]
        assert year.score == 10_000 and term.so_far == 10_000
        assert (term.counted, term.due) == (1, 1) and term.whose.basis is Basis.PROVISIONAL
        ended = rolled(office, "2026..2030", "2031-02-01")["lam"]
        assert (ended.counted, ended.due, ended.score) == (1, 5, None)


def test_another_group_is_sent_to_its_own_regulation_and_owes_no_months(
    tmp_path: Path, sqlite_url: str
) -> None:
    others = [person(g.value, HOME, group=g) for g in Group if g is not Group.CIVIL_SERVANT]
    with small_office(tmp_path, sqlite_url, [*PEOPLE, *others]) as office:
        handed_in(office, 1)
        made = rolled(office, "2026-Q1", "2026-04-20")
    for one in others:
        assert made[one.code].status is CardStatus.EXCLUDED
        assert {part.state for part in made[one.code].parts} == {PartState.ELSEWHERE}


@pytest.mark.parametrize(("field", "doubted"), [("Khen thưởng", True), ("Phong trào", False)])
def test_a_deputys_d_is_about_the_people_of_the_field(field: str, doubted: bool) -> None:
    """Decree 335/2025: deputies are held to the same terms within their assigned field."""
    low, high = (cadre(code)._replace(field=f) for code, f in (("B", "Khen thưởng"), ("C", "Khác")))
    deputy = cadre("A", Role.DEPUTY)._replace(field=field)
    said = report(
        [job("A"), job("B", assigned=5, done=0), job("C")],
        [rating("A"), rating("B"), rating("C")],
        [terms("A")],
    )
    cards = {c.cadre: c for c in score_unit(said, [deputy, low, high], LAW)}
    assert cards["B"].total == 3000
    assert ("DDE_SAI_MUC" in cards["A"].flags) is doubted
