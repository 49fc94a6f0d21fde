"""What the boards of a period are made of: figures counted once, for every screen alike.

Figures(period, now, standing, units, entries).ties     -> codes of those who are level at a cut
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from review.findings import Severity
from review.period import Period
from review.plans import ChangeState, PlanKind
from review.post import LetterKind, LetterState
from review.quota_lists import QuotaList
from review.roll import RollEntry
from review.standing import Standing
from review.units import Unit


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A kind of fault: how grave, in how many units, how often, and how to mend it."""

    check: str
    severity: Severity
    units: int
    times: int
    fix: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the agenda: what it is, how far it has come, what is to be done."""

    name: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the boards are made of, counted once. `steps` end the agenda (approval, arming); `waits`
    are decisions that a person owes, with where they are given; `papers` what was put on file."""

    period: Period
    now: datetime
    standing: Standing
    units: Mapping[str, Unit]
    entries: Sequence[RollEntry]
    checks: Sequence[CheckLine] = ()
    letters: Mapping[tuple[LetterKind, LetterState], int] = field(default_factory=dict)
    grades: Mapping[tuple[str, str], int] = field(default_factory=dict)
    changes: Mapping[tuple[PlanKind, ChangeState], int] = field(default_factory=dict)
    lists: Sequence[QuotaList] = ()
    steps: Sequence[Step] = ()
    waits: Sequence[tuple[str, str]] = ()
    papers: Sequence[tuple[str, str]] = ()
    shows_codes: bool = True

    @property
    def ties(self) -> list[str]:
        return [code for one in self.lists for code in one.tied]

    def titled(self, what: str) -> str:
        return f"{what} – {self.period.label}"

    def day(self, at: datetime) -> str:
        """In the office's own zone, which `now` is in."""
        return f"{at.astimezone(self.now.tzinfo):%d/%m/%Y}"
