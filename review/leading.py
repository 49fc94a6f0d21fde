"""The terms d, đ, e of one who leads, and what their d rests on: the results of those managed.

    ground = ground_of(managed_cards, least=5000)
    leading_of(row, ground, rules).terms        -> (50, 100, 100), None for what is not known yet

Decree 335/2025, Article 15: d is 100% when every civil servant managed comes to 50 points or more,
50% when anyone does not. So d follows from their own scores; what the report says of it stands
beside (`[points] leader_d` in decision.toml). While a result that could decide it is missing, d is
not known (missing is not zero). Nobody is named here: who they are is for their unit's head.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from review.points import shown
from review.scorecard import CardStatus, Scorecard


class DRule(StrEnum):
    COMPUTED = "computed"  # from the results of the people managed, where the book has them
    REPORTED = "reported"  # as the report says; one that contradicts them is flagged


@dataclass(frozen=True, slots=True)
class Ground:
    """The people managed who are scored here: their codes by what they came to, held against
    `least` points (hundredths). `open` are those who may still come to either side."""

    least: int
    reached: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        return len(self.reached) + len(self.below) + len(self.open)

    @property
    def says(self) -> str:
        """How many came to what; no names and no points."""
        least, people = shown(self.least), self.people
        if self.below:
            few = len(self.below)
            return f"d tính từ điểm của cấp dưới: {few}/{people} người dưới {least} điểm."
        if self.open:
            few = len(self.open)
            return f"d tính từ điểm của cấp dưới: {few}/{people} người chưa có kết quả."
        return f"d tính từ điểm của cấp dưới: cả {people} người từ {least} điểm trở lên."


def ground_of(cards: Iterable[Scorecard], least: int) -> Ground:
    """Whoever another regulation scores, or was on leave the whole period, is left out."""
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    for card in cards:
        if card.status is not CardStatus.EXCLUDED:
            low, high = card.bounds
            found[0 if low >= least else 1 if high < least else 2].append(card.cadre)
    return Ground(least, *map(tuple, found))


@dataclass(frozen=True, slots=True)
class Leading:
    """d, đ, e in whole percent, None where not known; `reported` is the report's own d, `computed`
    whether d follows from `ground`."""

    terms: tuple[int | None, int | None, int | None]
    reported: int | None
    ground: Ground | None
    computed: bool

    @property
    def percents(self) -> tuple[tuple[str, int], ...]:
        """Each term with its whole percent, where all are known."""
        terms = zip(("d", "dd", "e"), self.terms, strict=True)
        return tuple((term, value or 0) for term, value in terms)

    @property
    def doubted(self) -> bool:
        """The report gives d in full although someone managed did not reach the points."""
        return bool(self.ground and self.ground.below and self.reported == FULL)


FULL = 100


def leading_of(row: Any, ground: Ground | None, rule: DRule, values: Iterable[int]) -> Leading:
    """`row` is the report's line of this leader, or None; `values` what a term may come to."""
    said = (None, None, None) if row is None else (row.d, row.dd, row.e)
    reported, dd, e = (None if one is None else int(one) for one in said)
    if rule is DRule.REPORTED or ground is None or not ground.people:
        return Leading((reported, dd, e), reported, ground, computed=False)
    known = sorted(values)
    d = known[0] if ground.below else None if ground.open else known[-1]
    return Leading((d, dd, e), reported, ground, computed=True)
