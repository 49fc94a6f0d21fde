"""How a blank workbook looks, and what its cells accept: the formats and the rules of entry.

styles = Styles(book)
styles.entry(field)          pale yellow, unlocked, with the field's number format
styles.locked(field)         the same cell in grey, locked
entry_rule(field, "DS_CAN_BO")   -> what xlsxwriter's data_validation wants, or None
"""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from review.form import Field, FieldType

_INK = "#1F3864"
YELLOW, GREY, HEADING_BLUE, _LINE = "#FFF9DB", "#EDEDED", "#D9E5F3", "#A6A6A6"
_FONT: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
_FIRST_DATE, _LAST_DATE = date(1930, 1, 1), date(2100, 12, 31)
_LIMIT = 250  # Excel cuts a message at 255 characters

# Excel in Vietnamese shows 0.00 as 2,50 and dd/mm/yyyy as it is; "@" keeps leading zeros of codes
# and stops "10/12" in a text from turning into a date.
_NUMBER_FORMATS = {
    FieldType.TEXT: "@",
    FieldType.CODE: "@",
    FieldType.NUMBER: "0.00",
    FieldType.WHOLE: "0",
    FieldType.DATE: "dd/mm/yyyy",
    FieldType.CHOICE: "General",
    FieldType.ORDINAL: "0",
}
_LEFT = (FieldType.TEXT,)


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def _format(self, **look: Any) -> Format:
        key = tuple(sorted((_FONT | look).items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(key))
        return self._made[key]

    @property
    def title(self) -> Format:
        return self._format(bold=True, font_size=16, font_color=_INK)

    @property
    def help(self) -> Format:
        return self._format(italic=True, font_color="#404040")

    @property
    def whose(self) -> Format:
        return self._format(bold=True)

    @property
    def hint(self) -> Format:
        """The small print over a heading: must be filled, highest mark."""
        return self._format(
            italic=True, font_size=9, font_color="#C00000", align="center", text_wrap=True
        )

    @property
    def heading(self) -> Format:
        return self._format(
            bold=True,
            align="center",
            text_wrap=True,
            border=1,
            border_color=_LINE,
            bg_color=HEADING_BLUE,
        )

    @property
    def label(self) -> Format:
        return self._format(
            bold=True, text_wrap=True, border=1, border_color=_LINE, bg_color=HEADING_BLUE, indent=1
        )

    @property
    def remark(self) -> Format:
        return self._format(
            italic=True, font_size=11, font_color="#404040", text_wrap=True, indent=1
        )

    @property
    def signed(self) -> Format:
        return self._format(bold=True, align="center", valign="bottom")

    @property
    def signed_below(self) -> Format:
        return self._format(italic=True, align="center", valign="top")

    @property
    def verdict(self) -> Format:
        return self._format(
            bold=True, font_size=15, align="center", text_wrap=True, border=1, border_color=_LINE
        )

    @property
    def section(self) -> Format:
        return self._format(bold=True, font_size=13, font_color=_INK, bottom=1, border_color=_LINE)

    @property
    def link(self) -> Format:
        return self._format(
            font_color="#0563C1", underline=1, border=1, border_color=_LINE, indent=1
        )

    def told(self, center: bool = False, colour: str = "") -> Format:
        """A printed cell of a list, not to be written in."""
        look: dict[str, Any] = {"align": "center"} if center else {"indent": 1}
        look |= {"bg_color": colour} if colour else {}
        return self._format(text_wrap=True, border=1, border_color=_LINE, **look)

    def entry(self, field: Field, left: bool = False) -> Format:
        return self._cell(field, YELLOW, locked=False, left=left)

    def locked(self, field: Field, left: bool = False) -> Format:
        return self._cell(field, GREY, locked=True, left=left)

    def _cell(self, field: Field, colour: str, *, locked: bool, left: bool) -> Format:
        aligned = {"indent": 1, "align": "left"} if left or field.type in _LEFT else {}
        return self._format(
            **(aligned or {"align": "center"}),
            num_format=_NUMBER_FORMATS[field.type],
            text_wrap=True,
            border=1,
            border_color=_LINE,
            bg_color=colour,
            locked=locked,
            bold=bool(field.total_of),
        )


def comma(text: str) -> str:
    """A number of the form's TOML as it is read aloud: "2.5" -> "2,5"."""
    return text.replace(".", ",")


def entry_rule(field: Field, listed: str = "") -> dict[str, Any] | None:
    """What a field's cells accept, with its Vietnamese messages; `listed` is the defined name of
    its list. None where anything goes and there is nothing to say."""
    rule = _accepted(field, listed)
    if rule is None and not field.help:
        return None
    says = {"input_title": _title(field), "input_message": field.help[:_LIMIT]}
    return (rule or {"validate": "any"}) | (says if field.help else {})


def _accepted(field: Field, listed: str) -> dict[str, Any] | None:
    if listed:
        # a person who has just come has no code in the list yet: warned, not stopped
        strict = "stop" if field.source in ("", "works") else "warning"
        wrong = _wrong(field, "Giá trị này không có trong danh sách. Bấm mũi tên cạnh ô để chọn.")
        return {"validate": "list", "source": f"={listed}"} | wrong | {"error_type": strict}
    match field.type:
        case FieldType.NUMBER:
            return {"validate": "decimal"} | _bounds(field, "số, phần thập phân dùng dấu phẩy")
        case FieldType.WHOLE:
            return {"validate": "integer"} | _bounds(field, "số nguyên")
        case FieldType.DATE:
            return _date_rule(field)
        case _:
            return None


def _bounds(field: Field, what: str) -> dict[str, Any]:
    low = float(field.low or 0)
    if not field.high:
        wrong = _wrong(field, f"Ô này chỉ nhận {what}, từ {comma(field.low or '0')} trở lên.")
        return {"criteria": ">=", "value": low} | wrong
    says = f"Ô này chỉ nhận {what}, từ {comma(field.low or '0')} đến {comma(field.high)}."
    bounds = {"criteria": "between", "minimum": low, "maximum": float(field.high)}
    return bounds | _wrong(field, says)


def _date_rule(field: Field) -> dict[str, Any]:
    says = "Ô này chỉ nhận ngày, viết ngày/tháng/năm, ví dụ 30/10/2026."
    span = {"criteria": "between", "minimum": _FIRST_DATE, "maximum": _LAST_DATE}
    return {"validate": "date"} | span | _wrong(field, says)


def _wrong(field: Field, says: str) -> dict[str, Any]:
    return {"error_title": "Chưa đúng", "error_message": f"“{field.label}”: {says}"[:_LIMIT]}


def _title(field: Field) -> str:
    return field.label if len(field.label) <= 32 else f"{field.label[:31]}…"
