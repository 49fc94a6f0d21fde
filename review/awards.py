"""Awards: whether they come from a movement, reach those who do the work, and are paid in time.

    paid_late(awards, on, rules), untraced(awards, movements), persons_of(awards)

Source: the founding article (W6, W7); domain.md 1.1, rows 25 and 26.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from review.plan_rules import AwardRules

FROM_MOVEMENT = "phong_trao"
DIRECT, LEADER = "truc_tiep", "lanh_dao"


@dataclass(frozen=True, slots=True)
class Award:
    """`amount` in hundredths of a thousand đồng, as reported; None: no money goes with it."""

    unit: str
    name: str
    kind: str
    award: str
    basis: str
    decision: str
    decided: date
    movement: str = ""
    evidence: str = ""
    amount: int | None = None
    paid: date | None = None
    cell: str = ""
    period: str = ""

    def unpaid(self, on: date) -> bool:
        return bool(self.amount) and (self.paid is None or self.paid > on)


def paid_late(awards: Iterable[Award], on: date, rules: AwardRules) -> tuple[Award, ...]:
    """Money not paid within the days of the rules: still owed, or paid after them."""
    limit = timedelta(days=rules.pay_days)
    return tuple(a for a in awards if a.amount and (min(a.paid or on, on) - a.decided) > limit)


def untraced(awards: Iterable[Award], movements: Collection[tuple[str, str]]) -> tuple[Award, ...]:
    """Awards that claim to come from a movement that nobody reported (unit, code)."""
    return tuple(
        a for a in awards if a.basis == FROM_MOVEMENT and (a.unit, a.movement) not in movements
    )


def persons_of(awards: Iterable[Award]) -> tuple[int, int]:
    """How many of the persons awarded do the work themselves, and how many persons there are."""
    kinds = [award.kind for award in awards if award.kind in (DIRECT, LEADER)]
    return kinds.count(DIRECT), len(kinds)
