"""What the office's own letter says of the plans: figures with their reasons, and what waits.

plans_block(figures, waiting)[0]["figures"][0]      -> ["Số tiết …", "10,5 tiết", "…", True]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from review.evidence import Measure
from review.plans import PlanKind

MOST_FIGURES = 24


def plans_block(
    figures: Mapping[PlanKind, Sequence[Measure]], waiting: Mapping[PlanKind, int]
) -> list[dict[str, Any]]:
    """One block a plan that has a figure or a proposal; those that ask a person come first. The
    reasons name nobody: the evidence, which does, stands in `tdkt plan diff`."""
    blocks = []
    for kind in PlanKind:
        known = sorted(figures.get(kind, ()), key=lambda one: not one.alarm)
        if known or waiting.get(kind):
            blocks.append(
                {
                    "kind": kind.value,
                    "label": kind.label,
                    "waiting": waiting.get(kind, 0),
                    "figures": [
                        [one.label, one.shown, one.says, one.alarm] for one in known[:MOST_FIGURES]
                    ],
                }
            )
    return blocks
