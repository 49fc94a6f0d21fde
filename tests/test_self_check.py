"""The sheet “Tự kiểm tra” says offline what the office says: every rule, on reports that break it.

All workbooks are recalculated by one start of LibreOffice, and each line of the sheet is held
against the office's findings on the same workbook.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from channels.blank import blank_workbook
from channels.filling import answers, fill
from channels.reading import read_and_examine
from channels.self_check import RULES_ROW, SELF_CHECK_SHEET, SelfCheck, rules_of
from channels.self_check_rules import areas_of
from review.brief import UnitBrief
from review.checks import findings_of
from review.findings import Severity, verdict_of
from tests.office_suite import needs_office_suite, recalculated
from tests.test_longer_forms import FORMS, brief, entries, form

Told = dict[str, Any]
Cells = dict[tuple[str, str], Any]


@dataclass(frozen=True)
class Fault:
    """Something done to a good report, and the rule (check, sheet key) that it breaks."""

    check: str
    key: str
    at: int | None = 0
    values: Any = None
    also: Callable[[Told], None] | None = None

    def spoil(self, told: Told) -> None:
        if self.also:
            self.also(told)
        if self.values is None:
            return
        if isinstance(told[self.key], dict):
            told[self.key] |= self.values
        elif self.at is None or self.at >= len(told[self.key]):
            told[self.key].append(dict(self.values))
        else:
            told[self.key][self.at] |= self.values


def cover(check: str, **values: Any) -> Fault:
    return Fault(check, "cover", None, values)


def line(check: str, key: str, at: int | None = 0, **values: Any) -> Fault:
    return Fault(check, key, at, values)


def done(check: str, key: str, what: Callable[[Told], None]) -> Fault:
    return Fault(check, key, also=what)


def copied(key: str, at: int = 0, **values: Any) -> Callable[[Told], None]:
    return lambda told: told[key].append({**told[key][at], **values})


def without(key: str, cadre: str) -> Callable[[Told], None]:
    def take_out(told: Told) -> None:
        told[key] = [row for row in told[key] if row["cadre"] != cadre]

    return take_out


def alike(told: Told) -> None:
    marks = {f"c{n}": Decimal(5 if n < 3 else 2) for n in range(1, 11)}
    for row in told["general"]:
        row |= marks


def bare(told: Told) -> None:
    for row in told["leaders"]:
        row |= {"d": 100, "evidence": ""}


NEW = {"event": "tuyen_dung", "name": "Lò Văn Mới", "on": date(2026, 10, 5), "document": "7/QĐ"}
NEW |= {"group": "cong_chuc", "engagement": "kiem_nhiem", "share": 40, "birth": date(1990, 1, 2)}
GONE = {"event": "di", "cadre": "03637-03", "name": "Vàng A Sử", "on": date(2026, 10, 9)}
GONE |= {"document": "9/QĐ"}
TASK = {"when": "thang_nay", "content": "Việc", "product": "Báo cáo", "owner": "03637-01"}
TASK |= {"due": date(2026, 10, 20)}
AWAY = {"event": "nghi_om", "cadre": "03637-01", "name": "Lò Văn Inh", "document": "3/QĐ"}
AWAY |= {"on": date(2026, 9, 1)}
UNDONE = TASK | {"status": "dang_lam", "finished": date(2026, 10, 9)}
WORK = {"cadre": "03637-01", "work": "TD01", "content": "Báo cáo", "assigned": 2, "done": 2}
CLEAR = {"faulty": None, "fault_times": None, "fault_excused": None, "late": None}
CLEAR |= {"late_times": None, "late_excused": None, "proof": "", "coef": None, "programme": ""}

# workbooks, each with faults that do not hide each other
MONTH: dict[str, tuple[Fault, ...]] = {
    "in good order": (),
    "cells": (
        cover("THIEU_O", prepared_by=""),
        line("VUOT_GIAO", "work", 0, **CLEAR, assigned=2, done=3),
        line("THIEU_O", "work", 1, content=""),
        line("KHONG_PHAI_SO", "work", 2, done="hai"),
        line("VUOT_TOI_DA", "general", 0, c1=6),
        line("KHONG_PHAI_SO", "general", 1, c3="tốt"),
        line("DDE_SAI_MUC", "leaders", 0, d=75),
        line("NGAY_SAI", "changes", None, **GONE, until=date(2026, 10, 1)),
        line("CTCT_THIEU", "programme", None, code="M1", **TASK),
    ),
    "faults and excuses": (
        line("LOI_QUA_SO", "work", 0, **(CLEAR | {"faulty": 9, "fault_times": 1, "done": 2})),
        line("THIEU_SO_LAN", "work", 1, **(CLEAR | {"late": 1}), assigned=2, done=2),
        line("MIEN_TRU", "work", 2, **(CLEAR | {"late": 1, "late_times": 1, "late_excused": "co"})),
        line("TONG_LECH", "general", 0, total=3),
        line("THIEU_O", "general", 1, c10=None),
        line("LOAI_CB", "changes", None, **(NEW | {"group": None})),
        line("NGAY_SINH", "changes", None, **(NEW | {"name": "B", "birth": date(2010, 1, 1)})),
        line("CTCT_HAN", "programme", None, code="M2", **(TASK | {"when": "thang_sau"})),
    ),
    "codes": (
        line("CB_NGOAI_DS", "work", None, **(WORK | {"cadre": "03637-77"})),
        line("HE_SO", "work", None, **(WORK | {"content": "B", "coef": Decimal("7.77")})),
        line("HE_SO", "work", None, **(WORK | {"content": "C", "work": "ZZ99"})),
        line("CTCT_MA", "work", None, **(WORK | {"content": "D", "programme": "KHONG-CO"})),
        done("TRUNG_DONG", "work", copied("work", 0)),
        done("TRUNG_MA_CB", "general", copied("general", 1)),
        line("DDE_SAI_MUC", "leaders", None, cadre="03637-03", d=100, dd=100, e=100, evidence="x"),
        line("THIEU_O", "changes", None, **(GONE | {"cadre": ""})),
        line("NGAY_NGOAI_KY", "changes", None, **(GONE | {"on": date(2026, 11, 9)})),
        line("TRUNG_DONG", "changes", None, **(GONE | {"on": date(2026, 10, 2)})),
        line("CTCT_THIEU", "programme", None, code="M3", **TASK, status="xong"),
    ),
    "explanations": (
        done("THIEU_MINH_CHUNG", "leaders", bare),
        line("LECH_DIEM", "general", 0, note="", **{f"c{n}": 0 for n in range(1, 6)}),
        line("LECH_DIEM", "general", 1, note="", **{f"c{n}": 2 for n in range(1, 6)}),
        cover("QUAN_SO_LECH", head_close=9),
        line("THIEU_SO_LAN", "work", 0, **(CLEAR | {"late_times": 2})),
        line("CTCT_THIEU", "programme", None, code="M4", **UNDONE),
        line("NGHI_TRUNG", "changes", None, **NEW),
        line("NGHI_TRUNG", "changes", None, **(NEW | {"on": date(2026, 10, 6)})),
        line("THIEU_MINH_CHUNG", "general", 3, note="", c7=Decimal("2.5")),
        line("NGHI_CO_VIEC", "work", 1, note="", assigned=2),
        line("", "changes", None, **AWAY),
        cover("NGAY_LAP", prepared_on=date(2026, 9, 9)),
    ),
    "dates, choices, strangers": (
        line("NGAY_SAI", "work", 0, due="31/02/2026"),
        line("NGAY_SAI", "programme", None, code="M5", **(TASK | {"due": "cuối tháng"})),
        line("NGOAI_DANH_SACH", "programme", None, code="M6", **(TASK | {"status": "gần xong"})),
        line("NGOAI_DANH_SACH", "changes", None, **(NEW | {"event": "bay đi"})),
        line("CB_NGOAI_DS", "changes", None, **(GONE | {"cadre": "03637-88"})),
        line("KHONG_PHAI_SO", "changes", None, **(NEW | {"name": "C", "share": 0})),
        line("VUOT_TOI_DA", "changes", None, **(NEW | {"name": "D", "share": 120})),
        line("TEN_KHAC_MA", "work", None, **(WORK | {"name": "Người Khác"})),
        done("TRUNG_DONG", "programme", copied("programme", 0)),
        cover("KHONG_PHAI_SO", head_open=-1),
        cover("NGAY_SAI", prepared_on="32/10/2026"),
        cover("NGOAI_DANH_SACH", nil="Có lẽ"),
    ),
    "nobody's work": (
        done("KHONG_GIAO_VIEC", "work", without("work", "03637-02")),
        done("THIEU_CHAM", "general", without("general", "03637-03")),
        done("THIEU_CHAM", "leaders", without("leaders", "03637-01")),
    ),
    "a reason for no work": (
        done("KHONG_GIAO_VIEC", "work", without("work", "03637-02")),
        line("KHONG_GIAO_VIEC", "work", None, cadre="03637-02", note="Đi học tập trung"),
    ),
    "nil but full": (cover("KHONG_PHAT_SINH", nil="co", nil_reason=""),),
    "another's file": (
        cover("MA_DON_VI", unit="03388"),
        cover("SAI_KY", period="tháng mười"),
        cover("SAI_MAU", version="CU"),
    ),
    "numbers as text are mended": (
        line("", "general", 0, c1="4,5", c2=" 4.25 "),
        line("", "work", 0, due="05/10/2026"),
    ),
}  # fmt: skip
QUARTER: dict[str, tuple[Fault, ...]] = {
    "in good order": (),
    "rules of the form": (
        cover("CB_NGOAI_DS", officer="03637-99"),
        line("THIEU_O", "attention", 0, documented_on=None),
        line("VUOT_TOI_DA", "outcomes", 0, approved=90, submitted=9),
        line("KHONG_PHAI_SO", "outcomes", 1, returned=Decimal("1.5")),
        line("THIEU_O", "training", 0, way=None, state="ke_hoach"),
        line("SO_TIET", "training", 1, hours=17, start=date(2026, 10, 5), finish=date(2026, 10, 6)),
        line("THIEU_MINH_CHUNG", "movements", 0, self_grade="tot", proof=""),
        line("MA_KHONG_CO", "reviews", 0, movement="PT99"),
        line("NGAY_SAI", "models", 0, nurtured=date(2020, 1, 1)),
        line("NGAY_SAI", "awards", 0, paid=date(2026, 9, 1)),
        line("THIEU_O", "meetings", 0, due=None),
        line("THIEU_O", "inspections", 0, outcome=""),
        line("NGOAI_DANH_SACH", "inspections", 0, again="Hơi hơi"),
        line("VUOT_TOI_DA", "selfstudy", 0, planned=961),
        done("TRUNG_DONG", "selfstudy", copied("selfstudy", 1)),
    ),
}
YEAR: dict[str, tuple[Fault, ...]] = {
    "in good order": (),
    "rules of the form": (
        line("THIEU_O", "setup", None, council_chair=""),
        line("NGAY_SINH", "roster", None, cadre="03637-01", birth=date(2012, 1, 1)),
        line("THIEU_O", "roster", None, cadre="", name="Lò Thị Mới"),
        line("KY_LUAT", "rating", 0, discipline="12/QĐ", proposed="HTTNV"),
        line("THIEU_O", "succession", 0, change="dua_ra", basis=""),
        line("VUOT_TOI_DA", "cluster", 0, score=11),
        line("THIEU_MINH_CHUNG", "cluster", 1, bonus=2, proof=""),
        line("THIEU_O", "cluster", 2, score=None),
        line("THIEU_MINH_CHUNG", "titles", 0, title="cstdcs", initiative=""),
    ),
}
TERM: dict[str, tuple[Fault, ...]] = {
    "in good order": (),
    "rules of the form": (
        line("THIEU_O", "weaknesses", 0, level="con_it", evidence=""),
        line("VUOT_TOI_DA", "needs", 0, present=1, retiring=2),
        line("THIEU_MINH_CHUNG", "measures", 0, level="tot", figures=""),
    ),
}
MANY: dict[str, tuple[Fault, ...]] = {"all alike": (done("DIEM_DONG_LOAT", "general", alike),)}
BOOKS = (
    ("2026-10", "03637", MONTH),
    ("2026-10", "SNV", MANY),
    ("2026-Q4", "03637", QUARTER),
    ("2026", "03637", YEAR),
    ("2026..2030", "03637", TERM),
)
CASES = [(period, code, name) for period, code, told in BOOKS for name in told]


def faults(case: tuple[str, str, str]) -> tuple[Fault, ...]:
    period, code, name = case
    return next(told for p, c, told in BOOKS if (p, c) == (period, code))[name]


def known(period: str, code: str) -> UnitBrief:
    return replace(brief(period, code), opening=len(brief(period, code).cadres))


def workbook(case: tuple[str, str, str]) -> bytes:
    period, code, _ = case
    told = entries(period, code)
    for fault in faults(case):
        fault.spoil(told)
    about = known(period, code)
    return fill(blank_workbook(form(period), about), answers(form(period), about, told))


@cache
def said_offline(folder: Path) -> dict[tuple[str, str, str], list[list[Any]]]:
    """The lines of every workbook's sheet, after one recalculation of all of them."""
    again = recalculated([workbook(case) for case in CASES], folder)
    return {case: _lines(data) for case, data in zip(CASES, again, strict=True)}


def _lines(data: bytes) -> list[list[Any]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return book.get_sheet_by_name(SELF_CHECK_SHEET).to_python(skip_empty_area=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("self-check")


def verdicts(case: tuple[str, str, str], folder: Path) -> Iterator[tuple[str, str, Severity, Any]]:
    """Check, sheet key, severity and count of each line."""
    rules = rules_of(areas_of(form(case[0]), {}))
    rows = said_offline(folder)[case][RULES_ROW - 1 :]
    for rule, row in zip(rules, rows, strict=False):
        assert row[7] == rule.check
        yield rule.check, rule.sheet, rule.severity, row[4]


@pytest.mark.xdist_group("self-check")  # one recalculation of all of them
@needs_office_suite
@pytest.mark.parametrize("case", CASES, ids=[f"{p}: {name}" for p, _, name in CASES])
def test_the_sheet_gives_the_verdict_that_the_office_gives(
    case: tuple[str, str, str], folder: Path
) -> None:
    period, code, _ = case
    keys = {sheet.name: sheet.key for sheet in form(period).sheets}
    examined = read_and_examine(workbook(case), FORMS, None)
    found = findings_of(examined, form(period), known(period, code))
    ours = {(f.check, keys.get(f.sheet, ""), f.severity) for f in found}
    if ("KHONG_PHAT_SINH", "work", Severity.MUST_FIX) in ours:  # the sheet has one line for all
        ours = {w for w in ours if w[0] != "KHONG_PHAT_SINH" or w[1] == "cover"}
        ours.add(("KHONG_PHAT_SINH", "cover", Severity.MUST_FIX))
    lines = list(verdicts(case, folder))
    covered = {(check, key, severity) for check, key, severity, _ in lines}
    theirs = {(check, key, severity) for check, key, severity, count in lines if count}
    assert not [count for *_, count in lines if isinstance(count, str)]
    assert theirs == ours & covered
    for fault in faults(case):
        assert not fault.check or (fault.check, fault.key) in {(c, k) for c, k, _ in theirs}
    if ours <= covered:
        banner = str(said_offline(folder)[case][3][0])
        words = {"accepted": "ĐẠT", "remarked": "GỬI ĐƯỢC", "returned": "CHƯA GỬI ĐƯỢC"}
        assert banner.startswith(words[verdict_of(found)])


@needs_office_suite
@pytest.mark.xdist_group("self-check")
def test_every_rule_of_the_sheet_is_broken_by_some_workbook(folder: Path) -> None:
    """Else a formula that never answers would pass."""
    broken: set[tuple[str, Severity]] = set()
    every: set[tuple[str, Severity]] = set()
    for case in CASES:
        for check, _, severity, count in verdicts(case, folder):
            every.add((check, severity))
            broken |= {(check, severity)} if count else set()
    assert every == broken


def test_a_unit_that_marks_on_slips_is_not_asked_for_form_01() -> None:
    """Its people are marked elsewhere; neither the blank nor the office calls them unmarked."""
    october = form("2026-10")

    def asked(by_slips: bool) -> set[tuple[str, str]]:
        return {(one.check, one.sheet) for one in SelfCheck(october, {}, by_slips=by_slips).rules}

    assert asked(False) - asked(True) == {("THIEU_CHAM", "general")}
    assert ("THIEU_CHAM", "leaders") in asked(True)
    by_slips, plain = (
        openpyxl.load_workbook(
            io.BytesIO(blank_workbook(october, replace(brief("2026-10"), by_slips=on)))
        )
        for on in (True, False)
    )
    page = october.sheet("general").name
    assert "ĐỂ TRỐNG trang này" in by_slips[page]["A2"].value
    assert "ĐỂ TRỐNG" not in plain[page]["A2"].value

    def must_be_filled(book: openpyxl.Workbook) -> int:
        return sum("bắt buộc" in str(cell.value) for row in book[page]["A4:P4"] for cell in row)

    assert must_be_filled(by_slips) == 0 < must_be_filled(plain)


def test_no_formula_is_longer_than_excel_allows() -> None:
    for period in ("2026-10", "2026-Q4", "2026", "2026..2030"):
        areas = areas_of(form(period), {})
        for rule in rules_of(areas):
            assert len(rule.formula) < 8000, (rule.check, rule.sheet)
            assert not rule.words or len(rule.first(areas[rule.sheet].rows)) < 8000
