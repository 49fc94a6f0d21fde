"""What is wrong with a roll, said so that whoever keeps it can mend it.

    for finding in problems_of(roster): print(finding.place, finding.says)

Places are those of the file the roll came from; without one, those that its export would have.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from review.findings import Finding, Severity
from review.roster import Roster
from review.roster_columns import COLUMNS, Part, shown
from review.scope import LEADER, OFFICE

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
CODE = re.compile(r"[^\W_][\w.-]*")  # it names files, and readers of letters ("03637/12")
RESERVED = re.compile(rf"({OFFICE}|{LEADER})(-\d+)?", re.IGNORECASE)  # whose letters are whole
YOUNGEST, OLDEST = 18, 65  # ages in service (check NGAY_SINH of the 25 checks)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the entries of one part stand: a row number each, a letter for each column name."""

    sheet: str
    rows: Sequence[int]
    letters: Mapping[str, str]

    @classmethod
    def exported(cls, part: Part, entries: int) -> Layout:
        letters = {column.name: letter_of(n) for n, column in enumerate(COLUMNS[part])}
        return cls(part.value, range(2, entries + 2), letters)

    def cell(self, index: int, column: str) -> str:
        return f"{self.letters.get(column, 'A')}{self.rows[index]}"


@dataclass(frozen=True, slots=True)
class _Sheets:
    roster: Roster
    layouts: Mapping[Part, Layout] = field(default_factory=dict)

    def finding(
        self, check: str, severity: Severity, part: Part, at: tuple[int, str], says: str, fix: str
    ) -> Finding:
        index, column = at
        layout = self.layouts.get(part) or Layout.exported(part, len(self.roster.part(part)))
        value = shown(getattr(self.roster.part(part)[index], column))
        return Finding(check, severity, layout.sheet, layout.cell(index, column), value, says, fix)

    def must_fix(self, check: str, part: Part, at: tuple[int, str], says: str, fix: str) -> Finding:
        return self.finding(check, Severity.MUST_FIX, part, at, says, fix)

    def ask(self, check: str, part: Part, at: tuple[int, str], says: str, fix: str) -> Finding:
        return self.finding(check, Severity.MUST_EXPLAIN, part, at, says, fix)


def problems_of(roster: Roster, layouts: Mapping[Part, Layout] | None = None) -> list[Finding]:
    """Every problem of the roll in one pass, in the order of RULES."""
    sheets = _Sheets(roster, layouts or {})
    return [finding for rule in RULES for finding in rule(sheets)]


def each_unit_has_its_own_code(sheets: _Sheets) -> Iterator[Finding]:
    for code, where in _repeated(unit.code for unit in sheets.roster.units):
        for index in where[1:]:
            yield sheets.must_fix(
                "TRUNG_MA_DV", Part.UNITS, (index, "code"),
                f"Mã đơn vị “{code}” xuất hiện {len(where)} lần.",
                "Mỗi đơn vị một mã; xóa dòng thừa hoặc sửa mã.",
            )  # fmt: skip


def each_cadre_has_his_own_code(sheets: _Sheets) -> Iterator[Finding]:
    for code, where in _repeated(cadre.code for cadre in sheets.roster.cadres):
        for index in where[1:]:
            yield sheets.must_fix(
                "TRUNG_MA_CB", Part.CADRES, (index, "code"),
                f"Mã cán bộ “{code}” xuất hiện {len(where)} lần.",
                "Mỗi người một mã, kể cả khi trùng họ tên; sửa mã của dòng này.",
            )  # fmt: skip


def each_code_is_plain_and_names_one(sheets: _Sheets) -> Iterator[Finding]:
    """A letter, its password and its rows go by the code of who reads it, unit or person."""
    for part in Part:
        for index, entry in enumerate(sheets.roster.part(part)):
            if entry.code and (not CODE.fullmatch(entry.code) or RESERVED.fullmatch(entry.code)):
                yield sheets.must_fix(
                    "MA_LA", part, (index, "code"),
                    f"Mã “{entry.code}” không dùng được.",
                    "Mã chỉ gồm chữ, số, dấu chấm, gạch ngang, gạch dưới, bắt đầu bằng chữ hay số, "
                    f"và không phải là “{OFFICE}”, “{LEADER}”.",
                )  # fmt: skip
    for index, cadre in enumerate(sheets.roster.cadres):
        if cadre.code and (unit := sheets.roster.unit(cadre.code)) is not None:
            yield sheets.must_fix(
                "MA_LA", Part.CADRES, (index, "code"),
                f"Mã cán bộ “{cadre.code}” của {cadre.name} trùng mã đơn vị {unit.name}.",
                "Đặt cho người này mã khác mọi mã đơn vị, ví dụ thêm “-01”.",
            )  # fmt: skip


def each_cadre_serves_in_a_known_unit(sheets: _Sheets) -> Iterator[Finding]:
    for index, cadre in enumerate(sheets.roster.cadres):
        if cadre.unit and sheets.roster.unit(cadre.unit) is None:
            yield sheets.must_fix(
                "MA_DON_VI", Part.CADRES, (index, "unit"),
                f"Mã đơn vị “{cadre.unit}” của {cadre.name} không có trong danh mục đơn vị.",
                "Sửa mã, hoặc thêm đơn vị vào trang “Đơn vị”.",
            )  # fmt: skip


def each_head_is_a_cadre_of_the_unit(sheets: _Sheets) -> Iterator[Finding]:
    for index, unit in enumerate(sheets.roster.units):
        head = sheets.roster.cadre(unit.head)
        if unit.head and head is None:
            yield sheets.must_fix(
                "THU_TRUONG", Part.UNITS, (index, "head"),
                f"Mã thủ trưởng “{unit.head}” của {unit.name} không có trong danh sách cán bộ.",
                "Ghi mã của một cán bộ trong trang “Cán bộ”, hoặc để trống.",
            )  # fmt: skip
        elif head is not None and head.unit != unit.code:
            yield sheets.ask(
                "THU_TRUONG", Part.UNITS, (index, "head"),
                f"Thủ trưởng của {unit.name} là {head.name}, thuộc đơn vị “{head.unit}”.",
                "Xác nhận người này phụ trách cả hai đơn vị, hoặc sửa mã.",
            )  # fmt: skip


def each_successor_is_a_known_unit(sheets: _Sheets) -> Iterator[Finding]:
    for index, unit in enumerate(sheets.roster.units):
        strangers = [code for code in unit.successors if sheets.roster.unit(code) is None]
        if strangers:
            yield sheets.must_fix(
                "MA_DON_VI", Part.UNITS, (index, "successor"),
                f"Đơn vị kế thừa “{strangers[0]}” của {unit.name} không có trong danh mục.",
                "Sửa mã, hoặc thêm đơn vị kế thừa.",
            )  # fmt: skip


def each_unit_can_be_written_to(sheets: _Sheets) -> Iterator[Finding]:
    for index, unit in enumerate(sheets.roster.units):
        if not unit.contacts and unit.until is None:
            yield sheets.ask(
                "THIEU_DIA_CHI", Part.UNITS, (index, "contacts"),
                f"{unit.name} chưa có địa chỉ nhận thư.",
                "Ghi ít nhất một địa chỉ thư điện tử; nhiều địa chỉ cách nhau bằng dấu chấm phẩy.",
            )  # fmt: skip


def each_address_is_one(sheets: _Sheets) -> Iterator[Finding]:
    addresses = [
        (Part.UNITS, index, "contacts", address)
        for index, unit in enumerate(sheets.roster.units)
        for address in unit.contacts
    ] + [(Part.CADRES, n, "email", c.email) for n, c in enumerate(sheets.roster.cadres) if c.email]
    for part, index, column, address in addresses:
        if not ADDRESS.fullmatch(address):
            yield sheets.must_fix(
                "SAI_DIA_CHI", part, (index, column),
                f"“{address}” không phải là địa chỉ thư điện tử.",
                "Ghi dạng ten@coquan.gov.vn, không dấu, không khoảng trắng.",
            )  # fmt: skip


def each_cadre_has_an_address_of_his_own(sheets: _Sheets) -> Iterator[Finding]:
    """Personal results go to it: an address that two share would show one to the other."""
    for address, where in _repeated(cadre.email.lower() for cadre in sheets.roster.cadres):
        for index in where[1:]:
            first = sheets.roster.cadres[where[0]]
            yield sheets.ask(
                "DIA_CHI_CHUNG", Part.CADRES, (index, "email"),
                f"Địa chỉ {address} đã ghi cho {first.name} ({first.code}).",
                "Kết quả cá nhân chỉ gửi cho chính người đó; ghi địa chỉ riêng hoặc để trống.",
            )  # fmt: skip


def each_birth_is_plausible(sheets: _Sheets) -> Iterator[Finding]:
    for index, cadre in enumerate(sheets.roster.cadres):
        if cadre.birth is None:
            continue
        began = cadre.since or date(cadre.birth.year + YOUNGEST, 12, 31)
        age = _age(cadre.birth, began)
        if not YOUNGEST <= age <= OLDEST:
            yield sheets.must_fix(
                "NGAY_SINH", Part.CADRES, (index, "birth"),
                f"Ngày sinh {shown(cadre.birth)} của {cadre.name} không hợp lý "
                f"({age} tuổi khi bắt đầu, ngày {shown(began)}).",
                "Sửa ngày sinh hoặc ngày bắt đầu, ghi ngày/tháng/năm.",
            )  # fmt: skip


def nobody_ends_before_beginning(sheets: _Sheets) -> Iterator[Finding]:
    for part in Part:
        for index, entry in enumerate(sheets.roster.part(part)):
            if entry.since and entry.until and entry.until < entry.since:
                yield sheets.must_fix(
                    "NGAY_SAI", part, (index, "until"),
                    f"{entry.name}: ngày kết thúc {shown(entry.until)} trước ngày bắt đầu "
                    f"{shown(entry.since)}.",
                    "Sửa một trong hai ngày.",
                )  # fmt: skip


def each_share_is_a_percentage(sheets: _Sheets) -> Iterator[Finding]:
    for index, cadre in enumerate(sheets.roster.cadres):
        if not 1 <= cadre.share <= 100:
            yield sheets.must_fix(
                "LOAI_CB", Part.CADRES, (index, "share"),
                f"{cadre.name}: phần trăm thời gian là {cadre.share}.",
                "Ghi số nguyên từ 1 đến 100.",
            )  # fmt: skip


def namesakes_of_one_birthday_are_two_persons(sheets: _Sheets) -> Iterator[Finding]:
    people = [(c.name.casefold(), c.birth) if c.birth else "" for c in sheets.roster.cadres]
    for _, where in _repeated(people):
        first = sheets.roster.cadres[where[0]]
        for index in where[1:]:
            cadre = sheets.roster.cadres[index]
            yield sheets.ask(
                "NGHI_TRUNG", Part.CADRES, (index, "name"),
                f"{cadre.name}, sinh {shown(cadre.birth)} có ở mã {first.code} và {cadre.code}.",
                "Xác nhận là hai người khác nhau; nếu là một người thì chỉ giữ một mã.",
            )  # fmt: skip


RULES: tuple[Callable[[_Sheets], Iterator[Finding]], ...] = (
    each_unit_has_its_own_code,
    each_cadre_has_his_own_code,
    each_code_is_plain_and_names_one,
    each_cadre_serves_in_a_known_unit,
    each_head_is_a_cadre_of_the_unit,
    each_successor_is_a_known_unit,
    each_unit_can_be_written_to,
    each_address_is_one,
    each_cadre_has_an_address_of_his_own,
    each_birth_is_plausible,
    nobody_ends_before_beginning,
    each_share_is_a_percentage,
    namesakes_of_one_birthday_are_two_persons,
)


def letter_of(index: int) -> str:
    """The letters of a column counted from 0: A … Z, AA …"""
    high, low = divmod(index, 26)
    return (letter_of(high - 1) if high else "") + chr(ord("A") + low)


def _repeated(keys: Iterable[Hashable]) -> list[tuple[Hashable, list[int]]]:
    """The keys (but not empty ones) that stand at several places, with these places."""
    places: dict[Hashable, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        if key:
            places[key].append(index)
    return [(key, where) for key, where in places.items() if len(where) > 1]


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
