"""A figure and what it rests on: every measure answers with a value and a reason.

    measure = Measure("HUU_24", "Nghỉ hưu trong 24 tháng", 3, "người", says="…", evidence=(…,))
    measure.shown                 -> "3 người"
    percent(1, 3)                 -> 3333 (hundredths of a percent), None where the whole is nothing
    middle([4, 9, 2])             -> 400 (hundredths)

Evidence is what a person can look up: whose figure, which score, which cell, of which day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

PERCENT, TIMES = "%", "lần"
IN_HUNDREDTHS = frozenset({PERCENT, TIMES, "FTE", "điểm", "tiết"})


class Evidence(NamedTuple):
    """`subject` is a code (unit, cadre, movement, text), `score` hundredths, `cell` as it stands in
    the report of `period`."""

    says: str
    subject: str = ""
    period: str = ""
    cell: str = ""
    score: int | None = None
    on: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Only what it tells: a book holds millions."""
        found: dict[str, Any] = {"says": self.says} if self.says else {}
        if self.subject:
            found["subject"] = self.subject
        if self.period:
            found["period"] = self.period
        if self.cell:
            found["cell"] = self.cell
        if self.score is not None:
            found["score"] = self.score
        if self.on:
            found["on"] = self.on.isoformat()
        return found

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Evidence:
        on = date.fromisoformat(told["on"]) if told.get("on") else None
        return cls(**{**told, "on": on})


@dataclass(frozen=True, slots=True)
class Measure:
    """`value` counts whole things, or hundredths where `unit` is a share, a ratio or an FTE; None
    is unknown, never 0. `low`–`high` bound it where it is uncertain. `alarm` asks a person."""

    code: str
    label: str
    value: int | None
    unit: str
    says: str
    evidence: tuple[Evidence, ...] = ()
    low: int | None = None
    high: int | None = None
    alarm: bool = False

    @property
    def shown(self) -> str:
        if self.value is None:
            return "chưa có số liệu"
        if self.low is not None and self.high is not None and self.low != self.high:
            return f"{self._said(self.low)}–{self._said(self.high)} {self.unit}"
        joint = "" if self.unit == PERCENT else " "
        return f"{self._said(self.value)}{joint}{self.unit}"

    def _said(self, value: int) -> str:
        return decimal(value) if self.unit in IN_HUNDREDTHS else whole_number(value)


def whole_number(number: int) -> str:
    """1557 -> "1.557"."""
    return f"{number:,}".replace(",", ".")


@lru_cache(maxsize=16_384)
def decimal(hundredths: int) -> str:
    """3333 -> "33,33", 5000 -> "50", 155700 -> "1.557": as an official writes it."""
    sign, rest = ("−" if hundredths < 0 else ""), abs(hundredths)
    whole, part = divmod(rest, 100)
    tail = f",{part:02}".rstrip("0") if part else ""
    return f"{sign}{whole_number(whole)}{tail}"


def percent(part: int, whole: int) -> int | None:
    """Hundredths of a percent, rounded half up once; None of nothing."""
    return ratio(part * 100, whole)


def ratio(part: int, whole: int) -> int | None:
    """Hundredths of a ratio, rounded half up once; None where the whole is nothing."""
    return None if whole == 0 else (part * 200 + whole) // (2 * whole)


def middle(values: Iterable[int]) -> int | None:
    """The median in hundredths, None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    pair: Sequence[int] = ordered[half : half + 1] * 2 if len(ordered) % 2 else ordered[half - 1 :]
    return (pair[0] + pair[1]) * 50


def months_between(earlier: date, later: date) -> int:
    """Whole months from one day to another; negative where the later comes first."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - 1 if later.day < earlier.day else months


def years_old(birth: date, on: date) -> int:
    return months_between(birth, on) // 12


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the month's last where it has no such day."""
    whole = day.year * 12 + day.month - 1 + months
    last = (date(whole // 12 + (whole % 12 == 11), (whole + 1) % 12 + 1, 1).toordinal()) - 1
    end = date.fromordinal(last)
    return end.replace(day=min(day.day, end.day))
