"""What came of the work (hiệu quả): files approved or returned, satisfaction, what was copied.

Decree 335/2025 has no such term, so it never enters the legal score (domain.md 1.1, row 15).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from review.plan_rules import ProgrammeRules


@dataclass(frozen=True, slots=True)
class Effect:
    """One product of a unit: how many were handed in, approved, returned; `satisfied` percent."""

    unit: str
    content: str
    submitted: int
    approved: int
    returned: int
    satisfied: int | None
    copied: bool
    cell: str = ""
    period: str = ""


def often_returned(effects: Iterable[Effect], rules: ProgrammeRules) -> tuple[Effect, ...]:
    """Products of which more came back than the rules allow."""
    limit = rules.most_returned_percent
    return tuple(one for one in effects if one.returned * 100 > one.submitted * limit)
