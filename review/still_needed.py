"""What the months that are still to come must bring for a longer period to reach a grade.

still_needed(score, regulation.grades)
-> "Để cả kỳ đạt hoàn thành xuất sắc nhiệm vụ, 1 tháng còn thiếu phải bình quân từ 95,50 điểm."

Found by rolling up again with a figure in the place of what is missing, never by a formula of its
own.
"""

from __future__ import annotations

from itertools import groupby

import numpy as np

from review.points import shown
from review.rollup import MOST, Part, PartState, PeriodScore, quarter_of
from review.rollup_columns import PartColumns, State, roll_up_columns
from review.scorecard import Grade
from review.thresholds import Thresholds


def still_needed(score: PeriodScore, grades: Thresholds) -> str:
    """Vietnamese; "" where nothing is missing, where a disqualifier decides, or where even full
    marks would not raise what is sure already."""
    missing = [part for part in score.parts if part.state is PartState.MISSING]
    if score.complete or not missing or score.grade is Grade.NOT_DONE:
        return ""
    sure = grades.grade_of(score.low)
    best = grades.grade_of(_filled(score, MOST))
    if list(Grade).index(best) >= list(Grade).index(sure):
        return ""
    low, high = 0, MOST
    while low < high:
        middle = (low + high) // 2
        low, high = (
            (low, middle) if _filled(score, middle) >= grades.least(best) else (middle + 1, high)
        )
    many = sum(part.months for part in missing)
    return (
        f"Để cả kỳ đạt {best.label.lower()}, {many} tháng còn thiếu phải bình quân từ "
        f"{shown(low)} điểm."
    )


def _filled(score: PeriodScore, points: int) -> int:
    """The longer period's score with `points` for everything that is missing."""
    due = [part for part in score.parts if part.due]
    groups = [list(run) for _, run in groupby(due, key=lambda part: quarter_of(part.period))]
    shape = (1, len(groups), max(map(len, groups)))
    state, months, value = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for g, group in enumerate(groups):
        for k, part in enumerate(group):
            state[0, g, k], months[0, g, k] = State.COUNTED, part.months
            value[0, g, k] = _points(part, points)
    columns = PartColumns(state, months, value, value, value, value)
    return int(roll_up_columns(columns, score.rule).score[0])


def _points(part: Part, points: int) -> int:
    if part.score is not None:
        return part.score
    return min(max(points, part.low), part.high)
