"""The rules of a careful officer: each planted fault is found, at its place, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.filling import fill
from channels.library import regulation_in_force
from channels.reading import read_and_examine
from channels.workbook import read_workbook
from review.brief import ProgrammeTask, UnitBrief
from review.checks import against_catalogue, findings_of, unknown_unit
from review.checks_file import IN_FILE
from review.checks_roll import AGAINST_BRIEF
from review.findings import Finding, Severity, Verdict, verdict_of
from sample.entries import Entries
from tests.drawer import PERIOD, Desk

DESK = Desk()
HEAD, FIRST, SECOND = (cadre.code for cadre in DESK.brief.cadres)
MUST, EXPLAIN, NOTE = Severity.MUST_FIX, Severity.MUST_EXPLAIN, Severity.NOTE
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

Change = Callable[[Entries], None]


def found(change: Change | None = None, **known: Any) -> tuple[Finding, ...]:
    brief: UnitBrief = known.pop("brief", DESK.brief)
    examined = read_and_examine(DESK.good(change), DESK.forms, PERIOD)
    return findings_of(examined, DESK.form, brief, **known)


def only(change: Change | None = None, **known: Any) -> Finding:
    (finding,) = found(change, **known)
    assert finding.says.endswith((".", "?")) and finding.fix.endswith((".", ").", "?"))
    return finding


def own(entries: Entries, key: str, code: str, rater: str = "") -> dict[str, Any]:
    return next(
        row for row in entries[key] if row["cadre"] == code and row.get("rater", "") in (rater, "")
    )


def first_work(**values: Any) -> Change:
    return lambda entries: entries["work"][0].update(values)


@dataclass(frozen=True)
class Fault:
    """One fault that can be planted: the check that must find it."""

    check: str
    severity: Severity
    plant: Change


def _new_person(**values: Any) -> Change:
    person = {
        "event": "den", "name": "Pờ Xuân Mừ", "birth": date(1990, 2, 3), "group": "cong_chuc",
        "engagement": "kiem_nhiem", "share": 30, "on": date(2026, 10, 12), "document": "12/QĐ-SYT",
    }  # fmt: skip

    def arrives(entries: Entries) -> None:
        entries["changes"].append({k: v for k, v in (person | values).items() if v is not None})
        entries["cover"]["head_close"] = entries["cover"]["head_close"] + 1

    return arrives


def _leave(**values: Any) -> Change:
    absence = {
        "event": "nghi_om", "cadre": FIRST, "name": DESK.brief.cadres[1].name,
        "on": date(2026, 10, 5), "document": "45/QĐ-SYT",
    }  # fmt: skip
    return lambda entries: entries["changes"].append(
        {k: v for k, v in (absence | values).items() if v is not None}
    )


def _far_apart(entries: Entries) -> None:
    mine = own(entries, "general", FIRST, "tu_cham")
    given_ = own(entries, "general", FIRST, "tham_quyen")
    for n in range(1, 11):
        mine[f"c{n}"] = 2
        given_[f"c{n}"] = 1
    for row in (mine, given_):
        row.pop("note", None)
        row.pop("total", None)


def _programme(**values: Any) -> Change:
    return lambda entries: next(
        row for row in entries["programme"] if row["when"] == "thang_nay"
    ).update(values)


def _next_month(**values: Any) -> Change:
    return lambda entries: next(
        row for row in entries["programme"] if row["when"] == "thang_sau"
    ).update(values)


def _without_work(note: str = "") -> Change:
    def change(entries: Entries) -> None:
        entries["work"] = [row for row in entries["work"] if row["cadre"] != SECOND]
        if note:
            entries["work"].append({"cadre": SECOND, "note": note})

    return change


FAULTS = [
    Fault("VUOT_GIAO", EXPLAIN, first_work(assigned=2, done=5)),
    Fault("LOI_QUA_SO", MUST, first_work(done=1, assigned=1, faulty=2, fault_times=1)),
    Fault("THIEU_SO_LAN", MUST, first_work(done=2, assigned=2, late=1, late_times=None)),
    Fault("MIEN_TRU", MUST, first_work(done=2, assigned=2, late=1, late_times=1,
                                       late_excused="co", proof=None)),
    Fault("HE_SO", MUST, first_work(coef=9)),
    Fault("HE_SO", MUST, first_work(work="TD99", coef=None)),
    Fault("CTCT_MA", EXPLAIN, first_work(programme="2020-01-01")),
    Fault("THIEU_MINH_CHUNG", EXPLAIN, lambda e: e["leaders"][0].update(d="100", evidence=None)),
    Fault("LECH_DIEM", EXPLAIN, _far_apart),
    Fault("LOAI_CB", MUST, _new_person(group=None)),
    Fault("NGAY_NGOAI_KY", EXPLAIN, _new_person(on=date(2026, 11, 2))),
    Fault("KY_LUAT", NOTE, _leave(event="ky_luat")),
    Fault("THIEU_O", MUST, _leave(cadre=None)),
    Fault("NGAY_SAI", MUST, _leave(until=date(2026, 10, 1))),
    Fault("QUAN_SO_LECH", EXPLAIN, lambda e: e["cover"].update(head_close=9)),
    Fault("CTCT_THIEU", MUST, _programme(status=None, finished=None)),
    Fault("CTCT_THIEU", MUST, _programme(status="xong", finished=None)),
    Fault("CTCT_HAN", EXPLAIN, _next_month(due=date(2026, 10, 3))),
    Fault("CB_NGOAI_DS", MUST, _next_month(owner="SYT-77")),
    Fault("KHONG_GIAO_VIEC", MUST, _without_work()),
    Fault("KHONG_GIAO_VIEC", EXPLAIN, _without_work("Đi học cả tháng")),
    Fault("KHONG_PHAT_SINH", MUST, lambda e: e["cover"].update(nil="co", nil_reason="x")),
    Fault("VUOT_TOI_DA", MUST, lambda e: e["general"][0].update(c1=6, total=None)),
    Fault("KHONG_PHAI_SO", MUST, first_work(assigned="ba", done=1)),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{f.check}-{n}" for n, f in enumerate(FAULTS)])
def test_a_planted_fault_is_found(fault: Fault) -> None:
    assert {(f.check, f.severity) for f in found(fault.plant)} == {(fault.check, fault.severity)}


def test_a_good_report_is_found_good() -> None:
    assert found() == ()


# Cells of the good report, a faulty value for each, and the check that must name that very cell.
PLANTS: dict[tuple[str, str], tuple[Any, str]] = {
    ("cover", "B12"): (9, "QUAN_SO_LECH"),
    ("cover", "B13"): (None, "THIEU_O"),
    ("cover", "B15"): (date(2026, 9, 3), "NGAY_LAP"),
    ("work", "G8"): ("32/13/2026", "NGAY_SAI"),
    ("work", "L6"): ("có lẽ", "NGOAI_DANH_SACH"),
    ("work", "O7"): ("không rõ", "NGOAI_DANH_SACH"),
    ("work", "E9"): (None, "THIEU_O"),
    ("general", "H10"): (-1, "KHONG_PHAI_SO"),
    ("general", "D8"): (None, "THIEU_O"),
    ("leaders", "F6"): ("75", "DDE_SAI_MUC"),
    ("programme", "D6"): (None, "THIEU_O"),
    ("cover", "B16"): (None, "THIEU_O"),
    ("work", "I6"): (99, "VUOT_GIAO"),
    ("work", "F7"): (9, "HE_SO"),
    ("work", "H8"): ("ba", "KHONG_PHAI_SO"),
    ("work", "Q9"): ("2020-01-01", "CTCT_MA"),
    ("work", "C10"): ("Giàng A Chu", "TEN_KHAC_MA"),
    ("general", "E6"): (6, "VUOT_TOI_DA"),
    ("general", "F7"): ("4,333", "KHONG_PHAI_SO"),
    ("general", "O9"): (1, "TONG_LECH"),
    ("leaders", "D6"): (75, "DDE_SAI_MUC"),
    ("programme", "F6"): ("SYT-77", "CB_NGOAI_DS"),
    ("programme", "G7"): ("31/02/2026", "NGAY_SAI"),
}


@given(st.sets(st.sampled_from(sorted(PLANTS))))
@settings(max_examples=30, deadline=None)
def test_exactly_the_planted_faults_are_found_and_mending_them_leaves_none(
    planted: set[tuple[str, str]],
) -> None:
    spoilt = fill(_good(), {_at(place): PLANTS[place][0] for place in planted})
    listed = _judged(spoilt)
    wanted = {(PLANTS[place][1], *_at(place)) for place in planted}
    assert {(f.check, f.sheet, f.cell) for f in listed} == wanted
    mended = fill(spoilt, {(f.sheet, f.cell): _good_value(f.sheet, f.cell) for f in listed})
    assert _judged(mended) == ()


def _at(place: tuple[str, str]) -> tuple[str, str]:
    key, cell = place
    return DESK.form.sheet(key).name, cell


def _judged(data: bytes) -> tuple[Finding, ...]:
    return findings_of(read_and_examine(data, DESK.forms, PERIOD), DESK.form, DESK.brief)


@cache
def _good() -> bytes:
    return DESK.good()


@cache
def _good_rows() -> Mapping[str, Any]:
    return read_workbook(_good()).sheets


def _good_value(sheet: str, cell: str) -> Any:
    value = _good_rows()[sheet][int(cell[1:]) - 1][ord(cell[0]) - ord("A")]
    return None if value == "" else value


def test_the_gravest_comes_first() -> None:
    def plant(entries: Entries) -> None:
        _leave(event="ky_luat")(entries)
        first_work(assigned=2, done=5)(entries)
        entries["cover"]["approved_by"] = None

    assert [f.check for f in found(plant)] == ["THIEU_O", "VUOT_GIAO", "KY_LUAT"]


def test_no_work_is_told_at_the_cadre_s_own_line() -> None:
    assert only(_without_work()).cell == "H8"


def test_a_cadre_on_leave_needs_no_work() -> None:
    def change(entries: Entries) -> None:
        _without_work()(entries)
        _leave(cadre=SECOND, event="thai_san", name=DESK.brief.cadres[2].name)(entries)

    assert found(change) == ()


def test_who_worked_and_was_not_scored_is_named() -> None:
    def change(entries: Entries) -> None:
        entries["general"] = [
            r for r in entries["general"] if (r["cadre"], r["rater"]) != (FIRST, "tham_quyen")
        ]

    finding = only(change)
    assert (finding.check, finding.cell) == ("THIEU_CHAM", "E9")
    assert "Cấp có thẩm quyền chấm" in finding.says


def test_lateness_is_counted_in_working_days() -> None:
    due = datetime(2026, 11, 5, 17, tzinfo=HANOI)
    finding = only(due=due, received_at=datetime(2026, 11, 9, 9, tzinfo=HANOI))
    assert (finding.check, finding.severity) == ("NOP_MUON", EXPLAIN)
    assert "2 ngày làm việc (hạn 17:00 ngày 05/11/2026)" in finding.says
    assert found(due=due, received_at=due) == ()


def test_an_unknown_unit_is_told_so() -> None:
    assert only(brief=None) == unknown_unit(DESK.code, DESK.form)


def test_another_unit_s_file_is_not_taken() -> None:
    other = replace(DESK.brief, unit=replace(DESK.brief.unit, code="STC", name="Sở Tài chính"))
    assert only(brief=other).check == "MA_DON_VI"


def test_the_opening_must_be_the_last_closing() -> None:
    finding = only(brief=replace(DESK.brief, opening=5))
    assert (finding.check, finding.cell) == ("QUAN_SO_LECH", "B11")


def test_a_full_d_needs_every_subordinate_at_50_points() -> None:
    def full(entries: Entries) -> None:
        entries["leaders"][0].update(d="100", evidence="Báo cáo 12/BC")

    assert found(full, totals={FIRST: 50_00, SECOND: 99_00}) == ()
    finding = only(full, totals={FIRST: 49_99, SECOND: 99_00})
    assert (finding.check, finding.severity, finding.cell) == ("DDE_SAI_MUC", MUST, "D6")


def test_leaders_terms_are_for_leaders() -> None:
    def staff(entries: Entries) -> None:
        entries["leaders"].append({**entries["leaders"][0], "cadre": FIRST})

    checks = [finding.check for finding in found(staff)]
    assert "DDE_SAI_MUC" in checks


def test_an_open_task_may_not_vanish() -> None:
    task = ProgrammeTask(DESK.code, PERIOD, "2026-10-77", "Sơ kết", "Báo cáo", HEAD, None)
    finding = only(brief=replace(DESK.brief, tasks=(task,)))
    assert (finding.check, finding.value) == ("CTCT_MAT_VIEC", "2026-10-77")


def test_a_new_person_who_is_on_the_roll_already_is_asked_about() -> None:
    known = DESK.brief.cadres[1]
    finding = only(_new_person(name=known.name, birth=known.birth))
    assert (finding.check, finding.severity) == ("NGHI_TRUNG", EXPLAIN)
    assert FIRST in finding.says


def test_a_name_that_is_not_that_of_the_code_is_asked_about() -> None:
    finding = only(first_work(name="Giàng A Chu"))
    assert (finding.check, finding.severity) == ("TEN_KHAC_MA", EXPLAIN)


def test_everybody_alike_is_asked_about_in_units_of_five_or_more() -> None:
    desk = Desk("SNV")

    def alike(entries: Entries) -> None:
        for row in entries["general"]:
            row.pop("total", None)
            row.update({f"c{n}": 5 if n < 3 else 2.5 for n in range(1, 11)})

    examined = read_and_examine(desk.good(alike), desk.forms, PERIOD)
    (finding,) = findings_of(examined, desk.form, desk.brief)
    assert finding.check == "DIEM_DONG_LOAT" and "30 điểm, là mức tối đa" in finding.says


def test_a_nil_return_needs_no_work_and_no_scores() -> None:
    def nil(entries: Entries) -> None:
        entries["cover"].update(nil="co", nil_reason="Nghỉ phép cả đơn vị")
        for key in ("work", "general", "leaders", "changes"):
            entries[key] = []

    assert found(nil) == ()


def test_the_regulation_decides_how_grave_a_fault_is() -> None:
    findings = found(first_work(assigned=2, done=5), severities={"VUOT_GIAO": NOTE})
    assert verdict_of(findings) is Verdict.ACCEPTED


def test_the_regulation_says_how_far_apart_two_scores_may_be() -> None:
    form = replace(DESK.form, rules=replace(DESK.form.rules, self_gap=20_00))
    examined = read_and_examine(DESK.good(_far_apart), {"month": form}, PERIOD)
    assert examined.findings == ()
    assert regulation_in_force(PERIOD).forms["month"].rules.self_gap == 5_00


def test_the_catalogue_alone_is_enough_for_coefficients() -> None:
    examined = read_and_examine(DESK.good(first_work(coef=9)), DESK.forms, PERIOD)
    assert examined.submission is not None
    (finding,) = against_catalogue(examined.submission, DESK.form, DESK.brief.works)
    assert finding.check == "HE_SO"


def test_every_rule_is_on_its_list() -> None:
    from review import checks_file, checks_roll

    for module, listed in ((checks_file, IN_FILE), (checks_roll, AGAINST_BRIEF)):
        rules = {
            value
            for name, value in vars(module).items()
            if callable(value)
            and getattr(value, "__module__", "") == module.__name__
            and not name.startswith("_")
        }
        assert rules == set(listed)
