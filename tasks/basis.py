"""What the cards of a unit are made from, as one text: equal texts, equal cards.

bases_of(occasion, {"03637": (edition, digest)})     edition: of the unit's cadres; digest: of what
                                                     it reported

So a report is scored once, when it is checked (its totals are needed there), and the step that
scores passes over every unit of which nothing has changed since (docs/decisions/0005).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from tasks.occasion import Occasion


@cache
def program() -> str:
    """The version of the rules' code: another one scores again."""
    return version("tdkt")


def bases_of(occasion: Occasion, units: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """By unit, from its edition and the digest of the report that stands, or the reason why there
    is none."""
    same = program(), occasion.regulation.digest, occasion.period_text
    return {
        unit: hashlib.sha256("\0".join((*same, edition, said)).encode()).hexdigest()
        for unit, (edition, said) in units.items()
    }
