"""The first page of the consolidated workbook: its head, the roll beside that before, the grades.

summary(book, styles, payload)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.workbook_pages import (
    FONT,
    GREYS,
    PROVISIONAL,
    dressed,
    plain_chart,
    small_table,
)

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


def summary(book: Any, styles: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
    sheet = dressed(book, payload, "Tổng hợp", wide=False)
    for at, width in enumerate((34, 13, 13, 13, 13)):
        sheet.set_column(at, at, width)
    _letterhead(sheet, styles, payload)
    small_table(
        sheet, styles, 9, ("Chỉ tiêu", "Kỳ này", "Kỳ trước", "Tăng, giảm"), _roll_rows(payload)
    )
    at = 9 + len(SUMMARY) + 2
    small_table(
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
    plain_chart(chart, "Cơ cấu xếp loại")
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 10}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    place = {"description": "Biểu đồ cột ngang: số người theo mức xếp loại, số liệu ở bảng trên"}
    sheet.insert_chart(end + 3, 0, chart, {**place, "x_scale": 1.28, "y_scale": 0.95})
