"""The pages of a form as xlsxwriter draws them: cards and tables, their paper and their locks.

    table(page, sheet, styles, lists, lines)     `lines`: the names of each prefilled line's fields

Where everything stands is said at the top of review/form.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from channels.blank_styles import Styles, comma, entry_rule
from review.form import (
    CARD_FIRST_ROW,
    FIRST_ROW,
    HEADING_ROW,
    Field,
    FieldType,
    Sheet,
    column_letter,
)

UNIT_MARK, NAME_MARK, HEADER_MARK, PERIOD_MARK = "@@MA@@", "@@TEN@@", "@@DAUTRANG@@", "@@KY@@"
WHOSE_CELL = "A3"
LIST_NAMES = {"cadres": "DS_CAN_BO", "leaders": "DS_LANH_DAO", "works": "DS_LOAI_VIEC"}
ROW_HEIGHTS = (22, 31, 47)  # points; no heading or title has one of these
_CARD_WIDTHS = (30, 40, 46)
_WIDE = 30
Lists = Mapping[tuple[str, ...], str]  # each distinct list of labels and its defined name


def top(page: Worksheet, sheet: Sheet, styles: Styles) -> None:
    page.hide_gridlines(2)
    page.set_row_pixels(0, 34)
    page.write_string("A1", sheet.title, styles.title)
    page.write_string("A2", sheet.help, styles.help)
    page.write_blank(WHOSE_CELL, None, styles.whose)


def card(page: Worksheet, sheet: Sheet, styles: Styles, lists: Lists) -> None:
    for column, width in enumerate(_CARD_WIDTHS):
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
    if sheet.key == "cover":
        _signatures(page, sheet, styles, CARD_FIRST_ROW + len(sheet.fields))
    page.freeze_panes(HEADING_ROW - 1, 0)


def _signatures(page: Worksheet, sheet: Sheet, styles: Styles, row: int) -> None:
    """For the copy on paper: who made it and who answers for it; of a slip, the rater alone."""
    page.set_row_pixels(row, 34)
    if "rater" in sheet.columns:
        page.write_string(row, 0, "NGƯỜI CHẤM", styles.signed)
        page.write_string(row + 1, 0, "(Ký, ghi rõ họ tên)", styles.signed_below)
        return
    page.write_string(row, 0, "NGƯỜI LẬP BIỂU", styles.signed)
    page.merge_range(row, 1, row, 2, "THỦ TRƯỞNG ĐƠN VỊ", styles.signed)
    page.write_string(row + 1, 0, "(Ký, ghi rõ họ tên)", styles.signed_below)
    page.merge_range(row + 1, 1, row + 1, 2, "(Ký tên, đóng dấu)", styles.signed_below)


def _remark(field: Field) -> str:
    must = "Bắt buộc. " if field.required and not field.locked else ""
    return f"{must}{field.help}".rstrip()


def table(
    page: Worksheet,
    sheet: Sheet,
    styles: Styles,
    lists: Lists,
    lines: Sequence[frozenset[str]],
) -> None:
    last = last_row(sheet, lines)
    _headings(page, sheet, styles, last)
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


def last_row(sheet: Sheet, lines: Sequence[frozenset[str]]) -> int:
    """The last row of a table in which anybody may write."""
    return FIRST_ROW + len(lines) + sheet.spare - 1


def _headings(page: Worksheet, sheet: Sheet, styles: Styles, last: int) -> None:
    tall = max(_wrapped(field) for field in sheet.fields)
    page.set_row_pixels(HEADING_ROW - 1, 21 * tall + 10)
    page.set_row_pixels(HEADING_ROW - 2, 30 if any(map(_two_hints, sheet.fields)) else 18)
    for column, field in enumerate(sheet.fields):
        page.set_column(column, column, field.width)
        if field.sum:
            _sum(page, styles, column, last)
        else:
            page.write_string(HEADING_ROW - 2, column, _hint(field), styles.hint)
        page.write_string(HEADING_ROW - 1, column, field.label, styles.heading)


def _sum(page: Worksheet, styles: Styles, column: int, last: int) -> None:
    """Over its heading: at the foot of the table it would be read as a line."""
    letter = column_letter(column)
    added = f"SUBTOTAL(9,{letter}{FIRST_ROW}:{letter}{last})"
    formula = f'{{="cộng: "&FIXED({added},2)}}'
    page.write_array_formula(
        HEADING_ROW - 2, column, HEADING_ROW - 2, column, formula, styles.hint, ""
    )


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
        elif field.locked or (field.name in prefilled and not sheet.may_amend(field)):
            page.write_blank(row - 1, column, None, styles.locked(field))
        else:
            page.write_blank(row - 1, column, None, styles.entry(field))


def _row_height(sheet: Sheet) -> int:
    """Two lines of text where a sheet has a wide column to write in, else one."""
    wide = any(f.type is FieldType.TEXT and f.width >= _WIDE for f in sheet.fields)
    return ROW_HEIGHTS[sheet.tall - 1 if sheet.tall else wide]


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


def _list_of(field: Field, lists: Lists) -> str:
    if field.choices:
        return lists[tuple(field.choices.values())]
    return LIST_NAMES.get(field.source) or field.source.replace(".", "_")


def paper(page: Worksheet, *, landscape: bool) -> None:
    page.set_paper(9)  # A4
    page.set_landscape() if landscape else page.set_portrait()
    page.set_margins(left=0.5, right=0.4, top=0.75, bottom=0.65)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    font = '&10&"Times New Roman,Italic"'  # the name last: a digit of a unit's would join the size
    page.set_header(f"&L{font}{HEADER_MARK}&R{font}Kỳ báo cáo: {PERIOD_MARK}")
    page.set_footer(f"&L{font}&A&R{font}Trang &P/&N")


def lock(page: Worksheet) -> None:
    """Locked against slips, not against people: no password, and lines may be added and sorted."""
    allowed = ("insert_rows", "format_columns", "format_rows", "sort", "autofilter", "format_cells")
    page.protect("", dict.fromkeys(allowed, True))
