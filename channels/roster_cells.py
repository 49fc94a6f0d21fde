"""One cell of a roster file, from what a person typed to what was meant, and back.

    read_cell(Column("birth", "Ngày sinh", Cell.DATE), "5/3/1980")   -> date(1980, 3, 5)
    read_cell(Column("code", "Mã đơn vị", Cell.UNIT_CODE), 3637.0)   -> "03637"

Raises CellError, whose message is Vietnamese, for what cannot be meant.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from review.roster_columns import Cell, Column

BLANKS = re.compile(r"[\s\u00a0\u200b-\u200d\u2060\ufeff]+")
VIETNAMESE_DATE = re.compile(
    r"(?:ngày )?(\d{1,2})(?: ?[/.-] ?| tháng )(\d{1,2})(?: ?[/.-] ?| năm )(\d{4})", re.IGNORECASE
)
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]0{1,2}:00(?::00)?)?")
SERIAL_ZERO = date(1899, 12, 30)  # a spreadsheet's day 0, when a date lost its format


class CellError(ValueError):
    """A cell cannot be understood; the message says what is wanted."""


def clean(text: str) -> str:
    """NFC, one ordinary blank where any blank stood, none at the ends."""
    return BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def read_cell(column: Column, raw: Any) -> Any:
    """The field's value; "" , () or None for an empty cell, as the kind of the column has it."""
    if raw is None or raw != raw or (isinstance(raw, str) and not clean(raw)):  # NaN is not itself
        return {Cell.LIST: (), Cell.TEXT: "", Cell.CODE: "", Cell.UNIT_CODE: ""}.get(column.cell)
    return READERS[column.cell](column, raw)


def _text(_: Column, raw: Any) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, date):  # a spreadsheet made a date of what was typed
        raise CellError("bảng tính đã đổi thành ngày tháng; hãy định dạng ô là Văn bản rồi gõ lại")
    return clean(str(raw))


def _code(column: Column, raw: Any) -> str:
    return _text(column, raw).replace(" ", "")


def _unit_code(column: Column, raw: Any) -> str:
    """A commune's code has five digits; a spreadsheet that took it for a number dropped the 0."""
    code = _code(column, raw)
    return code.zfill(5) if code.isdigit() and len(code) == 4 else code


def _list(column: Column, raw: Any) -> tuple[str, ...]:
    parts = re.split(r"[;,\s]+", _text(column, raw))
    return tuple(dict.fromkeys(part for part in parts if part))


def _whole(column: Column, raw: Any) -> int:
    text = _text(column, raw).removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise CellError("phải là số nguyên không âm")
    return int(text)


def _choice(column: Column, raw: Any) -> Any:
    typed = _text(column, raw).casefold()
    for choice in column.choices:
        if typed in (choice.label.casefold(), choice.value):
            return choice
    labels = [choice.label for choice in column.choices]
    near = get_close_matches(_text(column, raw), labels, n=1)
    wanted = f"có lẽ là “{near[0]}”" if near else "hãy chọn: " + ", ".join(labels)
    raise CellError(f"không có trong danh mục; {wanted}")


def _date(column: Column, raw: Any) -> date:
    if isinstance(raw, date):
        return raw.date() if isinstance(raw, datetime) else raw
    if isinstance(raw, int | float) and 1 <= raw < 80000:
        return SERIAL_ZERO + timedelta(days=int(raw))
    text = clean(str(raw))
    if typed := VIETNAMESE_DATE.fullmatch(text):
        day, month, year = map(int, typed.groups())
    elif typed := ISO_DATE.fullmatch(text):
        year, month, day = map(int, typed.groups())
    else:
        raise CellError("phải là ngày, ghi ngày/tháng/năm, ví dụ 05/03/1980")
    try:
        return date(year, month, day)
    except ValueError as wrong:
        raise CellError("là ngày không có trong lịch; ghi ngày/tháng/năm") from wrong


READERS = {
    Cell.TEXT: _text,
    Cell.CODE: _code,
    Cell.UNIT_CODE: _unit_code,
    Cell.LIST: _list,
    Cell.WHOLE: _whole,
    Cell.CHOICE: _choice,
    Cell.DATE: _date,
}
