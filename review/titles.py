"""Who may be proposed for a title, each condition shown met or not.

    conditions = collective_conditions(collective, regulation.titles)
    eligible(conditions)                        -> False
    [c.says for c in conditions if not c.met]   -> ["LDTT 65% < 70%"]

Proposals, never decisions. The shares are from memory of the law (domain.md 3.2), so all of them
are settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from review.scorecard import Grade

BEST_FIRST = tuple(Grade)


@dataclass(frozen=True, slots=True)
class TitleRules:
    """Percentages in hundredths of a percent; the rest are heads."""

    unit_grade: Grade
    done_percent: int
    ldtt_percent: int
    cstdcs: int
    warned: int
    cstdcs_percent: int
    article: str


@dataclass(frozen=True, slots=True)
class Collective:
    """A unit's head-counts: all, who completed, lao động tiên tiến, chiến sĩ thi đua cơ sở, and
    those disciplined from a warning (cảnh cáo) upwards."""

    members: int
    completed: int
    ldtt: int
    cstdcs: int
    warned: int
    grade: Grade


@dataclass(frozen=True, slots=True)
class Condition:
    """`says` is the short text of a comparison that held or failed."""

    name: str
    met: bool
    says: str
    article: str


def collective_conditions(unit: Collective, rules: TitleRules) -> tuple[Condition, ...]:
    """The conditions for Tập thể lao động xuất sắc (Law 06/2022/QH15, Article 27)."""
    article = rules.article
    reached = BEST_FIRST.index(unit.grade) <= BEST_FIRST.index(rules.unit_grade)
    sign = ">=" if reached else "<"
    return (
        Condition("XEP_LOAI", reached, f"XEP_LOAI {unit.grade} {sign} {rules.unit_grade}", article),
        _share("HOAN_THANH", unit.completed, unit.members, rules.done_percent, article),
        _share("LDTT", unit.ldtt, unit.members, rules.ldtt_percent, article),
        _at_least("CSTDCS", unit.cstdcs, rules.cstdcs, article),
        _at_most("KY_LUAT_CANH_CAO", unit.warned, rules.warned, article),
    )


def eligible(conditions: Sequence[Condition]) -> bool:
    return all(condition.met for condition in conditions)


def most_cstdcs(ldtt: int, percent: int) -> int:
    """How many of `ldtt` may be chiến sĩ thi đua cơ sở; percent in hundredths, rounded down."""
    return ldtt * percent // 10_000


def _share(name: str, part: int, whole: int, wanted: int, article: str) -> Condition:
    met = part * 10_000 >= wanted * whole
    # Rounded down: 69,996% must never read as the 70% it does not reach.
    found = part * 10_000 // whole
    sign = ">=" if met else "<"
    return Condition(name, met, f"{name} {_percent(found)} {sign} {_percent(wanted)}", article)


def _at_least(name: str, found: int, wanted: int, article: str) -> Condition:
    met = found >= wanted
    return Condition(name, met, f"{name} {found} {'>=' if met else '<'} {wanted}", article)


def _at_most(name: str, found: int, wanted: int, article: str) -> Condition:
    met = found <= wanted
    return Condition(name, met, f"{name} {found} {'<=' if met else '>'} {wanted}", article)


def _percent(value: int) -> str:
    whole, part = divmod(value, 100)
    return f"{whole}.{part:02}%" if part else f"{whole}%"
