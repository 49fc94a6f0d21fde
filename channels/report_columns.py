"""The columns of the tables in the consolidated workbook, in the layout offices use.

PERSONS[1].head, PERSONS[1].key     -> "Mã cán bộ", "code"
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    head: str
    key: str
    width: float
    style: str = "text"


PERSONS = (
    Column("STT", "n", 5, "whole"),
    Column("Mã cán bộ", "code", 12),
    Column("Họ và tên", "name", 24),
    Column("Chức vụ, vị trí việc làm", "post", 26),
    Column("Đơn vị", "unit_name", 30),
    Column("Cụm, khối", "cluster", 22),
    Column("Tiêu chí chung", "general", 9, "points"),
    Column("Kết quả nhiệm vụ", "task_score", 9, "points"),
    Column("Tổng điểm", "total", 9, "points"),
    Column("Khoảng điểm khi chưa đủ dữ liệu", "range", 15),
    Column("Kỳ trước", "before", 9, "points"),
    Column("Kết quả xếp loại", "grade", 26),
    Column("Trạng thái", "status", 18),
)
TRACES = (
    Column("Mã cán bộ", "code", 12),
    Column("Họ và tên", "name", 22),
    Column("Đơn vị", "unit", 10),
    Column("Tổng điểm", "total", 9, "points"),
    Column("Xếp loại", "grade", 16),
    Column("Tiêu chí", "term", 18),
    Column("Vì sao", "says", 62),
    Column("Mất điểm", "lost", 8, "points"),
    Column("Điều khoản", "article", 26),
    Column("Ô trong báo cáo", "cells", 30),
    Column("Quy định, bản", "regulation", 14),
    Column("Tệp", "file", 24),
    Column("SHA-256 của tệp", "sha", 30),
)
CLUSTERS = (
    Column("Cụm, khối", "name", 38),
    Column("Phải nộp", "roll", 9, "whole"),
    Column("Đã gửi", "received", 9, "whole"),
    Column("Đạt", "accepted", 9, "whole"),
    Column("Không phát sinh", "nil", 9, "whole"),
    Column("Trả lại", "returned", 9, "whole"),
    Column("Để riêng", "set_aside", 9, "whole"),
    Column("Chưa nộp", "missing", 9, "whole"),
    Column("Nộp muộn", "late", 9, "whole"),
    Column("Đầy đủ", "completeness", 9, "percent"),
    Column("Đúng hạn", "timeliness", 9, "percent"),
    Column("Điểm TB", "mean", 9, "points"),
)
FAULTS = (
    Column("Mã đơn vị", "unit", 10),
    Column("Đơn vị", "unit_name", 30),
    Column("Mã lỗi", "check", 16),
    Column("Mức", "label", 14),
    Column("Trang", "sheet", 24),
    Column("Ô", "cell", 7),
    Column("Nội dung", "says", 60),
    Column("Cách sửa", "fix", 46),
)
TASKS = (
    Column("Mã đơn vị", "unit", 10),
    Column("Đơn vị", "unit_name", 30),
    Column("Mã việc", "code", 14),
    Column("Nội dung", "content", 50),
    Column("Sản phẩm", "product", 28),
    Column("Chủ trì", "owner", 12),
    Column("Hạn", "due", 11, "day"),
    Column("Tình trạng", "status", 13),
    Column("Số lần chuyển", "carried", 9, "whole"),
)
