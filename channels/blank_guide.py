"""The sheet “Hướng dẫn”: how to fill in this form, on one page, in the words of an office.

guide(book, styles, form)
"""

from __future__ import annotations

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from channels.blank_pages import WHOSE_CELL, lock, paper
from channels.blank_styles import GREY, HEADING_BLUE, YELLOW, Styles
from channels.sheet_formulas import SELF_CHECK_SHEET, quoted
from review.form import Form, Sheet

GUIDE_SHEET = "Hướng dẫn"
STEPS = (
    "Điền lần lượt các trang S1, S2… (bấm tên trang ở bảng dưới hoặc ở cuối màn hình).",
    "Chỉ gõ vào ô nền vàng. Chỗ nào không thay đổi so với nội dung đã có sẵn thì để nguyên.",
    "Cột ghi “bắt buộc” phải có giá trị ở mỗi dòng đã dùng; dòng thừa để trống, không cần xóa.",
    "Ô có mũi tên: bấm để chọn, đừng gõ tay. Số lẻ dùng dấu phẩy (2,5); ngày ghi 30/10/2026.",
    "Thiếu dòng thì chèn thêm dòng ở giữa bảng. Không đổi tên trang, xóa cột, đặt mật khẩu.",
    f"Mở trang “{SELF_CHECK_SHEET}”: dòng trên cùng màu xanh là gửi được, màu đỏ là còn phải sửa.",
    "Lưu tệp dạng Excel (.xlsx), gửi theo hướng dẫn của tỉnh, đúng hạn ghi ở đầu trang.",
)
COLOURS = (
    ("Nền vàng", YELLOW, "Đơn vị điền hoặc sửa."),
    ("Nền xám", GREY, "Tỉnh đã điền sẵn hoặc máy tự tính, không sửa."),
    ("Nền xanh", HEADING_BLUE, "Tiêu đề, tên mục."),
)
PREFILLED = {
    "cadres": "Có sẵn tên từng cán bộ",
    "raters": "Có sẵn hai dòng mỗi cán bộ",
    "leaders": "Có sẵn tên lãnh đạo",
    "open_tasks": "Có sẵn việc đang làm",
    "roster": "Có sẵn danh sách, chỉ sửa chỗ sai",
    "last": "Có sẵn nội dung kỳ trước còn dở",
    "fixed": "Có sẵn các mục, ghi kết quả",
}


def guide(book: Workbook, styles: Styles, form: Form) -> None:
    page = book.add_worksheet(GUIDE_SHEET)
    page.set_tab_color("#1F3864")
    page.hide_gridlines(2)
    for column, width in enumerate((6, 31, 58, 36)):
        page.set_column(column, column, width)
    page.write_string("A1", form.title, styles.title)
    page.write_string("A2", f"Hướng dẫn lập báo cáo · mẫu {form.version}", styles.help)
    page.write_blank(WHOSE_CELL, None, styles.whose)
    row = _steps(page, styles, 4)
    row = _colours(page, styles, row + 1)
    _sheets(page, styles, form, row + 1)
    paper(page, landscape=False)
    lock(page)
    page.activate()


def _section(page: Worksheet, styles: Styles, row: int, title: str) -> None:
    for column in range(4):
        page.write_blank(row, column, None, styles.section)
    page.write_string(row, 0, title, styles.section)
    page.set_row_pixels(row, 30)


def _steps(page: Worksheet, styles: Styles, row: int) -> int:
    _section(page, styles, row, "Bảy bước")
    for at, step in enumerate(STEPS, start=1):
        page.write_number(row + at, 0, at, styles.told(center=True))
        page.merge_range(row + at, 1, row + at, 3, step, styles.told())
        page.set_row_pixels(row + at, 28)
    return row + len(STEPS) + 1


def _colours(page: Worksheet, styles: Styles, row: int) -> int:
    _section(page, styles, row, "Màu của ô")
    for at, (name, colour, says) in enumerate(COLOURS, start=1):
        page.merge_range(row + at, 0, row + at, 1, name, styles.told(center=True, colour=colour))
        page.merge_range(row + at, 2, row + at, 3, says, styles.told())
        page.set_row_pixels(row + at, 26)
    return row + len(COLOURS) + 1


def _sheets(page: Worksheet, styles: Styles, form: Form, row: int) -> None:
    _section(page, styles, row, "Các trang của mẫu")
    for column, label in enumerate(("TT", "Trang", "Cách điền", "Đã có sẵn")):
        page.write_string(row + 1, column, label, styles.heading)
    for at, sheet in enumerate(form.sheets, start=1):
        line = row + 1 + at
        page.write_number(line, 0, at, styles.told(center=True))
        page.write_url(line, 1, f"internal:{quoted(sheet.name)}!A1", styles.link, sheet.name)
        page.write_string(line, 2, sheet.help, styles.told())
        page.write_string(line, 3, _known(sheet), styles.told())
        page.set_row_pixels(line, 46)


def _known(sheet: Sheet) -> str:
    if sheet.kind == "card":
        return "Có sẵn các ô nền xám" if any(f.locked for f in sheet.fields) else "Ghi theo mẫu"
    return PREFILLED.get(sheet.prefill, "Ghi khi có phát sinh")
