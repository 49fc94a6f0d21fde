"""The table of form 02 of Decree 335/2025: months one below the other, each quarter's mean after
its three, the mean of the whole at the end.

roll_rows(score)[3]     -> {"label": "Quý I/2026", "score": 8550, "note": "", "mean": True}
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from review.period import Period
from review.points import half_up
from review.rollup import Part, PartState, PeriodScore, quarter_of

NOTES = {
    PartState.COUNTED: "",
    PartState.MISSING: "Chưa có kết quả, không tính là 0",
    PartState.LEAVE: "Nghỉ cả kỳ, không tính",
    PartState.ELSEWHERE: "Chấm theo quy định khác, không tính",
}


def roll_rows(score: PeriodScore) -> list[dict[str, Any]]:
    """One row a part; after the months of each quarter the quarter's mean."""
    quarters = [
        (quarter, list(run))
        for quarter, run in groupby(score.parts, key=lambda part: quarter_of(part.period))
    ]
    rows: list[dict[str, Any]] = []
    for quarter, parts in quarters:
        rows += [_row(part) for part in parts]
        if len(parts) > 1 and len(quarters) > 1:
            rows.append(_mean_row(_said(quarter), parts))
    return rows


def _row(part: Part) -> dict[str, Any]:
    note = NOTES[part.state]
    if part.source:
        note = f"Kết quả do nơi công tác cũ gửi: {part.source}"
    return {"label": _said(part.period), "score": part.score, "note": note, "mean": False}


def _said(text: str) -> str:
    label = Period.parse(text).label
    return label[0].upper() + label[1:]


def _mean_row(label: str, parts: Sequence[Part]) -> dict[str, Any]:
    known = [p for p in parts if p.state is PartState.COUNTED and p.score is not None]
    weight = sum(part.months for part in known)
    mean = half_up(sum((p.score or 0) * p.months for p in known), weight) if weight else None
    return {"label": label, "score": mean, "note": "", "mean": True}
