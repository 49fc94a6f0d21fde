"""The founding article's own sides of a person, beside the legal score and never mixed into it.

profile = profile_of(card, authority_row, outcomes, regulation)
profile.volume, profile.effectiveness       -> 9412, None: no outcomes are known yet

Volume, quality, political quality, ethics, lifestyle and potential are read from what the legal
score rests on; effectiveness (hiệu quả) is an indicator of its own, from the outcomes of the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from review.defence_general import marked
from review.points import half_up
from review.regulation import Regulation
from review.scorecard import Scorecard

NAMES = {
    "volume": "Khối lượng",
    "quality": "Chất lượng",
    "effectiveness": "Hiệu quả",
    "politics": "Phẩm chất chính trị",
    "ethics": "Đạo đức",
    "lifestyle": "Lối sống",
    "potential": "Khả năng phát triển theo chức danh",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """All in hundredths of a percent; None where nothing is known."""

    volume: int | None = None
    quality: int | None = None
    effectiveness: int | None = None
    politics: int | None = None
    ethics: int | None = None
    lifestyle: int | None = None
    potential: int | None = None


def profile_of(
    card: Scorecard, authority: Any, outcomes: Iterable[Any], regulation: Regulation
) -> Profile:
    """`authority` is the row of form 01 that counts, or None; `outcomes` the rows of the kinds of
    work that the person did."""
    rules = regulation.insight
    return Profile(
        volume=card.a,
        quality=card.b,
        effectiveness=effectiveness(outcomes),
        politics=_share(authority, rules.politics, regulation),
        ethics=_share(authority, rules.ethics, regulation),
        lifestyle=_share(authority, rules.lifestyle, regulation),
        potential=_share(authority, rules.potential, regulation),
    )


def effectiveness(outcomes: Iterable[Any]) -> int | None:
    """Of what was submitted, how much was approved; None until something was."""
    rows = [row for row in outcomes if row.submitted and row.approved is not None]
    whole = sum(row.submitted for row in rows)
    return half_up(10_000 * sum(row.approved for row in rows), whole) if whole else None


def average(profiles: Sequence[Profile]) -> Profile:
    """Side by side with the others of a post (chức danh): the mean of what is known of each."""
    means: dict[str, int | None] = {}
    for field in fields(Profile):
        known = [v for p in profiles if (v := getattr(p, field.name)) is not None]
        means[field.name] = half_up(sum(known), len(known)) if known else None
    return Profile(**means)


def _share(row: Any, names: Sequence[str], regulation: Regulation) -> int | None:
    if row is None or any(getattr(row, name, None) is None for name in names):
        return None
    mosts = [regulation.general.criterion(name).most for name in names]
    given = sum(marked(row, name, most) for name, most in zip(names, mosts, strict=True))
    return half_up(10_000 * given, sum(mosts))
