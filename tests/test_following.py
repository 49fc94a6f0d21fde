"""A longer period follows its parts: what changes in one marks all that stand on it, and the next
review of any period holds these again; what a person approved is asked about, never overwritten."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import tdkt
from flows.cycle import review_cycle, settle
from flows.following import follow_on
from flows.holding import Work, holding
from review.appeals import CaseKind, CaseState
from review.brief import ProgrammeTask
from review.footing import OutOfDate
from review.period import Period
from review.post import LetterKind, LetterState
from tasks.approve import Signature, approve
from tasks.call_roll import call_roll
from tasks.footings import fallen
from tasks.office import Office
from tasks.take_stock import take_stock
from tdkt_models.appeals import recall_appeals
from tdkt_models.base import Stamp
from tdkt_models.digest import book_digest
from tdkt_models.letter_ledger import ledger
from tdkt_models.period_scores import recall_period_scores
from tdkt_models.programme import keep_tasks
from tdkt_models.results import recall_results
from tests.score_office import STAMP, keep_a_year, keep_months, occasion, small_office

HELD = ("2026-Q3", "2026-Q4", "2026")
LATER = "2027-02-10"
KILLED = """
import os, sys
from flows.cycle import settle
from review.period import Period
from tasks.office import Office
from tests.score_office import occasion
office = Office.at(sys.argv[1])
steps = []
def progress(step, done, of):
    steps.append(step)
    if len(set(steps)) == 3:
        os._exit(9)  # as kill -9: nothing is tidied up
settle(occasion(office, "2026-Q3", "2027-02-10"), progress)
"""
FOLLOWS = """
import os, sys, time
from dataclasses import replace
from pathlib import Path
from flows.following import follow_on
from tasks.office import Office
from tests.score_office import occasion
office, mark = Office.at(sys.argv[1]), Path(sys.argv[2])
about = replace(occasion(office, "2026-07", "2027-02-10"), run=f"run-{os.getpid()}")
print("ready", flush=True)
while not mark.exists():
    time.sleep(0.01)
print(*(one.period for one in follow_on(about)))
"""


@pytest.fixture
def office(tmp_path: Path, book_url: str) -> Iterator[Office]:
    """A year held to its end: two quarters and the year itself."""
    with small_office(tmp_path, book_url) as made:
        keep_a_year(made, {"A-01": 8000, "A-02": 8000, "B-01": 8000})
        for month in range(1, 13):
            call_roll.fn(occasion(made, f"2026-{month:02}"))
        for period in HELD:
            settle(occasion(made, period))
        yield made


def late(office: Office) -> list[OutOfDate]:
    with office.book() as book, book.reading() as conn:
        return fallen(conn, occasion(office, "2026-07", LATER))


def score_of(office: Office, period: str, cadre: str = "A-01") -> int | None:
    with office.book() as book, book.reading() as conn:
        return {s.whose.cadre: s.score for s in recall_period_scores(conn, period)}[cadre]


def digests(office: Office) -> list[str]:
    with office.book() as book, book.reading() as conn:
        return [book_digest(conn, period) for period in HELD]


def test_a_corrected_month_marks_its_quarter_and_year_and_says_so(office: Office) -> None:
    assert late(office) == []
    keep_months(office, "A-01", {7: 9500})
    assert [str(one.period) for one in late(office)] == ["2026-Q3", "2026"]
    (says,) = take_stock.fn(occasion(office, "2026-Q3", LATER)).out_of_date
    assert says == (
        "Quý III/2026 chưa theo số liệu mới của tháng 7/2026; lượt đánh giá kế tiếp sẽ tính lại."
    )
    assert len(take_stock.fn(occasion(office, "2026-07", LATER)).out_of_date) == 2
    assert take_stock.fn(occasion(office, "2026-Q4", LATER)).out_of_date == ()


def test_a_month_kept_again_as_it_was_marks_nothing(office: Office) -> None:
    keep_months(office, "A-01", {7: 8000})
    assert late(office) == []


def test_what_has_fallen_behind_is_held_again_in_order_and_once(office: Office) -> None:
    keep_months(office, "A-01", {7: 9500})
    followed = follow_on(occasion(office, "2026-07", LATER))
    assert [str(one.period) for one in followed] == ["2026-Q3", "2026"]
    assert score_of(office, "2026-Q3") == 8500 and score_of(office, "2026") == 8125
    assert late(office) == [] and follow_on(occasion(office, "2026-07", LATER)) == ()


def test_letters_of_a_period_leave_only_where_its_results_have_left_before(office: Office) -> None:
    """Of the two that follow a sent month, the quarter was sent and the year rehearsed."""
    review_cycle(occasion(office, "2026-Q3", LATER), send=True)
    review_cycle(occasion(office, "2026", LATER))
    keep_months(office, "A-01", {7: 9500})
    follow_on(occasion(office, "2026-07", LATER), send=True)
    states = {}
    for period in ("2026-Q3", "2026"):
        with office.book() as book, book.reading() as conn:
            kept = ledger(conn, period, kind=LetterKind.OFFICE_DIGEST)
        states[period] = [one.state for one in kept]
    assert states == {
        "2026-Q3": [LetterState.SENT, LetterState.SENT],
        "2026": [LetterState.CANCELLED, LetterState.WRITTEN],
    }


def test_what_is_approved_stays_and_is_put_before_a_person_once(office: Office) -> None:
    for signature in (
        Signature("Lò Văn A", "Thống nhất", unit="A"),
        Signature("Lò Văn A", "Thống nhất", unit="B"),
        Signature("Vàng A Páo", "Thống nhất"),
    ):
        approve.fn(occasion(office, "2026-Q3", LATER), signature)
    keep_months(office, "A-01", {7: 9500})
    for _ in range(2):
        follow_on(occasion(office, "2026-07", LATER))
    assert score_of(office, "2026-Q3") == 8000, "nothing approved is overwritten"
    with office.book() as book, book.reading() as conn:
        (case,) = recall_appeals(conn, "2026-Q3")
        assert {r.total for r in recall_results(conn, "2026-Q3")} == {8000}
    assert (case.cadre, case.kind, case.state) == ("A-01", CaseKind.RESTATEMENT, CaseState.OPEN)
    assert "tháng 7/2026" in case.grounds and "80,00 → 85,00" in case.grounds
    assert score_of(office, "2026") == 8125, "the year was approved by nobody"


def test_lines_carried_in_from_another_period_mark_the_one_they_come_to(office: Office) -> None:
    line = ProgrammeTask("A", "2026-Q4", "V1", "Tổng hợp hồ sơ", "Tờ trình", "", None, carried=1)
    with office.book() as book, book.writing() as conn:
        keep_tasks(conn, [line], Stamp(STAMP.at, "another review"))
    found = {str(one.period): one for one in late(office)}
    assert list(found) == ["2026-Q4", "2026"]
    assert "chuyển vào chính kỳ này" in found["2026-Q4"].says


def test_a_year_graded_before_its_december_waits_for_its_own_review(office: Office) -> None:
    settle(occasion(office, "2026", "2026-12-10"))
    keep_months(office, "A-01", {12: 9500})
    found = {str(one.period): one for one in late(office)}
    assert not found["2026"].by_itself and "tạm tính" in found["2026"].says
    assert [str(one.period) for one in follow_on(occasion(office, "2026-12", LATER))] == ["2026-Q4"]
    assert [str(one.period) for one in late(office)] == ["2026"]


def test_a_holding_that_is_killed_is_made_up_for_by_the_next_review(
    office: Office, tmp_path: Path
) -> None:
    keep_months(office, "A-01", {7: 9500})
    command = [sys.executable, "-c", KILLED, str(office.folder)]
    ended = subprocess.run(command, cwd=Path(__file__).parent.parent, check=False)
    assert ended.returncode == 9
    assert [str(one.period) for one in late(office)] == ["2026-Q3", "2026"]
    follow_on(occasion(office, "2026-07", LATER))
    assert late(office) == [] and score_of(office, "2026") == 8125
    made = digests(office)
    for period in HELD:
        settle(replace(occasion(office, period, LATER), run="again"))
    assert digests(office) == made and late(office) == []


def test_two_runs_that_follow_at_once_hold_each_period_once(office: Office, tmp_path: Path) -> None:
    keep_months(office, "A-01", {7: 9500})
    mark = tmp_path / "go"
    command = [sys.executable, "-c", FOLLOWS, str(office.folder), str(mark)]
    root = Path(__file__).parent.parent
    runs = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for run in runs:
        assert run.stdout and run.stdout.readline() == "ready\n"
    mark.touch()
    followed = [run.communicate(timeout=120)[0].split() for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sorted(followed[0] + followed[1]) == ["2026", "2026-Q3"], "each by one of the two"
    assert late(office) == [] and score_of(office, "2026") == 8125


def test_what_another_run_is_at_is_left_to_it_with_all_that_stand_on_it(office: Office) -> None:
    keep_months(office, "A-01", {7: 9500})
    with holding(replace(occasion(office, "2026-Q3", LATER), run="another"), Work.REVIEW):
        assert follow_on(occasion(office, "2026-07", LATER)) == ()
    assert [str(one.period) for one in late(office)] == ["2026-Q3", "2026"]
    assert len(follow_on(occasion(office, "2026-07", LATER))) == 2


def test_the_command_says_what_it_held_again(tmp_path: Path, sqlite_url: str) -> None:
    with small_office(tmp_path, sqlite_url) as office:
        keep_a_year(office, {"A-01": 8000, "A-02": 8000, "B-01": 8000})
        for month in range(7, 13):
            call_roll.fn(occasion(office, f"2026-{month:02}"))
        settle(occasion(office, "2026-Q3"))
        keep_months(office, "B-01", {8: 9500})
        home = ["--home", str(office.folder), "--as-of", "2027-02-10T09:00"]
        told = CliRunner().invoke(
            tdkt, ["status", "2026-08", "--json", "--home", str(office.folder)]
        )
        assert "Quý III/2026" in json.loads(told.output)["out_of_date"][0]
        run = CliRunner().invoke(tdkt, ["review", "2026-Q4", *home])
        assert "Quý III/2026 được tính lại theo tháng 8/2026." in run.output, run.output
        assert late(office) == []


def test_the_parts_that_changed_are_named_shortest_first_and_many_are_counted() -> None:
    parts = tuple(Period.parse(f"2026-{month:02}") for month in range(1, 7))
    one = OutOfDate(Period.parse("2026"), (*parts, Period.parse("2026-Q1")), to_its_end=True)
    assert one.because.endswith("và 3 kỳ khác") or "3 kỳ khác" in one.because
    assert one.period.end == date(2026, 12, 31)
