"""What is said of one sheet while it is read: each fault at its cell, with the words for the unit.

faults = Faults(form.sheet("work"), place, marks)
faults.missing(9, 3)            the field of line 9 is blank
faults.findings                 -> [Finding("THIEU_O", …, "S3 Công việc – sản phẩm", "D9", …)]

A cell is blamed once, for the first thing found.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from review.cells import Flag, as_text
from review.findings import Finding, Repair, Severity
from review.form import CARD_FIRST_ROW, FieldType, Sheet, column_letter
from review.headings import Place
from review.points import shown
from review.raw import UNKNOWN, Mark, MarkKind

# Sheets that have a cadre once (or once a rater): a second line is the cadre counted twice.
ONE_LINE_A_CADRE = frozenset({("cadre",), ("cadre", "rater")})

SHOWN_CELLS = 8  # of a list of cells; the rest are counted
Marks = Sequence[Mark]


ASIDES = (
    (
        MarkKind.HIDDEN,
        "DONG_AN",
        "Dòng {} đang bị ẩn nhưng có số liệu; tỉnh vẫn tính.",
        "Cho hiện lại để kiểm tra; không phải số liệu của kỳ này thì xóa.",
    ),
    (
        MarkKind.LINK,
        "LIEN_KET",
        "Ô {} lấy số từ tệp khác; tỉnh lấy giá trị đã lưu trong tệp này.",
        "Kiểm tra lại giá trị; nên chép thành số (Dán giá trị) trước khi gửi.",
    ),
    (
        MarkKind.FORMULA,
        "CO_CONG_THUC",
        "Ô {} là công thức; tỉnh lấy kết quả đã lưu trong tệp.",
        "Không cần sửa nếu kết quả đúng; nên chép thành số (Dán giá trị) trước khi gửi.",
    ),
)


class Flagged(NamedTuple):
    """A cell of which something must be said: its line (from 0 below the headings), its field."""

    row: int
    at: int
    raw: Any
    flag: Flag


def _listed(cells: Sequence[str]) -> str:
    more = len(cells) - SHOWN_CELLS
    return ", ".join(cells[:SHOWN_CELLS]) + (f" và {more} chỗ khác" if more > 0 else "")


@lru_cache(maxsize=64)
def _usual(columns: int) -> tuple[str, ...]:
    return tuple(map(column_letter, range(columns)))


class Faults:
    """Gathers what is said of one sheet; a cell is blamed once, for the first thing found."""

    def __init__(self, sheet: Sheet, place: Place, marks: Marks) -> None:
        self.findings: list[Finding] = []
        self.repairs: list[Repair] = []
        self._sheet, self._place = sheet, place
        self._unknown = {mark.cell: mark for mark in marks if mark.kind in UNKNOWN}
        self._asides = [mark for mark in marks if mark.kind not in UNKNOWN] if marks else []
        self._blamed: set[str] = set(self._unknown)
        self._letters = place.letters or _usual(len(sheet.fields))

    def cell(self, line: int, n: int) -> str:
        if self._sheet.kind == "card":
            return self._place.letters[n] if self._place.letters else f"B{CARD_FIRST_ROW + n}"
        return f"{self._letters[n]}{line}"

    def of_cells(self, flagged: Sequence[Flagged], used: Sequence[bool], first: int) -> None:
        for row, at, raw, flag in flagged:
            if used[row]:
                self.of_cell(row + first, at, raw, flag)

    def of_cell(self, line: int, n: int, raw: Any, flag: Flag) -> None:
        cell, was = self.cell(line, n), raw if type(raw) is str else as_text(raw)
        if flag.check:
            self._add(flag.check, cell, was, flag.says, flag.fix)
        else:
            self.repairs.append(Repair(self._sheet.name, cell, was, flag.now, flag.why))

    def of_marks(self, lines: range, totals: Mapping[int, object]) -> None:
        """Cells that a reader gives as empty although something stands in them."""
        for cell, mark in self._unknown.items():
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
        letter = cell.rstrip("0123456789")
        n = self._columns.get(letter)
        return n is not None and n not in totals and int(cell[len(letter) :]) in lines

    @cached_property
    def _columns(self) -> Mapping[str, int]:
        """By the letter of a column, its field; the first, where two fields claim it. Line numbers
        are nobody's data."""
        first = {letter: n for n, letter in reversed(tuple(enumerate(self._letters)))}
        fields = self._sheet.fields
        return {le: n for le, n in first.items() if fields[n].type is not FieldType.ORDINAL}

    def of_asides(self, lines: Collection[int], totals: Mapping[int, object]) -> None:
        """Formulas left in cells, figures taken from another workbook, lines out of sight: taken
        as they are, and said."""
        if not self._asides:
            return
        own = range(min(lines, default=0), max(lines, default=0) + 1)
        known: dict[MarkKind, list[str]] = {}
        for mark in self._asides:
            if mark.cell not in self._unknown:
                known.setdefault(mark.kind, []).append(mark.cell)
        for kind, check, says, fix in ASIDES:
            hidden, there = kind is MarkKind.HIDDEN, known.get(kind, ())
            if hidden:
                cells = [cell for cell in there if int(cell[1:]) in lines]
            else:
                cells = [cell for cell in there if self._is_data(cell, own, totals)]
            if cells:
                told = [cell[1:] for cell in cells] if hidden else cells
                self._note(check, cells[0], says.format(_listed(told)), fix)

    def _note(self, check: str, cell: str, says: str, fix: str) -> None:
        name = self._sheet.name
        self.findings.append(Finding(check, Severity.NOTE, name, cell, "", says, fix))

    def stray(self, line: int, raw: Sequence[Any]) -> None:
        was = next((as_text(cell) for cell in raw if as_text(cell).strip()), "")
        now = "bỏ qua dòng này"
        self.repairs.append(Repair(self._sheet.name, f"A{line}", was[:200], now, "stray_line"))

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

    def less_than_known(self, line: int, n: int, stated: int, known: int) -> None:
        """A part is missing; those that are there come to more already."""
        label, whole = self._sheet.fields[n].label, shown(known)
        says = f"“{label}” ghi {shown(stated)} nhỏ hơn tổng các ô thành phần đã ghi là {whole}."
        fix = "Ghi đủ các ô thành phần, rồi ghi lại tổng."
        self._add("TONG_LECH", self.cell(line, n), shown(stated), says, fix)

    def is_formula(self, line: int, n: int) -> bool:
        cell = self.cell(line, n)
        return any(one.cell == cell and one.kind is MarkKind.FORMULA for one in self._asides)

    def added_anew(self, line: int, n: int, stated: int, total: int) -> None:
        cell, was, now = self.cell(line, n), shown(stated), shown(total)
        self.repairs.append(Repair(self._sheet.name, cell, was, now, "sum"))

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
