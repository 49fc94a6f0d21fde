"""The units that owe a report, each known by its code and never by its name.

unit.active_on(date(2026, 10, 31))   -> True
unit.letter_to                       -> the addresses a letter goes to, in order
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class UnitKind(StrEnum):
    """What sort of body a unit is; its value is what stands in files and in the book."""

    DEPARTMENT = "so_nganh"
    PARTY = "co_quan_dang"
    MASS = "doan_the"
    COMMUNE = "xa_phuong"
    OTHER = "khac"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    UnitKind.DEPARTMENT: "Sở, ban, ngành",
    UnitKind.PARTY: "Cơ quan Đảng",
    UnitKind.MASS: "Mặt trận, đoàn thể",
    UnitKind.COMMUNE: "Xã, phường",
    UnitKind.OTHER: "Đơn vị khác",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the roll.

    `code` is the official code (communes: five digits, leading zeros kept). `cluster` is the
    emulation cluster (cụm, khối thi đua). `head` is the code of the cadre who heads it, or "".
    `contacts` are e-mail addresses, the first being where letters go. `since` and `until` bound
    its life, both included; `until` None means still there.
    """

    code: str
    name: str
    kind: UnitKind
    cluster: str = ""
    head: str = ""
    contacts: tuple[str, ...] = ()
    since: date = date(2025, 7, 1)
    until: date | None = None
    successor: str = ""

    def active_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def active_in(self, start: date, end: date) -> bool:
        return self.since <= end and (self.until is None or start <= self.until)

    @property
    def successors(self) -> tuple[str, ...]:
        """The units that took over: several where it was split ("03637;03640")."""
        return tuple(code.strip() for code in self.successor.split(";") if code.strip())

    @property
    def letter_to(self) -> str:
        return self.contacts[0] if self.contacts else ""
