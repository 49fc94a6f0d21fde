"""The forms of the quarter, the year and the term: what they ask, bring along, check and keep."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from channels.blank import blank_workbook
from channels.filling import answers, fill
from channels.library import regulation_in_force
from channels.reading import read_and_examine
from review.brief import UnitBrief
from review.checks import findings_of
from review.examine import Examined
from review.findings import Finding, Verdict
from review.form import FIRST_ROW, Form, FormError, form_from
from review.period import Period
from sample import sample_roster
from sample.longer import report_of
from tdkt_models.base import Book, Stamp
from tdkt_models.files import ReceivedFile, keep_files
from tdkt_models.submissions import KeptSubmission, keep_submissions, recall_submissions
from tdkt_models.units import keep_units

LAW = regulation_in_force("2026-10")
PERIODS = ("2026-Q4", "2026", "2026..2030")
FORMS = LAW.forms

# domain.md 1.1: for each row of the founding article's map, the fields that bring its data
SEED: dict[int, tuple[str, ...]] = {
    1: ("quarter.attention.documents", "quarter.attention.meetings", "quarter.cover.officer"),
    2: ("quarter.training.state", "quarter.training.hours", "quarter.training.cost"),
    3: ("quarter.training.way",),
    4: ("month.programme.parent", "quarter.programme.code", "term.programme.code"),
    5: ("quarter.meetings.conclusion", "quarter.meetings.remedy", "quarter.meetings.due"),
    6: ("quarter.inspections.opened", "quarter.inspections.closed", "month.changes.on"),
    7: ("quarter.training.kind", "quarter.training.certificate"),
    8: ("year.roster.birth", "year.roster.share", "year.skills.education", "year.cover.posts"),
    9: ("month.changes.event", "quarter.moves.kind", "term.needs.needed"),
    10: ("year.sources.ready", "term.sources.origin"),
    11: ("year.succession.post", "year.succession.added", "year.succession.basis"),
    12: ("year.roster.birth", "year.succession.ready", "term.succession.ready"),
    13: ("month.work.assigned", "month.work.done", "month.work.coef"),
    14: ("month.work.faulty", "month.work.fault_times", "month.work.proof"),
    15: ("quarter.outcomes.approved", "quarter.outcomes.returned", "quarter.outcomes.satisfied"),
    16: ("month.general.c1", "month.general.note", "month.changes.document"),
    17: ("year.rating.ready", "year.rating.lacking"),
    18: ("quarter.selfstudy.topic", "quarter.selfstudy.done", "quarter.selfstudy.product"),
    19: ("quarter.moves.result", "quarter.moves.until"),
    20: ("quarter.inspections.planned", "quarter.inspections.outcome"),
    21: ("year.roster.since", "year.roster.until", "quarter.moves.on"),
    22: ("year.skills.wanted", "year.skills.fits"),
    23: ("quarter.reviews.held", "quarter.reviews.report", "quarter.reviews.figures"),
    24: ("quarter.movements.registered", "quarter.movements.joined"),
    25: ("quarter.awards.movement", "quarter.awards.evidence", "year.titles.basis"),
    26: ("quarter.awards.amount", "quarter.awards.paid"),
    27: ("quarter.models.found", "quarter.models.nurtured", "quarter.models.spread"),
    28: ("quarter.movements.target", "quarter.movements.method", "year.movements.reached"),
    29: ("month.cover.nil", "quarter.cover.nil"),
    30: ("year.setup.council", "year.setup.officer", "year.setup.chart"),
}  # fmt: skip

BORN_LATE = {"cadre": "03637-01", "birth": date(2012, 1, 1)}


def form(period: str) -> Form:
    return FORMS[Period.parse(period).cadence]


@cache
def brief(period: str, code: str = "03637") -> UnitBrief:
    roster, when = sample_roster(), Period.parse(period)
    unit = roster.unit(code)
    assert unit is not None
    return UnitBrief(unit, period, roster.cadres_of(code, when), LAW.works)


def entries(period: str, code: str = "03637") -> dict[str, Any]:
    return report_of(brief(period, code), Random(3))


def judged(period: str, told: dict[str, Any], known: UnitBrief | None = None) -> Sequence[Finding]:
    known = known or brief(period)
    examined = examined_of(period, told, known)
    return findings_of(examined, form(period), known)


def examined_of(period: str, told: dict[str, Any], known: UnitBrief) -> Examined:
    blank = blank_workbook(form(period), known)
    data = fill(blank, answers(form(period), known, told))
    return read_and_examine(data, FORMS, period)


def rows(data: bytes, sheet: str) -> list[list[Any]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


@pytest.mark.parametrize("row", SEED)
def test_every_row_of_the_founding_article_s_map_has_its_data_on_a_form(row: int) -> None:
    for place in SEED[row]:
        cadence, key, name = place.split(".")
        assert name in FORMS[cadence].sheet(key).columns, place


def test_the_thirteen_sheets_stand_on_the_four_forms() -> None:
    numbers = {
        sheet.name.split()[0].rstrip("abcde") for form in FORMS.values() for sheet in form.sheets
    }
    assert numbers == {f"S{n}" for n in range(1, 14)}


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("code", ["03637", "SNV", "03388"])
def test_a_report_in_good_order_is_accepted_without_a_word(period: str, code: str) -> None:
    assert not judged(period, entries(period, code), brief(period, code))


@pytest.mark.parametrize("period", PERIODS)
def test_an_untouched_blank_asks_only_for_what_is_missing(period: str) -> None:
    known = brief(period)
    examined = examined_of(period, {}, known)
    assert examined.verdict is Verdict.RETURNED
    assert {finding.check for finding in examined.findings} == {"THIEU_O"}


def test_the_roster_and_the_criteria_need_no_typing() -> None:
    examined = examined_of("2026", entries("2026"), brief("2026"))
    assert examined.submission is not None
    told = list(examined.submission.rows("roster"))
    assert [(row.cadre, row.birth, row.role) for row in told] == [
        (c.code, c.birth, str(c.role)) for c in brief("2026").cadres
    ]
    assert [row.most for row in examined.submission.rows("cluster")][:3] == [1000, 1000, 2000]


def spoilt(period: str, key: str, at: int = 0, **values: Any) -> list[tuple[str, str]]:
    """What is said when this line of a good report is changed: check and field."""
    told = entries(period)
    if isinstance(told[key], dict):
        told[key] = {**told[key], **values}
    elif told[key]:
        told[key][at] = {**told[key][at], **values}
    else:
        told[key] = [values]
    sheet = form(period).sheet(key)
    labels = {
        sheet.cell(name, FIRST_ROW + n): name
        for n in range(60)
        for name in sheet.columns
    }  # fmt: skip
    return [(f.check, labels.get(f.cell, f.cell)) for f in judged(period, told)]


@pytest.mark.parametrize(
    ("period", "key", "values", "said"),
    [
        ("2026-Q4", "awards", {"paid": date(2026, 9, 1)}, ("NGAY_SAI", "paid")),
        ("2026-Q4", "training", {"hours": 17, "state": "xong", "way": "tu_hoc",
                                 "start": date(2026, 10, 5), "finish": date(2026, 10, 6)},
         ("SO_TIET", "hours")),
        ("2026-Q4", "awards", {"basis": "phong_trao", "movement": ""}, ("THIEU_O", "movement")),
        ("2026-Q4", "outcomes", {"approved": 90, "submitted": 9}, ("VUOT_TOI_DA", "approved")),
        ("2026-Q4", "outcomes", {"satisfied": 101}, ("VUOT_TOI_DA", "satisfied")),
        ("2026-Q4", "outcomes", {"returned": "hai"}, ("KHONG_PHAI_SO", "returned")),
        ("2026-Q4", "attention", {"documented_on": None}, ("THIEU_O", "documented_on")),
        ("2026-Q4", "movements", {"self_grade": "tot", "proof": ""}, ("THIEU_MINH_CHUNG", "proof")),
        ("2026-Q4", "models", {"movement": "PT99"}, ("MA_KHONG_CO", "movement")),
        ("2026-Q4", "cover", {"officer": "03637-99"}, ("CB_NGOAI_DS", "officer")),
        ("2026", "roster", BORN_LATE, ("NGAY_SINH", "birth")),
        ("2026", "rating", {"discipline": "12/QĐ", "proposed": "HTTNV"}, ("KY_LUAT", "proposed")),
        ("2026", "cluster", {"score": 11}, ("VUOT_TOI_DA", "score")),
        ("2026", "cluster", {"bonus": 2, "proof": ""}, ("THIEU_MINH_CHUNG", "proof")),
        ("2026", "setup", {"council_chair": ""}, ("THIEU_O", "council_chair")),
        ("2026..2030", "weaknesses", {"level": "con_it", "evidence": ""}, ("THIEU_O", "evidence")),
    ],
)  # fmt: skip
def test_each_rule_of_a_form_is_told_where_it_is_broken(
    period: str, key: str, values: dict[str, Any], said: tuple[str, str]
) -> None:
    assert spoilt(period, key, **values) == [said]


def test_what_is_still_open_comes_again_and_what_is_closed_does_not() -> None:
    told = entries("2026-Q4")
    told["training"] = [
        _need("Thẩm định hồ sơ", "nhu_cau"),
        {**_need("Luật", "xong"), "way": "tu_hoc", "hours": 8, "start": date(2026, 10, 5)},
    ]
    first = examined_of("2026-Q4", told, brief("2026-Q4")).submission
    assert first is not None
    later = replace(brief("2027-Q1"), before=first.tables)
    read = rows(blank_workbook(form("2027-Q1"), later), "S6 Đào tạo, bồi dưỡng")
    sheet = form("2027-Q1").sheet("training")
    subjects = [line[sheet.at("subject")] for line in read[FIRST_ROW - 1 :]]
    assert [subject for subject in subjects if subject] == ["Thẩm định hồ sơ"]
    cover = {
        row[0]: row[1]
        for row in rows(blank_workbook(form("2027-Q1"), later), "S1 Thông tin đơn vị")
    }
    assert cover["Người lập báo cáo"] == told["cover"]["prepared_by"]
    movements = rows(blank_workbook(form("2027-Q1"), later), "S9 Phong trào thi đua")
    place = form("2027-Q1").sheet("movements").at("registered")
    assert movements[FIRST_ROW - 1][place] == told["movements"][0]["registered"]


def _need(subject: str, state: str) -> dict[str, Any]:
    return {"cadre": "03637-01", "kind": "nghiep_vu", "subject": subject, "state": state}


@pytest.mark.parametrize("period", PERIODS)
def test_the_book_gives_back_every_sheet_as_it_was(book: Book, stamp: Stamp, period: str) -> None:
    submission = examined_of(period, entries(period), brief(period)).submission
    assert submission is not None
    with book.writing() as conn:
        keep_units(conn, [brief(period).unit], stamp)
        file = ReceivedFile("folder", period, "0" * 64, "a.xlsx", 1, stamp.at, "a")
        (kept,) = keep_files(conn, [file], stamp)
        keep_submissions(conn, [KeptSubmission(submission, kept.id or 0, True)], stamp)
    with book.reading() as conn:
        (found,) = recall_submissions(conn, period)
        (part,) = recall_submissions(conn, period, sheets=["models"])
    assert {k: (t.columns, t.rows) for k, t in found.tables.items()} == {
        k: (t.columns, t.rows) for k, t in submission.tables.items()
    }
    assert set(part.tables) == {"cover", "models"}


def test_a_form_that_names_a_field_it_lacks_is_refused() -> None:
    field = {"name": "a", "label": "A", "type": "date", "not_before": "b"}
    sheet = {"key": "x", "name": "X", "title": "X", "kind": "table", "field": [field]}
    data = {"form": "f", "version": "v", "cadence": "month", "title": "t", "sheet": [sheet]}
    with pytest.raises(FormError, match="'b'"):
        form_from(data)


def test_a_quarter_is_issued_taken_in_and_stands_in_the_book(tmp_path: Path) -> None:
    """From the blank that the office issues to the report that the next blank remembers."""
    from cli.demo import opened
    from flows.cycle import take_in
    from tasks.briefs import briefs
    from tasks.issue_forms import issue_forms
    from tasks.office import Office
    from tasks.roster import keep_roster
    from tdkt_models.roll import recall_roll

    occasion = opened(Office.at(tmp_path), Period.parse("2026-Q4"))
    with occasion.office.book() as book, book.writing() as conn:
        keep_roster(conn, sample_roster(), occasion.stamp)
    (path,) = issue_forms.fn(occasion, ("03637",), tmp_path / "mau")
    with occasion.office.book() as book, book.reading() as conn:
        known = briefs(conn, occasion, ["03637"])["03637"]
    told = report_of(known, Random(5))
    filled = fill(path.read_bytes(), answers(form("2026-Q4"), known, told))
    handed_in = Path(occasion.office.inboxes[0]) / path.name
    handed_in.write_bytes(filled)
    os.utime(handed_in, (at := datetime(2027, 1, 4, 9, tzinfo=UTC).timestamp(), at))
    take_in(occasion)
    following = replace(occasion, period=Period.parse("2027-Q1"))
    with occasion.office.book() as book, book.reading() as conn:
        (entry,) = recall_roll(conn, "2026-Q4", ["03637"])
        again = briefs(conn, following, ["03637"])["03637"]
    assert (entry.verdict, entry.state) == (Verdict.ACCEPTED, "accepted")
    assert [row.code for row in again.before["movements"]] == [m["code"] for m in told["movements"]]


def test_the_sample_province_reports_its_term_from_every_unit() -> None:
    from sample.reports import sample_reports

    roster = sample_roster()
    files = sample_reports(roster, LAW, "2026..2030")
    assert {file.unit for file in files} == {
        unit.code for unit in roster.active(Period.parse("2026..2030"))
    }
    for file in files[:: len(files) // 5]:
        assert read_and_examine(file.data, FORMS, "2026..2030").verdict is Verdict.ACCEPTED
