"""Filling a workbook of ours: by cells, and by rows and field names."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from channels.blank import blank_workbook
from channels.cell_patch import patched
from channels.filling import answers, fill
from channels.zip_patch import Package, zipped
from review.form import FIRST_ROW
from tests.office_suite import needs_office_suite, resaved
from tests.test_blank import brief, form, part, rows

WORK, GENERAL = form().sheet("work"), form().sheet("general")
MARKS = {"c1": Decimal("4.75"), "c2": Decimal("4.5"), "c3": Decimal("2.25")}


def test_values_of_every_kind_come_back_as_they_were_written() -> None:
    cells = {
        (WORK.name, "E6"): "Tờ trình <A & B>\nhai dòng",
        (WORK.name, "F6"): Decimal("2.25"),
        (WORK.name, "G6"): date(2026, 10, 30),
        (WORK.name, "H6"): 3,
        (WORK.name, "I6"): " 3\u00a0",
    }
    row = rows(fill(blank_workbook(form(), brief()), cells), WORK.name)[FIRST_ROW - 1]
    wanted = ["Tờ trình <A & B>\nhai dòng", 2.25, date(2026, 10, 30), 3, " 3\u00a0"]
    assert row[4:9] == wanted


def test_nothing_else_in_the_workbook_changes() -> None:
    blank = blank_workbook(form(), brief())
    before, after = Package(blank), Package(fill(blank, {(WORK.name, "E6"): "x"}))
    changed = [name for name in before.names if before.read(name) != after.read(name)]
    assert changed == ["xl/worksheets/sheet3.xml"]
    old, new = before.text(changed[0]), after.text(changed[0])
    assert old.partition("</sheetData>")[2] == new.partition("</sheetData>")[2]


def test_a_cell_can_be_emptied_again() -> None:
    blank = blank_workbook(form(), brief())
    filled = fill(fill(blank, {(WORK.name, "E6"): "x"}), {(WORK.name, "E6"): None})
    assert rows(filled, WORK.name) == rows(blank, WORK.name)


def test_a_total_keeps_its_formula_and_shows_the_sum() -> None:
    own = brief().cadres[0].code
    cells = answers(form(), brief(), {"general": [{"cadre": own, "rater": "tu_cham", **MARKS}]})
    data = fill(blank_workbook(form(), brief()), cells)
    row = rows(data, GENERAL.name)[FIRST_ROW - 1]
    assert row[GENERAL.at("total")] == 11.5
    assert re.search(r"SUM\(E6:N6\)\)</f><v>11.50?</v>", part(data, "xl/worksheets/sheet4.xml"))


def test_figures_typed_as_text_are_not_in_the_total_a_spreadsheet_shows() -> None:
    cells = {(GENERAL.name, "E6"): "4,75", (GENERAL.name, "F6"): Decimal("4.5")}
    row = rows(fill(blank_workbook(form(), brief()), cells), GENERAL.name)[FIRST_ROW - 1]
    assert row[GENERAL.at("total")] == 4.5


def test_a_total_typed_by_hand_replaces_the_formula() -> None:
    cells = {(GENERAL.name, "E6"): 4, (GENERAL.name, GENERAL.cell("total", 6)): 9}
    data = fill(blank_workbook(form(), brief()), cells)
    assert rows(data, GENERAL.name)[FIRST_ROW - 1][GENERAL.at("total")] == 9


def test_rows_go_to_their_prefilled_line_first_and_then_below() -> None:
    first, second = brief().cadres[0], brief().cadres[-1]
    given = [
        {"cadre": second.code, "work": "TD01", "content": "một"},
        {"cadre": second.code, "work": "TD04", "content": "hai"},
        {"cadre": first.code, "work": "TD05", "content": "ba"},
    ]
    cells = answers(form(), brief(), {"work": given})
    read = rows(fill(blank_workbook(form(), brief()), cells), WORK.name)[FIRST_ROW - 1 :]
    staff = len(brief().cadres)
    assert read[0][1:5] == [first.code, first.name, "TD05", "ba"]
    assert read[staff - 1][1:5] == [second.code, second.name, "TD01", "một"]
    assert read[staff][1:5] == [second.code, second.name, "TD04", "hai"]


def test_choices_are_written_as_their_labels_and_anything_else_as_it_is() -> None:
    leader = next(cadre for cadre in brief().cadres if cadre.leads)
    given = {"leaders": [{"cadre": leader.code, "d": "100", "dd": "75"}]}
    cells = answers(form(), brief(), {**given, "cover": {"nil": "co"}})
    assert cells["S5 Lãnh đạo d-đ-e", "D6"] == 100
    assert cells["S5 Lãnh đạo d-đ-e", "E6"] == 75
    assert cells["S1 Thông tin đơn vị", "B9"] == "Có"


def test_more_rows_than_the_form_has_lines_are_added_below() -> None:
    given = [{"cadre": "x", "content": f"việc {n}"} for n in range(60)]
    cells = answers(form(), brief(), {"work": given})
    read = rows(fill(blank_workbook(form(), brief()), cells), WORK.name)
    assert read[-1][4] == "việc 59"
    assert len(read) == FIRST_ROW - 1 + len(brief().cadres) + 60


def test_cells_outside_the_form_are_added_in_their_order() -> None:
    xml = '<sheetData><row r="2" spans="1:2"><c r="B2" s="1"/></row></sheetData>'
    filled = patched(xml, {"C1": 1, "A2": 2, "AA2": 3, "XFD9": "x"})
    assert filled.startswith(
        '<sheetData><row r="1"><c r="C1"><v>1</v></c></row><row r="2"><c r="A2">'
    )
    assert '<c r="B2" s="1"/><c r="AA2"><v>3</v></c></row><row r="9"><c r="XFD9"' in filled


def test_an_empty_sheet_can_be_filled_too() -> None:
    assert patched("<sheetData/><x/>", {"A1": 1}) == (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><x/>'
    )


def test_characters_that_xml_forbids_are_left_out() -> None:
    assert "ab" in patched("<sheetData/>", {"A1": "a\x00\x0bb"})


def test_a_sheet_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="Trang lạ"):
        fill(blank_workbook(form(), brief()), {("Trang lạ", "A1"): 1})


def test_a_package_reads_back_what_was_zipped() -> None:
    package = Package(zipped({"một.txt": "nội dung".encode(), "b": b""}))
    assert package.text("một.txt") == "nội dung"
    assert Package(package.with_parts({"b": b"2", "c": b"3"})).names == ("một.txt", "b", "c")


@needs_office_suite
def test_libreoffice_recalculates_the_same_totals_and_keeps_every_value(tmp_path: Path) -> None:
    own = brief().cadres[0].code
    marks = {**MARKS, "note": "Ghi chú có dấu"}
    given = {
        "general": [{"cadre": own, "rater": "tu_cham", **marks}],
        "work": [{"cadre": own, "work": "KT01", "due": date(2026, 10, 9), "assigned": 4}],
    }
    data = fill(blank_workbook(form(), brief()), answers(form(), brief(), given))
    again = resaved(data, tmp_path)
    for sheet in (WORK, GENERAL):
        kept = rows(again, sheet.name)
        for at, row in enumerate(rows(data, sheet.name)):
            assert kept[at][: len(row)] == row, (sheet.name, at + 1)
