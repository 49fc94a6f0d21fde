"""Units over time: merged, split, renamed, dissolved; duties pass on, results stay and move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from review.brief import ProgrammeTask, TaskStatus
from review.cadres import Cadre
from review.findings import Severity
from review.lineage import (
    NOBODY,
    Passage,
    by_unit,
    lines_passed_on,
    passage_of,
    regrouped,
    todays,
)
from review.plans import PlanKind, PlanLine
from review.roster import Roster
from review.roster_checks import problems_of
from review.scorecard import CardStatus, Grade, Scorecard
from review.units import Unit, UnitKind
from sample import sample_roster
from sample.former import former_postings, former_units
from tasks.call_roll import call_roll
from tasks.lineage import lineage_of
from tasks.office import Office
from tasks.report import report_to_office
from tasks.roster import keep_roster
from tasks.update_plans import update_plans
from tdkt_models.audit import recall_audit
from tdkt_models.letter_ledger import ledger
from tdkt_models.plan_lines import keep_version, recall_lines, recall_versions
from tdkt_models.programme import keep_tasks, recall_tasks
from tdkt_models.scores import keep_cards
from tdkt_models.units import keep_units
from tests.plan_makers import cadre
from tests.plan_office import occasion, small_office

ENDED = date(2026, 9, 30)
A = Unit("A", "Xã A", UnitKind.COMMUNE, until=ENDED, successor="C; D")
B = replace(A, code="B", name="Xã B", successor="C")
C = Unit("C", "Xã C", UnitKind.COMMUNE, since=date(2026, 10, 1))
D = replace(C, code="D", name="Xã D")
E = replace(A, code="E", name="Xã E", successor="")
F = replace(A, code="F", name="Xã F cũ", successor="G")
G = replace(C, code="G", name="Xã F")
UNITS = {unit.code: unit for unit in (A, B, C, D, E, F, G)}
OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("unit", "passage"),
    [(A, Passage.SPLIT), (B, Passage.MERGE), (E, Passage.DISSOLVE), (F, Passage.RENAME), (C, None)],
)
def test_how_a_unit_passed_on_follows_from_its_heirs(unit: Unit, passage: Passage | None) -> None:
    assert passage_of(unit, UNITS) is passage


def test_a_unit_is_itself_until_its_last_day_and_its_heirs_afterwards() -> None:
    assert todays("A", UNITS, ENDED) == ("A",)
    assert todays("A", UNITS, OCTOBER) == ("C", "D")
    assert todays("E", UNITS, OCTOBER) == ()
    ring = {"X": replace(A, code="X", successor="Y"), "Y": replace(A, code="Y", successor="X")}
    assert todays("X", ring, OCTOBER) == ()


def card(unit: str, cadre_code: str, total: int) -> Scorecard:
    return Scorecard(cadre_code, unit, "2026-09", CardStatus.OK, total=total, grade=Grade.GOOD)


def test_results_stay_as_they_were_and_move_with_the_person_on_todays_map() -> None:
    cards = [card("A", "A-01", 8000), card("A", "A-02", 9000), card("B", "B-01", 7000)]
    serving = {"A-01": "D"}
    now = regrouped(cards, UNITS, serving, OCTOBER)
    assert [c.unit for c in now] == ["D", "A", "C"], "of A-02 nobody can say where the result goes"
    assert [(f.unit, f.persons, f.mean) for f in by_unit(cards)] == [("A", 2, 8500), ("B", 1, 7000)]
    assert {f.unit: f.mean for f in by_unit(now)} == {"A": 9000, "C": 7000, "D": 8000}


def test_a_plan_line_goes_with_its_person() -> None:
    line = PlanLine(PlanKind.TRAINING, "2026-10", "A", "k", "Lớp", subject="A-01")
    (moved,) = lines_passed_on([line], UNITS, {"A-01": "D"}, OCTOBER)
    assert (moved.unit, moved.key, moved.first_key) == ("D", "A.k", "k")
    further = replace(moved, key="B-X.A.BOI_DUONG:A-01:2.1")
    assert further.first_key == "BOI_DUONG:A-01:2.1"
    (first,) = lines_passed_on([line], UNITS, {}, OCTOBER)
    assert first.unit == "C"
    assert lines_passed_on([replace(line, unit="")], UNITS, {}, OCTOBER) == [replace(line, unit="")]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """September was held under A; in October C and D stand in its place."""
    made = small_office(tmp_path, Roster((A, C, D), (cadre("A-01", unit="D"), cadre("C-01"))))
    task = ProgrammeTask("A", "2026-10", "T1", "Họp", "Biên bản", "A-01", date(2026, 10, 9))
    line = PlanLine(PlanKind.TRAINING, "2026-10", "A", "A-01:BD-HS", "Lớp", subject="A-01")
    about = occasion(made, "2026-10")
    with made.book() as book, book.writing() as conn:
        keep_tasks(conn, [task], about.stamp)
        keep_version(conn, PlanKind.TRAINING, "2026-10", [line], "An", "", about.stamp)
    return made


def test_duties_and_plans_pass_on_once_when_the_roll_is_called(office: Office) -> None:
    about = occasion(office, "2026-10")
    for _ in range(2):
        assert call_roll.fn(about).units == ("C", "D")
    with office.book() as book, book.reading() as conn:
        old, new = recall_tasks(conn, "2026-10")
        assert (old.unit, old.status, old.note) == ("A", TaskStatus.DROPPED, "Bàn giao cho D.")
        assert (new.unit, new.code, new.owner) == ("D", "A.T1", "A-01")
        (line,) = recall_lines(conn, PlanKind.TRAINING, "2026-10")
        assert (line.unit, line.key) == ("D", "A.A-01:BD-HS")
        assert len(recall_versions(conn, PlanKind.TRAINING, "2026-10")) == 2
        assert len(recall_audit(conn, what="task.passed_on")) == 1


def test_what_nobody_takes_over_is_closed_with_its_unit_and_told(tmp_path: Path) -> None:
    made = small_office(tmp_path, Roster((E, C), (cadre("E-01", unit="E"), cadre("C-01"))))
    september, october = occasion(made, "2026-09"), occasion(made, "2026-10")
    duty = ProgrammeTask("E", "2026-09", "T1", "Họp", "Biên bản", "E-01", date(2026, 9, 9))
    line = PlanLine(PlanKind.TRAINING, "2026-10", "E", "E-01:BD-HS", "Lớp", subject="E-01")
    kept = replace(line, unit="C", key="C-01:BD-HS", subject="C-01")
    with made.book() as book, book.writing() as conn:
        keep_tasks(conn, [duty], september.stamp)
        keep_version(conn, PlanKind.TRAINING, "2026-10", [line, kept], "An", "", october.stamp)
    for about in (september, october, september, october):
        call_roll.fn(about)
        update_plans.fn(about, ("C", "E"))
    with made.book() as book, book.reading() as conn:
        (closed,) = recall_tasks(conn, "2026-10", ["E"])
        assert (closed.status, closed.note) == (TaskStatus.DROPPED, NOBODY)
        assert recall_tasks(conn, "2026-11", ["E"]) == [], "it waits on nobody any more"
        assert recall_lines(conn, PlanKind.TRAINING, "2026-10") == [kept]
        _first, last = recall_versions(conn, PlanKind.TRAINING, "2026-10")
        assert last.note == f"{NOBODY} Bỏ 1 dòng của Xã E"
        seen = lineage_of(conn, "E", OCTOBER)
        assert len(recall_audit(conn, what="task.closed")) == 1
    assert seen is not None and seen.closed == (closed,) and seen.struck == (line,)
    report_to_office.fn(september)
    with made.book() as book, book.reading() as conn:
        (digest,) = [one for one in ledger(conn, "2026-09") if one.letter.payload.get("noted")]
    duty_said, plan_said = digest.letter.payload["noted"]
    assert "Xã E giải thể" in duty_said and "1 việc dở dang" in duty_said
    assert "Bỏ 1 dòng của Xã E" in plan_said


def test_a_successor_named_later_takes_over_what_was_closed(tmp_path: Path) -> None:
    made = small_office(tmp_path, Roster((E, C), (cadre("E-01", unit="E"), cadre("C-01"))))
    september = occasion(made, "2026-09")
    duty = ProgrammeTask("E", "2026-09", "T1", "Họp", "Biên bản", "E-01", date(2026, 9, 9))
    with made.book() as book, book.writing() as conn:
        keep_tasks(conn, [duty], september.stamp)
    call_roll.fn(september)
    update_plans.fn(september, ("C", "E"))
    with made.book() as book, book.writing() as conn:
        keep_units(conn, [replace(E, successor="C")], september.stamp)
    update_plans.fn(september, ("C", "E"))
    with made.book() as book, book.reading() as conn:
        new, old = recall_tasks(conn, "2026-10")
    assert (new.unit, new.code, new.status) == ("C", "E.T1", TaskStatus.NOT_STARTED)
    assert (old.unit, old.note) == ("E", "Bàn giao cho C.")


def test_the_history_of_a_unit_is_seen_both_ways(office: Office) -> None:
    about = occasion(office, "2026-09")
    call_roll.fn(about)
    with office.book() as book, book.writing() as conn:
        keep_cards(conn, [card("A", "A-01", 8000)], about.stamp, regulation="2026-01")
        seen = lineage_of(conn, "D", OCTOBER)
    assert seen is not None and seen.before == ("A",)
    assert [f.mean for f in seen.as_it_was] == []
    assert [(f.period, f.mean) for f in seen.on_todays_map] == [("2026-09", 8000)]


def test_the_sample_holds_the_passage_from_districts_to_38_communes() -> None:
    roster = sample_roster()
    units = {unit.code: unit for unit in (*roster.units, *former_units())}
    districts = [unit for unit in former_units() if unit.until == date(2025, 6, 30)]
    heirs = [code for unit in districts for code in todays(unit.code, units, OCTOBER)]
    communes = {u.code for u in roster.units if u.kind is UnitKind.COMMUNE}
    assert len(heirs) == len(set(heirs)) == 38 and set(heirs) == communes
    assert all(passage_of(u, units) is Passage.SPLIT for u in districts)
    assert all(units[code].since == date(2025, 7, 1) for code in heirs)


def test_the_sample_holds_the_mergers_of_provincial_bodies_too() -> None:
    units = {unit.code: unit for unit in (*sample_roster().units, *former_units())}
    passages = {u.code: passage_of(u, units) for u in former_units()}
    assert passages["SKHDT"] is Passage.MERGE, "the body that took it over was there before"
    assert passages["STNMT"] is passages["SNNPTNT"] is Passage.MERGE
    assert passages["BDT"] is Passage.RENAME


def test_the_people_of_the_sample_served_before_where_there_was_a_unit_for_them() -> None:
    roster = sample_roster()
    units = {unit.code: unit for unit in (*roster.units, *former_units())}
    now = {cadre.code: cadre for cadre in roster.cadres}
    stay, left = former_postings(roster)
    assert len(stay) > 40 and left
    for line in stay:
        assert line.unit in units and now[line.code].unit in units[line.unit].successors
        assert line.until == units[line.unit].until and line.until < (now[line.code].since or ENDED)
    problems = problems_of(Roster(tuple(units.values()), tuple({**now, **_by_code(left)}.values())))
    assert [found for found in problems if found.severity is Severity.MUST_FIX] == []


def _by_code(lines: tuple[Cadre, ...]) -> dict[str, Cadre]:
    return {line.code: line for line in lines}


def test_a_roll_with_several_heirs_is_read_as_it_is_written(office: Office, tmp_path: Path) -> None:
    from channels.roster_file import read_roster, write_roster

    roster = sample_roster()
    whole = Roster((*roster.units, *former_units()), roster.cadres)
    write_roster(whole, tmp_path / "roll.xlsx")
    assert read_roster(tmp_path / "roll.xlsx").roster == whole
    with office.book() as book, book.writing() as conn:
        keep_roster(conn, whole, occasion(office, "2026-10").stamp)
