"""What came before a report: earlier reports of its unit, and what other units say of its people.

    past = Past(disciplined={"03637-01": Discipline("2026-03", "12/QĐ-SNV")})
    Case(submission, form, brief, past=past)

A task looks it up for a whole batch of units at once (tasks/pasts.py); the rules only read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from review.submission import Submission

Person = tuple[str, date]  # a folded name and a birthday: enough to ask, never enough to know


@dataclass(frozen=True, slots=True)
class Discipline:
    """A decision told in an earlier report of the same year."""

    period: str
    document: str


@dataclass(frozen=True, slots=True)
class Absence:
    """A leave told in an earlier report that has not ended yet."""

    period: str
    until: date


@dataclass(frozen=True, slots=True)
class Past:
    """`locked_at` when the period was closed to changes, and `approved` what stood then;
    `substance` (review/substance.py) of the unit's report of the period before; `elsewhere` the
    persons of its file whom another unit has on its roll; `away` the cadres whose leave, told in
    an earlier report, covers the whole period."""

    locked_at: datetime | None = None
    approved: Submission | None = None
    substance: str = ""
    disciplined: Mapping[str, Discipline] = field(default_factory=dict)
    elsewhere: frozenset[Person] = frozenset()
    away: Mapping[str, Absence] = field(default_factory=dict)


NOTHING = Past()
