"""Who has held a post too short a time, and who too long.

    tenure(cadre, on=date(2026, 12, 31))                  -> 18 (months)
    too_early(left, rules), too_late(holders, on, rules, table)

Both ends count: the founding article complains of rotating too often (W12), Decree 59/2019 asks for
a change after two to five years. Who retires soon is left in place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from review.cadres import Cadre
from review.evidence import months_after, months_between
from review.forecast import for_age, retires_on
from review.plan_rules import RotationRules
from review.retirement import RetirementTable


@dataclass(frozen=True, slots=True)
class Tenure:
    cadre: Cadre
    months: int
    says: str


@dataclass(frozen=True, slots=True)
class Acting:
    """A time in which somebody stood in for a superior (nắm việc cấp trên)."""

    unit: str
    cadre: str
    post: str
    on: date
    until: date | None = None
    result: str = ""
    cell: str = ""
    period: str = ""


def tenure(cadre: Cadre, on: date) -> int | None:
    """Months in the post up to that day or the last one; None where its start is not known."""
    if cadre.since is None:
        return None
    return months_between(cadre.since, min(on, cadre.until) if cadre.until else on)


def too_early(
    cadres: Iterable[Cadre], rules: RotationRules, table: RetirementTable
) -> tuple[Tenure, ...]:
    """Those who left before the least time, and not because they retired."""
    found = []
    for cadre in cadres:
        months = tenure(cadre, cadre.until) if cadre.until else None
        if months is not None and months < rules.early_months and not for_age(cadre, table):
            says = f"rời vị trí sau {months} tháng, ít hơn {rules.early_months}"
            found.append(Tenure(cadre, months, says))
    return tuple(found)


def too_late(
    cadres: Iterable[Cadre], on: date, rules: RotationRules, table: RetirementTable
) -> tuple[Tenure, ...]:
    """Those who still hold a post beyond the longest time, but for those who retire soon."""
    spared = months_after(on, rules.exempt_before_retirement)
    found = []
    for cadre in cadres:
        months = tenure(cadre, on)
        if cadre.until is not None or months is None or months <= rules.late_months:
            continue
        leaves = retires_on(cadre, table)
        if leaves is None or leaves.pension_from > spared:
            found.append(
                Tenure(cadre, months, f"giữ vị trí {months} tháng, quá {rules.late_months}")
            )
    return tuple(sorted(found, key=lambda one: (-one.months, one.cadre.code)))


def stood_in_well(actings: Iterable[Acting], on: date) -> tuple[Acting, ...]:
    """Those whose time of standing in is over, with a result that somebody wrote down."""
    return tuple(one for one in actings if one.result.strip() and (one.until or one.on) <= on)
