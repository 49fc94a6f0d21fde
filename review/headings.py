"""Where the fields of a sheet stand in a file that people have moved about in.

    place = table_place(form.sheet("work"), rows)
    place.first          -> 5       the data begin below the headings (rows count from 0)
    place.columns[8]     -> 8       the column of the ninth field; None where it is missing
    place.letters        -> ()      as the form has it; ("A", "C", "B", …) where columns changed

Headings are compared by their words, not by their place: an extra title row or another order of
columns is mended and said; a heading that is not there is a finding, with the nearest one found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from review.cells import folded, nearest
from review.findings import Finding, Repair, Severity
from review.form import (
    CARD_FIRST_ROW,
    FIRST_ROW,
    HEADING_ROW,
    Field,
    FieldType,
    Sheet,
    column_letter,
)
from review.raw import Rows

SEARCHED_ROWS = 40  # how far down headings may have been pushed
SEARCHED_CARD_ROWS = 120
CARD_COLUMNS = 6
# Printed for the reader's sake; a file without them says just as much.
DISPENSABLE = frozenset({"stt", "name", "unit_name"})


@dataclass(frozen=True, slots=True)
class Place:
    """`first` and `columns` for a table; `cells` (row, column by field) for a card. `letters` as in
    review.submission.Table.places."""

    first: int = FIRST_ROW - 1
    columns: tuple[int | None, ...] = ()
    cells: tuple[tuple[int, int] | None, ...] = ()
    letters: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    repairs: tuple[Repair, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every column that counts was found."""
        return not self.findings


def missing_sheet(sheet: Sheet, version: str, names: Sequence[str]) -> Finding:
    near = nearest(sheet.name, list(names))
    asks = f" Trong tệp có trang “{near}”, có phải là trang này không?" if near else ""
    fix = f"Đổi tên trang “{near}” thành “{sheet.name}”" if near else "Làm lại trên mẫu mới nhất"
    says = f"Tệp không đúng mẫu {version}: thiếu trang “{sheet.name}”.{asks}"
    return Finding("SAI_MAU", Severity.MUST_FIX, sheet.name, "", "", says, f"{fix} rồi gửi lại.")


def table_place(sheet: Sheet, rows: Rows, version: str = "") -> Place:
    if len(rows) >= HEADING_ROW and _same(rows[HEADING_ROW - 1], sheet):
        return Place(columns=tuple(range(len(sheet.fields))))
    labels = _labels(sheet)
    at = _heading_row(rows, labels)
    if at is None:
        return Place(findings=(_no_headings(sheet, version),))
    columns = _columns(rows[at], labels)
    repairs = (*_moved_row(sheet, at), *_moved_columns(sheet, at, columns))
    missing = _missing(sheet, version, at, rows[at], columns)
    letters = tuple(column_letter(n if c is None else c) for n, c in enumerate(columns))
    as_printed = columns == tuple(range(len(columns)))
    return Place(at + 1, columns, (), () if as_printed else letters, tuple(missing), repairs)


def card_place(sheet: Sheet, rows: Rows, version: str = "") -> Place:
    """A card's values stand to the right of their labels."""
    usual = tuple((CARD_FIRST_ROW - 1 + n, 1) for n in range(len(sheet.fields)))
    if all(
        _labelled(rows, row, field) for (row, _), field in zip(usual, sheet.fields, strict=True)
    ):
        return Place(cells=usual)
    found = _labels_of_card(rows)
    cells = tuple(found.get(folded(field.label)) for field in sheet.fields)
    letters = tuple(f"{column_letter(cell[1])}{cell[0] + 1}" for cell in _filled_in(cells, usual))
    repairs = _moved_card(sheet, letters) if cells != usual else ()
    missing = _missing_lines(sheet, version, cells, list(_texts_of_card(rows)))
    return Place(cells=cells, letters=letters, findings=tuple(missing), repairs=tuple(repairs))


# Tables


def _labels(sheet: Sheet) -> tuple[str, ...]:
    return tuple(folded(field.label) for field in sheet.fields)


def _same(row: Sequence[object], sheet: Sheet) -> bool:
    return len(row) >= len(sheet.fields) and all(
        cell == field.label for cell, field in zip(row, sheet.fields, strict=False)
    )


def _heading_row(rows: Rows, labels: Sequence[str]) -> int | None:
    """The row that bears most of the headings, if it bears at least half of them."""
    wanted = set(labels)
    hits = [len(wanted & set(map(folded, row))) for row in rows[:SEARCHED_ROWS]]
    best = max(hits, default=0)
    return hits.index(best) if 2 * best >= len(wanted) else None


def _columns(row: Sequence[object], labels: Sequence[str]) -> tuple[int | None, ...]:
    """Of two columns with one heading the left one counts."""
    stands: dict[str, int] = {}
    for at, cell in enumerate(row):
        stands.setdefault(folded(cell), at)
    return tuple(stands.get(label) for label in labels)


def _moved_row(sheet: Sheet, at: int) -> Iterator[Repair]:
    if at != HEADING_ROW - 1:
        was = f"dòng {HEADING_ROW}"
        yield Repair(sheet.name, f"A{at + 1}", was, f"dòng {at + 1}", "header_moved")


def _moved_columns(sheet: Sheet, at: int, columns: Sequence[int | None]) -> Iterator[Repair]:
    for n, column in enumerate(columns):
        if column is not None and column != n:
            cell = f"{column_letter(column)}{at + 1}"
            was = f"cột {column_letter(n)} ({sheet.fields[n].label})"
            yield Repair(sheet.name, cell, was, f"cột {column_letter(column)}", "header_moved")


def _no_headings(sheet: Sheet, version: str) -> Finding:
    says = f"Tệp không đúng mẫu {version}: trang “{sheet.name}” không có dòng tiêu đề cột."
    fix = f"Giữ dòng tiêu đề của mẫu (dòng {HEADING_ROW}) và nhập số liệu ngay dưới dòng đó."
    return Finding("SAI_MAU", Severity.MUST_FIX, sheet.name, f"A{HEADING_ROW}", "", says, fix)


def _missing(
    sheet: Sheet, version: str, at: int, row: Sequence[object], columns: Sequence[int | None]
) -> Iterator[Finding]:
    strangers = [str(cell) for n, cell in enumerate(row) if folded(cell) and n not in columns]
    for n, field in enumerate(sheet.fields):
        if columns[n] is None and not _dispensable(field):
            cell = f"{column_letter(n)}{at + 1}"
            yield _missing_field(sheet, version, field, "cột", cell, strangers)


def _dispensable(field: Field) -> bool:
    return field.type is FieldType.ORDINAL or field.name in DISPENSABLE


def _missing_field(
    sheet: Sheet, version: str, field: Field, what: str, cell: str, strangers: list[str]
) -> Finding:
    near = nearest(field.label, strangers)
    asks = f" Có phải là {what} “{near}” không?" if near else ""
    says = f"Tệp không đúng mẫu {version}: thiếu {what} “{field.label}”.{asks}"
    fix = (
        f"Sửa tiêu đề “{near}” thành “{field.label}”."
        if near
        else f"Thêm lại {what} “{field.label}” hoặc chép số liệu sang mẫu mới nhất."
    )
    return Finding("SAI_MAU", Severity.MUST_FIX, sheet.name, cell, near, says, fix)


# Cards


def _labelled(rows: Rows, row: int, field: Field) -> bool:
    return row < len(rows) and bool(rows[row]) and rows[row][0] == field.label


def _labels_of_card(rows: Rows) -> Mapping[str, tuple[int, int]]:
    """For each text in the first columns, the cell to its right; the first one met counts."""
    stands: dict[str, tuple[int, int]] = {}
    for at, row in enumerate(rows[:SEARCHED_CARD_ROWS]):
        for column, cell in enumerate(row[:CARD_COLUMNS]):
            if isinstance(cell, str) and cell:
                stands.setdefault(folded(cell), (at, column + 1))
    return stands


def _texts_of_card(rows: Rows) -> Iterator[str]:
    for row in rows[:SEARCHED_CARD_ROWS]:
        yield from (cell for cell in row[:1] if isinstance(cell, str) and cell)


def _filled_in(
    cells: Sequence[tuple[int, int] | None], usual: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    for cell, instead in zip(cells, usual, strict=True):
        yield cell or instead


def _moved_card(sheet: Sheet, letters: Sequence[str]) -> Iterator[Repair]:
    for field, cell in zip(sheet.fields, letters, strict=True):
        if cell != sheet.cell(field.name):
            yield Repair(sheet.name, cell, sheet.cell(field.name), cell, "header_moved")


def _missing_lines(
    sheet: Sheet, version: str, cells: Sequence[tuple[int, int] | None], texts: list[str]
) -> Iterator[Finding]:
    known = {folded(field.label) for field in sheet.fields}
    strangers = [text for text in texts if folded(text) not in known]
    for field, cell in zip(sheet.fields, cells, strict=True):
        if cell is None and not _dispensable(field):
            at = sheet.cell(field.name)
            yield _missing_field(sheet, version, field, "dòng", at, strangers)
