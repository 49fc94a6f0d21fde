"""An office that measures by quarters: one workbook a quarter, scored as a month's is, weighing its
three months in the year. Customs went over to it in the third quarter of 2026."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import openpyxl
import pytest
from by_hand import by_hand

from channels.blank import FormPress
from channels.filling import answers, fill
from flows.cycle import review_cycle
from review.findings import Verdict
from review.period import Period
from review.roll import RollState
from review.scorecard import CardStatus
from review.settings import SettingsError
from review.settings_scoring import scoring_settings
from sample.entries import good_entries
from sample.longer import report_of
from tasks.call_roll import call_roll
from tasks.issue_forms import issue_forms
from tasks.traces import traces
from tdkt_models.files import recall_files
from tdkt_models.findings import recall_findings
from tdkt_models.period_scores import recall_period_scores
from tdkt_models.scores import recall_cards
from tests.small_office import Corner, small_office

QUARTER = "2026-Q4"
SCORE_SHEETS = ("work", "general", "leaders")


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corner]:
    """SYT is measured by quarters from the fourth quarter on, SNV month by month."""
    corner = small_office(tmp_path_factory.mktemp("quarter"), ("SYT", "SNV"), QUARTER)
    path = corner.occasion.office.folder / "office.toml"
    text = path.read_text("utf-8").replace("quarterly_units = []", 'quarterly_units = ["SYT"]')
    path.write_text(text.replace('quarterly_from = ""', 'quarterly_from = "2026-Q4"'), "utf-8")
    corner.at(5, month=1, year=2027)
    for unit, scored in (("SYT", True), ("SNV", False)):
        _hand_in(corner, unit, scored)
    review_cycle(corner.occasion)
    return corner


def _hand_in(corner: Corner, unit: str, scored: bool, name: str = "") -> None:
    about = corner.occasion
    brief = corner.brief(unit)
    entries = report_of(brief, Random(3))
    form = about.regulation.form_for("quarter", by_quarter=scored)
    assert form is not None
    if scored:
        month = good_entries(brief, Random(3))
        cover = {**month["cover"], **entries["cover"]}
        work = [{**row, "programme": ""} for row in month["work"]]
        entries = {**entries, **{key: month[key] for key in SCORE_SHEETS}, "work": work,
                   "cover": cover}  # fmt: skip
    data = fill(FormPress(form, about.regulation.works).blank(brief), answers(form, brief, entries))
    path = Path(about.office.inboxes[0]) / f"{unit}_{QUARTER}{name}.xlsx"
    path.write_bytes(data)
    at = datetime(2027, 1, 4, 2, tzinfo=UTC).timestamp()
    os.utime(path, (at, at))


def test_only_the_quarters_report_of_such_a_unit_scores_its_people(corner: Corner) -> None:
    about = corner.occasion
    with about.office.book() as book, book.reading() as conn:
        files = {f.unit: f.verdict for f in recall_files(conn, period=QUARTER)}
        faults = recall_findings(conn, [1, 2])
        cards = recall_cards(conn, QUARTER)
        rolled = {s.whose.cadre: s for s in recall_period_scores(conn, QUARTER)}
    good = (Verdict.ACCEPTED, Verdict.REMARKED)
    assert files["SYT"] in good and files["SNV"] in good, faults
    assert {card.unit for card in cards} == {"SYT"}
    scored = [card for card in cards if card.status is CardStatus.OK]
    assert scored and all(rolled[c.cadre].score == c.total for c in scored)
    snv = [score for code, score in rolled.items() if code.startswith("SNV")]
    assert all(score.due == 3 and score.counted == 0 for score in snv if score.due)


def test_its_result_is_defended_down_to_the_cells_of_that_report(corner: Corner) -> None:
    about = corner.occasion
    with about.office.book() as book, book.reading() as conn:
        cards = {c.cadre: c for c in recall_cards(conn, QUARTER) if c.status is CardStatus.OK}
        told = {trace["cadre"]: trace for code in cards for trace in traces(conn, about, code)}
    for code, card in cards.items():
        assert by_hand(told[code]["lines"]).total * 100 == card.total
        assert f"SYT_{QUARTER}.xlsx" in told[code]["source"]
        assert any("S4 Tiêu chí chung!" in line for line in told[code]["lines"])


def test_it_owes_no_months_from_then_on(corner: Corner) -> None:
    for month, units in (("2026-09", {"SYT", "SNV"}), ("2026-11", {"SNV"})):
        assert (
            set(call_roll.fn(replace(corner.occasion, period=Period.parse(month))).units) == units
        )
    with corner.occasion.office.book() as book, book.reading() as conn:
        assert recall_cards(conn, "2026-11") == []


def test_the_form_that_it_is_given_has_the_sheets_of_a_score(
    corner: Corner, tmp_path: Path
) -> None:
    for path in issue_forms.fn(corner.occasion, None, tmp_path):
        names = openpyxl.load_workbook(path, read_only=True).sheetnames
        assert ("S3 Công việc – sản phẩm" in names) is (path.name.startswith("SYT")), names
        assert "S9 Phong trào thi đua" in names


def test_the_other_form_is_sent_back_with_what_to_do(tmp_path: Path) -> None:
    corner = small_office(tmp_path, ("SYT",), QUARTER)
    path = corner.occasion.office.folder / "office.toml"
    text = path.read_text("utf-8").replace("quarterly_units = []", 'quarterly_units = ["*"]')
    path.write_text(text, "utf-8")
    corner.at(5, month=1, year=2027)
    _hand_in(corner, "SYT", scored=False)
    corner.takes_in()
    assert corner.entry("SYT").state is RollState.RETURNED
    assert any("Dùng mẫu quý" in finding.fix for finding in corner.findings("SYT"))


def test_the_setting_must_be_a_quarter() -> None:
    with pytest.raises(SettingsError, match="phải là một quý"):
        scoring_settings({"quarterly_from": "2026-07"})
    with_all = scoring_settings({"quarterly_units": ["*"], "quarterly_from": "2026-Q3"})
    assert with_all.by_quarter("SYT", Period.parse("2026-10"))
    assert not with_all.by_quarter("SYT", Period.parse("2026-06"))
