"""The page of charts: each beside the figures that it is drawn from, in greys for a copier.

charts_page(book, styles, payload)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.workbook_pages import FONT, GREYS, dressed, plain_chart, small_table

PAGE = "Biểu đồ"
TALL = 17  # rows that a chart covers
LINES = (("solid", "circle"), ("dash", "square"), ("round_dot", "diamond"))


def charts_page(book: Any, styles: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
    sheet = dressed(book, payload, PAGE, wide=False)
    for at, width in enumerate((30, 13, 13, 13, 13)):
        sheet.set_column(at, at, width)
    sheet.merge_range(0, 0, 0, 4, f"Biểu đồ – {payload['about']}", styles["title"])
    top = 2
    for draw in (_series, _clusters, _ages, _fan):
        top = draw(book, sheet, styles, payload, top)


def _series(book: Any, sheet: Any, styles: Any, payload: Mapping[str, Any], top: int) -> int:
    rows = [
        [(p["label"], "text"), (p["completeness"], "percent"), (p["timeliness"], "percent")]
        for p in payload["series"]
    ]
    if len(rows) < 2:
        return top
    heads = ("Kỳ", "Đầy đủ", "Đúng hạn")
    chart = _lines(book, sheet, styles, heads, rows, top, "Tỷ lệ báo cáo qua các kỳ")
    chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%"})
    return _placed(sheet, chart, top + len(rows), "tỷ lệ đầy đủ và đúng hạn qua các kỳ")


def _fan(book: Any, sheet: Any, styles: Any, payload: Mapping[str, Any], top: int) -> int:
    if not payload["fan"]:
        return top
    rows = [
        [
            ("Nay" if p["months"] == 0 else f"Sau {p['months']} tháng", "text"),
            (p["middle"], "whole"),
            (p["low"], "whole"),
            (p["high"], "whole"),
        ]
        for p in payload["fan"]
    ]
    heads = ("Thời điểm", "Dự báo", "Thấp nhất", "Cao nhất")
    chart = _lines(book, sheet, styles, heads, rows, top, "Số người hiện có còn lại (dự báo)")
    least = min(p["low"] for p in payload["fan"])
    chart.set_y_axis({"min": max(0, least - 10), "num_format": "0"})
    return _placed(sheet, chart, top + len(rows), "số người còn lại theo thời gian, có khoảng")


def _lines(
    book: Any,
    sheet: Any,
    styles: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[tuple[Any, str]]],
    top: int,
    title: str,
) -> Any:
    small_table(sheet, styles, top, heads, rows)
    chart, end = book.add_chart({"type": "line"}), top + len(rows)
    for at, (name, (dash, marker)) in enumerate(zip(heads[1:], LINES, strict=False), start=1):
        chart.add_series(
            {
                "name": name,
                "categories": [PAGE, top + 1, 0, end, 0],
                "values": [PAGE, top + 1, at, end, at],
                "line": {"color": "#000000", "width": 1.75, "dash_type": dash},
                "marker": {"type": marker, "size": 5, "fill": {"color": "#FFFFFF"}},
            }
        )
    plain_chart(chart, title)
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": 10}})
    return chart


def _clusters(book: Any, sheet: Any, styles: Any, payload: Mapping[str, Any], top: int) -> int:
    ranked = [row for row in payload["clusters"] if row["mean"] is not None]
    rows = [[(r["name"], "text"), (r["mean"], "points")] for r in ranked]
    if not rows:
        return top
    heads = ("Cụm, khối", "Điểm TB")
    bars = ((1, "Điểm TB", {"fill": {"color": GREYS[1]}}),)
    chart = _bars(book, sheet, styles, heads, rows, top, bars, "Xếp hạng cụm, khối")
    return _placed(sheet, chart, top + len(rows), "điểm trung bình theo cụm, khối")


def _ages(book: Any, sheet: Any, styles: Any, payload: Mapping[str, Any], top: int) -> int:
    rows = [
        [(a["label"], "text"), (a["count"] - a["women"], "whole"), (a["women"], "whole")]
        for a in payload["ages"]
    ]
    if not rows:
        return top
    women = {"pattern": {"pattern": "percent_20", "fg_color": "#000000", "bg_color": "#FFFFFF"}}
    bars = ((1, "Nam", {"fill": {"color": GREYS[1]}}), (2, "Nữ", women))
    heads = ("Độ tuổi", "Nam", "Nữ")
    chart = _bars(book, sheet, styles, heads, rows, top, bars, "Cơ cấu độ tuổi, giới")
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": 10}})
    return _placed(sheet, chart, top + len(rows), "cơ cấu độ tuổi theo giới")


def _bars(
    book: Any,
    sheet: Any,
    styles: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[tuple[Any, str]]],
    top: int,
    bars: Sequence[tuple[int, str, Mapping[str, Any]]],
    title: str,
) -> Any:
    small_table(sheet, styles, top, heads, rows)
    kind = {"type": "bar", "subtype": "stacked"} if len(bars) > 1 else {"type": "bar"}
    chart, end = book.add_chart(kind), top + len(rows)
    for at, name, look in bars:
        chart.add_series(
            {
                "name": name,
                "categories": [PAGE, top + 1, 0, end, 0],
                "values": [PAGE, top + 1, at, end, at],
                "data_labels": {"value": True},
                "border": {"color": "#000000"},
                "gap": 50,
                **look,
            }
        )
    plain_chart(chart, title)
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    return chart


def _placed(sheet: Any, chart: Any, end: int, says: str) -> int:
    """Below its figures; the row at which the next may begin."""
    place = {"description": f"Biểu đồ: {says}; số liệu ở bảng trên"}
    sheet.insert_chart(end + 2, 0, chart, {**place, "x_scale": 1.28, "y_scale": 0.95})
    return end + TALL + 3
