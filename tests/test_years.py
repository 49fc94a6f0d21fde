"""`tdkt demo --years`: years that follow each other, past the end of the districts in 2025, with a
person's word on what each period proposes; and the same years made again from what was sent.

SOAK_YEARS=3 makes it all years of the sample, as `make soak` does; SOAK_PROVINCE=1 all its units.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, select

from cli.demo_years import run
from cli.history import occasion_of, periods_of
from flows.cycle import settle
from review.brief import TaskStatus
from review.period import Cadence, Period
from review.plans import ChangeState, Outcome, PlanKind
from review.post import LetterKind
from review.roster import Roster
from sample import sample_roster
from tasks.office import Office
from tdkt_models.base import table_of
from tdkt_models.card_bases import CardBasisRow
from tdkt_models.digest import book_digest
from tdkt_models.letter_rows import LetterRow
from tdkt_models.period_scores import PeriodScoreRow
from tdkt_models.plan_lines import recall_lines
from tdkt_models.plan_measures import MeasureRow, recall_measures
from tdkt_models.plan_outcomes import OutcomeRow
from tdkt_models.plan_tallies import TallyRow
from tdkt_models.plans import PlanChangeRow, recall_changes
from tdkt_models.programme import ProgrammeTaskRow, recall_tasks
from tdkt_models.scores import ScorecardRow
from tests.fresh_book import lay_open
from tests.test_map import SCORES, rows, words

pytestmark = pytest.mark.xdist_group("years")

YEARS = int(os.environ.get("SOAK_YEARS", "2"))
SAMPLE = sample_roster()
UNITS = tuple(u for u in SAMPLE.units if "SOAK_PROVINCE" in os.environ or u.code == "03637")
CODES = {unit.code for unit in UNITS}
PROVINCE = Roster(UNITS, tuple(c for c in SAMPLE.cadres if c.unit in CODES))
DISTRICT, COMMUNE = "H-THANUYEN", "03637"
MADE = (
    CardBasisRow,
    ScorecardRow,
    PeriodScoreRow,
    MeasureRow,
    TallyRow,
    OutcomeRow,
    ProgrammeTaskRow,
)


@dataclass(frozen=True)
class Demo:
    office: Office
    ended: int
    said: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    office = Office.at(tmp_path_factory.mktemp("years") / "demo")
    office.folder.mkdir()
    lay_open(office)
    with redirect_stdout(StringIO()) as out:
        ended = run(office, YEARS, in_json=False, roster=PROVINCE)
    yield Demo(office, ended, out.getvalue())


def test_the_years_run_to_their_end_and_balance(demo: Demo) -> None:
    assert demo.ended == 0 and "Số liệu khớp." in demo.said
    for year in range(2027 - YEARS, 2027):
        assert f"│ {year}" in demo.said
    assert "Đến hết 30/06/2025" in demo.said and "đơn vị kết thúc hoạt động" in demo.said
    assert "Kế hoạch năm 2026 đã thực hiện đến đâu" in demo.said
    assert "Đề xuất cho năm 2027, chờ người quyết định" in demo.said


def test_it_leaves_the_papers_of_the_year_and_a_draft_of_each_plan(demo: Demo) -> None:
    folder = demo.office.folder / "reports"
    assert {path.suffix for path in folder.glob("*2026*")} == {".pdf", ".docx", ".xlsx"}
    for kind in PlanKind:
        sheet = load_workbook(folder / "ke-hoach" / f"{kind.value}-2027.xlsx")["Kế hoạch"]
        title = str(sheet.cell(5, 1).value)
        with demo.office.book() as book, book.reading() as conn:
            lines = recall_changes(conn, kind, "2027")
        heads = [cell.value for cell in sheet[7]]
        if lines:
            assert f"dự thảo: {len(lines)} đề xuất chờ quyết định" in title
            why = heads.index("Vì sao có dòng này") + 1
            written = [sheet.cell(row, why).value for row in range(8, 8 + len(lines))]
            assert sorted(written) == sorted(change.says for change in lines)


def test_each_figure_of_the_map_is_in_the_book_under_its_plan_and_in_the_letters_of_the_year(
    demo: Demo,
) -> None:
    letters = table_of(LetterRow)
    with demo.office.book() as book, book.reading() as conn:
        measured = {kind: recall_measures(conn, "2026")[kind] for kind in PlanKind}
        told = select(letters.c.payload).where(letters.c.period == "2026")
        digest = next(conn.scalars(told.where(letters.c.kind == LetterKind.OFFICE_DIGEST)))
    said = {label for plan in digest["plans"] for label, *_ in plan["figures"]}
    for row in (row for row in rows() if row[0].isdigit()):
        kinds = words(row[5])
        for code in words(row[4]) - SCORES:
            found = [one for k in kinds for one in measured[PlanKind(k)] if one.code == code]
            assert found and found[0].says, (row[0], code)
            assert found[0].label in said, (row[0], code)


def test_no_figure_of_the_book_stands_outside_the_map(demo: Demo) -> None:
    mapped = {code for row in rows() for code in words(row[4])}
    stems = {code.rstrip("0123456789.") for code in mapped if code[-1].isdigit()}
    with demo.office.book() as book, book.reading() as conn:
        made = {
            one.code
            for period in ("2025-Q4", "2026", "2021..2025")
            for some in recall_measures(conn, period).values()
            for one in some
        }
        term = recall_measures(conn, "2021..2025")
    for row in (row for row in rows() if not row[0].isdigit()):
        found = {one.code for kind in words(row[5]) for one in term[PlanKind(kind)]}
        assert words(row[4]) <= found, row[0]
    assert {code for code in made - mapped if code.rstrip("0123456789.") not in stems} == set()


def test_what_the_district_left_undone_goes_on_in_its_communes(demo: Demo) -> None:
    with demo.office.book() as book, book.reading() as conn:
        left = recall_tasks(conn, "2025-07", [DISTRICT])
        taken = {task.code: task for task in recall_tasks(conn, "2025-07", CODES)}
    assert left, "the district had duties for the month after its end"
    for task in left:
        assert task.status is TaskStatus.DROPPED and task.note.startswith("Bàn giao cho ")
        heir = task.note.removeprefix("Bàn giao cho ").rstrip(".")
        if heir in CODES:
            assert taken[f"{DISTRICT}.{task.code}"].unit == heir


def test_what_the_district_had_planned_is_followed_up_in_its_communes(demo: Demo) -> None:
    with demo.office.book() as book, book.reading() as conn:
        lines = recall_lines(conn, PlanKind.TRAINING, "2025-Q3")
    taken_over = [line for line in lines if line.key.startswith(f"{DISTRICT}.")]
    assert taken_over
    known = [line for line in taken_over if line.outcome is not Outcome.UNKNOWN]
    assert known and {line.unit for line in known} <= CODES


def test_the_years_made_again_from_what_was_sent_in_any_order_are_the_same_book(
    demo: Demo, tmp_path: Path
) -> None:
    """What units sent and what persons decided stays; all that follows from it is taken out. Every
    period is held again in any order, and those longer than a month once more, as they tell of
    what came over from periods before them."""
    again = Office(shutil.copytree(demo.office.folder, tmp_path / "again"))
    unmake(again)
    assert digests(again) != digests(demo.office)
    periods = list(periods_of(YEARS))
    longer = [period for period in periods if period.cadence is not Cadence.MONTH]
    Random(8).shuffle(periods)
    for period in (*periods, *longer):
        settle(occasion_of(again, period, "again"))
    made, before = digests(again), digests(demo.office)
    assert [period for period in before if made[period] != before[period]] == []


def unmake(office: Office) -> None:
    changes = table_of(PlanChangeRow)
    with office.book() as book, book.writing() as conn:
        for made in MADE:
            conn.execute(delete(table_of(made)))
        conn.execute(delete(changes).where(changes.c.state == ChangeState.PROPOSED))


def digests(office: Office) -> dict[Period, str]:
    with office.book() as book, book.reading() as conn:
        return {period: book_digest(conn, str(period)) for period in periods_of(YEARS)}
