"""A plan as a workbook in the office's layout (Decree 30/2020): the plan, its costs, why each line
is there, and the figures of the period before.

data = plan_workbook(PlanPage(office="Sở Nội vụ …", kind=PlanKind.TRAINING, …))
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap
from typing import Any

import xlsxwriter

from review.evidence import Evidence, Measure
from review.period import Period
from review.plans import Action, ChangeState, PlanKind, PlanLine, ProposedChange, cost_lines

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

    @property
    def waiting(self) -> list[ProposedChange]:
        return [change for change in self.changes if change.state is ChangeState.PROPOSED]

    @property
    def is_draft(self) -> bool:
        """Nobody has accepted a line yet: what is proposed is shown, and called so."""
        return not self.version and bool(self.waiting)

    @property
    def shown(self) -> Sequence[PlanLine]:
        if not self.is_draft:
            return self.lines
        return [change.line for change in self.waiting if change.action is not Action.REMOVE]

    @property
    def state(self) -> str:
        count = len(self.waiting)
        if self.is_draft:
            return f"dự thảo: {count} đề xuất chờ quyết định"
        still = f"; còn {count} đề xuất chờ quyết định" if count else ""
        return f"phiên bản {self.version}{still}"

    def why(self, line: PlanLine) -> str:
        """What the change said that brought the line in, or last changed it."""
        said = [c.says for c in self.changes if (c.line.unit, c.line.key) == (line.unit, line.key)]
        return said[-1] if said else ""


def plan_workbook(page: PlanPage) -> bytes:
    """The bytes of an .xlsx. Texts are written as texts: none can become a formula."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": page.kind.label, "created": CREATED})
        styles = _styles(book)
        _plan_sheet(book, styles, page)
        costs = cost_lines(page.shown)
        if any(cost for _, _, cost in costs):
            rows: list[Row] = [(n, *line) for n, line in enumerate(costs, start=1)]
            rows.append(("", "Cộng", len(page.shown), sum(cost for _, _, cost in costs)))
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
        "count": book.add_format({**boxed, "align": "center"}),
        "money": book.add_format({**boxed, "num_format": "#,##0"}),
        "bold": book.add_format(centred),
        "under": book.add_format({**centred, "underline": 1}),
        "plain": book.add_format({**base, "align": "center"}),
        "italic": book.add_format({**base, "align": "center", "italic": True}),
        "title": book.add_format({**centred, "font_size": 14, "text_wrap": True}),
    }


COLUMNS = (  # heading, width; one that no line fills is left out, but for the first three
    ("TT", 5), ("Đơn vị", 22), ("Nội dung", 38), ("Về ai, việc gì", 14), ("Sản phẩm", 22),
    ("Chủ trì", 12), ("Hạn", 12), ("Hình thức", 15), ("Số lượng", 8), ("Kinh phí (đồng)", 13),
    ("Chuyển kỳ", 8), ("Vì sao có dòng này", 44), ("Kết quả", 24),
)  # fmt: skip
ALWAYS = 3
FEWEST = 6  # columns that the heading and the signature are spread over


def _plan_sheet(book: Any, styles: Mapping[str, Any], page: PlanPage) -> None:
    sheet = book.add_worksheet("Kế hoạch")
    rows = [_plan_row(page, n, line) for n, line in enumerate(page.shown, start=1)]
    there = [n for n in range(len(COLUMNS)) if n < ALWAYS or any(row[n] for row in rows)]
    if len(there) < FEWEST:
        there = list(range(FEWEST))
    heads, widths = zip(*(COLUMNS[n] for n in there), strict=True)
    _paper(sheet, widths)
    last = len(there) - 1
    _heading(sheet, styles, page, last)
    _rows(sheet, styles, 6, heads, widths, [[row[n] for n in there] for row in rows])
    sheet.repeat_rows(6)
    sheet.freeze_panes(7, ALWAYS)
    end = 8 + len(rows)
    sheet.merge_range(end, 0, end, 1, "Nơi nhận: như trên; lưu: VT, TĐKT.", styles["italic"])
    sheet.merge_range(end, last - 2, end, last, "THỦ TRƯỞNG CƠ QUAN", styles["bold"])
    sheet.merge_range(end + 4, last - 2, end + 4, last, page.signer, styles["bold"])


def _heading(sheet: Any, styles: Mapping[str, Any], page: PlanPage, last: int) -> None:
    whose = ((f"UBND TỈNH {page.province.upper()}", "plain"), (page.office.upper(), "under"))
    day = f"{page.province}, ngày      tháng      năm {page.period.start:%Y}"
    heading = zip(MOTTO, ("bold", "under"), strict=True)
    middle = (last + 1) // 2 if last < len(MOTTO) * 4 else last - 5
    for first, until, block in (
        (0, min(middle - 1, 2), (*whose, ("Số:       /KH-SNV", "plain"))),
        (middle, last, (*heading, (day, "italic"))),
    ):
        for row, (text, style) in enumerate(block):
            sheet.merge_range(row, first, row, until, text, styles[style])
    title = f"{page.kind.label.upper()}\n{page.period.title} ({page.state})"
    sheet.merge_range(4, 0, 4, last, title, styles["title"])
    sheet.set_row(4, 40)


def _plan_row(page: PlanPage, n: int, line: PlanLine) -> Row:
    said = f"{line.outcome.label}. {line.outcome_says}" if line.outcome_says else ""
    who = page.unit(line.unit), line.content, line.subject, line.product, line.owner
    size = line.due, line.form, line.quantity, line.cost, line.carried or None
    return (n, *who, *size, page.why(line), said)


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
    _rows(sheet, styles, 0, heads, widths, rows)
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
    sheet: Any,
    styles: Mapping[str, Any],
    top: int,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Row],
) -> None:
    for at, head in enumerate(heads):
        sheet.write_string(top, at, head, styles["head"])
    sheet.set_row(top, LINE * _lines(heads, widths))
    for down, row in enumerate(rows, start=top + 1):
        for at, value in enumerate(row):
            _write(sheet, styles, down, at, value)
        sheet.set_row(down, min(LINE * _lines(row, widths), TALLEST))


LINE = 16  # points that a line of text takes
TALLEST = 409  # of a row, in a spreadsheet


def _lines(row: Row, widths: Sequence[int]) -> int:
    """How many lines the fullest cell needs: a row of wrapped text is not made higher by every
    program that opens it."""
    return max(
        sum(len(wrap(part, max(round(width * 1.05), 4))) or 1 for part in value.split("\n"))
        if isinstance(value, str)
        else 1
        for value, width in zip(row, widths, strict=True)
    )


def _write(sheet: Any, styles: Mapping[str, Any], row: int, at: int, value: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, at, None, styles["cell"])
    elif isinstance(value, int):
        sheet.write_number(row, at, value, styles["count" if value < 1000 else "money"])
    elif isinstance(value, str):
        sheet.write_string(row, at, value, styles["cell"])
    else:
        sheet.write_datetime(row, at, value, styles["date"])
