"""One sheet of a form, compiled once, read many times: rows of raw cells → a table and its faults.

    reader = TableReader(form.sheet("work"))
    read = reader.read(rows, table_place(reader.sheet, rows), {})
    read.table.rows[0]          -> (6, None, "03637-01", "Lò Văn Inh", "TD01", …)

A column is cleaned whole, through the memo of its Cleaner, blank lines included: that is cheaper
than asking each line first whether it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress
from operator import itemgetter
from typing import Any, NamedTuple

from review.cells import Cleaner, Flag, as_text
from review.findings import Finding, Repair, Severity
from review.form import CARD_FIRST_ROW, Field, FieldType, Sheet, column_letter
from review.headings import Place
from review.points import shown
from review.raw import Mark, MarkKind, Rows
from review.submission import Table

TOLERANCE = 1  # hundredths by which a stated total may differ (domain.md 2.5: sums tolerate ±0,01)
# A choice not on its list has a check of its own where an officer knows it by another name.
UNLISTED = {"leaders": "DDE_SAI_MUC"}
# Sheets that have a cadre once (or once a rater): a second line is the cadre counted twice.
ONE_LINE_A_CADRE = frozenset({("cadre",), ("cadre", "rater")})

Column = Sequence[Any]
Marks = Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class SheetRead:
    table: Table | None
    findings: tuple[Finding, ...] = ()
    repairs: tuple[Repair, ...] = ()


class _Flagged(NamedTuple):
    """A cell of which something must be said: its line (from 0 below the headings), its field."""

    row: int
    at: int
    raw: Any
    flag: Flag


def _cleaners(sheet: Sheet) -> list[Cleaner]:
    return [Cleaner(field, UNLISTED.get(sheet.key, "NGOAI_DANH_SACH")) for field in sheet.fields]


def _as_typed(value: Any) -> Any:
    """TRUE is equal to 1.0 as a key of a memo; as text it is not."""
    return str(value).upper() if isinstance(value, bool) else value


class TableReader:
    """Reads the lines of one table. Lines with nothing but what the office had printed there are
    idle; wholly blank lines are passed over."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._cleaners = _cleaners(sheet)
        self._blanks = [cleaner.blank for cleaner in self._cleaners]
        self._typed = [n for n, field in enumerate(sheet.fields) if self._is_typed(field)]
        self._nothing = tuple(self._blanks[n] for n in self._typed)
        self._required = [n for n, field in enumerate(sheet.fields) if field.required]
        self._totals = {
            n: [sheet.at(part) for part in field.total_of]
            for n, field in enumerate(sheet.fields)
            if field.total_of
        }
        self._note = sheet.at("note") + 1 if "note" in sheet.columns else None

    def _is_typed(self, field: Field) -> bool:
        """Whether a person writes here. Lines of open tasks are data from the start."""
        if field.type is FieldType.ORDINAL or field.total_of:
            return False
        return not field.prefill or self.sheet.stands

    def read(self, rows: Rows, place: Place, marks: Marks) -> SheetRead:
        if not place.columns:
            return SheetRead(None)
        raw = _columns(rows[place.first :], place.columns)
        flagged: list[_Flagged] = []
        clean = [self._cleaned(n, column, flagged) for n, column in enumerate(raw)]
        wrong_totals = [w for n in self._totals for w in self._add_up(n, clean)]
        used = self._used(clean, flagged)
        first = place.first + 1
        every = list(zip(range(first, first + len(used)), *clean, strict=True))
        lines = list(compress(every, used))
        faults = _Faults(self.sheet, place, marks)
        faults.of_cells(flagged, used, first)
        for row, n, stated, total in wrong_totals:
            if used[row]:
                faults.total(row + first, n, stated, total)
        faults.of_marks(range(first, first + len(used)), self._totals)
        self._missing(lines, place, faults)
        self._twice(lines, faults)
        table = Table(
            self.sheet.key, self.sheet.columns, tuple(lines), place.letters, self._idle(every, used)
        )
        return SheetRead(table, tuple(faults.findings), tuple(faults.repairs))

    def _cleaned(self, n: int, column: Column, flagged: list[_Flagged]) -> Column:
        if self.sheet.fields[n].type is FieldType.ORDINAL:
            return (None,) * len(column)
        clean = list(map(self._cleaners[n].__getitem__, column))
        if Flag in set(map(type, clean)):
            for row, value in enumerate(clean):
                if type(value) is Flag:
                    flagged.append(_Flagged(row, n, column[row], value))
                    clean[row] = value.value
        return clean

    def _used(self, clean: Sequence[Column], flagged: Sequence[_Flagged]) -> list[bool]:
        nothing = self._nothing
        used = [cells != nothing for cells in zip(*(clean[n] for n in self._typed), strict=True)]
        for cell in flagged:
            if cell.flag.check and cell.at in self._typed:
                used[cell.row] = True
        return used

    def _idle(self, every: list[Any], used: list[bool]) -> tuple[Any, ...]:
        if self.sheet.stands:
            return ()
        cadre = self.sheet.at("cadre") + 1
        return tuple(
            line for line, busy in zip(every, used, strict=True) if not busy and line[cadre]
        )

    def _add_up(self, n: int, clean: list[Column]) -> Iterator[tuple[int, int, int, int]]:
        """Writes in the totals left blank; yields (row, field, stated, sum) where they differ."""
        parts = zip(*(clean[part] for part in self._totals[n]), strict=True)
        sums = [None if None in cells else sum(cells) for cells in parts]
        stated = clean[n]
        clean[n] = [
            total if said is None else said for said, total in zip(stated, sums, strict=True)
        ]
        for row, (said, total) in enumerate(zip(stated, sums, strict=True)):
            if said is not None and total is not None and abs(said - total) > TOLERANCE:
                yield row, n, said, total

    def _missing(self, lines: Sequence[Any], place: Place, faults: _Faults) -> None:
        for n in (n for n in self._required if place.columns[n] is not None):
            blank = self._blanks[n]
            if blank in map(itemgetter(n + 1), lines):
                for line in lines:
                    if line[n + 1] == blank and not self._only_a_note(line):
                        faults.missing(line[0], n)

    def _only_a_note(self, line: Sequence[Any]) -> bool:
        """A prefilled line may carry just the reason why this cadre has no work."""
        if self._note is None or not self.sheet.prefill or not line[self._note]:
            return False
        typed = [n for n in self._typed if n + 1 != self._note]
        return all(line[n + 1] == self._blanks[n] for n in typed)

    def _twice(self, lines: Sequence[Any], faults: _Faults) -> None:
        if not self.sheet.row_key:
            return
        places = [self.sheet.at(name) + 1 for name in self.sheet.row_key]
        keys = [tuple(line[n] for n in places) for line in lines]
        if len(set(keys)) == len(keys):
            return
        rows_of: dict[tuple[Any, ...], list[int]] = {}
        for key, line in zip(keys, lines, strict=True):
            if all(part not in ("", None) for part in key):
                rows_of.setdefault(key, []).append(line[0])
        for key, rows in rows_of.items():
            if len(rows) > 1:
                faults.twice(key, rows)


class CardReader:
    """Reads a card: one value for each label."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._cleaners = _cleaners(sheet)

    def read(self, rows: Rows, place: Place, marks: Marks) -> SheetRead:
        faults = _Faults(self.sheet, place, marks)
        values: list[Any] = []
        for n, (cleaner, cell) in enumerate(zip(self._cleaners, place.cells, strict=True)):
            raw = _as_typed(_at(rows, cell))
            value = cleaner[raw]
            if type(value) is Flag:
                faults.of_cell(CARD_FIRST_ROW, n, raw, value)
                value = value.value
            values.append(value)
            if value == cleaner.blank and _must_be_given(cleaner.field) and cell is not None:
                faults.missing(CARD_FIRST_ROW, n)
        faults.of_marks(range(1), {})
        table = Table(
            self.sheet.key, self.sheet.columns, ((CARD_FIRST_ROW, *values),), place.letters
        )
        return SheetRead(table, tuple(faults.findings), tuple(faults.repairs))


def _must_be_given(field: Field) -> bool:
    """Locked cells are ours: who, when and which form are judged apart (review/identity.py)."""
    return field.required and not field.locked


def _at(rows: Rows, cell: tuple[int, int] | None) -> Any:
    if cell is None or cell[0] >= len(rows) or cell[1] >= len(rows[cell[0]]):
        return ""
    return rows[cell[0]][cell[1]]


def _columns(body: Rows, places: Sequence[int | None]) -> list[Column]:
    """The body by columns in the form's order; a column that is not there is blank."""
    if bool in set(map(type, chain.from_iterable(body))):
        body = [list(map(_as_typed, row)) for row in body]
    columns = list(zip(*body, strict=True))
    absent = ("",) * len(body)
    return [absent if n is None or n >= len(columns) else columns[n] for n in places]


@lru_cache(maxsize=1024)
def _letter(index: int) -> str:
    return column_letter(index)


class _Faults:
    """Gathers what is said of one sheet; a cell is blamed once, for the first thing found."""

    def __init__(self, sheet: Sheet, place: Place, marks: Marks) -> None:
        self.findings: list[Finding] = []
        self.repairs: list[Repair] = []
        self._sheet, self._place, self._marks = sheet, place, marks
        self._blamed: set[str] = set(marks)

    def cell(self, line: int, n: int) -> str:
        if self._sheet.kind == "card":
            return self._place.letters[n] if self._place.letters else f"B{CARD_FIRST_ROW + n}"
        return f"{self._place.letters[n] if self._place.letters else _letter(n)}{line}"

    def of_cells(self, flagged: Sequence[_Flagged], used: Sequence[bool], first: int) -> None:
        for row, at, raw, flag in flagged:
            if used[row]:
                self.of_cell(row + first, at, raw, flag)

    def of_cell(self, line: int, n: int, raw: Any, flag: Flag) -> None:
        cell, was = self.cell(line, n), as_text(raw)
        if flag.check:
            self._add(flag.check, cell, was, flag.says, flag.fix)
        else:
            self.repairs.append(Repair(self._sheet.name, cell, was, flag.now, flag.why))

    def of_marks(self, lines: range, totals: Mapping[int, object]) -> None:
        """Cells that a reader gives as empty although something stands in them."""
        for cell, mark in self._marks.items():
            if mark.kind is MarkKind.ERROR:
                says = f"Ô {cell} là ô lỗi công thức ({mark.text})."
                fix = "Sửa công thức hoặc gõ trực tiếp giá trị vào ô này."
                self._blame("O_LOI", cell, mark.text, says, fix)
            elif self._is_data(cell, lines, totals):
                says = f"Ô {cell} có công thức nhưng chưa có kết quả tính."
                fix = "Mở tệp bằng Excel hoặc LibreOffice, bấm Lưu rồi gửi lại; hoặc gõ giá trị."
                self._blame("CONG_THUC", cell, mark.text, says, fix)

    def _is_data(self, cell: str, lines: range, totals: Mapping[int, object]) -> bool:
        if self._sheet.kind == "card":
            return cell in {self.cell(0, n) for n in range(len(self._sheet.fields))}
        letters = self._place.letters or tuple(map(_letter, range(len(self._sheet.fields))))
        letter = cell.rstrip("0123456789")
        if letter not in letters or int(cell[len(letter) :]) not in lines:
            return False
        n = letters.index(letter)
        return n not in totals and self._sheet.fields[n].type is not FieldType.ORDINAL

    def missing(self, line: int, n: int) -> None:
        field, cell = self._sheet.fields[n], self.cell(line, n)
        fix = f"Điền giá trị vào ô {cell}." + (f" {field.help}" if field.help else "")
        if field.choices:
            fix = f"Chọn một trong: {'; '.join(field.choices.values())}."
        self._add("THIEU_O", cell, "", f"“{field.label}” còn để trống.", fix)

    def total(self, line: int, n: int, stated: int, total: int) -> None:
        label = self._sheet.fields[n].label
        says = f"“{label}” ghi {shown(stated)} không bằng tổng các ô thành phần là {shown(total)}."
        fix = f"Sửa các ô thành phần, hoặc ghi lại tổng là {shown(total)}."
        self._add("TONG_LECH", self.cell(line, n), shown(stated), says, fix)

    def twice(self, key: Sequence[Any], rows: Sequence[int]) -> None:
        """Told at the second line: that is the one to take away."""
        names = self._sheet.row_key
        cell, value = self.cell(rows[1], self._sheet.at(names[0])), " · ".join(map(as_text, key))
        there = ", ".join(map(str, rows))
        if names in ONE_LINE_A_CADRE:
            says = f"Mã cán bộ {key[0]} xuất hiện {len(rows)} lần (dòng {there})."
            self._add("TRUNG_MA_CB", cell, as_text(key[0]), says, "Chỉ giữ một dòng cho mỗi người.")
            return
        labels = ", ".join(f"“{self._sheet.field(name).label}”" for name in names)
        says = f"Các dòng {there} trùng nhau ở {labels}."
        self._add("TRUNG_DONG", cell, value, says, "Gộp thành một dòng hoặc xóa dòng thừa.")

    def _add(self, check: str, cell: str, value: str, says: str, fix: str) -> None:
        if cell not in self._blamed:
            self._blame(check, cell, value, says, fix)

    def _blame(self, check: str, cell: str, value: str, says: str, fix: str) -> None:
        self._blamed.add(cell)
        name = self._sheet.name
        self.findings.append(Finding(check, Severity.MUST_FIX, name, cell, value[:200], says, fix))
