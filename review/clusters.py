"""The emulation points of a unit in its cluster (cụm, khối thi đua).

    cluster_score(base=9550, late_days=3, late=LateRule(50, 200)).total     -> 9400

A total may exceed 100 where the cluster's own table says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LateRule:
    """Points off for each working day that a report is late, and the most that may be taken
    (None: no limit). A local rule; no decree fixes it."""

    per_day: int
    most: int | None


@dataclass(frozen=True, slots=True)
class ClusterScore:
    base: int
    bonus: int
    penalty: int
    total: int


def cluster_score(
    base: int,
    bonuses: Sequence[int] = (),
    penalties: Sequence[int] = (),
    late_days: int = 0,
    late: LateRule | None = None,
) -> ClusterScore:
    """Base and bonuses less penalties, all in one exact unit; never below zero [POLICY]."""
    penalty = sum(penalties) + (late_penalty(late_days, late) if late else 0)
    bonus = sum(bonuses)
    return ClusterScore(base, bonus, penalty, max(0, base + bonus - penalty))


def late_penalty(days: int, rule: LateRule) -> int:
    taken = days * rule.per_day
    return taken if rule.most is None else min(taken, rule.most)
