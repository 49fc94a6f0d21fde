"""What is wrong with a file, said so that the person who filled it in can mend it.

Finding("TONG_LECH", Severity.MUST_FIX, "S4 Tiêu chí chung", "N12", "31", says, fix)
verdict_of(findings)  -> Verdict.RETURNED
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    MUST_FIX = "must_fix"
    MUST_EXPLAIN = "must_explain"
    NOTE = "note"

    @property
    def label(self) -> str:
        return {"must_fix": "Phải sửa", "must_explain": "Cần giải trình", "note": "Lưu ý"}[self]


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    REMARKED = "remarked"
    PARTIAL = "partial"
    RETURNED = "returned"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        return {
            "accepted": "Đạt",
            "remarked": "Đạt – còn lưu ý",
            "partial": "Nhận một phần",
            "returned": "Trả lại",
            "unreadable": "Không đọc được",
        }[self]

    @property
    def counts(self) -> bool:
        """Whether what was sent may be scored."""
        return self in (Verdict.ACCEPTED, Verdict.REMARKED, Verdict.PARTIAL)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `sheet` and `cell` are empty when the whole file is meant; `value` is what stood
    there, as text; `says` and `fix` are Vietnamese sentences."""

    check: str
    severity: Severity
    sheet: str
    cell: str
    value: str
    says: str
    fix: str

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


class Repair(NamedTuple):
    """A change to what was typed that does not change what was meant; `why` is a key of
    review/repairs.py. Without a sheet it is of the whole file, without a cell of the sheet."""

    sheet: str
    cell: str
    was: str
    now: str
    why: str


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    worst = {finding.severity for finding in findings}
    if Severity.MUST_FIX in worst:
        return Verdict.RETURNED
    return Verdict.REMARKED if Severity.MUST_EXPLAIN in worst else Verdict.ACCEPTED
