"""What the tolerant reader takes for meant, what it mends and says, and what it sends back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from channels.reading import read_and_examine
from review.cells import Cleaner, Flag
from review.examine import Examined
from review.findings import Finding, Severity, Verdict
from review.form import Field, FieldType
from sample.entries import Entries
from tests.drawer import MENDED, PERIOD, Desk, work_sheet
from tests.office_suite import converted, needs_office_suite

DESK = Desk()
WORK = DESK.form.sheet("work")


def examined(data: bytes, expected: str | None = PERIOD) -> Examined:
    return read_and_examine(data, DESK.forms, expected)


def only(data: bytes, expected: str | None = PERIOD) -> Finding:
    (finding,) = examined(data, expected).findings
    return finding


def test_a_good_report_has_neither_findings_nor_repairs() -> None:
    good = examined(DESK.good())
    assert (good.verdict, good.findings, good.repairs) == (Verdict.ACCEPTED, (), ())
    assert (good.unit, good.period, good.form) == (DESK.code, PERIOD, "thang")


def test_what_was_written_is_what_is_read() -> None:
    entries = DESK.entries()
    submission = examined(DESK.good()).submission
    assert submission is not None
    read = [(w.cadre, w.work, w.assigned, w.done) for w in submission.rows("work")]
    written = [(w["cadre"], w["work"], w["assigned"], w["done"]) for w in entries["work"]]
    assert sorted(read) == sorted(written)
    assert submission.cover.prepared_by == entries["cover"]["prepared_by"]


@pytest.mark.parametrize("name", MENDED)
def test_what_does_not_change_the_meaning_is_mended_and_said(name: str) -> None:
    make, why = MENDED[name]
    mended, good = examined(make(DESK)), examined(DESK.good())
    assert mended.findings == ()
    assert {repair.why for repair in mended.repairs} == why
    assert mended.submission is not None and good.submission is not None
    for key, table in good.submission.tables.items():
        again = mended.submission.tables[key]
        assert [row[1:] for row in again.rows] == [row[1:] for row in table.rows], key


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
@needs_office_suite
def test_a_report_saved_by_libreoffice_says_the_same(kind: str, tmp_path: Path) -> None:
    again = examined(converted(DESK.good(), tmp_path, kind).read_bytes())
    good = examined(DESK.good())
    assert again.findings == ()
    assert again.submission == good.submission


def test_the_period_must_be_the_one_collected() -> None:
    finding = only(DESK.good(), "2026-11")
    assert (finding.check, finding.cell) == ("SAI_KY", "B7")
    assert "2026-10, không khớp kỳ đang thu là 2026-11" in finding.says


def test_any_period_will_do_where_none_is_expected() -> None:
    assert examined(DESK.good(), None).verdict is Verdict.ACCEPTED


def test_another_s_form_is_not_taken_for_one_s_own() -> None:
    finding = only(DESK.with_cells({("cover", "B5"): "03637"}))
    assert finding.check == "MA_DON_VI" and DESK.code in finding.says


def test_a_month_that_a_spreadsheet_made_a_date_of_is_still_the_month() -> None:
    data = DESK.with_cells({("cover", "B7"): date(2026, 10, 1)})
    assert examined(data).period == PERIOD
    assert [repair.now for repair in examined(data).repairs] == [PERIOD]


def test_an_old_version_of_the_form_is_sent_back() -> None:
    finding = only(DESK.with_cells({("cover", "B8"): "TDKT-T-2025.3"}))
    assert (finding.check, finding.cell, finding.value) == ("SAI_MAU", "B8", "TDKT-T-2025.3")


def test_a_missing_sheet_is_named() -> None:
    found = examined(DESK.by_hand(leaders=None))
    assert [finding.check for finding in found.findings] == ["SAI_MAU"]
    assert "S5 Lãnh đạo d-đ-e" in found.findings[0].says
    assert found.submission is None


def test_a_missing_column_is_named_with_the_nearest_heading() -> None:
    def renamed(rows: list[list[Any]]) -> list[list[Any]]:
        rows[4][WORK.at("done")] = "SL hoàn thành"
        return rows

    finding = only(DESK.by_hand(work=renamed(DESK.rows("work"))))
    assert (finding.check, finding.cell) == ("SAI_MAU", "I5")
    assert "thiếu cột “Số lượng hoàn thành”. Có phải là cột “SL hoàn thành”" in finding.says


def test_a_workbook_of_something_else_is_one_finding() -> None:
    from tests.drawer import typed

    assert only(typed({"Sheet1": [["a"]]})).check == "SAI_MAU"


def cell(key: str, name: str, value: Any, line: int = 6) -> Callable[[], bytes]:
    address = DESK.form.sheet(key).cell(name, line)
    return lambda: DESK.with_cells({(key, address): value})


@pytest.mark.parametrize(
    ("make", "check", "at"),
    [
        (cell("work", "assigned", "ba"), "KHONG_PHAI_SO", "H6"),
        (cell("work", "assigned", -1), "KHONG_PHAI_SO", "H6"),
        (cell("work", "assigned", 2.5), "KHONG_PHAI_SO", "H6"),
        (cell("work", "assigned", None), "THIEU_O", "H6"),
        (cell("work", "due", "31/02/2026"), "NGAY_SAI", "G6"),
        (cell("work", "late_excused", "Cô"), "NGOAI_DANH_SACH", "O6"),
        (cell("general", "c1", 5.5), "VUOT_TOI_DA", "E6"),
        (cell("general", "c1", "4,333"), "KHONG_PHAI_SO", "E6"),
        (cell("general", "total", 3), "TONG_LECH", "O6"),
        (cell("leaders", "d", 75), "DDE_SAI_MUC", "D6"),
        (cell("cover", "prepared_on", "hôm qua"), "NGAY_SAI", "B15"),
        (cell("cover", "approved_by", None), "THIEU_O", "B16"),
    ],
)
def test_a_faulty_cell_is_named_once_at_its_place(
    make: Callable[[], bytes], check: str, at: str
) -> None:
    finding = only(make())
    assert (finding.check, finding.cell) == (check, at)
    assert finding.severity is Severity.MUST_FIX
    assert finding.says and finding.fix


def test_an_address_follows_a_column_that_was_moved() -> None:
    def swapped(rows: list[list[Any]]) -> list[list[Any]]:
        a, b = WORK.at("assigned"), WORK.at("note")
        for row in rows[4:]:
            row[a], row[b] = row[b], row[a]
        rows[5][b] = "ba"
        return rows

    data = DESK.by_hand(work=swapped(DESK.rows("work")))
    assert only(data).cell == "R6"


def test_a_cadre_scored_twice_is_told_with_both_lines() -> None:
    def twice(entries: Entries) -> None:
        entries["general"].append(dict(entries["general"][0]))

    finding = only(DESK.good(twice))
    assert finding.check == "TRUNG_MA_CB" and "2 lần" in finding.says


def test_a_cell_in_error_is_told_and_not_also_called_empty() -> None:
    row = b'<row r="90"><c r="D90" t="e"><v>#N/A</v></c></row>'
    finding = only(work_sheet(DESK.good(), row))
    assert (finding.check, finding.cell, finding.value) == ("O_LOI", "D90", "#N/A")


def test_a_total_without_its_value_is_simply_added_up() -> None:
    totals = {("general", f"O{line}"): None for line in range(6, 12)}
    found = examined(DESK.with_cells(totals))
    assert found.verdict is Verdict.ACCEPTED
    assert found.submission == examined(DESK.good()).submission


def test_a_prefilled_line_with_nothing_typed_is_idle() -> None:
    blank = examined(DESK.blank())
    assert blank.submission is not None
    work = blank.submission.tables["work"]
    assert not work.rows
    assert [line[2] for line in work.idle] == [cadre.code for cadre in DESK.brief.cadres]


def test_a_line_with_only_a_reason_asks_for_nothing_more() -> None:
    code = DESK.brief.cadres[0].code

    def on_leave(entries: Entries) -> None:
        entries["work"] = [w for w in entries["work"] if w["cadre"] != code]
        entries["work"].append({"cadre": code, "note": "Đi học cả tháng"})

    found = examined(DESK.good(on_leave))
    assert [f.check for f in found.findings if f.check == "THIEU_O"] == []


NUMBER = Cleaner(Field("c3", "II.1", FieldType.NUMBER, low="0", high="2.5"))


@pytest.mark.parametrize("typed", ["2,5", "2.5", " 2,50\u00a0", "+2.5", "2,500"])
def test_a_number_may_be_typed_in_many_ways(typed: str) -> None:
    assert NUMBER[typed].value == 250 and NUMBER[typed].why == "number_text"


def test_what_a_spreadsheet_could_not_add_exactly_is_the_number_meant() -> None:
    assert NUMBER[0.1 + 0.2] == 30


@pytest.mark.parametrize("typed", ["1.234,5", "2,5 điểm", "TRUE", "1e1", "--1", "٣"])
def test_what_may_mean_two_things_is_no_number(typed: str) -> None:
    assert NUMBER[typed].check == "KHONG_PHAI_SO"


@pytest.mark.parametrize(
    "typed", ["5/10/2026", "05-10-2026", "ngày 5 tháng 10 năm 2026", "2026-10-05", 46300.0]
)
def test_a_date_may_be_typed_in_many_ways(typed: object) -> None:
    read = Cleaner(Field("due", "Hạn", FieldType.DATE))
    assert read[typed].value == date(2026, 10, 5)


def test_100_percent_in_a_cell_is_the_choice_100() -> None:
    read = Cleaner(DESK.form.sheet("leaders").field("d"))
    assert read[1.0] == Flag("100", why="number_text", now="100")
    assert (read[100.0], read["100%"]) == ("100", "100")
