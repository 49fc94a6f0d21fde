"""The yardstick and the product come to the same figures on the same workbooks."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.data import PERIOD, Month, Planted, month_of
from benchmarks.floor_month import people_from
from benchmarks.floor_month import run as run_yardstick
from benchmarks.product import furnished, take
from benchmarks.report import at_least, at_most
from review.scorecard import Scorecard
from tasks.office import Office
from tdkt_models.files import recall_files
from tdkt_models.findings import recall_findings
from tdkt_models.scores import recall_cards
from tdkt_models.submissions import recall_submissions

UNITS = 6


@dataclass(frozen=True)
class BothWays:
    month: Month
    yardstick: sqlite3.Connection
    office: Office


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> BothWays:
    """Six units through the yardstick and through the product."""
    folder = tmp_path_factory.mktemp("benchmarks")
    month = month_of(UNITS, folder / "data", faulty=0.5)
    run_yardstick(month.files, folder / "floor.db", people_from(month))
    office = furnished(month, folder / "office", processes=1)
    take(office, month.inbox)
    return BothWays(month, sqlite3.connect(folder / "floor.db"), office)


def cards_of(office: Office) -> list[Scorecard]:
    with office.book() as book, book.reading() as conn:
        return recall_cards(conn, PERIOD)


def test_some_of_the_workbooks_have_a_planted_fault(both: BothWays) -> None:
    assert 0 < len(both.month.planted) < UNITS


def test_the_yardstick_finds_the_planted_faults_and_no_other(both: BothWays) -> None:
    rows = both.yardstick.execute("select unit, rule, sheet, cell from finding")
    assert {Planted(*row) for row in rows} == set(both.month.planted.values())


def test_the_product_returns_the_same_units_for_the_same_cells(both: BothWays) -> None:
    with both.office.book() as book, book.reading() as conn:
        files = {file.id: file for file in recall_files(conn, period=PERIOD)}
        found = recall_findings(conn, [number for number in files if number])
    returned = {f.unit for f in files.values() if f.verdict and not f.verdict.counts}
    assert returned == set(both.month.planted)
    told = {
        (files[number].unit, one.check, one.sheet, one.cell)
        for number, those in found.items()
        for one in those
    }
    assert {(p.unit, p.check, p.sheet, p.cell) for p in both.month.planted.values()} <= told


def test_points_and_grades_of_both_are_equal_to_the_last_hundredth(both: BothWays) -> None:
    columns = "cadre, general, a, b, c, d, dd, e, mean, task, total, grade"
    yardstick = set(both.yardstick.execute(f"select {columns} from card where total is not null"))
    product = {
        (c.cadre, c.general, c.a, c.b, c.c, c.d, c.dd, c.e, c.mean, c.task_score, c.total, c.grade)
        for c in cards_of(both.office)
        if c.total is not None
    }
    assert yardstick
    assert product == yardstick


def test_both_keep_the_same_lines(both: BothWays) -> None:
    names = {"work": "work", "general": "general", "leaders": "leader", "programme": "programme"}
    with both.office.book() as book, book.reading() as conn:
        kept = recall_submissions(conn, PERIOD)
    for key, table in names.items():
        count = both.yardstick.execute(f"select count(*) from {table}").fetchone()[0]
        assert sum(len(submission.tables[key]) for submission in kept) == count > 0


def test_workbooks_are_made_once_and_kept(both: BothWays) -> None:
    data = both.month.folder.parent
    before = {path: path.stat().st_mtime_ns for path in both.month.files}
    assert month_of(UNITS, data, faulty=0.5) == both.month
    assert {path: path.stat().st_mtime_ns for path in both.month.files} == before


def test_a_ratio_on_the_mark_is_met_and_one_beyond_is_not() -> None:
    assert at_most("", (1.5, 1.6), 1.5).met and not at_most("", (1.51, 1.4), 1.5).met
    assert at_least("", (0.9, 0.8), 0.9).met
    assert at_least("", (0.89, 0.95), 0.9).line == "|  | 0.89 | 0.95 | ≥ 0.90 | **not met** |"


def test_the_folder_of_made_workbooks_is_not_in_the_repository() -> None:
    ignored = (Path(__file__).parent.parent / ".gitignore").read_text("utf-8").splitlines()
    assert "benchmarks/data/" in ignored
