"""Reads a unit's workbook: bytes of an .xlsx, .xls, .xlsb or .ods → raw cells.

    raw = read_workbook(data, names_in(regulation.forms))
    raw.sheets["S1 Thông tin đơn vị"][4]    -> ["Mã đơn vị", "03637", …]

Rows and columns count from A1 whatever is empty, so that a cell's address is its place. The form of
the bytes decides, not the name of the file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from channels.guard import Guarded, Refused, guard
from channels.legacy_fonts import Fonts
from review.cells import as_text, folded
from review.explanations import LIST_SHEET
from review.findings import Repair
from review.form import META_SHEET, Form, column_index
from review.legacy_text import is_unicode, mended_by
from review.raw import Mark, RawWorkbook, Rows
from review.which_form import form_of, sheets_of

META_KEYS = ("unit", "period", "form", "version", "corrects")


def names_in(forms: Mapping[str, Form]) -> frozenset[str]:
    """The names of all sheets that some form has, and of the list on which a unit explains."""
    return frozenset({LIST_SHEET}).union(*(form.names for form in forms.values()))


def read_workbook(
    data: bytes,
    wanted: Collection[str] | None = None,
    forms: Mapping[str, Form] | None = None,
) -> RawWorkbook:
    """The sheets of a workbook, of the `wanted` names only (all of them for None); with `forms`
    also those that are a form's under another name.

    Raises Refused, after the guard too, for what cannot be read.
    """
    raw = _opened(data, wanted, {})
    form = form_of(raw.meta, raw.names, forms) if forms else None
    if form is None or all(sheet.name in raw.sheets for sheet in form.sheets):
        return raw
    found = sheets_of(form, raw.names)
    renamed = {name: own for name, own in found.items() if own not in raw.sheets}
    return _opened(data, wanted, renamed) if renamed else raw


def read_all(data: bytes) -> list[tuple[str, Rows]]:
    """Every sheet of a workbook, whole, without the guard: only for a desk that can be killed.
    Raises Refused for what is no workbook."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [(name, _rows(book, name)) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError) as wrong:
        raise _corrupt("Tệp không phải bảng tính, bị hỏng hoặc có mật khẩu.") from wrong


def _opened(data: bytes, wanted: Collection[str] | None, renamed: Mapping[str, str]) -> RawWorkbook:
    def called(name: str) -> str:
        return renamed.get(name) or _called(name, wanted)

    guarded = guard(data, lambda name: name == META_SHEET or bool(called(name)))
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(guarded.data)) as book:
            return _read(book, called, guarded, renamed)
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
    book: CalamineWorkbook,
    called: Callable[[str], str],
    guarded: Guarded,
    renamed: Mapping[str, str],
) -> RawWorkbook:
    names = tuple(book.sheet_names)
    if not names:
        raise _corrupt("Tệp không có trang tính nào.")
    ours = {name: own for name in names if (own := called(name))}
    sheets = {own: _rows(book, name) for name, own in ours.items()}
    mended = [Repair(own, "", name, own, "sheet_renamed") for name, own in renamed.items()]
    if guarded.fonts:
        mended += _of_before_unicode(
            sheets, {ours[n]: f for n, f in guarded.fonts.items() if n in ours}
        )
    meta = _meta(_rows(book, META_SHEET)) if META_SHEET in names else {}
    return RawWorkbook(
        sheets,
        tuple(renamed.get(name, name) for name in names),
        meta,
        _renamed(guarded.marks, ours),
        tuple(mended),
        frozenset(_hidden(book, ours)),
    )


def _hidden(book: CalamineWorkbook, ours: Mapping[str, str]) -> Iterator[str]:
    for sheet in book.sheets_metadata:
        if sheet.name in ours and sheet.visible != SheetVisibleEnum.Visible:
            yield ours[sheet.name]


def _of_before_unicode(sheets: Mapping[str, Rows], fonts: Fonts) -> list[Repair]:
    """Mends in place what stands in a font of before Unicode. What reads well either way is taken
    by its font, unless somebody has typed Unicode in cells of such a font."""
    there = [
        (name, cell, row, column, font)
        for name, cells in fonts.items()
        for cell, font in cells.items()
        if (place := _place(cell, sheets[name]))
        for row, column in [place]
    ]
    trusted = not any(is_unicode(sheets[name][row][column]) for name, _, row, column, _ in there)
    mended = []
    for name, cell, row, column, font in there:
        was = sheets[name][row][column]
        if meant := mended_by(was, font, trusted):
            line: Any = sheets[name][row]
            line[column] = meant.text
            mended.append(Repair(name, cell, was, meant.text, meant.why))
    return mended


def _place(cell: str, rows: Rows) -> tuple[int, int] | None:
    """Row and column, where a text stands there."""
    letters = cell.rstrip("0123456789")
    row, column = int(cell[len(letters) :]) - 1, column_index(letters)
    there = row < len(rows) and column < len(rows[row]) and isinstance(rows[row][column], str)
    return (row, column) if there else None


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
        mark if own == mark.sheet else mark._replace(sheet=own)
        for mark in marks
        if (own := called.get(mark.sheet))
    )


def _meta(rows: Rows) -> dict[str, str]:
    said = {as_text(row[0]): as_text(row[1]).strip() for row in rows[:12] if len(row) > 1}
    return {key: said[key] for key in META_KEYS if said.get(key)}
