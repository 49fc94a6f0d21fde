"""A plan as a workbook in the office's layout (Decree 30/2020): the plan, its costs, why each line
is there, and the figures of the period before.

data = plan_workbook(PlanPage(office="Sở Nội vụ …", kind=PlanKind.TRAINING, …))
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

from review.evidence import Evidence, Measure
from review.period import Period
from review.plans import ChangeState, PlanKind, PlanLine, ProposedChange, cost_lines

FONT = "Times New Roman"
CREATED = datetime(2000, 1, 1)  # the same plan gives the same bytes
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`names` are the units' by code; `figures` those of the period whose review proposed it."""

    office: str
    province: str
    signer: str
    kind: PlanKind
    period: Period
    version: int
    lines: Sequence[PlanLine]
    changes: Sequence[ProposedChange]
    figures: Sequence[Measure]
    names: Mapping[str, str]

    def unit(self, code: str) -> str:
        return self.names.get(code, code) if code else "Toàn tỉnh"


def plan_workbook(page: PlanPage) -> bytes:
    """The bytes of an .xlsx. Texts are written as texts: none can become a formula."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": page.kind.label, "created": CREATED})
        styles = _styles(book)
        _plan_sheet(book, styles, page)
        costs = cost_lines(page.lines)
        if any(cost for _, _, cost in costs):
            rows: list[Row] = [(n, *line) for n, line in enumerate(costs, start=1)]
            rows.append(("", "Cộng", len(page.lines), sum(cost for _, _, cost in costs)))
            _table(book, styles, "Dự toán", ("TT", "Nội dung", "Số dòng", "Kinh phí (đồng)"),
                   (5, 60, 10, 18), rows)  # fmt: skip
        _table(book, styles, "Căn cứ", ("TT", "Đơn vị", "Nội dung", "Thay đổi", "Trạng thái",
                                        "Vì sao", "Căn cứ: ai, kỳ, ô, ngày"),
               (5, 26, 40, 10, 14, 44, 60), _reasons(page))  # fmt: skip
        if page.figures:
            _table(book, styles, "Chỉ số", ("TT", "Chỉ số", "Giá trị", "Vì sao", "Cần chú ý"),
                   (5, 44, 18, 70, 10), _figures(page))  # fmt: skip
    return buffer.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    base = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
    boxed = {**base, "border": 1, "text_wrap": True, "valign": "top"}
    centred = {**base, "align": "center", "bold": True}
    return {
        "head": book.add_format({**boxed, **centred, "valign": "vcenter"}),
        "cell": book.add_format(boxed),
        "date": book.add_format({**boxed, "num_format": "dd/mm/yyyy", "align": "center"}),
        "money": book.add_format({**boxed, "num_format": "#,##0"}),
        "bold": book.add_format(centred),
        "under": book.add_format({**centred, "underline": 1}),
        "plain": book.add_format({**base, "align": "center"}),
        "italic": book.add_format({**base, "align": "center", "italic": True}),
        "title": book.add_format({**centred, "font_size": 14, "text_wrap": True}),
    }


HEADS = ("TT", "Đơn vị", "Nội dung", "Về ai, việc gì", "Sản phẩm", "Chủ trì", "Hạn", "Hình thức",
         "Số lượng", "Kinh phí (đồng)", "Chuyển kỳ", "Kết quả")  # fmt: skip
WIDTHS = (5, 26, 42, 16, 24, 13, 12, 18, 10, 15, 9, 24)


def _plan_sheet(book: Any, styles: Mapping[str, Any], page: PlanPage) -> None:
    sheet = book.add_worksheet("Kế hoạch")
    _paper(sheet, WIDTHS)
    whose = ((f"UBND TỈNH {page.province.upper()}", "plain"), (page.office.upper(), "under"))
    day = f"{page.province}, ngày      tháng      năm {page.period.start:%Y}"
    heading = zip(MOTTO, ("bold", "under"), strict=True)
    for first, last, block in (
        (0, 3, (*whose, ("Số:       /KH-SNV", "plain"))),
        (6, 11, (*heading, (day, "italic"))),
    ):
        for row, (text, style) in enumerate(block):
            sheet.merge_range(row, first, row, last, text, styles[style])
    which = f"{page.period.label.capitalize()} (phiên bản {page.version})"
    title = f"{page.kind.label.upper()}\n{which}"
    sheet.merge_range(4, 0, 4, len(HEADS) - 1, title, styles["title"])
    sheet.set_row(4, 40)
    rows = [_plan_row(page, n, line) for n, line in enumerate(page.lines, start=1)]
    _rows(sheet, styles, 6, HEADS, rows)
    sheet.repeat_rows(6)
    sheet.freeze_panes(7, 3)
    end = 8 + len(rows)
    sheet.write(end, 0, "Nơi nhận: như trên; lưu: VT, TĐKT.", styles["italic"])
    sheet.merge_range(end, 8, end, 11, "THỦ TRƯỞNG CƠ QUAN", styles["bold"])
    sheet.merge_range(end + 4, 8, end + 4, 11, page.signer, styles["bold"])


def _plan_row(page: PlanPage, n: int, line: PlanLine) -> Row:
    said = f"{line.outcome.label}. {line.outcome_says}" if line.outcome_says else ""
    who = page.unit(line.unit), line.content, line.subject, line.product, line.owner
    return (n, *who, line.due, line.form, line.quantity, line.cost, line.carried or None, said)


def _reasons(page: PlanPage) -> list[Row]:
    return [
        (
            n,
            page.unit(change.line.unit),
            change.line.content,
            change.action.label,
            change.state.label + (f": {change.reason}" if change.reason else ""),
            change.says,
            "\n".join(_place(piece) for piece in change.evidence),
        )
        for n, change in enumerate(
            (c for c in page.changes if c.state is not ChangeState.TAKEN_BACK), start=1
        )
    ]


def _place(piece: Evidence) -> str:
    on = f"{piece.on:%d/%m/%Y}" if piece.on else ""
    where = ", ".join(part for part in (piece.subject, piece.period, piece.cell, on) if part)
    return f"{piece.says} ({where})" if where else piece.says


def _figures(page: PlanPage) -> list[Row]:
    return [
        (n, one.label, one.shown, one.says, "x" if one.alarm else "")
        for n, one in enumerate(page.figures, start=1)
    ]


def _table(
    book: Any,
    styles: Mapping[str, Any],
    name: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Row],
) -> None:
    sheet = book.add_worksheet(name)
    _paper(sheet, widths)
    _rows(sheet, styles, 0, heads, rows)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)


def _paper(sheet: Any, widths: Sequence[int]) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=1.2, right=0.7, top=0.8, bottom=0.8)
    sheet.set_header("&C&P")
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)


def _rows(
    sheet: Any, styles: Mapping[str, Any], top: int, heads: Sequence[str], rows: Sequence[Row]
) -> None:
    for at, head in enumerate(heads):
        sheet.write_string(top, at, head, styles["head"])
    for down, row in enumerate(rows, start=top + 1):
        for at, value in enumerate(row):
            _write(sheet, styles, down, at, value)


def _write(sheet: Any, styles: Mapping[str, Any], row: int, at: int, value: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, at, None, styles["cell"])
    elif isinstance(value, int):
        sheet.write_number(row, at, value, styles["money"])
    elif isinstance(value, str):
        sheet.write_string(row, at, value, styles["cell"])
    else:
        sheet.write_datetime(row, at, value, styles["date"])
