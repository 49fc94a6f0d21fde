"""Reads a unit's workbook: bytes of an .xlsx, .xls, .xlsb or .ods → raw cells.

    raw = read_workbook(data, names_in(regulation.forms))
    raw.sheets["S1 Thông tin đơn vị"][4]    -> ["Mã đơn vị", "03637", …]

Rows and columns count from A1 whatever is empty, so that a cell's address is its place. The form of
the bytes decides, not the name of the file.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from channels.guard import Refused, guard
from review.cells import as_text, folded
from review.explanations import LIST_SHEET
from review.form import META_SHEET, Form
from review.raw import Mark, RawWorkbook, Rows

META_KEYS = ("unit", "period", "form", "version", "corrects")


def names_in(forms: Mapping[str, Form]) -> frozenset[str]:
    """The names of all sheets that some form has, and of the list on which a unit explains."""
    return frozenset({LIST_SHEET, *(s.name for form in forms.values() for s in form.sheets)})


def read_workbook(data: bytes, wanted: Collection[str] | None = None) -> RawWorkbook:
    """The sheets of a workbook, of the `wanted` names only (all of them for None).

    Raises Refused, after the guard too, for what cannot be read.
    """
    guarded = guard(data, lambda name: name == META_SHEET or bool(_called(name, wanted)))
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(guarded.data)) as book:
            return _read(book, wanted, guarded.marks)
    except PasswordError as wrong:
        fix = "Bỏ mật khẩu mở tệp rồi gửi lại."
        raise Refused("ENCRYPTED", "Tệp có mật khẩu mở nên không đọc được.", fix) from wrong
    except (CalamineError, ValueError, OSError) as wrong:
        raise _corrupt("Tệp Excel bị hỏng hoặc tải lên chưa hết.") from wrong
    except BaseException as wrong:
        if type(wrong).__name__ != "PanicException":  # how a defect of the Rust reader arrives
            raise
        raise _corrupt("Tệp Excel bị hỏng hoặc tải lên chưa hết.") from wrong


def _corrupt(says: str) -> Refused:
    fix = "Mở lại bằng Excel, lưu thành tệp .xlsx mới rồi gửi lại."
    return Refused("CORRUPT", says, fix)


def _read(
    book: CalamineWorkbook, wanted: Collection[str] | None, marks: tuple[Mark, ...]
) -> RawWorkbook:
    names = tuple(book.sheet_names)
    if not names:
        raise _corrupt("Tệp không có trang tính nào.")
    called = {name: _called(name, wanted) for name in names}
    sheets = {own: _rows(book, name) for name, own in called.items() if own}
    meta = _meta(_rows(book, META_SHEET)) if META_SHEET in names else {}
    return RawWorkbook(sheets, names, meta, _renamed(marks, called))


def _called(name: str, wanted: Collection[str] | None) -> str:
    """The form's name of a sheet, blanks and capitals aside; "" if nobody asks for it."""
    if wanted is None or name in wanted:
        return name
    return _by_fold(frozenset(wanted)).get(folded(name), "")


@lru_cache(maxsize=16)
def _by_fold(names: frozenset[str]) -> Mapping[str, str]:
    return {folded(name): name for name in names}


def _rows(book: CalamineWorkbook, name: str) -> Rows:
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows


def _renamed(marks: tuple[Mark, ...], called: Mapping[str, str]) -> tuple[Mark, ...]:
    return tuple(
        Mark(called[mark.sheet], mark.cell, mark.kind, mark.text)
        for mark in marks
        if called.get(mark.sheet)
    )


def _meta(rows: Rows) -> dict[str, str]:
    said = {as_text(row[0]): as_text(row[1]).strip() for row in rows[:12] if len(row) > 1}
    return {key: said[key] for key in META_KEYS if said.get(key)}
