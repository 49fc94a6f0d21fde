"""Self-criticism and criticism: who was reviewed, and which remedies are still open, for how long.

    open_remedies(meetings, on)[0].age     -> 112 (days since the meeting)

Source: the founding article, second measure; domain.md 1.1, row 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from review.plan_rules import OversightRules


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of self-criticism: what it concluded and the remedy it set, if any."""

    unit: str
    held: date
    minutes: str
    persons: int
    conclusion: str
    remedy: str = ""
    due: date | None = None
    finished: date | None = None
    opinions: str = ""
    cell: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A remedy not done on a day: its age in days, and by how many it is past its due date."""

    meeting: Meeting
    age: int
    late: int


def open_remedies(meetings: Iterable[Meeting], on: date) -> tuple[Remedy, ...]:
    """The oldest first."""
    found = [
        Remedy(m, (on - m.held).days, max(0, (on - m.due).days) if m.due else 0)
        for m in meetings
        if m.remedy and m.held <= on and (m.finished is None or m.finished > on)
    ]
    return tuple(sorted(found, key=lambda one: (-one.age, one.meeting.unit, one.meeting.minutes)))


def to_pursue(meetings: Iterable[Meeting], on: date, rules: OversightRules) -> tuple[Remedy, ...]:
    """Open remedies past their due date, or, without one, older than the rules allow."""
    return tuple(
        one
        for one in open_remedies(meetings, on)
        if one.late > 0 or (one.meeting.due is None and one.age > rules.remedy_days)
    )
