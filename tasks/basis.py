"""What the cards of a unit are made from, as one text: equal texts, equal cards.

basis_of(occasion, edition, digest)       edition: of the unit's cadres; digest: of what it reported

So a report is scored once, when it is checked (its totals are needed there), and the step that
scores passes over every unit of which nothing has changed since (docs/decisions/0005).
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version

from tasks.occasion import Occasion


@cache
def program() -> str:
    """The version of the rules' code: another one scores again."""
    return version("tdkt")


def basis_of(occasion: Occasion, edition: str, said: str) -> str:
    """`said` is the digest of the report that stands, or the reason why there is none."""
    parts = (program(), occasion.regulation.digest, occasion.period_text, edition, said)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
