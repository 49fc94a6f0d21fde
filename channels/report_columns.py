"""The columns of the tables in the consolidated workbook, in the layout offices use.

PERSONS[1].head, PERSONS[1].key     -> "Mã cán bộ", "code"
"""

from __future__ import annotations

from channels.workbook_pages import Column

# The summary sheet of a commune (domain.md, L3), with the period before.
PERSONS = (
    Column("STT", "n", 5, "whole"),
    Column("Mã cán bộ", "code", 10),
    Column("Họ và tên", "name", 19),
    Column("Chức vụ, vị trí việc làm", "post", 20),
    Column("Đơn vị", "unit_name", 20),
    Column("Tự chấm (tiêu chí chung)", "own", 8, "points"),
    Column("Thẩm quyền chấm", "given", 8, "points"),
    Column("Điểm tiêu chí chung", "general", 8, "points"),
    Column("Kết quả nhiệm vụ", "task_score", 8, "points"),
    Column("Tổng điểm", "total", 8, "points"),
    Column("Khoảng điểm khi chưa đủ", "range", 12),
    Column("Kỳ trước", "before", 8, "points"),
    Column("Tăng, giảm", "change", 8, "signed"),
    Column("Kết quả xếp loại", "grade", 19),
    Column("Trạng thái", "status", 13),
    Column("Ghi chú", "note", 18),
)
# Why each point is what it is, down to file and cell.
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
    Column("Cụm, khối", "name", 36),
    Column("Phải nộp", "roll", 8, "whole"),
    Column("Đã gửi", "received", 8, "whole"),
    Column("Đạt", "accepted", 8, "whole"),
    Column("Không phát sinh", "nil", 9, "whole"),
    Column("Trả lại", "returned", 8, "whole"),
    Column("Để riêng", "set_aside", 8, "whole"),
    Column("Chưa nộp", "missing", 8, "whole"),
    Column("Nộp muộn", "late", 8, "whole"),
    Column("Đầy đủ", "completeness", 9, "percent"),
    Column("Đầy đủ kỳ trước", "old_completeness", 9, "percent"),
    Column("Đúng hạn", "timeliness", 9, "percent"),
    Column("Đúng hạn kỳ trước", "old_timeliness", 9, "percent"),
    Column("Điểm TB", "mean", 9, "points"),
    Column("Điểm TB kỳ trước", "old_mean", 9, "points"),
)
# Department-scores-units (L7): points and place within each cluster.
STANDINGS = (
    Column("Cụm, khối", "cluster", 34),
    Column("Hạng", "place", 7, "whole"),
    Column("Mã đơn vị", "unit", 10),
    Column("Đơn vị", "unit_name", 34),
    Column("Tự chấm", "own", 10, "points"),
    Column("Thẩm định", "reviewed", 10, "points"),
    Column("Tính", "computed", 10, "points"),
    Column("Thấp nhất", "low", 10, "points"),
    Column("Cao nhất", "high", 10, "points"),
)
# The table itself (L6, L8): each measure with the points of the unit, of the reviewer and computed.
MARKS = (
    Column("Cụm, khối", "cluster", 26),
    Column("Đơn vị", "unit_name", 28),
    Column("STT", "n", 5, "whole"),
    Column("Nội dung", "measure", 52),
    Column("Điểm chuẩn", "most", 9, "points"),
    Column("Tự chấm", "own", 9, "points"),
    Column("Thẩm định", "reviewed", 9, "points"),
    Column("Tính", "computed", 9, "points"),
    Column("Ghi chú", "says", 40),
)
# A month's products line by line (the monthly score sheet of L4).
WORKS = (
    Column("Đơn vị", "unit_name", 20),
    Column("Mã cán bộ", "code", 10),
    Column("Họ và tên", "name", 18),
    Column("Công việc, sản phẩm", "work", 32),
    Column("Hệ số", "coef", 7, "points"),
    Column("Giao", "assigned", 7, "whole"),
    Column("Hoàn thành", "done", 7, "whole"),
    Column("Chưa đạt chất lượng", "faulty", 8, "whole"),
    Column("Số lần", "fault_times", 6, "whole"),
    Column("Chậm", "late", 7, "whole"),
    Column("Số lần chậm", "late_times", 7, "whole"),
    Column("Quy đổi giao", "weight", 9, "points"),
    Column("Quy đổi hoàn thành", "a", 9, "points"),
    Column("Quy đổi chất lượng", "b", 9, "points"),
    Column("Quy đổi tiến độ", "c", 9, "points"),
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
CHANGES = (
    Column("Kế hoạch", "plan", 26),
    Column("Kỳ", "period", 10),
    Column("Mã đơn vị", "unit", 10),
    Column("Đơn vị", "unit_name", 26),
    Column("Đề xuất", "action", 9),
    Column("Nội dung", "content", 44),
    Column("Cán bộ", "subject", 20),
    Column("Hạn", "due", 11, "day"),
    Column("Căn cứ", "says", 50),
    Column("Quyết định", "state", 14),
    Column("Lý do", "reason", 28),
)
MEASURES = (
    Column("Kế hoạch", "plan", 34),
    Column("Chỉ số", "label", 40),
    Column("Giá trị", "shown", 22),
    Column("Kỳ trước", "before", 22),
    Column("Cần chú ý", "alarmed", 10),
    Column("Vì sao", "says", 70),
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
