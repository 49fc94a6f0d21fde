"""The rules between sheets, against earlier reports and other units; and the book's part in it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.library import regulation_in_force
from channels.reading import read_and_examine
from review import checks_history, checks_sheets
from review.brief import UnitBrief
from review.changes import differences
from review.check_rules import check_rules
from review.checks import findings_of
from review.checks_history import AGAINST_HISTORY
from review.checks_sheets import BETWEEN_SHEETS
from review.findings import Finding, Severity, Verdict
from review.past import Absence, Discipline, Past
from review.roll import RollState
from review.submission import Submission, Table
from review.substance import LEAST_LINES, substance
from sample.entries import Entries
from tdkt_models.cycles import CycleState, keep_cycle, recall_cycle
from tests.drawer import PERIOD, Desk
from tests.small_office import Corner, small_office
from tests.test_checks import (
    DESK,
    EXPLAIN,
    FIRST,
    HANOI,
    MUST,
    NOTE,
    Change,
    Fault,
    _leave,
    _new_person,
    _next_month,
    _programme,
)

LAW = regulation_in_force(PERIOD)


def found(change: Change | None = None, **known: Any) -> tuple[Finding, ...]:
    brief: UnitBrief = known.pop("brief", DESK.brief)
    form = known.pop("form", DESK.form)
    examined = read_and_examine(DESK.good(change), {**DESK.forms, "month": form}, PERIOD)
    return findings_of(examined, form, brief, retirement=LAW.retirement, **known)


def said(change: Change | None = None) -> Submission:
    submission = read_and_examine(DESK.good(change), DESK.forms, PERIOD).submission
    assert submission is not None
    return submission


def _full_marks(entries: Entries) -> None:
    for row in entries["general"]:
        if row["cadre"] == FIRST and row["rater"] == "tham_quyen":
            row.update(c7=2.5, note=None)
            row.pop("total", None)


def _left_twice(entries: Entries) -> None:
    for event in ("thoi_viec", "nghi_huu"):
        _leave(event=event, on=date(2026, 10, 20))(entries)
    entries["cover"]["head_close"] -= 2


FAULTS = [
    Fault("NGAY_SINH", MUST, _new_person(birth=date(2015, 1, 1))),
    Fault("NGAY_SINH", MUST, _new_person(birth=date(1950, 1, 1))),
    Fault("THIEU_MINH_CHUNG", EXPLAIN, _full_marks),
    Fault("NGHI_CO_VIEC", EXPLAIN, _leave(event="thai_san", on=date(2026, 8, 1))),
    Fault("NGAY_LAP", EXPLAIN, lambda e: e["cover"].update(prepared_on=date(2026, 9, 28))),
    Fault("NGAY_NGOAI_KY", EXPLAIN, _new_person(on=date(2026, 9, 2))),
    Fault("CTCT_HAN", EXPLAIN, _programme(status="xong", finished=date(2026, 11, 3))),
    Fault("CTCT_HAN", EXPLAIN, _next_month(status="xong", finished=date(2026, 10, 3))),
    Fault("TRUNG_DONG", MUST, _left_twice),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{f.check}-{n}" for n, f in enumerate(FAULTS)])
def test_a_planted_fault_between_sheets_is_found(fault: Fault) -> None:
    assert {(f.check, f.severity) for f in found(fault.plant)} == {(fault.check, fault.severity)}


def test_every_rule_is_on_its_list() -> None:
    for module, listed in ((checks_sheets, BETWEEN_SHEETS), (checks_history, AGAINST_HISTORY)):
        rules = {
            value
            for name, value in vars(module).items()
            if getattr(value, "__module__", "") == module.__name__
            and "case" in getattr(value, "__annotations__", {})
            and not name.startswith("_")
        }
        assert rules == set(listed)


def test_who_is_past_retirement_is_asked_about() -> None:
    old = DESK.brief.cadres[1]._replace(birth=date(1962, 1, 10))
    cadres = (DESK.brief.cadres[0], old, *DESK.brief.cadres[2:])
    brief = replace(DESK.brief, cadres=cadres)
    (finding,) = found(brief=brief)
    assert (finding.check, finding.severity) == ("QUA_TUOI_HUU", EXPLAIN)
    assert "08/2022" in finding.says and finding.cell.startswith("B")

    def retires(entries: Entries) -> None:
        _leave(event="nghi_huu", on=date(2026, 10, 31))(entries)
        entries["cover"]["head_close"] -= 1

    assert found(retires, brief=brief) == ()


def test_a_move_within_two_years_is_noted() -> None:
    came = DESK.brief.cadres[1]._replace(since=date(2025, 12, 1))
    brief = replace(DESK.brief, cadres=(DESK.brief.cadres[0], came, *DESK.brief.cadres[2:]))

    def moves(entries: Entries) -> None:
        _leave(event="di", on=date(2026, 10, 20))(entries)
        entries["cover"]["head_close"] -= 1

    (finding,) = found(moves, brief=brief)
    assert (finding.check, finding.severity) == ("LUAN_CHUYEN_SOM", NOTE)
    assert "sau 10 tháng" in finding.says
    longer = check_rules({"early_move": 6})
    assert found(moves, brief=brief, form=replace(DESK.form, rules=longer)) == ()


def test_who_is_still_on_leave_by_an_earlier_report_has_no_work() -> None:
    past = Past(away={FIRST: Absence("2026-08", date(2026, 12, 31))})
    (finding,) = found(past=past)
    assert (finding.check, finding.severity) == ("NGHI_CO_VIEC", EXPLAIN)
    assert "nghỉ đến 31/12/2026 (báo cáo tháng 8/2026), cả kỳ này" in finding.says

    def back_at_work(entries: Entries) -> None:
        for row in entries["work"]:
            row["note"] = "Đi làm lại từ 05/10"

    assert found(back_at_work, past=past) == ()


def test_leave_told_in_one_month_is_known_in_the_next(tmp_path: Path) -> None:
    corner = small_office(tmp_path, ("SYT",), period="2026-09")
    leave = _leave(event="thai_san", on=date(2026, 9, 1), until=date(2027, 2, 28))

    def away(entries: Entries) -> None:
        leave(entries)
        entries["work"] = [row for row in entries["work"] if row["cadre"] != FIRST]

    corner.sends("SYT", Desk("SYT", "2026-09").good(away), day=2, month=10)
    corner.takes_in()
    assert corner.entry("SYT").state is RollState.ACCEPTED
    corner.in_period("2026-10")
    corner.sends("SYT", corner.report("SYT"), day=2)
    corner.takes_in()
    assert "NGHI_CO_VIEC" in corner.checks("SYT")


def test_a_report_of_a_month_that_has_not_begun_is_asked_about() -> None:
    early = datetime(2026, 9, 28, 9, tzinfo=HANOI)
    assert {f.check for f in found(received_at=early)} == {"KY_CHUA_DEN", "NGAY_LAP"}


def test_discipline_of_an_earlier_month_is_brought_to_mind() -> None:
    past = Past(disciplined={FIRST: Discipline("2026-03", "12/QĐ-SYT")})
    (finding,) = found(past=past)
    assert (finding.check, finding.severity) == ("KY_LUAT", NOTE)
    assert "12/QĐ-SYT" in finding.says and "tháng 3/2026" in finding.says


def test_last_months_report_again_is_asked_about() -> None:
    (finding,) = found(past=Past(substance=substance(said())))
    assert (finding.check, finding.severity) == ("CHEP_KY_TRUOC", EXPLAIN)

    def one_more(entries: Entries) -> None:
        entries["work"][0].update(assigned=9, done=9)

    assert found(one_more, past=Past(substance=substance(said()))) == ()


def test_a_copy_is_known_whatever_names_and_dates_it_bears() -> None:
    submission = said()

    def renamed(entries: Entries) -> None:
        entries["work"].reverse()
        for row in entries["work"]:
            row["due"] = date(2026, 10, 9)

    assert substance(said(renamed)) == substance(submission) != ""


def test_a_locked_period_takes_no_change_and_says_which() -> None:
    locked = datetime(2026, 11, 16, 17, tzinfo=HANOI)
    late = datetime(2026, 11, 20, 9, tzinfo=HANOI)

    def other(entries: Entries) -> None:
        entries["cover"]["phone"] = "0213 999"

    past = Past(locked_at=locked, approved=said())
    (finding,) = found(other, past=past, received_at=late)
    assert (finding.check, finding.severity, finding.cell) == ("SUA_SAU_KHOA", MUST, "B14")
    assert "đã khóa ngày 16/11/2026" in finding.says and "0213 999" in finding.says
    assert found(other, past=past, received_at=locked) == ()
    (whole,) = found(past=past, received_at=late)
    assert whole.cell == "" and whole.check == "SUA_SAU_KHOA"


def test_a_report_made_after_it_came_is_asked_about() -> None:
    early = datetime(2026, 10, 20, 9, tzinfo=HANOI)
    assert [f.check for f in found(received_at=early)] == ["NGAY_LAP"]


def test_a_new_person_on_another_units_roll_is_asked_about() -> None:
    past = Past(elsewhere=frozenset({("pờ xuân mừ", date(1990, 2, 3))}))
    (finding,) = found(_new_person(), past=past)
    assert (finding.check, finding.severity) == ("NGHI_TRUNG", EXPLAIN)
    assert found(_new_person(note="Hai người khác nhau"), past=past) == ()


def test_differences_pair_lines_by_what_identifies_them() -> None:
    def other(entries: Entries) -> None:
        row = entries["work"].pop(0)
        entries["work"].append({**row, "done": 0})
        entries["changes"].append(
            {"event": "nghi_om", "cadre": FIRST, "name": "x", "on": date(2026, 10, 5)}
        )

    told = [change.says for change in differences(said(), said(other), DESK.form)]
    assert len(told) == 2
    assert told[0].startswith("S3 Công việc – sản phẩm, ") and told[0].endswith("→ 0")
    assert told[1].startswith("S8 Biến động") and told[1].endswith("thêm dòng")
    assert differences(said(), said(), DESK.form) == ()


# With the book


def test_history_is_looked_up_for_the_whole_batch(tmp_path: Path) -> None:
    corner = small_office(tmp_path, period="2026-09")

    def punished(entries: Entries) -> None:
        code, name = corner.brief("SNV").cadres[1].code, corner.brief("SNV").cadres[1].name
        row = {"event": "ky_luat", "cadre": code, "name": name, "on": date(2026, 9, 5)}
        entries["changes"].append({**row, "document": "9/QĐ-SNV"})

    corner.sends("SNV", corner.report("SNV", punished), day=2, month=10)
    corner.sends("SYT", corner.report("SYT"), day=2, month=10)
    corner.takes_in()
    assert corner.entry("SNV").state is RollState.ACCEPTED

    corner.in_period("2026-10")
    same = Desk("SYT", "2026-10").good()

    def from_stc(entries: Entries) -> None:
        known = corner.brief("STC").cadres[0]
        _new_person(name=known.name, birth=known.birth)(entries)

    corner.sends("SNV", corner.report("SNV", from_stc, seed=2), day=3)
    corner.sends("SYT", same, day=3)
    corner.takes_in()
    assert {"KY_LUAT", "NGHI_TRUNG"} <= corner.checks("SNV")
    assert "NGHI_TRUNG" not in corner.checks("SYT")
    assert corner.entry("SYT").state is RollState.ACCEPTED


def test_a_copy_of_another_units_report_is_asked_about_whoever_is_read_first(
    tmp_path: Path,
) -> None:
    corner = small_office(tmp_path, ("SYT", "SGDDT"))
    rows = Desk("SYT").entries()
    own = {mine.code: its.code for mine, its in zip(
        DESK.brief.cadres, corner.brief("SGDDT").cadres, strict=True
    )}  # fmt: skip

    def copied(entries: Entries) -> None:
        for key in ("work", "general"):
            entries[key] = [
                {**row, "cadre": own[row["cadre"]], "programme": None}
                if key == "work"
                else {**row, "cadre": own[row["cadre"]]}
                for row in rows[key]
            ]

    corner.sends("SGDDT", corner.report("SGDDT", copied), day=4)
    corner.takes_in()
    assert corner.entry("SGDDT").verdict is Verdict.ACCEPTED
    corner.sends("SYT", corner.report("SYT"), day=3)  # came first, is read later
    corner.takes_in()
    assert corner.checks("SGDDT") == {"CHEP_DON_VI"} and not corner.checks("SYT")
    assert corner.entry("SGDDT").verdict is Verdict.REMARKED
    assert not any("SYT" in f.says for f in corner.findings("SGDDT"))
    before = corner.findings("SGDDT")
    corner.takes_in()
    assert corner.findings("SGDDT") == before


def test_after_the_lock_a_changed_file_is_returned_and_the_older_stands(tmp_path: Path) -> None:
    corner = small_office(tmp_path)
    corner.sends("SYT", corner.report("SYT"), day=3)
    corner.takes_in()
    lock(corner, day=16)
    corner.sends("SYT", corner.report("SYT", _dearer), day=18, note="_b")
    corner.takes_in()
    assert {f.check for f in corner.findings("SYT") if f.severity is Severity.MUST_FIX} == {
        "SUA_SAU_KHOA"
    }
    entry = corner.entry("SYT")
    assert entry.state is RollState.ACCEPTED and "bản trước" in entry.reason


def _dearer(entries: Entries) -> None:
    entries["work"][0].update(assigned=7, done=7)


def lock(corner: Corner, day: int) -> None:
    at = datetime(2026, 11, day, 17, tzinfo=HANOI)
    with corner.occasion.office.book() as book, book.writing() as conn:
        cycle = recall_cycle(conn, "2026-10")
        assert cycle is not None
        closed = replace(cycle, state=CycleState.CLOSED, closed_at=at)
        keep_cycle(conn, closed, corner.occasion.stamp)


@given(st.lists(st.tuples(st.text(), st.integers() | st.none(), st.text(alphabet="'\"\\a\n"))))
def test_the_substance_is_the_sum_of_what_its_lines_are_in_python(
    rows: list[tuple[str, int | None, str]],
) -> None:
    """The books hold it: what is written more quickly must be the same to the letter."""
    lines = tuple((n, *row) for n, row in enumerate(rows))
    columns = ("content", "assigned", "work")
    table = Table("work", columns, lines)
    cover = Table("cover", ("nil",), ((5, "khong"),))
    report = Submission("03637", "2026-10", "F", "1", {"cover": cover, "work": table})
    at = itemgetter(3, 1, 2)  # as _TELLING names them: work, content, assigned
    told = [["work", sorted(map(repr, (at(line) for line in lines)))], ["general", []]]
    whole = hashlib.sha256(repr(told).encode()).hexdigest()
    assert substance(report) == (whole if len(rows) >= LEAST_LINES else "")
