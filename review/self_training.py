"""Self-study and self-training: who has a plan of their own, and how much of it was done.

    behind(studies, rules)[0].share     -> 7000 (70% of the hours of one's own plan)

Source: the founding article, fourth measure; domain.md 1.1, row 18.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from review.cadres import Cadre
from review.evidence import percent
from review.plan_rules import OversightRules


@dataclass(frozen=True, slots=True)
class Study:
    """One topic of one cadre's plan; whole lessons (tiết)."""

    cadre: str
    unit: str
    topic: str
    planned: int
    done: int
    product: str = ""
    result: str = ""
    cell: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """A cadre whose plan is not done as far as asked, with the topics that are not."""

    cadre: str
    unit: str
    share: int
    topics: tuple[Study, ...]


def behind(studies: Sequence[Study], rules: OversightRules) -> tuple[Behind, ...]:
    """Those who did less of their plan than the rules ask; more of one topic does not make up for
    another."""
    planned: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for one in studies:
        planned[one.cadre] += one.planned
        done[one.cadre] += min(one.done, one.planned)
    found = []
    for cadre in sorted(planned):
        share = percent(done[cadre], planned[cadre])
        if share is not None and share < rules.self_study_percent * 100:
            topics = tuple(s for s in studies if s.cadre == cadre and s.done < s.planned)
            found.append(Behind(cadre, topics[0].unit, share, topics))
    return tuple(found)


def without_plan(cadres: Sequence[Cadre], studies: Sequence[Study]) -> tuple[Cadre, ...]:
    having = {one.cadre for one in studies}
    return tuple(cadre for cadre in cadres if cadre.code not in having)
