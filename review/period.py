"""The stretch of time a review looks back on.

    Period.parse("2026-Q3").start             -> 2026-07-01
    Period.parse("2026-Q3").previous()        -> 2026-Q2
    Period.parse("2026-10").report_window     -> (2026-09-15, 2026-10-14)
    Period.parse("2026..2030").split("year")  -> 2026, 2027, 2028, 2029, 2030

A period is a cadence and a whole number of months; its text is canonical and travels in rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, total_ordering
from zoneinfo import ZoneInfo

TERM_START = 2025  # the Party's term of 2025; an office with another calendar sets its own


class PeriodError(ValueError):
    """The text, or the question asked of a period, makes no sense; the message is Vietnamese."""


class Cadence(StrEnum):
    """How often a review is held: its name, its months, its text, and how an official says it (a
    term bears the years of two congresses or elections: 2026..2030 is “2026 – 2031”)."""

    months: int
    text: str
    words: str

    MONTH = "month", 1, "{year}-{n:02}", "tháng {n}/{year}"
    QUARTER = "quarter", 3, "{year}-Q{n}", "quý {roman}/{year}"
    HALF = "half", 6, "{year}-H{n}", "6 tháng {side} năm {year}"
    YEAR = "year", 12, "{year}", "năm {year}"
    TERM = "term", 60, "{year}..{last}", "nhiệm kỳ {year} – {after}"

    def __new__(cls, value: str, months: int = 0, text: str = "", words: str = "") -> Cadence:
        # The defaults are never used: they let mypy read the look-up Cadence("month").
        member = str.__new__(cls, value)
        member._value_ = value
        member.months, member.text, member.words = months, text, words
        return member


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """`first` counts months from year 0 (year * 12 + month - 1) to the month it opens with."""

    cadence: Cadence
    first: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period a canonical text names: 2026-07, 2026-Q3, 2026-H1, 2026 or 2026..2030.

        Raises PeriodError for anything else. A term is always five calendar years.
        """
        wanted = text.strip().upper()
        year = wanted[:4]
        known = _opening_in(int(year)) if year.isascii() and year.isdigit() else {}
        if wanted not in known:
            raise PeriodError(_not_a_period(text))
        return known[wanted]

    @classmethod
    def containing(cls, day: date, cadence: str, term_start: int = TERM_START) -> Period:
        """The period of that cadence in which the day falls; `term_start` is any term's first
        year (only terms depend on it)."""
        kind = Cadence(cadence)
        origin = term_start * 12
        since = day.year * 12 + day.month - 1 - origin
        return cls(kind, origin + since // kind.months * kind.months)

    @property
    def start(self) -> date:
        """First day, included. start–end is the window that scores are taken over."""
        return _first_day(self.first)

    @property
    def end(self) -> date:
        """Last day, included."""
        return _last_day(self.first + self.cadence.months - 1)

    @property
    def report_window(self) -> tuple[date, date]:
        """The days whose figures a report counts, both included: from the 15th of the month
        before to the 14th of the last month (Decree 09/2019/NĐ-CP, Article 12)."""
        opens = _first_day(self.first - 1).replace(day=15)
        return opens, self.end.replace(day=14)

    def next(self) -> Period:
        return Period(self.cadence, self.first + self.cadence.months)

    def previous(self) -> Period:
        return Period(self.cadence, self.first - self.cadence.months)

    def split(self, cadence: str) -> tuple[Period, ...]:
        """Its parts in order. Raises PeriodError if the cadence asked for is the longer one."""
        part = Cadence(cadence)
        if self.cadence.months % part.months:
            raise PeriodError(f"Không chia được {self.label} thành những kỳ dài hơn.")
        last = self.first + self.cadence.months
        return tuple(Period(part, first) for first in range(self.first, last, part.months))

    @property
    def label(self) -> str:
        """As an official says it: “quý III/2026”."""
        return self._written(self.cadence.words)

    @property
    def title(self) -> str:
        """As it opens a sentence or a page: “Quý III/2026”."""
        return self.label[:1].upper() + self.label[1:]

    def _written(self, pattern: str) -> str:
        return _filled_in(pattern, self.cadence.months, self.first)

    def __str__(self) -> str:
        return self._written(self.cadence.text)

    def __contains__(self, other: date | Period) -> bool:
        if isinstance(other, Period):
            return self.start <= other.start and other.end <= self.end
        day = other.date() if isinstance(other, datetime) else other
        return self.start <= day <= self.end

    def __lt__(self, other: Period) -> bool:
        """By first day; of two that open together the shorter comes first."""
        return (self.first, self.cadence.months) < (other.first, other.cadence.months)


def period_due_on(
    scheduled: datetime, cadence: str, zone: str, term_start: int = TERM_START
) -> Period:
    """The period that had closed on the office's own date of a scheduled instant.

    A run scheduled 2026-12-31T23:00Z is held at 06:00 on 1 January 2027 in Hà Nội, and reviews
    2026, not 2025: the instant is taken to the office's zone before its date is read.
    """
    if scheduled.tzinfo is None:
        raise ValueError(f"{scheduled.isoformat()} has no time zone; pass an aware datetime")
    local = scheduled.astimezone(ZoneInfo(zone)).date()
    return Period.containing(local, cadence, term_start).previous()


@lru_cache(maxsize=1024)
def _filled_in(pattern: str, months: int, first: int) -> str:
    year, month = divmod(first, 12)
    n = month // months + 1
    return pattern.format(
        year=f"{year:04}",
        last=f"{year + months // 12 - 1:04}",
        after=f"{year + months // 12:04}",
        n=n,
        roman=("I", "II", "III", "IV")[min(n, 4) - 1],
        side="đầu" if n == 1 else "cuối",
    )


@lru_cache(maxsize=1024)
def _first_day(month: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, 1)


@lru_cache(maxsize=1024)
def _last_day(month: int) -> date:
    return _first_day(month + 1) - timedelta(days=1)


@lru_cache(maxsize=256)
def _opening_in(year: int) -> dict[str, Period]:
    """Every period that opens in a year, by its text: what can be written is what can be read."""
    if not 1900 <= year <= 2999:
        return {}
    opening = (
        Period(cadence, year * 12 + month)
        for cadence in Cadence
        for month in range(0, 12, cadence.months)
    )
    return {str(period): period for period in opening}


def _not_a_period(text: str) -> str:
    return f"“{text}” không phải là kỳ báo cáo; hãy viết 2026-07, 2026-Q3, 2026 hoặc 2026..2030"
