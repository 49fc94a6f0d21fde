"""The blank form as a unit meets it: in our reader, and in LibreOffice."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from channels.blank import FormPress, blank_workbook
from channels.library import regulation_in_force
from review.brief import ProgrammeTask, UnitBrief
from review.form import CARD_FIRST_ROW, FIRST_ROW, HEADING_ROW, META_SHEET, Form
from review.period import Period
from sample import sample_roster
from tests.office_suite import flat, needs_office_suite, resaved

UNIT = "03637"
OCTOBER = Period.parse("2026-10")


@cache
def form() -> Form:
    return regulation_in_force("2026-10").forms["month"]


@cache
def brief(code: str = UNIT) -> UnitBrief:
    roster = sample_roster()
    unit = roster.unit(code)
    assert unit is not None
    cadres = roster.cadres_of(code, OCTOBER)
    works = regulation_in_force("2026-10").works
    tasks = (
        _task(code, "2026-10-01", "Sơ kết phong trào “Dân vận khéo”", cadres[0].code),
        replace(_task(code, "2026-10-02", "Họp Hội đồng", cadres[0].code), due=None),
    )
    return UnitBrief(unit, "2026-10", cadres, works, tasks, opening=3, due=date(2026, 11, 5))


def _task(unit: str, code: str, content: str, owner: str) -> ProgrammeTask:
    return ProgrammeTask(unit, "2026-10", code, content, "Báo cáo", owner, date(2026, 10, 20))


def rows(data: bytes, sheet: str) -> list[list[Any]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_every_field_of_the_form_has_its_heading_where_the_form_says() -> None:
    data = blank_workbook(form(), brief())
    for sheet in form().sheets:
        read = rows(data, sheet.name)
        assert read[0][0] == sheet.title
        assert read[1][0] == sheet.help
        labels = [field.label for field in sheet.fields]
        if sheet.kind == "card":
            first = CARD_FIRST_ROW - 1
            assert [row[0] for row in read[first : first + len(labels)]] == labels
        else:
            assert read[HEADING_ROW - 1][: len(labels)] == labels


def test_the_same_unit_gets_the_same_bytes_and_another_unit_others() -> None:
    press = FormPress(form(), brief().works)
    assert press.blank(brief()) == press.blank(brief()) == blank_workbook(form(), brief())
    assert press.blank(brief()) != press.blank(brief("03562"))


def test_the_cover_knows_the_unit_the_period_and_the_head_count() -> None:
    read = rows(blank_workbook(form(), brief()), form().sheet("cover").name)
    values = {row[0]: row[1] for row in read}
    assert values["Mã đơn vị"] == UNIT
    assert values["Tên đơn vị"] == brief().unit.name
    assert values["Kỳ báo cáo"] == "2026-10"
    assert values["Phiên bản mẫu"] == form().version
    assert values["Không phát sinh trong kỳ?"] == "Không"
    assert values["Số cán bộ TĐKT đầu kỳ"] == 3
    assert values["Số cán bộ TĐKT cuối kỳ"] == len(brief().cadres)
    assert read[2][0].endswith("Kỳ báo cáo: tháng 10/2026   ·   Hạn nộp: 05/11/2026")


def test_the_lines_of_cadres_raters_leaders_and_tasks_are_there() -> None:
    data, cadres = blank_workbook(form(), brief()), brief().cadres
    codes = [cadre.code for cadre in cadres]

    def column(key: str, field: str) -> list[Any]:
        sheet = form().sheet(key)
        return [row[sheet.at(field)] for row in rows(data, sheet.name)[FIRST_ROW - 1 :]]

    assert column("work", "cadre")[: len(codes)] == codes
    assert column("work", "name")[0] == cadres[0].name
    assert column("general", "cadre")[: 2 * len(codes) : 2] == codes
    assert column("general", "rater")[:2] == ["Cá nhân tự chấm", "Cấp có thẩm quyền chấm"]
    assert [c for c in column("leaders", "cadre") if c] == [c.code for c in cadres if c.leads]
    assert column("programme", "code")[:2] == ["2026-10-01", "2026-10-02"]
    assert column("programme", "when")[:3] == ["Tháng này", "Tháng này", ""]
    assert column("programme", "due")[:2] == [date(2026, 10, 20), ""]


def test_a_total_shows_nothing_until_its_parts_are_filled() -> None:
    sheet = form().sheet("general")
    read = rows(blank_workbook(form(), brief()), sheet.name)
    assert {row[sheet.at("total")] for row in read[FIRST_ROW - 1 :]} == {""}


def test_the_hidden_sheet_says_whose_form_it_is() -> None:
    data = blank_workbook(form(), brief())
    read = rows(data, META_SHEET)
    assert {row[0]: row[1] for row in read[:4]} == {
        "unit": UNIT,
        "period": "2026-10",
        "form": form().code,
        "version": form().version,
    }
    assert 'name="_META"' in part(data, "xl/workbook.xml")
    assert 'state="veryHidden"' in part(data, "xl/workbook.xml")
    assert UNIT in part(data, "docProps/custom.xml")


def test_a_unit_whose_name_begins_with_a_digit_leaves_the_heads_their_size() -> None:
    mine = brief()
    named = replace(mine, unit=replace(mine.unit, name="19/8 & bạn"))
    (head,) = re.findall("<oddHeader>(.*?)</oddHeader>", part(
        blank_workbook(form(), named), "xl/worksheets/sheet1.xml"))  # fmt: skip
    assert '&amp;10&amp;"Times New Roman,Italic"19/8 &amp;&amp; bạn&amp;R' in head.replace(
        "&quot;", '"'
    )


def test_no_mark_of_the_stencil_is_left_and_every_page_names_the_unit() -> None:
    data = blank_workbook(form(), replace(brief(), unit=replace(brief().unit, name="A & <B>")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
        assert archive.testzip() is None
    assert not [name for name, text in texts.items() if "@@" in text]
    assert "A &amp;&amp; &lt;B&gt;" in texts["xl/worksheets/sheet1.xml"]
    assert "A &amp; &lt;B&gt;" in texts["docProps/core.xml"]


def test_every_choice_and_source_has_its_list_and_every_number_its_bounds() -> None:
    data = blank_workbook(form(), brief())
    names = set(re.findall(r'definedName name="([^"]+)"', part(data, "xl/workbook.xml")))
    assert {"DON_VI", "KY", "DS_CAN_BO", "DS_LANH_DAO", "DS_LOAI_VIEC"} <= names
    for at, sheet in enumerate(form().sheets, start=2):  # after the guide
        xml = part(data, f"xl/worksheets/sheet{at}.xml")
        for field in sheet.fields:
            wanted = (field.choices or field.source) and not field.locked
            address = sheet.cell(field.name, FIRST_ROW)
            rule = re.search(rf'<dataValidation type="list"[^>]* sqref="{address}(?::\w+)?">', xml)
            assert bool(rule) == bool(wanted), field.name
        assert set(re.findall(r"<formula1>(DS_\w+)<", xml)) <= names


def test_a_person_writes_only_in_the_yellow_cells() -> None:
    data = blank_workbook(form(), brief())
    for at in range(1, len(form().sheets) + 5):  # the hidden sheet too
        xml = part(data, f"xl/worksheets/sheet{at}.xml")
        assert '<sheetProtection sheet="1"' in xml
        assert 'insertRows="0"' in xml
        assert "password" not in xml


def test_a_unit_without_cadres_or_tasks_still_gets_a_form() -> None:
    empty = replace(brief(), cadres=(), tasks=(), opening=None, due=None)
    read = rows(blank_workbook(form(), empty), form().sheet("work").name)
    assert read[FIRST_ROW - 1][1] == ""


def test_one_who_left_during_the_month_is_listed_but_not_counted_at_its_end() -> None:
    first, *others = brief().cadres
    left = first._replace(until=date(2026, 10, 12))
    data = blank_workbook(form(), replace(brief(), cadres=(left, *others)))
    values = {row[0]: row[1] for row in rows(data, form().sheet("cover").name)}
    assert values["Số cán bộ TĐKT cuối kỳ"] == len(others)
    assert rows(data, form().sheet("work").name)[FIRST_ROW - 1][1] == left.code


@needs_office_suite
def test_libreoffice_opens_it_with_lists_locks_and_names_alive(tmp_path: Path) -> None:
    text = flat(blank_workbook(form(), brief()), tmp_path)
    lists = re.findall(r'table:condition="of:cell-content-is-in-list\((DS_\w+)\)"', text)
    assert {"DS_CAN_BO", "DS_LANH_DAO", "DS_LOAI_VIEC"} <= set(lists)
    assert "cell-content-is-decimal-number() and cell-content-is-between(0,2.5)" in text
    assert "cell-content-is-date()" in text
    assert "Ô này chỉ nhận số, phần thập phân dùng dấu phẩy, từ 0 đến 2,5." in text
    visible = len(form().sheets) + 4
    assert len(re.findall(r'<table:table [^>]*table:protected="true"', text)) == visible + 1
    assert {"DON_VI", "KY"} <= set(re.findall(r'table:named-range table:name="(\w+)"', text))
    assert 'table:display="false"' in text  # the style of the hidden sheet


@needs_office_suite
def test_what_libreoffice_saves_again_reads_the_same(tmp_path: Path) -> None:
    data = blank_workbook(form(), brief())
    again = resaved(data, tmp_path)
    for sheet in form().sheets:
        kept = rows(again, sheet.name)
        for at, row in enumerate(rows(data, sheet.name)):
            assert kept[at][: len(row)] == row, (sheet.name, at + 1)
    assert rows(again, META_SHEET)[0][:2] == ["unit", UNIT]


@pytest.mark.parametrize("code", ["VPUB", "SNV"])
def test_bodies_of_the_province_have_their_letters_for_a_code(code: str) -> None:
    read = rows(blank_workbook(form(), brief(code)), form().sheet("cover").name)
    assert read[CARD_FIRST_ROW - 1][1] == code
