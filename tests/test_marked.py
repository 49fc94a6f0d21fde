"""The unit's own workbook back: marked for the unit, the same submission for us."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from channels.errors import ChannelRefused
from channels.guard import guard
from channels.marked import marked
from channels.marked_list import HEADINGS, MOST_ROWS
from channels.marked_notes import HEADING
from channels.reading import read_and_examine
from channels.zip_patch import Package, zipped
from cli.main import main
from review.examine import Examined
from review.explanations import LIST_SHEET
from review.findings import Finding, Severity
from tests.drawer import HOSTILE, PERIOD, Desk, typed
from tests.office_suite import converted, needs_office_suite, resaved

DESK = Desk()
WORK, GENERAL = DESK.form.sheet("work").name, DESK.form.sheet("general").name
WORK_PART, GENERAL_PART = "xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml"
OURS = re.compile(
    r"<conditionalFormatting[^>]*><cfRule[^>]*><formula>N\(\"TDKT .*?</conditional\w+>"
)


@cache
def wrong() -> bytes:
    return DESK.with_cells({("general", "E6"): 6, ("general", "F6"): "x", ("work", "H6"): "ba"})


def examined(data: bytes) -> Examined:
    return read_and_examine(data, DESK.forms, PERIOD)


def finding(cell: str, severity: Severity = Severity.MUST_FIX, sheet: str = GENERAL) -> Finding:
    return Finding("THU", severity, sheet, cell, "", f"Sai ở {cell or 'tệp'}.", "Sửa lại.")


@cache
def returned() -> bytes:
    return marked(wrong(), examined(wrong()).findings)


def listed(data: bytes) -> list[tuple[object, ...]]:
    rows = openpyxl.load_workbook(BytesIO(data))[LIST_SHEET].iter_rows(values_only=True)
    every = [tuple(row[: len(HEADINGS)]) for row in rows]
    return every[every.index(HEADINGS) + 1 :]


def noted(data: bytes, sheet: str = GENERAL) -> dict[str, str]:
    cells = (
        cell for row in openpyxl.load_workbook(BytesIO(data))[sheet].iter_rows() for cell in row
    )
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def coloured(data: bytes, part: str = GENERAL_PART) -> list[str]:
    return re.findall(
        r'sqref="([A-Z0-9 ]+)"><cfRule[^>]*><formula>N\("TDKT', Package(data).text(part)
    )


def of_a_unit() -> bytes:
    """The wrong workbook with a note and a coloured rule of the unit's own, as a writer of another
    make saves it."""
    book = openpyxl.load_workbook(BytesIO(wrong()))
    sheet = book[GENERAL]
    sheet["E6"].comment = Comment("Chị Hoa: đã hỏi lại", "Hoa")
    sheet["M7"].comment = Comment("Giữ nguyên", "Hoa")
    fill = PatternFill("solid", bgColor="FF00FF00")
    sheet.conditional_formatting.add("E6:N20", FormulaRule(formula=["E6>2"], fill=fill))
    sheet.print_area = "A1:P20"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


# What the unit sees


def test_each_faulty_cell_is_coloured_and_has_a_note_that_says_how_to_mend_it() -> None:
    assert coloured(returned()) == ["E6 F6"]
    assert coloured(returned(), WORK_PART) == ["H6"]
    notes = noted(returned())
    assert list(notes) == ["E6", "F6"]
    fault = next(f for f in examined(wrong()).findings if f.cell == "E6")
    assert notes["E6"] == f"{HEADING}\n[Phải sửa] {fault.says}\n→ {fault.fix}"


def test_the_colour_is_that_of_the_worst_finding_of_the_cell() -> None:
    found = [finding("E6", Severity.NOTE), finding("E6"), finding("F6", Severity.MUST_EXPLAIN)]
    data = marked(wrong(), [*found, finding("G6", Severity.NOTE)])
    xml = Package(data).text(GENERAL_PART)
    rules = re.findall(r'sqref="(\w+)"><cfRule[^>]*dxfId="(\d+)"[^>]*><formula>N\("TDKT (\w+)', xml)
    assert [(cell, severity) for cell, _, severity in rules] == [
        ("E6", "must_fix"),
        ("F6", "must_explain"),
        ("G6", "note"),
    ]
    grounds = re.findall(r'bgColor rgb="FF(\w+)"', Package(data).text("xl/styles.xml"))
    start = int(rules[0][1])
    assert grounds[start : start + 3] == ["FFB3B3", "FFD27F", "BDD7EE"]
    assert noted(data)["E6"].index("[Phải sửa]") < noted(data)["E6"].index("[Lưu ý]")


def test_the_first_sheet_lists_every_finding_with_a_link_the_worst_first() -> None:
    found = [
        finding("B2", Severity.NOTE, WORK),
        finding("E6", Severity.NOTE),
        finding("F6"),
        finding("", Severity.MUST_EXPLAIN, ""),
        finding("A1", Severity.NOTE, "Trang không có"),
    ]
    data = marked(wrong(), found)
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.sheetnames == [LIST_SHEET, *openpyxl.load_workbook(BytesIO(wrong())).sheetnames]
    assert book.active.title == LIST_SHEET
    assert [row[:4] for row in listed(data)] == [
        (f"{GENERAL} – 2 mục", None, None, None),
        (1, GENERAL, "F6", "Phải sửa"),
        (2, GENERAL, "E6", "Lưu ý"),
        ("Cả tệp – 2 mục", None, None, None),
        (3, "Cả tệp", "–", "Cần giải trình"),
        (4, "Trang không có", "A1", "Lưu ý"),
        (f"{WORK} – 1 mục", None, None, None),
        (5, WORK, "B2", "Lưu ý"),
    ]
    sheet = book[LIST_SHEET]
    links = {cell.hyperlink.location for (cell,) in sheet["C1:C30"] if cell.hyperlink}
    assert links == {f"'{GENERAL}'!F6", f"'{GENERAL}'!E6", f"'{WORK}'!B2"}
    counts = {row[1].split(" – ")[0]: row[0] for row in sheet.iter_rows(3, 5, 1, 2, True)}
    assert counts == {"Phải sửa": 1, "Cần giải trình": 1, "Lưu ý": 3}


def test_one_sheet_only_is_selected_so_that_typing_goes_to_one() -> None:
    package = Package(returned())
    sheets = [name for name in package.names if name.startswith("xl/worksheets/sheet")]
    chosen = [name for name in sheets if 'tabSelected="1"' in package.text(name)]
    assert chosen == ["xl/worksheets/sheet12.xml"]


def test_words_of_a_stranger_never_become_a_formula_or_break_the_file() -> None:
    hostile = '=HYPERLINK("http://x";"y")\x07 <b>&amp; _x0041_ \ud800'
    data = marked(wrong(), [replace(finding("E6"), says=hostile, fix="+1\n@SUM(A1)")])
    cell = next(row for row in listed(data) if row[0] == 1)
    assert cell[4] == '=HYPERLINK("http://x";"y") <b>&amp; _x005F_x0041_ '
    assert "<f>" not in Package(data).text("xl/worksheets/sheet12.xml")
    assert examined(data).submission == examined(wrong()).submission


def test_thousands_of_findings_are_cut_where_nobody_reads_on() -> None:
    found = [finding(f"E{row}") for row in range(6, 6 + MOST_ROWS + 5)]
    data = marked(wrong(), found)
    assert listed(data)[-1][0] == "… và 5 mục nữa; sửa các mục trên trước."
    assert sum(len(cells.split()) for cells in coloured(data)) == len(found)
    guard(data)


# What stays


def test_the_marked_file_is_the_same_submission() -> None:
    guard(returned())
    assert examined(returned()) == examined(wrong())


def test_nothing_else_in_the_file_changes() -> None:
    before, after = Package(wrong()), Package(returned())
    changed = {name for name in before.names if before.read(name) != after.read(name)}
    assert changed == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",  # no longer the selected one
        WORK_PART,
        GENERAL_PART,
    }
    for part in ("xl/worksheets/sheet1.xml", WORK_PART, GENERAL_PART):
        assert _bare(after.text(part)) == _bare(before.text(part))
    table = after.text("xl/styles.xml")
    for section in ("fonts", "fills", "borders", "cellXfs"):
        own = re.search(f"<{section} .*?(?=</{section}>)", before.text("xl/styles.xml"))
        assert own and own[0].partition(">")[2] in table


def test_every_cell_looks_and_says_what_it_did_as_a_spreadsheet_program_sees_it() -> None:
    before, after = (openpyxl.load_workbook(BytesIO(data)) for data in (wrong(), returned()))
    alike: dict[tuple[int, int], tuple[object, object]] = {}
    for page in before:
        now = after[page.title]
        assert now.dimensions == page.dimensions
        assert widths(now) == widths(page) and rules(now) == rules(page)
        for row, row_now in zip(page.iter_rows(), now.iter_rows(), strict=True):
            for cell, cell_now in zip(row, row_now, strict=True):
                assert said(cell_now) == said(cell)
                alike.setdefault((cell.style_id, cell_now.style_id), (cell, cell_now))
    for pair in alike.values():
        first, second = ([repr(getattr(cell, name)) for name in LOOKS] for cell in pair)
        assert first == second


LOOKS = ("font", "fill", "border", "alignment", "protection", "number_format")


def said(cell: object) -> object:
    """An array formula is an object of its own to openpyxl."""
    value = cell.value  # type: ignore[attr-defined]
    return getattr(value, "text", value)


def widths(page: Worksheet) -> dict[str, object]:
    columns = {name: (c.width, c.hidden) for name, c in page.column_dimensions.items()}
    rows = {str(at): (row.height, row.hidden) for at, row in page.row_dimensions.items()}
    return columns | rows


def rules(page: Worksheet) -> list[tuple[str, str, str | None]]:
    found = page.data_validations.dataValidation
    return [(str(rule.sqref), rule.type, rule.formula1) for rule in found]


def _bare(xml: str) -> str:
    """A sheet without what marking puts in, and without the letter of its declaration."""
    plain = OURS.sub("", re.sub(r"<legacyDrawing [^>]*>", "", xml.partition("?>")[2].strip()))
    return plain.replace(' tabSelected="1"', "")


def test_a_renamed_sheet_is_marked_under_the_name_it_bears() -> None:
    name = DESK.form.sheet("general").name
    pages = {sheet.name: DESK.rows(sheet.key) for sheet in DESK.form.sheets}
    pages["S4 - Tieu chi chung"] = pages.pop(name)
    pages["S4 - Tieu chi chung"][5][4] = 6.0  # more than the 5 points of its criterion
    own = typed(pages)
    found = examined(own).findings
    assert {(f.check, f.sheet, f.cell) for f in found} >= {("VUOT_TOI_DA", name, "E6")}
    page = openpyxl.load_workbook(BytesIO(marked(own, found)))["S4 - Tieu chi chung"]
    assert page["E6"].comment is not None and "vượt điểm tối đa" in page["E6"].comment.text


def test_a_second_round_replaces_the_marks_of_the_first() -> None:
    every = examined(wrong()).findings
    assert marked(returned(), every) == returned()
    once = marked(returned(), [f for f in every if f.cell == "F6"])
    assert list(noted(once)) == ["F6"] and coloured(once) == ["F6"]
    assert not coloured(once, WORK_PART) and not noted(once, WORK)
    assert len(listed(once)) == 2
    clean = marked(once, ())
    assert not noted(clean) and not coloured(clean) and not listed(clean)


def test_notes_and_rules_of_the_unit_stay_and_ours_come_and_go_beside_them() -> None:
    own = of_a_unit()
    data = marked(own, examined(own).findings)
    assert noted(data)["E6"].startswith(f"Chị Hoa: đã hỏi lại\n\n{HEADING}\n[Phải sửa]")
    assert noted(data)["M7"] == "Giữ nguyên"
    xml = Package(data).text(GENERAL_PART)
    assert "<formula>E6&gt;2</formula>" in xml
    ours, theirs = (
        int(re.search(rf'priority="(\d+)"[^>]*><formula>{text}', xml)[1])  # type: ignore[index]
        for text in (r"N\(", "E6&gt;2")
    )
    assert ours < theirs
    book = openpyxl.load_workbook(BytesIO(data))
    assert book[GENERAL].print_area == f"'{GENERAL}'!$A$1:$P$20"
    assert marked(data, examined(own).findings) == data
    clean = marked(data, ())
    assert noted(clean) == {"E6": "Chị Hoa: đã hỏi lại", "M7": "Giữ nguyên"}


def test_a_strict_workbook_is_marked_in_its_own_namespaces() -> None:
    old = b"http://schemas.openxmlformats.org/"
    package = Package(wrong())
    strict = {
        name: package.read(name)
        .replace(old + b"spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace(
            old + b"officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name in package.names
    }
    data = marked(zipped(strict), examined(wrong()).findings)
    assert examined(data) == examined(wrong())
    assert b"schemas.openxmlformats.org/spreadsheetml" not in Package(data).read(GENERAL_PART)


# What cannot be marked


def test_a_workbook_of_the_old_kind_is_refused_with_what_to_do() -> None:
    with pytest.raises(ChannelRefused, match=r"Lưu thành .*\.xlsx"):
        marked(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ())
    with pytest.raises(ChannelRefused, match=r"Lưu thành .*\.xlsx"):
        marked(zipped({"content.xml": b"<a/>"}), ())


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", GENERAL_PART])
def test_a_broken_part_is_refused_not_a_crash(part: str) -> None:
    with pytest.raises(ChannelRefused, match="Không đánh dấu được"):
        marked(Package(wrong()).with_parts({part: b"<worksheet><sheetData>"}), [finding("E6")])


def test_a_drawing_full_of_unfinished_shapes_costs_no_time() -> None:
    vml = next(n for n in Package(returned()).names if n.endswith(".vml"))
    endless = b"<xml>" + b"<v:shape " * 400_000 + b"</xml>"
    data = Package(returned()).with_parts({vml: endless})
    assert examined(marked(data, examined(wrong()).findings)) == examined(wrong())


# tdkt check --marked


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(["check", *args])
    assert isinstance(done.value.code, int)
    return done.value.code


def test_check_writes_the_marked_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, copy = tmp_path / "a.xlsx", tmp_path / "sửa.xlsx"
    file.write_bytes(wrong())
    assert run(str(file), "--json", "--marked", str(copy)) == 1
    assert len(json.loads(capsys.readouterr().out)["findings"]) == 3
    assert copy.read_bytes() == returned()
    assert file.read_bytes() == wrong()


def test_check_never_writes_over_the_original(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(wrong())
    assert run(str(file), "--marked", str(file)) == 2
    assert file.read_bytes() == wrong()


def test_an_unreadable_file_has_no_marked_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, copy = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    file.write_bytes(next(iter(HOSTILE.values()))[0](DESK))
    assert run(str(file), "--marked", str(copy)) == 1
    assert "không có bản đánh dấu" in capsys.readouterr().err
    assert not copy.exists()


# LibreOffice


@needs_office_suite
def test_libreoffice_opens_it_and_what_it_saves_can_be_marked_again(tmp_path: Path) -> None:
    own = of_a_unit()
    found = examined(own).findings
    saved = resaved(marked(own, found), tmp_path)
    assert examined(saved).findings == found
    assert noted(saved)["M7"] == "Giữ nguyên" and HEADING in noted(saved)["E6"]
    again = marked(saved, [f for f in found if f.cell == "F6"])
    assert list(noted(again)) == ["E6", "F6", "M7"]
    assert HEADING not in noted(again)["E6"]
    assert openpyxl.load_workbook(BytesIO(again)).sheetnames.count(LIST_SHEET) == 1
    assert len(listed(again)) == 2
    parts = [n for n in Package(again).names if n.startswith("xl/worksheets/sheet")]
    assert [cells for part in parts for cells in coloured(again, part)] == ["F6"]


@needs_office_suite
def test_the_list_prints(tmp_path: Path) -> None:
    assert converted(returned(), tmp_path, "pdf").read_bytes().startswith(b"%PDF")
