"""What one run of a cycle is about: which office, which period, at what time, by which run.

    occasion = Occasion(office, Period.parse("2026-10"), run="tdkt-4f2a", now=now)
    occasion.period_text, occasion.stamp, occasion.regulation.code

It is small, frozen and holds no secret, so it may cross to a task, a process or another machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from channels.library import regulation_in_force
from review.calendar import Deadlines
from review.period import Period
from review.regulation import Regulation
from tasks.office import Office
from tdkt_models.base import Stamp


@dataclass(frozen=True, slots=True)
class Occasion:
    """`now` carries a time zone; it is the clock of the whole run, so a run can be held "as of"."""

    office: Office
    period: Period
    run: str
    now: datetime

    @property
    def period_text(self) -> str:
        return str(self.period)

    @property
    def stamp(self) -> Stamp:
        return Stamp(at=self.now, run=self.run)

    @property
    def regulation(self) -> Regulation:
        """The regulation in force when the period began. Raises LibraryError."""
        return regulation_in_force(self.period_text)

    @property
    def deadlines(self) -> Deadlines:
        return self.office.deadlines(self.period)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.office.settings.zone).date()
