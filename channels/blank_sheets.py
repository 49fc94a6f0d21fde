"""The stencil of a form: the workbook with its looks, lists and locks, before a unit's own values.

    stencil(form, works, shape)    -> the bytes of a workbook whose prefilled cells are still empty

What differs between two units of the same shape is put in afterwards (channels/blank.py): cells by
their address, and the marks of channels/blank_pages.py in page headers and document properties.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from channels.blank_guide import guide
from channels.blank_pages import (
    LIST_NAMES,
    NAME_MARK,
    PERIOD_MARK,
    ROW_HEIGHTS,
    UNIT_MARK,
    WHOSE_CELL,
    Lists,
    card,
    last_row,
    lock,
    paper,
    table,
    top,
)
from channels.blank_styles import Styles
from channels.self_check import SelfCheck, register_names
from channels.zip_patch import Package
from review.brief import WorkType
from review.form import (
    HEADING_ROW,
    META_SHEET,
    Field,
    FieldType,
    Form,
    Sheet,
    column_letter,
)

WORKS_SHEET, CADRES_SHEET = "Danh mục sản phẩm", "Danh sách cán bộ"
META_LISTS = tuple(LIST_NAMES)  # columns D, E, F of _META, a heading each and then the codes
META_FIRST_LIST = 3
_FIXED = re.compile(rf' (ht="(?:{"|".join(map(str, ROW_HEIGHTS))})") customHeight="1"'.encode())
CADRE_COLUMNS = (("Mã cán bộ", 14), ("Họ và tên", 30), ("Vai trò", 26), ("Chức danh", 40))
_WORK_COLUMNS = (("Mã loại việc", 14), ("Tên sản phẩm, công việc", 84), ("Hệ số", 12))
BOTH_RATERS = "raters"  # the page of form 01 in a report; a slip has one rater
ON_SLIPS = (
    "Đơn vị chấm bằng phiếu riêng, niêm phong: ĐỂ TRỐNG trang này. Điểm ghi ở đây thì ai mở tệp "
    "cũng thấy."
)
_CREATED = datetime(2026, 1, 1)  # fixed, so that the same form has the same bytes


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a unit decides its stencil: how many cadres and leaders it has and, for each table,
    which fields of each prefilled line have a value. `by_slips`: form 01 comes on raters' slips, so
    that nobody is asked for it here."""

    cadres: int
    leaders: int
    lines: tuple[tuple[frozenset[str], ...], ...]
    by_slips: bool = False


def stencil(form: Form, works: Sequence[WorkType], shape: Shape) -> bytes:
    """The workbook of one shape, made by xlsxwriter."""
    kept = io.BytesIO()
    book = Workbook(kept, {"in_memory": True})
    styles = Styles(book)
    lists = _choice_lists(form)
    shown = _left_to_slips(form) if shape.by_slips else form
    guide(book, styles, shown)
    for sheet, lines in zip(shown.sheets, shape.lines, strict=True):
        page = book.add_worksheet(sheet.name)
        top(page, sheet, styles)
        if sheet.kind == "card":
            card(page, sheet, styles, lists)
        else:
            table(page, sheet, styles, lists, lines)
        paper(page, landscape=sheet.landscape)
        lock(page)
    lasts = {sheet.key: last_row(sheet, lines) for sheet, lines in _tables(form, shape)}
    SelfCheck(form, lasts, by_slips=shape.by_slips).write(book, styles)
    _works_page(book, styles, works)
    _cadres_page(book, styles, shape.cadres)
    _meta_page(book, works, shape, lists)
    for name, place in register_names(len(works), shape.cadres, WORKS_SHEET, CADRES_SHEET).items():
        book.define_name(name, place)
    _properties(book, form)
    book.close()
    return _growing(kept.getvalue())


def _left_to_slips(form: Form) -> Form:
    """The form of a unit whose form 01 comes on slips: that page asks nothing and says so."""
    sheets = (
        replace(
            sheet, help=ON_SLIPS, fields=tuple(replace(f, required=False) for f in sheet.fields)
        )
        if sheet.prefill == BOTH_RATERS
        else sheet
        for sheet in form.sheets
    )
    return replace(form, sheets=tuple(sheets))


def _growing(workbook: bytes) -> bytes:
    """The same, its lines keeping their height only until more is written (xlsxwriter can fix a
    height but not propose one), and formulas without a value that nobody has computed."""
    package = Package(workbook)
    pages = (name for name in package.names if name.startswith("xl/worksheets/sheet"))
    grown = {name: _FIXED.sub(rb" \1", _uncomputed(package.read(name))) for name in pages}
    return package.with_parts(grown)


def _uncomputed(page: bytes) -> bytes:
    """LibreOffice computes on opening only what has no value yet."""
    return page.replace(b"</f><v></v>", b"</f>") if b't="array"' in page else page


def _tables(form: Form, shape: Shape) -> Iterator[tuple[Sheet, tuple[frozenset[str], ...]]]:
    yield from zip(form.sheets, shape.lines, strict=True)


def _choice_lists(form: Form) -> Lists:
    """Each distinct list of labels and the defined name it goes by."""
    choices = (f.choices for sheet in form.sheets for f in sheet.fields if f.choices)
    distinct = dict.fromkeys(tuple(choice.values()) for choice in choices)
    return {labels: f"DS_CHON_{at}" for at, labels in enumerate(distinct, start=1)}


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
    paper(page, landscape=False)
    lock(page)
    return page


def _meta_page(
    book: Workbook,
    works: Sequence[WorkType],
    shape: Shape,
    lists: Lists,
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
    for row, key in enumerate(("ends", "opening", "starts"), start=4):
        page.write_string(row, 0, key)
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
