"""Whoever moves keeps the code: periods that are over are seen as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from review.roster import Roster
from review.units import Unit, UnitKind
from tasks.briefs import cadres_by_unit
from tasks.grounds import grounds
from tasks.office import Office
from tasks.roster import keep_roster
from tasks.update_plans import update_plans
from tdkt_models.base import Book, Stamp
from tdkt_models.cadres import keep_cadres, recall_cadres, recall_lines, recall_served
from tdkt_models.plans import recall_changes
from tdkt_models.units import keep_units
from tests.plan_makers import cadre
from tests.plan_office import occasion, report, small_office

A = Unit("A", "Xã A", UnitKind.COMMUNE, contacts=("a@laichau.example",))
B = replace(A, code="B", name="Xã B", contacts=())
STAYS, MOVES = cadre("A-01"), cadre("A-02")
MOVED = MOVES._replace(unit="B", post="Phó phòng", since=date(2026, 9, 1))
SPRING = (date(2026, 3, 1), date(2026, 3, 31))
AUTUMN = (date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture
def moved(book: Book, stamp: Stamp) -> Book:
    with book.writing() as conn:
        keep_units(conn, [A, B], stamp)
        keep_cadres(conn, [STAYS, MOVES], stamp)
        keep_cadres(conn, [MOVED], stamp)
    return book


def test_before_the_move_the_old_unit_has_the_person_and_after_it_the_new_one(moved: Book) -> None:
    with moved.reading() as conn:
        assert [c.unit for c in recall_cadres(conn) if c.code == "A-02"] == ["B"]
        assert [c.code for c in recall_served(conn, *SPRING, ["A"])] == ["A-01", "A-02"]
        assert recall_served(conn, *SPRING, ["B"]) == []
        assert [c.code for c in recall_served(conn, *AUTUMN, ["A"])] == ["A-01"]
        assert recall_served(conn, *AUTUMN, ["B"]) == [MOVED]


def test_who_moved_within_the_period_is_found_where_they_served_last(moved: Book) -> None:
    year = date(2026, 1, 1), date(2026, 12, 31)
    with moved.reading() as conn:
        assert [(c.code, c.unit) for c in recall_served(conn, *year)] == [
            ("A-01", "A"), ("A-02", "B"),
        ]  # fmt: skip
        assert [c.code for c in recall_served(conn, *year, ["A"])] == ["A-01"]
        assert [c.code for c in recall_served(conn, *year, ["B"])] == ["A-02"]


def test_the_same_first_day_again_is_a_correction_and_leaves_nothing_behind(
    book: Book, stamp: Stamp
) -> None:
    with book.writing() as conn:
        keep_units(conn, [A, B], stamp)
        keep_cadres(conn, [MOVES], stamp)
        keep_cadres(conn, [MOVES._replace(unit="B")], stamp)
        keep_cadres(conn, [MOVES._replace(unit="B", post="Chuyên viên")], stamp)
        assert len(recall_lines(conn)) == 1


def test_who_left_and_came_back_has_served_twice(book: Book, stamp: Stamp) -> None:
    left = MOVES._replace(until=date(2026, 2, 28))
    with book.writing() as conn:
        keep_units(conn, [A], stamp)
        keep_cadres(conn, [left], stamp)
        keep_cadres(conn, [MOVES._replace(since=date(2026, 6, 1))], stamp)
        assert recall_served(conn, *SPRING) == []
        winter = date(2026, 1, 1), date(2026, 1, 31)
        assert [c.until for c in recall_served(conn, *winter)] == [left.until]
        assert [c.until for c in recall_served(conn, *AUTUMN)] == [None]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = small_office(tmp_path, Roster((A, B), (STAYS, MOVES)))
    with made.book() as book, book.writing() as conn:
        keep_roster(conn, Roster((A, B), (STAYS, MOVED)), occasion(made, "2026-09").stamp)
    return made


def test_a_month_held_again_after_the_move_is_about_the_same_people(office: Office) -> None:
    about = occasion(office, "2026-03")
    with office.book() as book, book.reading() as conn:
        cadres = cadres_by_unit(conn, about, ["A", "B"])
    assert [c.code for c in cadres["A"]] == ["A-01", "A-02"] and cadres["B"] == []


def test_a_move_after_thirteen_months_is_too_early_and_no_loss_to_the_work(office: Office) -> None:
    about = occasion(office, "2026")
    report(office, "2026", "A", {})
    with office.book() as book, book.reading() as conn:
        (ground,) = grounds(conn, about, ["A"], ("luan_chuyen", "to_chuc"))
    assert [c.code for c in ground.left] == ["A-02"] and ground.elsewhere == {"A-02"}
    update_plans.fn(about, ("A",))
    with office.book() as book, book.reading() as conn:
        found = {c.line.key: c for c in recall_changes(conn, source="2026")}
    assert "13 tháng" in found["QUA_SOM:A-02"].says
