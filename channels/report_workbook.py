"""The consolidated workbook of a period, in the layout offices use: summary, clusters, persons,
faults, programme; the previous period beside, charts, ready to print.

    workbook(report_of(…))      -> bytes of an .xlsx, the same for the same payload

Strings are written as strings: what a unit typed is never a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from channels.report_columns import CLUSTERS, FAULTS, PERSONS, TASKS, TRACES, Column

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CREATED = datetime(2026, 1, 1)
FONT = "Times New Roman"
GREYS = ("#333333", "#737373", "#ADADAD", "#E0E0E0")
LINE = 17.0  # points: the height of a line of text
PROVISIONAL = "BẢN DỰ KIẾN – CHƯA QUA PHÊ DUYỆT"


SUMMARY = (
    ("Phải báo cáo", "roll", "whole"),
    ("Đã gửi", "received", "whole"),
    ("Đạt", "accepted", "whole"),
    ("Không phát sinh", "nil", "whole"),
    ("Trả lại để sửa", "returned", "whole"),
    ("Để riêng chờ xem xét", "set_aside", "whole"),
    ("Chưa nộp", "missing", "whole"),
    ("Nộp muộn", "late", "whole"),
    ("Tỷ lệ đầy đủ", "completeness", "percent"),
    ("Tỷ lệ đúng hạn", "timeliness", "percent"),
)


def workbook(payload: Mapping[str, Any]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, OPTIONS)
    book.set_properties(
        {"title": payload["title"], "author": payload["office"], "created": CREATED}
    )
    styles = _styles(book)
    _summary(book, styles, payload)
    about = payload["about"]
    _table(book, styles, payload, "Theo cụm, khối", f"Theo cụm, khối – {about}", CLUSTERS,
           [*payload["clusters"], {**payload["roll"], "name": "Cộng", "mean": None}])  # fmt: skip
    _table(book, styles, payload, "Từng cán bộ", f"Kết quả từng cán bộ – {about}", PERSONS,
           payload["cards"], freeze=3)  # fmt: skip
    if payload["traces"]:
        _table(book, styles, payload, "Căn cứ điểm", f"Căn cứ từng điểm – {about}", TRACES,
               payload["traces"], freeze=2)  # fmt: skip
    _table(book, styles, payload, "Lỗi, lưu ý", f"Lỗi, lưu ý – {about}", FAULTS,
           payload["findings"])  # fmt: skip
    _table(book, styles, payload, "Chương trình", f"Việc trong kỳ – {about}", TASKS,
           payload["tasks"])  # fmt: skip
    _table(book, styles, payload, "Việc kỳ sau", f"Việc chuyển và đăng ký kỳ sau – {about}",
           TASKS, payload["ahead"])  # fmt: skip
    book.close()
    return content.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    base = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
    cell = {**base, "border": 1, "text_wrap": True}
    shapes: dict[str, dict[str, Any]] = {
        "plain": base,
        "small": {**base, "font_size": 11, "align": "center"},
        "bold": {**base, "bold": True, "align": "center"},
        "ruled": {**base, "bold": True, "align": "center", "underline": 1},
        "title": {**base, "font_size": 14, "bold": True, "align": "center"},
        "soft": {**base, "italic": True, "align": "center"},
        "warn": {**base, "bold": True, "italic": True, "align": "center"},
        "head": {**cell, "bold": True, "align": "center", "bg_color": "#E8E8E8"},
        "text": cell,
        "whole": {**cell, "align": "center", "num_format": "#,##0"},
        "points": {**cell, "align": "center", "num_format": "0.00"},
        "percent": {**cell, "align": "center", "num_format": "0.0%"},
        "day": {**cell, "align": "center", "num_format": "dd/mm/yyyy"},
    }
    made: dict[str, Any] = {name: book.add_format(shape) for name, shape in shapes.items()}
    made["text"].set_num_format("@")
    return made


def _write(sheet: Any, row: int, at: int, value: Any, style: str, styles: Any) -> None:
    shape = styles[style]
    if value is None or value == "":
        sheet.write_blank(row, at, None, shape)
    elif style == "points":
        sheet.write_number(row, at, value / 100, shape)
    elif style == "percent":
        sheet.write_number(row, at, value / 10000, shape)
    elif style == "whole":
        sheet.write_number(row, at, value, shape)
    elif style == "day":
        sheet.write_datetime(row, at, datetime.fromisoformat(value), shape)
    else:
        sheet.write_string(row, at, str(value), shape)


def _dressed(book: Any, payload: Mapping[str, Any], name: str, wide: bool) -> Any:
    sheet = book.add_worksheet(name)
    sheet.set_paper(9)  # A4
    (sheet.set_landscape if wide else sheet.set_portrait)()
    sheet.set_margins(left=0.8, right=0.5, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    said = PROVISIONAL if payload["provisional"] else ""
    sheet.set_header(f'&C&"{FONT},Italic"&10{said}')
    sheet.set_footer(f'&L&"{FONT},Regular"&9{payload["period_label"]}&R&9Trang &P/&N')
    sheet.hide_gridlines(2)
    return sheet


def _table(
    book: Any,
    styles: Mapping[str, Any],
    payload: Mapping[str, Any],
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    freeze: int = 0,
) -> None:
    sheet = _dressed(book, payload, name, wide=True)
    last = len(columns) - 1
    sheet.merge_range(0, 0, 0, last, title, styles["title"])
    note = PROVISIONAL if payload["provisional"] else payload["office"]
    sheet.merge_range(1, 0, 1, last, note, styles["soft"])
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(3, at, column.head, styles["head"])
    sheet.set_row(3, 2 * LINE)
    end = 3
    for end, row in enumerate(rows, start=4):
        sheet.set_row(end, LINE * max(_lines(row[column.key], column) for column in columns))
        for at, column in enumerate(columns):
            _write(sheet, end, at, row[column.key], column.style, styles)
    sheet.freeze_panes(4, freeze)
    sheet.repeat_rows(3)
    if end > 3:
        sheet.autofilter(3, 0, end, last)
    else:
        sheet.merge_range(4, 0, 4, last, "Không có.", styles["soft"])


def _lines(value: Any, column: Column) -> int:
    """How many lines a cell needs: what opens a workbook does not always see to it."""
    return -(-len(value) // max(1, int(column.width))) if isinstance(value, str) and value else 1


def _summary(book: Any, styles: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
    sheet = _dressed(book, payload, "Tổng hợp", wide=False)
    for at, width in enumerate((34, 13, 13, 13, 13)):
        sheet.set_column(at, at, width)
    _letterhead(sheet, styles, payload)
    _rows(sheet, styles, 9, ("Chỉ tiêu", "Kỳ này", "Kỳ trước", "Tăng, giảm"), _roll_rows(payload))
    at = 9 + len(SUMMARY) + 2
    _rows(
        sheet, styles, at, ("Mức xếp loại", "Số người", "Tỷ lệ", "Kỳ trước"), _grade_rows(payload)
    )
    end = at + len(payload["grades"])
    persons = payload["persons"]
    told = (
        f"Trong danh sách {persons['on_roll']} người: đã chấm {persons['scored']}, chưa đủ dữ liệu "
        f"{persons['insufficient']}, không thuộc diện chấm {persons['excluded']}."
    )
    sheet.merge_range(end + 1, 0, end + 1, 4, told, styles["plain"])
    _grade_chart(book, sheet, at, end)
    if len(payload["series"]) > 1:
        _series(book, sheet, styles, payload, end + 19)


def _letterhead(sheet: Any, styles: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
    sheet.merge_range(0, 0, 0, 1, payload["office"].upper(), styles["bold"])
    sheet.merge_range(0, 2, 0, 4, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", styles["small"])
    sheet.merge_range(1, 0, 1, 1, f"Số: {payload['number']}", styles["small"])
    sheet.merge_range(1, 2, 1, 4, "Độc lập - Tự do - Hạnh phúc", styles["ruled"])
    sheet.merge_range(3, 0, 3, 4, "BẢNG TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI", styles["title"])
    sheet.merge_range(4, 0, 4, 4, payload["about"], styles["title"])
    if payload["provisional"]:
        sheet.merge_range(5, 0, 5, 4, PROVISIONAL, styles["warn"])
    before = payload["previous_label"] if payload["before"] else "chưa có số liệu"
    sheet.merge_range(6, 0, 6, 4, f"Kỳ trước để so sánh: {before}", styles["soft"])
    sheet.set_row(0, 18)


def _roll_rows(payload: Mapping[str, Any]) -> list[list[tuple[Any, str]]]:
    now, before = payload["roll"], payload["before"] or {}
    rows = []
    for label, key, style in SUMMARY:
        old = before.get(key)
        change = now[key] - old if now[key] is not None and old is not None else None
        rows.append([(label, "text"), (now[key], style), (old, style), (change, style)])
    return rows


def _grade_rows(payload: Mapping[str, Any]) -> list[list[tuple[Any, str]]]:
    return [
        [
            (g["label"], "text"),
            (g["count"], "whole"),
            (g["share"], "percent"),
            (g["before"], "whole"),
        ]
        for g in payload["grades"]
    ]


def _rows(
    sheet: Any,
    styles: Mapping[str, Any],
    top: int,
    heads: Sequence[str],
    rows: Sequence[Sequence[tuple[Any, str]]],
) -> None:
    for at, head in enumerate(heads):
        sheet.write_string(top, at, head, styles["head"])
    for down, row in enumerate(rows, start=1):
        for at, (value, style) in enumerate(row):
            _write(sheet, top + down, at, value, style, styles)


def _grade_chart(book: Any, sheet: Any, top: int, end: int) -> None:
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Số người",
            "categories": ["Tổng hợp", top + 1, 0, end, 0],
            "values": ["Tổng hợp", top + 1, 1, end, 1],
            "data_labels": {"value": True},
            "points": [{"fill": {"color": grey}, "border": {"color": "#000000"}} for grey in GREYS],
            "gap": 60,
        }
    )
    _plain_chart(chart, "Cơ cấu xếp loại")
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 10}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    place = {"description": "Biểu đồ cột ngang: số người theo mức xếp loại, số liệu ở bảng trên"}
    sheet.insert_chart(end + 3, 0, chart, {**place, "x_scale": 1.28, "y_scale": 0.95})


def _series(
    book: Any, sheet: Any, styles: Mapping[str, Any], payload: Mapping[str, Any], top: int
) -> None:
    rows = [
        [(p["label"], "text"), (p["completeness"], "percent"), (p["timeliness"], "percent")]
        for p in payload["series"]
    ]
    _rows(sheet, styles, top, ("Kỳ", "Đầy đủ", "Đúng hạn"), rows)
    chart, end = book.add_chart({"type": "line"}), top + len(rows)
    for at, (name, dash) in enumerate((("Đầy đủ", "solid"), ("Đúng hạn", "dash")), start=1):
        chart.add_series(
            {
                "name": name,
                "categories": ["Tổng hợp", top + 1, 0, end, 0],
                "values": ["Tổng hợp", top + 1, at, end, at],
                "line": {"color": "#000000", "width": 1.75, "dash_type": dash},
                "marker": {"type": "circle" if at == 1 else "square", "size": 6},
            }
        )
    _plain_chart(chart, "Tỷ lệ báo cáo qua các kỳ")
    chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%"})
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": 10}})
    place = {"description": "Biểu đồ đường: tỷ lệ đầy đủ và đúng hạn qua các kỳ, số liệu bên trên"}
    sheet.insert_chart(end + 2, 0, chart, {**place, "x_scale": 1.28, "y_scale": 0.95})


def _plain_chart(chart: Any, title: str) -> None:
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12}})
    chart.set_legend({"none": True})
