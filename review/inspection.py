"""Inspections planned and held, cases and how soon they were dealt with, faults and their mending.

    timely(case, on, rules)      -> True, False, or None while its time has not run out

Source: the founding article, second and fourth measures; domain.md 1.1, rows 6 and 20.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from review.plan_rules import OversightRules


class MatterKind(StrEnum):
    """The keys of the form's choice."""

    PLANNED = "kiem_tra"
    SURPRISE = "dot_xuat"
    CASE = "vu_viec"
    FAULT = "sai_sot"


@dataclass(frozen=True, slots=True)
class Matter:
    """An inspection, a case, or a fault to be put right."""

    unit: str
    kind: MatterKind
    content: str
    cadre: str = ""
    planned: date | None = None
    opened: date | None = None
    closed: date | None = None
    outcome: str = ""
    again: bool = False
    cell: str = ""
    period: str = ""

    def days(self, on: date) -> int | None:
        """How long it took, or has been open on that day."""
        return None if self.opened is None else (min(self.closed or on, on) - self.opened).days

    def is_open(self, on: date) -> bool:
        return self.opened is not None and (self.closed is None or self.closed > on)


def limit_of(matter: Matter, rules: OversightRules) -> int | None:
    if matter.kind is MatterKind.CASE:
        return rules.case_days
    return rules.correction_days if matter.kind is MatterKind.FAULT else None


def timely(matter: Matter, on: date, rules: OversightRules) -> bool | None:
    limit, days = limit_of(matter, rules), matter.days(on)
    if limit is None or days is None:
        return None
    if days > limit:
        return False
    return None if matter.is_open(on) else True


def not_held(matters: Iterable[Matter], on: date) -> tuple[Matter, ...]:
    """Inspections whose planned day has passed."""
    return tuple(
        m
        for m in matters
        if m.kind is MatterKind.PLANNED and m.opened is None and m.planned and m.planned <= on
    )


def late_ones(matters: Iterable[Matter], on: date, rules: OversightRules) -> tuple[Matter, ...]:
    """Cases and faults still open beyond their days, the longest first."""
    late = [m for m in matters if m.is_open(on) and timely(m, on, rules) is False]
    return tuple(sorted(late, key=lambda m: (m.opened or on, m.unit, m.content)))


def repeated(matters: Iterable[Matter], rules: OversightRules) -> tuple[tuple[Matter, ...], ...]:
    """Faults of one unit that came so often, or that the unit itself calls repeated."""
    by_fault: dict[tuple[str, str], list[Matter]] = {}
    for matter in matters:
        if matter.kind is MatterKind.FAULT:
            key = matter.unit, " ".join(matter.content.casefold().split())
            by_fault.setdefault(key, []).append(matter)
    return tuple(
        tuple(some)
        for _, some in sorted(by_fault.items())
        if len(some) >= rules.repeats or any(one.again for one in some)
    )
