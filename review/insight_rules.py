"""From where on a measure of the weaknesses speaks up, and which criteria stand for which side of a
person: settings of `decision.toml`, none of them the decree's.

rules_from({"least_tenure": 24}).least_tenure     -> 24 months
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class InsightRules:
    """Tenures in months, `hours_a_year` in class hours (tiết), shares in whole percent."""

    politics: tuple[str, ...] = ("c1",)
    ethics: tuple[str, ...] = ("c1",)
    lifestyle: tuple[str, ...] = ("c2",)
    potential: tuple[str, ...] = ("c7", "c8", "c9", "c10")
    least_tenure: int = 24
    most_tenure: int = 60
    hours_a_year: int = 40
    good_from: int = 80
    uneven_from: int = 30
    loose_awards_from: int = 50
    same_score_from: int = 80


def rules_from(block: Mapping[str, Any]) -> InsightRules:
    """Raises ValueError for a key that is none of them."""
    known = {f.name for f in fields(InsightRules)}
    if unknown := sorted(set(block) - known):
        raise ValueError(f"[insight] không có mục {', '.join(unknown)}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in block.items()}
    return InsightRules(**values)
