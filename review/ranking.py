"""Places in an order where some results are still ranges: nobody is placed across an overlap.

places({"A": (9000, 9000), "B": (9000, 9000), "C": (8000, 8000)})   -> {"A": 1, "B": 1, "C": 3}
places({"A": (9000, 9000), "B": (8000, 8000), "C": (7000, 8500)})
    -> {"A": 1, "B": None, "C": None}
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping

Bounds = tuple[int, int]


def places(results: Mapping[str, Bounds]) -> dict[str, int | None]:
    """The place of each, those exactly level sharing the better one; None where someone whose range
    overlaps could still come before or after."""
    lows = sorted(low for low, _ in results.values())
    highs = sorted(high for _, high in results.values())
    same = Counter(bounds for bounds in results.values() if bounds[0] == bounds[1])
    found: dict[str, int | None] = {}
    for code, (low, high) in results.items():
        above = len(lows) - bisect_right(lows, high)
        below = bisect_left(highs, low)
        level = same[low, high] if low == high else 1
        found[code] = above + 1 if above + below + level == len(results) else None
    return found
