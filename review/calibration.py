"""Are the raters alike? How lenient each is, with its uncertainty; scores that do not tell apart.

for rater in calibrate(ratings, same_from=80): print(rater.says)
-> 03637: cao hơn mặt bằng 1,8 điểm (khoảng 95%: 0,9 – 2,7), 6 người.

Advisory: nothing here changes a score. Averages and intervals are floating point on purpose; no
grade depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

LEAST = 3  # people, below whom a mean says nothing of the rater
SURE = 1.96  # a normal interval of 95%


@dataclass(frozen=True, slots=True)
class Rating:
    """What one authority gave one person and the person gave themselves, in hundredths."""

    rater: str
    cadre: str
    authority: int
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Rater:
    """Points: `lean` above (+) or below the others' mean, between `low` and `high` at 95%; None for
    too few people. `same` percent of people share one score; `gap` the mean of self less
    authority."""

    rater: str
    people: int
    mean: float
    lean: float | None
    low: float | None
    high: float | None
    same: int
    gap: float | None
    flagged: bool
    says: str


def calibrate(ratings: Sequence[Rating], same_from: int = 80) -> list[Rater]:
    """One line a rater, in order; each is held against everyone rated by others."""
    if not ratings:
        return []
    import pandas as pd  # half a second that a program that calibrates nothing need not wait for

    frame = pd.DataFrame(
        {
            "rater": [one.rater for one in ratings],
            "points": [one.authority / 100 for one in ratings],
            "gap": [None if r.own is None else (r.own - r.authority) / 100 for r in ratings],
        }
    ).astype({"gap": float})
    groups = frame.groupby("rater", sort=True)
    return [_rater(str(rater), group, frame, same_from) for rater, group in groups]


def _rater(rater: str, group: pd.DataFrame, frame: pd.DataFrame, same_from: int) -> Rater:
    points, others = group["points"], frame.loc[frame["rater"] != rater, "points"]
    people = len(points)
    same = int(100 * points.value_counts().iloc[0] // people)
    gap = None if group["gap"].isna().all() else float(group["gap"].mean())
    mean = float(points.mean())
    if people < LEAST or len(others) < LEAST:
        says = f"{rater}: {people} người, quá ít để so độ chặt, rộng."
        return Rater(rater, people, mean, None, None, None, same, gap, False, says)
    lean = mean - float(others.mean())
    # The spread of all stands in for a rater whose own people are all alike: alike is no certainty.
    spread = max(float(points.std()), float(frame["points"].std()))
    error = SURE * (spread**2 / people + float(others.var()) / len(others)) ** 0.5
    low, high = lean - error, lean + error
    uniform = people >= LEAST and same >= same_from
    flagged = low > 0 or high < 0 or uniform
    words = f"{'cao' if lean >= 0 else 'thấp'} hơn mặt bằng {_shown(abs(lean))} điểm"
    says = f"{rater}: {words} (khoảng 95%: {_shown(low)} – {_shown(high)}), {people} người."
    if uniform:
        says += f" {same}% cùng một mức điểm."
    return Rater(rater, people, mean, lean, low, high, same, gap, flagged, says)


def _shown(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
