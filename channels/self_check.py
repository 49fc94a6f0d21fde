"""The sheet “Tự kiểm tra”: what the office would say of the workbook, before it is sent.

    SelfCheck(form, lasts).write(book, styles)

One line a rule, its count by a formula, and one verdict at the top that anybody understands: green
to send, red to mend, yellow to explain. It works without a network, in Excel and in LibreOffice.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from channels.blank_pages import WHOSE_CELL, lock, paper
from channels.blank_styles import Styles
from channels.self_check_cases import (
    REGISTER_CODES,
    REGISTER_NAMES,
    SPECIAL,
)
from channels.self_check_rules import Areas, SelfRule, areas_of, of_sheet
from channels.self_check_work import WORK_CODES, WORK_COEFS
from channels.sheet_formulas import POINT, SELF_CHECK_SHEET, quoted
from review.findings import Severity
from review.form import FIRST_ROW, Form

TITLE = "TỰ KIỂM TRA TRƯỚC KHI GỬI"
HELP = (
    "Không gõ gì ở trang này: điền đến đâu, kết quả đổi đến đó. Bấm tên trang để đến chỗ cần sửa."
)
VERDICT_ROW, HEADINGS_ROW, RULES_ROW = 4, 6, 7
COLUMNS = (
    ("TT", 5),
    ("Trang", 31),
    ("Điều kiểm tra", 56),
    ("Nếu sai thì", 15),
    ("Số chỗ", 9),
    ("Dòng đầu tiên", 10),
    ("Kết quả", 16),
)
CODE_COLUMN = 7  # hidden: which check of the office a line stands for
GREEN, YELLOW, RED = ("#006100", "#C6EFCE"), ("#7F6000", "#FFEB9C"), ("#9C0006", "#FFC7CE")


class SelfCheck:
    """`lasts`: the last row of each table, by sheet key. `by_slips`: the unit's form 01 comes on
    raters' slips, and its report need not have it."""

    def __init__(self, form: Form, lasts: Mapping[str, int], *, by_slips: bool = False) -> None:
        self._form, self._areas = form, areas_of(form, lasts)
        asked = (one for one in rules_of(self._areas) if not (by_slips and one.of_form_01))
        self.rules = tuple(asked)
        self._last = RULES_ROW + len(self.rules) - 1

    def write(self, book: Workbook, styles: Styles) -> None:
        page = book.add_worksheet(SELF_CHECK_SHEET)
        page.set_tab_color("#70AD47")
        page.hide_gridlines(2)
        page.write_string("A1", TITLE, styles.title)
        page.write_string("A2", HELP, styles.help)
        page.write_blank(WHOSE_CELL, None, styles.whose)
        for column, (label, width) in enumerate(COLUMNS):
            page.set_column(column, column, width)
            page.write_string(HEADINGS_ROW - 1, column, label, styles.heading)
        page.set_column(CODE_COLUMN, CODE_COLUMN + 1, None, None, {"hidden": True})
        page.write_array_formula("I1:I1", "{=MID(1/2,2,1)}", None, "")
        for at, rule in enumerate(self.rules):
            self._line(page, styles, at, rule)
        self._verdict(page, styles)
        self._colours(page, book)
        page.freeze_panes(HEADINGS_ROW, 0)
        page.repeat_rows(HEADINGS_ROW - 1)
        page.print_area(0, 0, self._last - 1, len(COLUMNS) - 1)
        paper(page, landscape=False)
        lock(page)
        self._names(book)

    def _line(self, page: Worksheet, styles: Styles, at: int, rule: SelfRule) -> None:
        row, area = RULES_ROW + at, self._areas[rule.sheet]
        name = area.sheet.name
        link = f"internal:{quoted(name)}!A{FIRST_ROW}"
        page.write_number(row - 1, 0, at + 1, styles.told(center=True))
        page.write_url(row - 1, 1, link, styles.link, name)
        page.write_string(row - 1, 2, rule.says, styles.told())
        page.write_string(row - 1, 3, rule.severity.label, styles.told(center=True))
        count = f'{{=IFERROR({rule.formula},"?")}}'
        page.write_array_formula(row - 1, 4, row - 1, 4, count, styles.told(center=True), "")
        if rule.words and area.sheet.kind == "table":
            first = f'{{=IF(N(E{row})>0,{rule.first(area.rows)},"")}}'
            page.write_array_formula(row - 1, 5, row - 1, 5, first, styles.told(center=True), "")
        else:
            page.write_blank(row - 1, 5, None, styles.told(center=True))
        result = f'{{=IF(ISTEXT(E{row}),"Không rõ",IF(E{row}=0,"Đạt",D{row}))}}'
        page.write_array_formula(row - 1, 6, row - 1, 6, result, styles.told(center=True), "")
        page.write_string(row - 1, CODE_COLUMN, rule.check)

    def _verdict(self, page: Worksheet, styles: Styles) -> None:
        fix, explain = self._sum(Severity.MUST_FIX), self._sum(Severity.MUST_EXPLAIN)
        bad = f'"CHƯA GỬI ĐƯỢC – còn "&{fix}&" chỗ phải sửa, xem các dòng đỏ bên dưới"'
        fair = f'"GỬI ĐƯỢC – còn "&{explain}&" điểm nên giải trình, xem các dòng vàng"'
        good = '"ĐẠT – báo cáo đầy đủ, đúng mẫu, gửi được"'
        page.set_row_pixels(VERDICT_ROW - 1, 46)
        page.merge_range(VERDICT_ROW - 1, 0, VERDICT_ROW - 1, 6, "", styles.verdict)
        formula = f"=IF({fix}>0,{bad},IF({explain}>0,{fair},{good}))"
        page.write_formula(VERDICT_ROW - 1, 0, formula, styles.verdict, "")

    def _sum(self, severity: Severity) -> str:
        levels, counts = (f"${c}${RULES_ROW}:${c}${self._last}" for c in "DE")
        return f'SUMIF({levels},"{severity.label}",{counts})'

    def _colours(self, page: Worksheet, book: Workbook) -> None:
        fix, explain = self._sum(Severity.MUST_FIX), self._sum(Severity.MUST_EXPLAIN)
        top = (VERDICT_ROW - 1, 0, VERDICT_ROW - 1, 6)
        lines = (RULES_ROW - 1, 2, self._last - 1, 6)
        must, may = Severity.MUST_FIX.label, Severity.MUST_EXPLAIN.label
        result = f"$G{RULES_ROW}"
        for place, criteria, (ink, paint) in (
            (top, f"={fix}>0", RED),
            (top, f"={explain}>0", YELLOW),
            (top, f"={fix}=0", GREEN),
            (lines, f'={result}="{must}"', RED),
            (lines, f'={result}="{may}"', YELLOW),
            ((RULES_ROW - 1, 6, self._last - 1, 6), f'={result}="Đạt"', GREEN),
        ):
            look: Format = book.add_format({"font_color": ink, "bg_color": paint})
            rule = {"type": "formula", "criteria": criteria, "format": look, "stop_if_true": True}
            page.conditional_format(*place, rule)

    def _names(self, book: Workbook) -> None:
        for name, place in self._areas["cover"].names.items():  # one dict for all areas
            book.define_name(name, place)
        book.define_name(POINT, f"={quoted(SELF_CHECK_SHEET)}!$I$1")


def rules_of(areas: Areas) -> list[SelfRule]:
    """Every rule of a form that a formula can hold, in the order of its sheets."""
    found = [rule for area in areas.values() for rule in of_sheet(area, areas)]
    found += [rule for rules in SPECIAL for rule in rules(areas)]
    order = {key: at for at, key in enumerate(areas)}
    return sorted(found, key=lambda rule: order[rule.sheet])


def register_names(works: int, cadres: int, works_page: str, cadres_page: str) -> dict[str, str]:
    """The names of the two pages to look things up in, that the formulas use."""
    last_work, last_cadre = (FIRST_ROW + max(count, 1) - 1 for count in (works, cadres))
    return {
        REGISTER_CODES: f"={quoted(cadres_page)}!$A${FIRST_ROW}:$A${last_cadre}",
        REGISTER_NAMES: f"={quoted(cadres_page)}!$B${FIRST_ROW}:$B${last_cadre}",
        WORK_CODES: f"={quoted(works_page)}!$A${FIRST_ROW}:$A${last_work}",
        WORK_COEFS: f"={quoted(works_page)}!$C${FIRST_ROW}:$C${last_work}",
    }
