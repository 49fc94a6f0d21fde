"""The sample month: what comes in, and that it is what it claims to be."""

from __future__ import annotations

import io
import unicodedata
from collections import Counter
from datetime import datetime
from functools import cache
from itertools import pairwise
from random import Random

import pytest
from python_calamine import CalamineWorkbook

from channels.library import regulation_in_force
from review.brief import UnitBrief
from review.checks import findings_of
from review.examine import examine
from review.findings import Verdict, verdict_of
from review.form import Form
from review.period import Period
from review.raw import RawWorkbook
from review.regulation import Regulation
from review.roster import Roster
from review.scorecard import CardStatus, Grade, Scorecard
from review.scoring import score_unit
from review.units import Unit
from sample import sample_roster
from sample.entries import CRITERIA, HIGHEST, good_entries
from sample.generated import generated_roster
from sample.month import SampleFile, sample_month
from tests.test_blank import rows

OCTOBER = Period.parse("2026-10")
DUE = datetime.fromisoformat("2026-11-05T17:00:00+07:00")


def law() -> Regulation:
    return regulation_in_force("2026-10")


def form() -> Form:
    return law().forms["month"]


@cache
def files() -> tuple[SampleFile, ...]:
    return tuple(sample_month(sample_roster(), law(), OCTOBER))


def one(what: str) -> SampleFile:
    return next(file for file in files() if what in file.what)


def briefs(roster: Roster) -> list[UnitBrief]:
    units: tuple[Unit, ...] = roster.active(OCTOBER)
    return [
        UnitBrief(unit, "2026-10", roster.cadres_of(unit.code, OCTOBER), law().works)
        for unit in units
    ]


def test_of_sixty_units_four_are_silent_and_the_rest_end_as_announced() -> None:
    known = {unit.code for unit in sample_roster().active(OCTOBER)}
    last = {file.unit: file for file in files() if file.unit in known}
    ends = Counter(file.expect for file in last.values())
    assert len(known) - len(last) == 4
    assert ends[Verdict.RETURNED] == 6
    assert ends[Verdict.UNREADABLE] == 1
    assert ends[Verdict.ACCEPTED] + ends[Verdict.REMARKED] == 49  # one of them has nothing to say
    assert len(files()) == 60


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert tuple(sample_month(sample_roster(), law(), "2026-10")) == files()
    assert sample_month(sample_roster(), law(), "2026-10", seed=1) != list(files())


def test_files_come_oldest_first_with_names_and_bytes_of_their_own() -> None:
    assert all(a.received <= b.received for a, b in pairwise(files()))
    assert len({file.name for file in files()}) == len({file.data for file in files()}) == 60
    assert all(file.received.utcoffset() for file in files())


def test_three_come_after_the_due_time_and_no_others() -> None:
    late = [file for file in files() if file.received > DUE]
    assert len(late) == 3
    assert all("muộn" in file.what for file in late)


def test_a_correction_comes_after_what_it_corrects() -> None:
    again = [file for file in files() if "_ban2" in file.name]
    assert len(again) == 3
    for file in again:
        first = next(f for f in files() if f.unit == file.unit)
        assert first.received < file.received
        assert first.expect in (Verdict.RETURNED, Verdict.UNREADABLE)


def test_every_workbook_that_a_reader_may_open_reads() -> None:
    for file in files():
        if file.expect is not Verdict.UNREADABLE:
            with CalamineWorkbook.from_filelike(io.BytesIO(file.data)) as book:
                assert set(book.sheet_names) >= {sheet.name for sheet in form().sheets}


def test_the_slips_are_in_the_files() -> None:
    general = form().sheet("general")
    total, c1 = general.at("total"), general.at("c1")
    marks = rows(one("tổng điểm không bằng").data, general.name)[5:]
    assert any(row[total] == sum(row[c1 : c1 + 10]) + 2 for row in marks if row[c1] != "")
    assert any(row[c1] == 6 for row in rows(one("vượt mức").data, general.name))
    lines = [tuple(row[1:4]) for row in rows(one("hai lần").data, general.name)[5:] if row[1]]
    assert Counter(lines).most_common(1)[0][1] == 2
    commas = rows(one("dấu phẩy").data, general.name)[5]
    assert commas[c1].startswith("\u00a0") and "," in commas[total]
    content = rows(one("NFD").data, form().sheet("work").name)[5][4]
    assert content != unicodedata.normalize("NFC", content)
    assert b"XFD1048576" not in one("tận cùng").data  # compressed, as a stranger's file would be


def test_every_file_gets_the_verdict_it_announces() -> None:
    for file in files():
        if file.expect is not Verdict.UNREADABLE:
            assert (file.what, judged(file)) == (file.what, file.expect)


def test_the_month_shows_every_grade_and_every_status() -> None:
    counting = [f for f in files() if f.expect in (Verdict.ACCEPTED, Verdict.REMARKED)]
    cards = [card for file in counting for card in scored(file)]
    assert {card.grade for card in cards} == {*Grade, None}
    assert {card.status for card in cards} == set(CardStatus)


def read_raw(file: SampleFile) -> RawWorkbook:
    with CalamineWorkbook.from_filelike(io.BytesIO(file.data)) as book:
        names = tuple(book.sheet_names)
        sheets = {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in names}
    meta = {row[0]: row[1] for row in sheets["_META"][:4]}
    return RawWorkbook(sheets=sheets, names=names, meta=meta, marks=())


def scored(file: SampleFile) -> tuple[Scorecard, ...]:
    submission = examine(read_raw(file), law().forms, "2026-10").submission
    cadres = sample_roster().cadres_of(file.unit, OCTOBER)
    return score_unit(submission, cadres, law()) if submission else ()


def judged(file: SampleFile) -> Verdict:
    read = examine(read_raw(file), law().forms, "2026-10")
    unit = sample_roster().unit(file.unit)
    if unit is None:
        return Verdict.RETURNED
    brief = UnitBrief(unit, "2026-10", sample_roster().cadres_of(unit.code, OCTOBER), law().works)
    totals = {card.cadre: card.total for card in scored(file) if card.total is not None}
    found = findings_of(read, form(), brief, received_at=file.received, due=DUE, totals=totals)
    return verdict_of(found)


def test_a_month_without_a_prepared_sample_works_for_any_roster() -> None:
    for units in (0, 1, 5, 30):
        roster = generated_roster(units, range(1, 5))
        made = sample_month(roster, law(), "2027-02")
        assert len(made) >= units - 4
        assert len(made) == len({file.name for file in made})


@pytest.mark.parametrize("seed", range(3))
def test_good_entries_keep_every_figure_within_its_bounds(seed: int) -> None:
    for brief in briefs(sample_roster()):
        entries = good_entries(brief, Random(seed))
        for row in entries["work"]:
            assert 0 <= row["done"] <= row["assigned"]
            assert row.get("faulty", 0) <= row["done"] and row.get("late", 0) <= row["done"]
            assert "proof" in row or "co" not in (row.get("fault_excused"), row.get("late_excused"))
        for row in entries["general"]:
            assert all(0 <= row[c] <= most for c, most in zip(CRITERIA, HIGHEST, strict=True))
            assert all(row[c] % 1 in (0, 0.25, 0.5, 0.75) for c in CRITERIA)
        assert {row["cadre"] for row in entries["work"]} == {c.code for c in brief.cadres}
        assert entries["cover"]["head_close"] == sum(c.until is None for c in brief.cadres)


def test_a_generated_roster_is_the_same_for_the_same_seed() -> None:
    assert generated_roster(20, range(1, 4)) == generated_roster(20, range(1, 4))
    assert all(
        1 <= len(generated_roster(9, range(1, 2)).cadres_of(u.code, OCTOBER)) <= 1
        for u in generated_roster(9, range(1, 2)).units
    )
