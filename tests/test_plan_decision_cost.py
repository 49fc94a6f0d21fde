"""A person's word on a unit's proposals costs the same beside ten units and beside hundreds.

Every statement of a decision is asked how it would be carried out, on both engines, and on SQLite
its work is counted in steps of the machine: beside nobody, and beside a country's other units.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from review.plans import ChangeState, Decision, PlanKind, ProposedChange
from review.roster import Roster
from review.units import Unit, UnitKind
from tasks.decide_plans import Choice, Decided, decide
from tasks.office import Office
from tdkt_models.plan_choices import recall_named
from tdkt_models.plan_lines import keep_version
from tdkt_models.plans import keep_changes
from tdkt_models.units import keep_units
from tests.plan_office import occasion, small_office
from tests.postgres import Postgres
from tests.province import surroundings
from tests.test_plans import change
from tests.test_tenth_year import asked, counted, growing, scans_on_postgresql, scans_on_sqlite

KIND, MINE = PlanKind.TRAINING, ("03637", "03638")
OTHERS = [f"{number:05}" for number in range(40_000, 40_400)]
NEWEST = re.compile(r"FROM audit ORDER BY audit.n DESC\s+LIMIT")  # by an index, and stops there
FINDS = r"unit=|id=|rowid=|version|source>"  # the unit's, the line's, or the next review's
SAID = datetime(2026, 11, 13, tzinfo=UTC)


def proposed(unit: str, at: int) -> ProposedChange:
    line = replace(change().line, unit=unit, key=f"{unit}-02:{at}", subject="")
    return replace(change(), line=line)


def furnished(folder: Path, others: list[str]) -> Office:
    """Proposals of two units and of as many others, whose plan has a first version already."""
    units = [Unit(code, f"Xã {code}", UnitKind.COMMUNE) for code in (*MINE, *others)]
    office = small_office(folder, Roster(tuple(units[:2]), ()))
    held = occasion(office, "2026-10")
    with office.book() as book, book.writing() as conn:
        keep_units(conn, units, held.stamp)
        changes = [proposed(unit, at) for unit in (*MINE, *others) for at in range(4)]
        keep_changes(conn, changes, held.stamp)
        lines = [proposed(unit, at).line for unit in others for at in range(4, 8)]
        keep_version(conn, KIND, "2026-11", lines, "tdkt", "lập lần đầu", held.stamp)
    return office


def decisions(office: Office) -> list[Decided]:
    """One line by its number, a unit whole, and both taken back."""
    with office.book() as book, book.reading() as conn:
        numbers = [one.id or 0 for one in recall_named(conn, KIND, "2026-11", units=[MINE[0]])]
    return [
        decide.fn(office, KIND, "2026-11", choice, Decision(verdict, "Lò Văn Inh", SAID, ""), "t")
        for choice, verdict in (
            (Choice(ids=(numbers[0],)), ChangeState.ACCEPTED),
            (Choice(unit=MINE[1]), ChangeState.ACCEPTED),
            (Choice(ids=(numbers[0],)), ChangeState.TAKEN_BACK),
            (Choice(unit=MINE[1]), ChangeState.TAKEN_BACK),
        )
    ]


def test_no_statement_of_a_decision_on_sqlite_goes_through_other_units_lines(
    tmp_path: Path,
) -> None:
    office = furnished(tmp_path, OTHERS)
    with asked() as found:
        done = decisions(office)
    assert [one.changes for one in done] == [1, 4, 1, 4]
    with office.book() as book, book.reading() as conn:
        for statement, values in found.statements.items():
            if not NEWEST.search(statement):
                scans = scans_on_sqlite(conn, statement, values)
                assert not set(scans) & growing(), statement
            plan = conn.exec_driver_sql(f"explain query plan {statement}", values)
            for row in plan:
                by = re.search(r"SEARCH (plan_(?:changes|lines|outcomes)) .*\((.*)\)", row[3])
                assert not by or re.search(FINDS, by[2]), (row[3], statement)


def test_no_statement_of_a_decision_on_postgresql_goes_through_other_units_lines(
    tmp_path: Path, postgres: Postgres
) -> None:
    with surroundings(TDKT_DATABASE_URL=postgres.new_database()):
        office = furnished(tmp_path, OTHERS)
        with asked() as found:
            decisions(office)
        with office.book() as book, book.reading() as conn:
            conn.execute(text("set local enable_seqscan = off"))
            for statement, values in found.statements.items():
                if "temp" in statement.lower() or NEWEST.search(statement):
                    continue
                scans = scans_on_postgresql(conn, statement, values)
                assert not set(scans) & growing(), statement


def test_a_decision_takes_as_many_steps_beside_hundreds_of_units_as_beside_none(
    tmp_path: Path,
) -> None:
    steps = []
    for name, others in (("alone", []), ("beside", OTHERS)):
        (tmp_path / name).mkdir()
        office = furnished(tmp_path / name, others)
        with counted() as done:
            decisions(office)
        steps.append(done["steps"])
    assert steps[0] > 1_000
    assert steps[1] <= 1.1 * steps[0], steps
