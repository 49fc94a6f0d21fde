"""Where the fields of a sheet stand in a file that people have moved about in.

    place = table_place(form.sheet("work"), rows)
    place.first          -> 5       the data begin below the headings (rows count from 0)
    place.columns[8]     -> 8       the column of the ninth field; None where it is missing
    place.letters        -> ()      as the form has it; ("A", "C", "B", …) where columns changed

Headings are compared by their words, not by their place: an extra title row, another order of
columns, another wording that can only be one field's (review/heading_match.py) is mended and said;
a heading that is not there, or stands over two columns with figures, is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

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
from review.heading_match import (
    Match,
    Texts,
    heading_texts,
    hits,
    in_unicode,
    matched_columns,
    two_row_texts,
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
    found = _headings(rows, [folded(field.label) for field in sheet.fields])
    if found is None:
        return Place(findings=(_no_headings(sheet, version),))
    match = matched_columns(found.texts, sheet.fields)
    columns, at = match.columns, found.at
    repairs = (
        *_moved_row(sheet, at),
        *_moved_columns(sheet, at, columns, match.renamed),
        *_renamed_columns(sheet, at, match),
        *_old_fonts(sheet, found),
    )
    faults = [
        *_doubled(sheet, version, found, match, rows),
        *_missing(sheet, version, at, rows[at], columns),
    ]
    letters = tuple(column_letter(n if c is None else c) for n, c in enumerate(columns))
    as_printed = columns == tuple(range(len(columns)))
    return Place(found.first, columns, (), () if as_printed else letters, tuple(faults), repairs)


def card_place(sheet: Sheet, rows: Rows, version: str = "") -> Place:
    """A card's values stand to the right of their labels."""
    usual = tuple((CARD_FIRST_ROW - 1 + n, 1) for n in range(len(sheet.fields)))
    if all(
        _labelled(rows, row, field) for (row, _), field in zip(usual, sheet.fields, strict=True)
    ):
        return Place(cells=usual)
    found = _labels_of_card(rows, [folded(field.label) for field in sheet.fields])
    cells = tuple(found.get(folded(field.label)) for field in sheet.fields)
    letters = tuple(f"{column_letter(cell[1])}{cell[0] + 1}" for cell in _filled_in(cells, usual))
    repairs = _moved_card(sheet, letters) if cells != usual else ()
    missing = _missing_lines(sheet, version, cells, list(_texts_of_card(rows)))
    return Place(cells=cells, letters=letters, findings=tuple(missing), repairs=tuple(repairs))


# Tables


def _same(row: Sequence[object], sheet: Sheet) -> bool:
    """As the form has it; columns of the unit's own beside it bear other headings."""
    count = len(sheet.fields)
    if len(row) < count or any(
        cell != field.label for cell, field in zip(row, sheet.fields, strict=False)
    ):
        return False
    return not any(row[count:]) or {folded(field.label) for field in sheet.fields}.isdisjoint(
        map(folded, row[count:])
    )


@dataclass(frozen=True, slots=True)
class _Headings:
    """The row that bears the headings (from 0), where the data begin below it, what each column is
    called, and which headings are in a font of before Unicode."""

    at: int
    first: int
    texts: Texts
    old: Mapping[int, tuple[str, str]]


def _headings(rows: Rows, labels: Sequence[str]) -> _Headings | None:
    """The row, or the two rows, that bear most of the headings, if they bear at least half."""
    best, count = None, 0
    for at, row in enumerate(rows[:SEARCHED_ROWS]):
        old = in_unicode(row, labels)
        texts = heading_texts([old[n][0] if n in old else cell for n, cell in enumerate(row)])
        if (found := hits(texts, labels)) > count:
            best, count = _Headings(at, at + 1, texts, old), found
    if count < len(labels):
        for at, (upper, lower) in enumerate(pairwise(rows[:SEARCHED_ROWS])):
            texts = two_row_texts(upper, lower)
            if (found := hits(texts, labels)) > count:
                best, count = _Headings(at + 1, at + 2, texts, {}), found
    return best if 2 * count >= len(set(labels)) else None


def _moved_row(sheet: Sheet, at: int) -> Iterator[Repair]:
    if at != HEADING_ROW - 1:
        was = f"dòng {HEADING_ROW}"
        yield Repair(sheet.name, f"A{at + 1}", was, f"dòng {at + 1}", "header_moved")


def _moved_columns(
    sheet: Sheet, at: int, columns: Sequence[int | None], renamed: Mapping[int, str]
) -> Iterator[Repair]:
    for n, column in enumerate(columns):
        if column is not None and column != n and n not in renamed:
            cell = f"{column_letter(column)}{at + 1}"
            was = f"cột {column_letter(n)} ({sheet.fields[n].label})"
            yield Repair(sheet.name, cell, was, f"cột {column_letter(column)}", "header_moved")


def _renamed_columns(sheet: Sheet, at: int, match: Match) -> Iterator[Repair]:
    for n, was in match.renamed.items():
        cell = f"{column_letter(match.columns[n] or 0)}{at + 1}"
        yield Repair(sheet.name, cell, was, sheet.fields[n].label, "header_renamed")


def _old_fonts(sheet: Sheet, found: _Headings) -> Iterator[Repair]:
    labels = {folded(field.label): field.label for field in sheet.fields}
    for column, (label, why) in found.old.items():
        cell = f"{column_letter(column)}{found.at + 1}"
        yield Repair(sheet.name, cell, found.texts[column][0], labels[label], why)


def _doubled(
    sheet: Sheet, version: str, found: _Headings, match: Match, rows: Rows
) -> Iterator[Finding]:
    """Two columns with one heading: harmless if all but the first are empty, else nobody knows
    which one is meant."""
    for n, columns in match.doubled.items():
        first, *others = columns
        body = rows[found.first :]
        filled = [c for c in others if any(c < len(row) and folded(row[c]) for row in body)]
        if filled and sheet.fields[n].type is not FieldType.ORDINAL:
            label, letters = sheet.fields[n].label, [column_letter(c) for c in (first, *filled)]
            says = (
                f"Tệp không đúng mẫu {version}: tiêu đề “{label}” có ở {len(letters)} cột "
                f"({', '.join(letters)}), không biết cột nào đúng."
            )
            cell = f"{letters[1]}{found.at + 1}"
            fix = "Chỉ giữ một cột; xóa hoặc đặt tên khác cho cột kia."
            yield Finding("SAI_MAU", Severity.MUST_FIX, sheet.name, cell, label, says, fix)


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


def _labels_of_card(rows: Rows, labels: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """For each text in the first columns, the cell to its right; the first one met counts. Labels
    in a font of before Unicode stand for what they mean."""
    stands: dict[str, tuple[int, int]] = {}
    for at, row in enumerate(rows[:SEARCHED_CARD_ROWS]):
        old = in_unicode(row[:CARD_COLUMNS], labels)
        for column, cell in enumerate(row[:CARD_COLUMNS]):
            if isinstance(cell, str) and cell:
                stands.setdefault(old.get(column, (folded(cell), ""))[0], (at, column + 1))
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
