"""One sheet of a form, compiled once, read many times: rows of raw cells → a table and its faults.

    reader = TableReader(form.sheet("work"))
    read = reader.read(rows, table_place(reader.sheet, rows), {})
    read.table.rows[0]          -> (6, None, "03637-01", "Lò Văn Inh", "TD01", …)

A column is cleaned whole, through the memo of its Cleaner, blank lines included: that is cheaper
than asking each line first whether it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from operator import itemgetter
from typing import Any

from review.cells import Cleaner, Flag
from review.faults import Faults, Flagged, Marks
from review.findings import Finding, Repair
from review.form import CARD_FIRST_ROW, Field, FieldType, Sheet
from review.headings import Place
from review.raw import Rows
from review.stray_lines import is_stray
from review.submission import Table

TOLERANCE = 1  # hundredths by which a stated total may differ (domain.md 2.5: sums tolerate ±0,01)
# A choice not on its list has a check of its own where an officer knows it by another name.
UNLISTED = {"leaders": "DDE_SAI_MUC"}
Column = Sequence[Any]
# Line from 0, field, what is stated, the sum, whether every part of it is there.
WrongTotal = tuple[int, int, int, int, bool]


@dataclass(frozen=True, slots=True)
class SheetRead:
    table: Table | None
    findings: tuple[Finding, ...] = ()
    repairs: tuple[Repair, ...] = ()


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
        numbers = (n for n, f in enumerate(sheet.fields) if f.type is FieldType.ORDINAL)
        self._number = next(numbers, None)
        self._note = sheet.at("note") + 1 if "note" in sheet.columns else None

    def _is_typed(self, field: Field) -> bool:
        """Whether a person writes here. Lines of open tasks are data from the start."""
        if field.type is FieldType.ORDINAL or field.total_of:
            return False
        return not field.prefill or self.sheet.stands

    def read(self, rows: Rows, place: Place, marks: Marks) -> SheetRead:
        if not place.columns:
            return SheetRead(None)
        raw = _columns(self._begun(rows[place.first :], place), place.columns)
        flagged: list[Flagged] = []
        clean: list[Any] = [self._cleaned(n, column, flagged) for n, column in enumerate(raw)]
        wrong_totals = [w for n in self._totals for w in self._add_up(n, clean)]
        used = self._used(clean, flagged)
        first = place.first + 1
        faults = Faults(self.sheet, place, marks)
        deaf = {w for w in wrong_totals if self._is_deaf(w, first, flagged, faults)}
        for row, n, _, total, whole in deaf:
            clean[n][row] = total if whole else None
        lacking = list(self._lacking(place, clean, used))
        stray = self._stray(rows, place, clean, flagged, used, lacking)
        every = list(zip(range(first, first + len(used)), *clean, strict=True))
        lines = list(compress(every, used))
        for row in stray:
            faults.stray(row + first, rows[row + place.first])
        faults.of_cells(flagged, used, first)
        for wrong in wrong_totals:
            row, n, stated, total, whole = wrong
            if used[row] and wrong not in deaf:
                (faults.total if whole else faults.less_than_known)(row + first, n, stated, total)
            elif used[row] and whole:
                faults.added_anew(row + first, n, stated, total)
        if marks:
            faults.of_marks(range(first, len(rows) + 1), self._totals)
            faults.of_asides({line[0] for line in lines}, self._totals)
        self._missing(lines, lacking, faults)
        self._twice(lines, faults)
        table = Table(
            self.sheet.key, self.sheet.columns, tuple(lines), place.letters, self._idle(every, used)
        )
        return SheetRead(table, tuple(faults.findings), tuple(faults.repairs))

    def _begun(self, body: Rows, place: Place) -> Rows:
        """Without the spare lines at the end, in which nothing stands but their number."""
        number = place.columns[self._number] if self._number is not None else None
        end = len(body)
        while end and _is_spare(body[end - 1], number):
            end -= 1
        return body[:end]

    def _cleaned(self, n: int, column: Column, flagged: list[Flagged]) -> Column:
        if self.sheet.fields[n].type is FieldType.ORDINAL:
            return (None,) * len(column)
        cleaner = self._cleaners[n]
        clean = list(map(cleaner.__getitem__, column))
        if cleaner.has_flagged and Flag in set(map(type, clean)):
            for row, value in enumerate(clean):
                if type(value) is Flag:
                    flagged.append(Flagged(row, n, column[row], value))
                    clean[row] = value.value
        return clean

    def _used(self, clean: Sequence[Column], flagged: Sequence[Flagged]) -> list[bool]:
        nothing = self._nothing
        used = [cells != nothing for cells in zip(*(clean[n] for n in self._typed), strict=True)]
        for cell in flagged:
            if cell.flag.check and cell.at in self._typed:
                used[cell.row] = True
        return used

    def _lacking(
        self, place: Place, clean: Sequence[Column], used: Sequence[bool]
    ) -> Iterator[int]:
        """The fields that must be filled and are blank in some line."""
        for n in self._required:
            if place.columns[n] is not None and self._blanks[n] in compress(clean[n], used):
                yield n

    def _stray(
        self,
        rows: Rows,
        place: Place,
        clean: Sequence[Column],
        flagged: Sequence[Flagged],
        used: list[bool],
        lacking: Sequence[int],
    ) -> list[int]:
        """Of the lines in which something is amiss, those that are no lines of a report: they are
        used no more. What was found in them goes unsaid."""
        amiss = {cell.row for cell in flagged if cell.flag.check and used[cell.row]}
        for n in lacking:
            blank, column = self._blanks[n], clean[n]
            amiss |= {row for row, value in enumerate(column) if value == blank and used[row]}
        found = [
            row
            for row in sorted(amiss)
            if is_stray(rows[row + place.first], place.columns, self.sheet)
        ]
        for row in found:
            used[row] = False
        return found

    def _idle(self, every: list[Any], used: list[bool]) -> tuple[Any, ...]:
        if self.sheet.stands:
            return ()
        cadre = self.sheet.at("cadre") + 1
        return tuple(
            line for line, busy in zip(every, used, strict=True) if not busy and line[cadre]
        )

    def _add_up(self, n: int, clean: list[Any]) -> Iterator[WrongTotal]:
        """Writes in the totals left blank; yields where they differ. Where a part is missing or no
        number, what is less than the others together is wrong whatever the part may be."""
        parts = list(zip(*(clean[part] for part in self._totals[n]), strict=True))
        sums = [None if None in cells else sum(cells) for cells in parts]
        stated = clean[n]
        clean[n] = [
            total if said is None else said for said, total in zip(stated, sums, strict=True)
        ]
        for row, (said, total) in enumerate(zip(stated, sums, strict=True)):
            if said is None:
                continue
            if total is None:
                known = sum(part for part in parts[row] if part is not None)
                if known - said > TOLERANCE:
                    yield row, n, said, known, False
            elif abs(said - total) > TOLERANCE:
                yield row, n, said, total, True

    def _is_deaf(
        self, wrong: WrongTotal, first: int, flagged: Sequence[Flagged], faults: Faults
    ) -> bool:
        """Whether the total is the form's own formula, which does not hear figures typed as text
        and adds what is no mark: nobody has stated it."""
        row, n, _, _, whole = wrong
        if not whole:
            return faults.is_formula(row + first, n)
        parts = self._totals[n]
        as_text = any(
            one.row == row and one.at in parts and one.flag.why == "number_text" for one in flagged
        )
        return as_text and faults.is_formula(row + first, n)

    def _missing(self, lines: Sequence[Any], lacking: Sequence[int], faults: Faults) -> None:
        for n in lacking:
            for line in lines:
                if line[n + 1] == self._blanks[n] and not self._only_a_note(line):
                    faults.missing(line[0], n)

    def _only_a_note(self, line: Sequence[Any]) -> bool:
        """A prefilled line may carry just the reason why this cadre has no work."""
        if self._note is None or not self.sheet.prefill or not line[self._note]:
            return False
        typed = [n for n in self._typed if n + 1 != self._note]
        return all(line[n + 1] == self._blanks[n] for n in typed)

    def _twice(self, lines: Sequence[Any], faults: Faults) -> None:
        if not self.sheet.row_key:
            return
        places = [self.sheet.at(name) + 1 for name in self.sheet.row_key]
        if len(set(map(itemgetter(*places), lines))) == len(lines):
            return
        keys = [tuple(line[n] for n in places) for line in lines]
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
        faults = Faults(self.sheet, place, marks)
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
        if marks:
            faults.of_marks(range(1), {})
            faults.of_asides(self._lines_of(place), {})
        table = Table(
            self.sheet.key, self.sheet.columns, ((CARD_FIRST_ROW, *values),), place.letters
        )
        return SheetRead(table, tuple(faults.findings), tuple(faults.repairs))

    def _lines_of(self, place: Place) -> set[int]:
        return {cell[0] + 1 for cell in place.cells if cell is not None}


def _must_be_given(field: Field) -> bool:
    """Locked cells are ours: who, when and which form are judged apart (review/identity.py)."""
    return field.required and not field.locked


def _at(rows: Rows, cell: tuple[int, int] | None) -> Any:
    if cell is None or cell[0] >= len(rows) or cell[1] >= len(rows[cell[0]]):
        return ""
    return rows[cell[0]][cell[1]]


def _is_spare(row: Sequence[Any], number: int | None) -> bool:
    filled = len(row) - row.count("")
    numbered = number is not None and number < len(row) and row[number] != ""
    return filled == 0 or (filled == 1 and numbered)


def _columns(body: Rows, places: Sequence[int | None]) -> list[Column]:
    """The body by columns in the form's order; a column that is not there is blank."""
    if bool in set(map(type, chain.from_iterable(body))):
        body = [list(map(_as_typed, row)) for row in body]
    columns = list(zip(*body, strict=True))
    absent = ("",) * len(body)
    return [absent if n is None or n >= len(columns) else columns[n] for n in places]
