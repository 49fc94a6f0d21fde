"""The stencil of a form: the workbook with its looks, lists and locks, before a unit's own values.

    stencil(form, works, shape)    -> the bytes of a workbook whose prefilled cells are still empty

What differs between two units of the same shape is put in afterwards (channels/blank.py): cells by
their address, and the three marks below in page headers and document properties.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from channels.blank_styles import Styles, comma, entry_rule
from channels.zip_patch import Package
from review.brief import WorkType
from review.form import (
    CARD_FIRST_ROW,
    FIRST_ROW,
    HEADING_ROW,
    META_SHEET,
    Field,
    FieldType,
    Form,
    Sheet,
    column_letter,
)

UNIT_MARK, NAME_MARK, HEADER_MARK, PERIOD_MARK = "@@MA@@", "@@TEN@@", "@@DAUTRANG@@", "@@KY@@"
WORKS_SHEET, CADRES_SHEET = "Danh mục sản phẩm", "Danh sách cán bộ"
WHOSE_CELL = "A3"
LIST_NAMES = {"cadres": "DS_CAN_BO", "leaders": "DS_LANH_DAO", "works": "DS_LOAI_VIEC"}
META_LISTS = tuple(LIST_NAMES)  # columns D, E, F of _META, a heading each and then the codes
META_FIRST_LIST = 3
ROW_HEIGHTS = (22, 31)  # points; no heading or title has one of these
_FIXED = re.compile(rb' (ht="(?:22|31)") customHeight="1"')
_WIDE = 30
CARD_WIDTHS = (30, 40, 46)
CADRE_COLUMNS = (("Mã cán bộ", 14), ("Họ và tên", 30), ("Vai trò", 26), ("Chức danh", 40))
_WORK_COLUMNS = (("Mã loại việc", 14), ("Tên sản phẩm, công việc", 84), ("Hệ số", 12))
_CREATED = datetime(2026, 1, 1)  # fixed, so that the same form has the same bytes
_GUIDE = (
    "Cách làm",
    "1. Điền các ô nền vàng ở từng trang (bấm tên trang ở cuối màn hình). Ô nền xám đã có sẵn.",
    "2. Cột nào phía trên ghi “bắt buộc” thì mỗi dòng đã dùng phải có giá trị; dòng thừa để trống.",
    "3. Ô có mũi tên: bấm để chọn trong danh sách, đừng gõ tay. Số lẻ dùng dấu phẩy, ví dụ 2,5.",
    "4. Thiếu dòng thì chèn thêm dòng. Không đổi tên trang, xóa cột hay đặt mật khẩu mở tệp.",
    "5. Ghi tệp ở dạng Excel (.xlsx) rồi gửi theo hướng dẫn của tỉnh, đúng hạn ghi ở đầu trang.",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a unit decides its stencil: how many cadres and leaders it has and, for each table,
    which fields of each prefilled line have a value."""

    cadres: int
    leaders: int
    lines: tuple[tuple[frozenset[str], ...], ...]


def stencil(form: Form, works: Sequence[WorkType], shape: Shape) -> bytes:
    """The workbook of one shape, made by xlsxwriter."""
    kept = io.BytesIO()
    book = Workbook(kept, {"in_memory": True})
    styles = Styles(book)
    lists = _choice_lists(form)
    for sheet, lines in zip(form.sheets, shape.lines, strict=True):
        page = book.add_worksheet(sheet.name)
        _top(page, sheet, styles)
        if sheet.kind == "card":
            _card(page, sheet, styles, lists)
        else:
            _table(page, sheet, styles, lists, lines)
        _paper(page, landscape=sheet.landscape)
        _lock(page)
    _works_page(book, styles, works)
    _cadres_page(book, styles, shape.cadres)
    _meta_page(book, works, shape, lists)
    _properties(book, form)
    book.close()
    return _growing(kept.getvalue())


def _growing(workbook: bytes) -> bytes:
    """The same, its lines keeping their height only until more is written: xlsxwriter can fix a
    height but not propose one."""
    package = Package(workbook)
    pages = (name for name in package.names if name.startswith("xl/worksheets/sheet"))
    grown = {name: _FIXED.sub(rb" \1", package.read(name)) for name in pages}
    return package.with_parts(grown)


def _choice_lists(form: Form) -> dict[tuple[str, ...], str]:
    """Each distinct list of labels and the defined name it goes by."""
    choices = (f.choices for sheet in form.sheets for f in sheet.fields if f.choices)
    distinct = dict.fromkeys(tuple(choice.values()) for choice in choices)
    return {labels: f"DS_CHON_{at}" for at, labels in enumerate(distinct, start=1)}


def _list_of(field: Field, lists: Mapping[tuple[str, ...], str]) -> str:
    if field.choices:
        return lists[tuple(field.choices.values())]
    return LIST_NAMES.get(field.source, "")


def _top(page: Worksheet, sheet: Sheet, styles: Styles) -> None:
    page.hide_gridlines(2)
    page.set_row_pixels(0, 34)
    page.write_string("A1", sheet.title, styles.title)
    page.write_string("A2", sheet.help, styles.help)
    page.write_blank(WHOSE_CELL, None, styles.whose)


def _card(
    page: Worksheet, sheet: Sheet, styles: Styles, lists: Mapping[tuple[str, ...], str]
) -> None:
    for column, width in enumerate(CARD_WIDTHS):
        page.set_column(column, column, width)
    for at, field in enumerate(sheet.fields):
        row = CARD_FIRST_ROW - 1 + at
        style = styles.locked if field.locked else styles.entry
        page.set_row_pixels(row, 40)
        page.write_string(row, 0, field.label, styles.label)
        page.write_blank(row, 1, None, style(field, left=True))
        page.write_string(row, 2, _remark(field), styles.remark)
        rule = None if field.locked else entry_rule(field, _list_of(field, lists))
        if rule:
            page.data_validation(row, 1, row, 1, rule)
    after = CARD_FIRST_ROW + len(sheet.fields)
    page.write_string(after, 0, _GUIDE[0], styles.whose)
    for at, line in enumerate(_GUIDE[1:], start=1):
        page.merge_range(after + at, 0, after + at, 2, line, styles.guide)
    page.freeze_panes(HEADING_ROW - 1, 0)


def _remark(field: Field) -> str:
    must = "Bắt buộc. " if field.required and not field.locked else ""
    return f"{must}{field.help}".rstrip()


def _table(
    page: Worksheet,
    sheet: Sheet,
    styles: Styles,
    lists: Mapping[tuple[str, ...], str],
    lines: Sequence[frozenset[str]],
) -> None:
    _headings(page, sheet, styles)
    last = FIRST_ROW + len(lines) + sheet.spare - 1
    for row in range(FIRST_ROW, last + 1):
        prefilled = lines[row - FIRST_ROW] if row - FIRST_ROW < len(lines) else frozenset()
        _row(page, sheet, styles, row, prefilled)
    for column, field in enumerate(sheet.fields):
        locked = field.locked or field.total_of or field.type is FieldType.ORDINAL
        rule = None if locked else entry_rule(field, _list_of(field, lists))
        if rule:
            page.data_validation(FIRST_ROW - 1, column, last - 1, column, rule)
    page.freeze_panes(HEADING_ROW, _frozen_columns(sheet))
    page.repeat_rows(HEADING_ROW - 2, HEADING_ROW - 1)
    page.print_area(0, 0, last - 1, len(sheet.fields) - 1)


def _headings(page: Worksheet, sheet: Sheet, styles: Styles) -> None:
    tall = max(_wrapped(field) for field in sheet.fields)
    page.set_row_pixels(HEADING_ROW - 1, 21 * tall + 10)
    page.set_row_pixels(HEADING_ROW - 2, 30 if any(map(_two_hints, sheet.fields)) else 18)
    for column, field in enumerate(sheet.fields):
        page.set_column(column, column, field.width)
        page.write_string(HEADING_ROW - 2, column, _hint(field), styles.hint)
        page.write_string(HEADING_ROW - 1, column, field.label, styles.heading)


def _wrapped(field: Field) -> int:
    """Lines that a heading takes in its column, word by word (bold type is a tenth wider)."""
    room, lines, used = field.width / 1.1, 1, 0
    for word in field.label.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0
        used += len(word) + (1 if used else 0)
    return lines


def _hint(field: Field) -> str:
    hints = ["bắt buộc"] if field.required else []
    hints += [f"tối đa {comma(field.high)}"] if field.high and not field.total_of else []
    return "\n".join(hints)


def _two_hints(field: Field) -> bool:
    return "\n" in _hint(field)


def _row(
    page: Worksheet, sheet: Sheet, styles: Styles, row: int, prefilled: frozenset[str]
) -> None:
    page.set_row(row - 1, _row_height(sheet))
    for column, field in enumerate(sheet.fields):
        if field.type is FieldType.ORDINAL:
            page.write_number(row - 1, column, row - FIRST_ROW + 1, styles.locked(field))
        elif field.total_of:
            formula = _total(sheet, field, row)
            page.write_formula(row - 1, column, formula, styles.locked(field), "")
        elif field.locked or field.name in prefilled:
            page.write_blank(row - 1, column, None, styles.locked(field))
        else:
            page.write_blank(row - 1, column, None, styles.entry(field))


def _row_height(sheet: Sheet) -> int:
    """Two lines of text where a sheet has a wide column to write in, else one."""
    wide = any(f.type is FieldType.TEXT and f.width >= _WIDE for f in sheet.fields)
    return ROW_HEIGHTS[wide]


def _total(sheet: Sheet, field: Field, row: int) -> str:
    """Shows nothing while its parts are empty: an unused line must not claim a total of 0."""
    parts = ",".join(_runs(sheet, field, row))
    return f'=IF(COUNT({parts})=0,"",SUM({parts}))'


def _runs(sheet: Sheet, field: Field, row: int) -> Iterator[str]:
    """The parts of a total as ranges, neighbours taken together."""
    places = sorted(sheet.at(name) for name in field.total_of)
    start = before = places[0]
    for at in [*places[1:], -1]:
        if at == before + 1:
            before = at
            continue
        first, last = f"{column_letter(start)}{row}", f"{column_letter(before)}{row}"
        yield first if start == before else f"{first}:{last}"
        start = before = at


def _frozen_columns(sheet: Sheet) -> int:
    """Up to the name, or else the code: who a line is about stays in sight."""
    known = [sheet.at(name) for name in ("cadre", "name", "code") if name in sheet.columns]
    return max((at + 1 for at in known if at < 5), default=0)


def _works_page(book: Workbook, styles: Styles, works: Sequence[WorkType]) -> None:
    page = _reference(book, styles, WORKS_SHEET, "DANH MỤC SẢN PHẨM ĐÃ PHÊ DUYỆT", _WORK_COLUMNS)
    page.write_string(
        "A2", "Mã ở cột đầu dùng cho cột “Mã loại việc”. Chỉ để tra cứu.", styles.help
    )
    text = Field("", "", FieldType.TEXT)
    code, coef = Field("", "", FieldType.CODE), Field("", "", FieldType.NUMBER)
    for row, work in enumerate(works, start=HEADING_ROW):
        page.write_string(row, 0, work.code, styles.locked(code))
        page.write_string(row, 1, work.name, styles.locked(text))
        page.write_number(row, 2, work.coef / 100, styles.locked(coef))


def _cadres_page(book: Workbook, styles: Styles, cadres: int) -> None:
    page = _reference(book, styles, CADRES_SHEET, "CÁN BỘ CỦA ĐƠN VỊ", CADRE_COLUMNS)
    page.write_string("A2", "Có sai sót thì ghi ở trang biến động. Chỉ để tra cứu.", styles.help)
    style = styles.locked(Field("", "", FieldType.TEXT))
    for row in range(HEADING_ROW, HEADING_ROW + cadres):
        for column in range(len(CADRE_COLUMNS)):
            page.write_blank(row, column, None, style)


def _reference(
    book: Workbook, styles: Styles, name: str, title: str, columns: Sequence[tuple[str, int]]
) -> Worksheet:
    page = book.add_worksheet(name)
    page.set_tab_color("#A6A6A6")
    page.hide_gridlines(2)
    page.write_string("A1", title, styles.title)
    page.write_blank(WHOSE_CELL, None, styles.whose)
    for column, (label, width) in enumerate(columns):
        page.set_column(column, column, width)
        page.write_string(HEADING_ROW - 1, column, label, styles.heading)
    page.freeze_panes(HEADING_ROW, 0)
    page.repeat_rows(HEADING_ROW - 1)
    _paper(page, landscape=False)
    _lock(page)
    return page


def _paper(page: Worksheet, *, landscape: bool) -> None:
    page.set_paper(9)  # A4
    page.set_landscape() if landscape else page.set_portrait()
    page.set_margins(left=0.5, right=0.4, top=0.75, bottom=0.65)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    font = '&"Times New Roman,Italic"&10'
    page.set_header(f"&L{font}{HEADER_MARK}&R{font}Kỳ báo cáo: {PERIOD_MARK}")
    page.set_footer(f"&L{font}&A&R{font}Trang &P/&N")


def _lock(page: Worksheet) -> None:
    """Locked against slips, not against people: no password, and lines may be added and sorted."""
    allowed = ("insert_rows", "format_columns", "format_rows", "sort", "autofilter", "format_cells")
    page.protect("", dict.fromkeys(allowed, True))


def _meta_page(
    book: Workbook,
    works: Sequence[WorkType],
    shape: Shape,
    lists: Mapping[tuple[str, ...], str],
) -> None:
    page = book.add_worksheet(META_SHEET)
    for row, key in enumerate(("unit", "period", "form", "version")):
        page.write_string(row, 0, key)
        page.write_blank(row, 1, None, book.add_format({"num_format": "@"}))
    sizes = {"cadres": shape.cadres, "leaders": shape.leaders, "works": len(works)}
    for column, source in enumerate(META_LISTS, start=META_FIRST_LIST):
        page.write_string(0, column, source)
        _name_list(book, LIST_NAMES[source], column, sizes[source])
    for row, work in enumerate(works, start=1):
        page.write_string(row, META_FIRST_LIST + META_LISTS.index("works"), work.code)
    for column, (labels, name) in enumerate(lists.items(), start=META_FIRST_LIST + len(META_LISTS)):
        page.write_string(0, column, name)
        for row, label in enumerate(labels, start=1):
            page.write(row, column, int(label) if label.isdigit() else label)
        _name_list(book, name, column, len(labels))
    book.define_name("DON_VI", f"='{META_SHEET}'!$B$1")
    book.define_name("KY", f"='{META_SHEET}'!$B$2")
    page.protect()
    page.very_hidden()


def _name_list(book: Workbook, name: str, column: int, length: int) -> None:
    letter = column_letter(column)
    book.define_name(name, f"='{META_SHEET}'!${letter}$2:${letter}${max(length, 1) + 1}")


def _properties(book: Workbook, form: Form) -> None:
    title = form.title.capitalize()
    book.set_properties(
        {
            "title": f"{title} – {PERIOD_MARK}",
            "subject": f"{NAME_MARK} ({UNIT_MARK})",
            "category": "Báo cáo thi đua, khen thưởng",
            "comments": f"Mẫu {form.version}. Điền các ô nền vàng.",
            "created": _CREATED,
        }
    )
    for name, value in (("DON_VI", UNIT_MARK), ("KY", PERIOD_MARK), ("PHIEN_BAN", form.version)):
        book.set_custom_property(name, value)
