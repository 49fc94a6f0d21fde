"""The consolidated workbook of a period, in the layouts offices use: summary, clusters, persons
with their ranking, the clusters' own tables, faults, plan changes, programme, charts; the previous
period beside, ready to print.

    workbook(report_of(…))      -> bytes of an .xlsx, the same for the same payload

Strings are written as strings: what a unit typed is never a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from channels.report_columns import (
    CHANGES,
    CLUSTERS,
    FAULTS,
    MARKS,
    MEASURES,
    PERSONS,
    STANDINGS,
    TASKS,
    TRACES,
    WORKS,
)
from channels.workbook_charts import charts_page
from channels.workbook_pages import Column, Page, styles_of, table_page
from channels.workbook_summary import summary

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CREATED = datetime(2026, 1, 1)


def workbook(payload: Mapping[str, Any], folder: Path | None = None) -> bytes:
    """With a `folder` the tables are written there line by line, so that the lines of the payload
    may be made as they are read: a country's are more than a machine should hold."""
    content = io.BytesIO()
    options = {**OPTIONS, "in_memory": folder is None, "tmpdir": folder and str(folder)}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties(
        {"title": payload["title"], "author": payload["office"], "created": CREATED}
    )
    styles = styles_of(book)
    summary(book, styles, payload)
    for page, rows in _pages(payload):
        table_page(book, styles, payload, page, rows, by_line=folder is not None)
    charts_page(book, styles, payload)
    book.close()
    return content.getvalue()


def _pages(payload: Mapping[str, Any]) -> Iterator[tuple[Page, Iterable[Mapping[str, Any]]]]:
    """The tables in order; those of which the period has nothing by its nature are left out."""
    yield Page("Theo cụm, khối", "Theo cụm, khối", CLUSTERS, 1), _clusters(payload)
    yield Page("Từng cán bộ", "Kết quả từng cán bộ", PERSONS, 3), payload["cards"]
    if payload.get("traces"):
        yield Page("Căn cứ điểm", "Căn cứ từng điểm", TRACES, 2), payload["traces"]
    if payload["ranking"]:
        yield _ranking_page(payload), _ranking(payload)
    if payload["khoi"]:
        table = payload["khoi"]
        yield Page("Xếp hạng khối", table["title"], STANDINGS, 4), table["rows"]
        yield Page("Bảng điểm khối", table["title"], MARKS, 4), _marks(table)
    if payload.get("works"):
        yield Page("Công việc", "Sản phẩm, công việc được chấm", WORKS, 3), payload["works"]
    yield Page("Lỗi, lưu ý", "Lỗi, lưu ý", FAULTS), payload["findings"]
    yield Page("Thay đổi kế hoạch", "Đề xuất thay đổi kế hoạch", CHANGES), payload["changes"]
    if payload["measures"]:
        yield Page("Chỉ số", "Chỉ số của các kế hoạch", MEASURES, 2), _measures(payload)
    yield Page("Chương trình", "Việc trong kỳ", TASKS), payload["tasks"]
    yield Page("Việc kỳ sau", "Việc chuyển và đăng ký kỳ sau", TASKS), payload["ahead"]


def _clusters(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    whole = {**payload["roll"], "name": "Cộng", "mean": None, "before": payload["before"]}
    return [
        {
            **row,
            **{
                f"old_{key}": (row["before"] or {}).get(key)
                for key in ("completeness", "timeliness", "mean")
            },
        }
        for row in (*payload["clusters"], whole)
    ]


def _ranking_page(payload: Mapping[str, Any]) -> Page:
    """As the Treasury ranks an office: place, the points of each month, the mean, the quota."""
    labels = payload["month_labels"][-12:] if len(payload["month_labels"]) > 1 else ()
    columns = (
        Column("Đơn vị", "unit_name", 30),
        Column("Hạng", "place", 7, "whole"),
        Column("Mã cán bộ", "code", 12),
        Column("Họ và tên", "name", 24),
        *(Column(label, f"m{at}", 9, "points") for at, label in enumerate(labels)),
        Column("Trung bình" if labels else "Tổng điểm", "total", 10, "points"),
        Column("Xếp loại", "grade", 26),
        Column("Chỉ tiêu xuất sắc", "seat", 20),
    )
    return Page("Xếp hạng", "Xếp hạng trong từng cơ quan, đơn vị", columns, 4)


def _ranking(payload: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in payload["ranking"]:
        yield {**row, **{f"m{at}": points for at, points in enumerate(row["months"][-12:])}}


def _marks(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "cluster": row["cluster"],
            "unit_name": row["unit_name"],
            "n": at,
            "measure": measure["name"],
            "most": measure["most"],
            **part,
        }
        for row in table["rows"]
        for at, (measure, part) in enumerate(
            zip(table["measures"], row["parts"], strict=True), start=1
        )
    ]


def _measures(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**row, "alarmed": "x" if row["alarm"] else ""} for row in payload["measures"]]
