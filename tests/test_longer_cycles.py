"""Quarter, year and term over the same cycle: from the months' reports to proposals and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from channels.blank import FormPress
from channels.filling import answers, fill
from channels.library import regulation_in_force
from channels.workbook import names_in, read_workbook
from cli.history import hand_in, periods_of
from flows.cycle import review_cycle, settle
from flows.opening import occasion_of
from flows.reviews import YEAR_ENDS_EARLY
from review.examine import examine
from review.period import Cadence, Period
from review.plans import ChangeState, PlanKind
from review.roster import Roster
from sample import sample_roster
from sample.history import submission_of
from sample.longer import report_of
from sample.month import known_from
from tasks.issue_forms import periods_opening
from tasks.occasion import Occasion
from tasks.office import Office
from tdkt_models.digest import book_digest
from tdkt_models.period_scores import recall_period_scores
from tdkt_models.plan_measures import recall_measures
from tdkt_models.plans import recall_changes
from tdkt_models.roll import recall_roll
from tests.plan_office import occasion, small_office

pytestmark = pytest.mark.xdist_group("longer-cycles")  # the year is held once

SAMPLE = sample_roster()
UNITS = tuple(u for u in SAMPLE.units if u.code in ("03637", "03640", "SNV"))
SMALL = Roster(UNITS, tuple(c for c in SAMPLE.cadres if c.unit in {u.code for u in UNITS}))
LAW = regulation_in_force("2026-10")


@pytest.mark.parametrize("period", ["2026-10", "2026-Q4", "2026", "2026..2030"])
def test_a_generated_report_says_what_its_workbook_would(period: str) -> None:
    about = Period.parse(period)
    brief = known_from(SAMPLE, LAW, about)(UNITS[0])
    entries, form = report_of(brief, Random(f"7:{period}")), LAW.forms[about.cadence]
    book = fill(FormPress(form, LAW.works).blank(brief), answers(form, brief, entries))
    read = examine(read_workbook(book, names_in(LAW.forms)), LAW.forms, period).submission
    assert read is not None
    made = submission_of(form, brief, entries)
    assert {key: t.rows for key, t in made.tables.items()} == {
        key: t.rows for key, t in read.tables.items()
    }


def held(office: Office, period: str) -> Occasion:
    about = occasion(office, period)
    settle(about)
    return about


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Three units, one year: every month and quarter, then the year, in order."""
    office = small_office(tmp_path_factory.mktemp("year"), SMALL)
    for period in periods_of(1):
        hand_in(occasion(office, str(period)))
        held(office, str(period))
    return office


def test_a_quarter_stands_on_its_months_and_its_own_form(year: Office) -> None:
    with year.book() as book, book.reading() as conn:
        scores = recall_period_scores(conn, "2026-Q4")
        assert [entry.unit for entry in recall_roll(conn, "2026-Q4")] == ["03637", "03640", "SNV"]
        changes = recall_changes(conn, source="2026-Q4")
        figures = recall_measures(conn, "2026-Q4")
    assert scores and all(score.due == 3 for score in scores if score.due)
    assert {change.line.period for change in changes} == {"2027-Q1"}
    cells = {piece.cell.partition("!")[0] for c in changes for piece in c.evidence if piece.cell}
    assert {"S9 Phong trào thi đua", "S11 Kiểm điểm"} <= cells
    assert {one.code for one in figures[PlanKind.MOVEMENTS]} >= {"THAM_GIA", "CHI_TIEU"}


def test_a_year_brings_forecast_structure_and_succession(year: Office) -> None:
    with year.book() as book, book.reading() as conn:
        figures = recall_measures(conn, "2026")
    structure = {one.code: one for one in figures[PlanKind.STRUCTURE]}
    assert structure["SO_NGUOI"].value == sum(
        c.active_in(date(2026, 12, 31), date(2026, 12, 31)) for c in SMALL.cadres
    )
    assert {"HUU_12", "HUU_24", "HUU_60", "TRONG_60", "NHU_CAU_2026..2030"} <= set(structure)
    assert set(figures) == {PlanKind(kind) for kind in _kinds("2026")}


def _kinds(period: str) -> Sequence[str]:
    from channels.plan_shelf import plan_rules_in_force

    return plan_rules_in_force(period).kinds[Period.parse(period).cadence]


def test_every_proposal_says_why_and_rests_on_something(year: Office) -> None:
    with year.book() as book, book.reading() as conn:
        changes = recall_changes(conn)
    assert len(changes) > 50
    for change in changes:
        assert change.state is ChangeState.PROPOSED
        assert change.says and change.line.content and change.evidence, change
        for piece in change.evidence:
            assert piece.says and (piece.subject or piece.cell), change


def test_the_year_held_again_in_any_order_gives_the_same_book(year: Office) -> None:
    def digests() -> dict[str, str]:
        with year.book() as book, book.reading() as conn:
            return {str(p): book_digest(conn, str(p)) for p in periods_of(1)}

    before = digests()
    shuffled = list(periods_of(1))
    Random(4).shuffle(shuffled)
    for period in shuffled:
        held(year, str(period))
    held(year, "2026")
    assert digests() == before


def test_december_that_has_not_happened_makes_the_year_provisional(year: Office) -> None:
    about = replace(occasion(year, "2026"), now=datetime(2026, 12, 10, tzinfo=UTC))
    settle(about)
    with year.book() as book, book.reading() as conn:
        bases = {score.whose.basis for score in recall_period_scores(conn, "2026")}
    assert {"tam_tinh", "chinh_thuc"} & {basis.value for basis in bases}


def test_the_whole_cycle_of_a_quarter_writes_its_letters(year: Office) -> None:
    standing = review_cycle(occasion(year, "2026-Q4"))
    assert standing.balanced, standing.faults
    assert standing.tally.roll == 3 and standing.letters["written"] > 0


@pytest.mark.parametrize(
    ("scheduled", "about"),
    [("2026-12-09T23:00", "2026"), ("2027-01-15T23:00", "2026"), ("2026-11-20T23:00", "2025")],
)
def test_in_december_the_annual_run_is_about_the_year_that_is_ending(
    year: Office, scheduled: str, about: str
) -> None:
    moment = datetime.fromisoformat(scheduled).replace(tzinfo=UTC)
    found = occasion_of(year, "", Cadence.YEAR, moment, ahead=YEAR_ENDS_EARLY)
    assert found.period_text == about


def test_a_period_opens_once_its_day_has_come(tmp_path: Path) -> None:
    office = small_office(tmp_path, SMALL)
    about = occasion(office, "2026-10")

    def opening(day: date) -> list[str]:
        now = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=2)
        return [str(one.period) for one in periods_opening.fn(replace(about, now=now))]

    assert opening(date(2026, 11, 22)) == []
    assert opening(date(2026, 11, 23)) == ["2026-11"]
    assert opening(date(2026, 12, 25)) == ["2026-12", "2026-Q4", "2026"]
