"""Working days, and when a report is asked for, due, still taken, and closed.

days.on_or_after(date(2027, 2, 5))                     -> 2027-02-11, after Tết
deadlines_of(october, rule, days, "Asia/Ho_Chi_Minh").due   -> 2026-11-05 17:00+07:00
late_days(received_at, due, days)                      -> 3
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from review.period import Period

CLOSING_TIME = time(17)  # the end of office hours: a report that comes at 17:01 is late
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday without `holidays`, and with the `working` days that were swapped in.

    A day in both is a working day: the office's own correction is the later word.
    """

    holidays: frozenset[date] = field(default_factory=frozenset)
    working: frozenset[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        return day in self.working or (day.weekday() < 5 and day not in self.holidays)

    def on_or_after(self, day: date) -> date:
        """The day itself if it is a working day, else the next one (Civil Code 2015, Art. 148.5:
        a time limit that ends on a day off ends with the next working day)."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add(self, day: date, n: int) -> date:
        """The n-th working day after the day (before it, if n is negative); 0 moves it only if it
        is a day off."""
        if n == 0:
            return self.on_or_after(day)
        step = ONE_DAY if n > 0 else -ONE_DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def between(self, a: date, b: date) -> int:
        """How many working days pass after `a`, up to and with `b`; negative if `b` is earlier."""
        if b < a:
            return -self.between(b, a)
        return sum(self.is_working(a + ONE_DAY * n) for n in range(1, (b - a).days + 1))


@dataclass(frozen=True, slots=True)
class DueRule:
    """The due days of one cadence. Decree 09/2019 leaves them to each reporting regime, so they
    are settings of the office.

    The forms go out `opens_day` calendar days before the period's last day; the report is due
    `due_day` calendar days after it; it is still taken for `grace_days` working days; the period
    is closed `lock_days` working days later.
    """

    opens_day: int
    due_day: int
    grace_days: int
    lock_days: int


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The four instants of one unit's report, each with the office's time zone."""

    opens: datetime
    due: datetime
    grace: datetime
    locks: datetime


def deadlines_of(
    period: Period, rule: DueRule, working_days: WorkingDays, zone: str, extension_days: int = 0
) -> Deadlines:
    """When a report of the period is asked for (0:00), due, still taken, and closed (17:00 local).

    `extension_days` are the calendar days more that one unit was given; the later limits move
    with its due date, and each limit falls on a working day.
    """
    asked = working_days.on_or_after(period.end + timedelta(days=rule.due_day))
    due = working_days.on_or_after(asked + timedelta(days=extension_days))
    grace = working_days.add(due, rule.grace_days)
    locks = working_days.add(grace, rule.lock_days)
    local = ZoneInfo(zone)
    opens = period.end - timedelta(days=rule.opens_day)
    return Deadlines(
        datetime.combine(opens, time(), local),
        *(datetime.combine(day, CLOSING_TIME, local) for day in (due, grace, locks)),
    )


def late_days(received_at: datetime, due: datetime, working_days: WorkingDays) -> int:
    """How many working days late, 0 if in time. What comes after 17:00 of the due day, or on the
    day off after it, is one day late already. Both instants carry a time zone; days are counted
    in that of `due`."""
    if received_at <= due:
        return 0
    received = received_at.astimezone(due.tzinfo).date()
    return max(1, working_days.between(due.date(), received))
