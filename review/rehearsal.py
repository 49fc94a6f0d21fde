"""What a changed rule would have done to results that are known.

changes = compare(before, after)
changes[0].words        -> "88,15 → 90,15, tốt → xuất sắc"
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from review.points import shown
from review.scorecard import Grade, Scorecard


@dataclass(frozen=True, slots=True)
class Change:
    """One person whose result differs; figures in hundredths, None where there is none."""

    cadre: str
    unit: str
    period: str
    total_before: int | None
    total_after: int | None
    grade_before: Grade | None
    grade_after: Grade | None

    @property
    def regraded(self) -> bool:
        return self.grade_before is not self.grade_after

    @property
    def words(self) -> str:
        points = f"{_points(self.total_before)} → {_points(self.total_after)}"
        if not self.regraded:
            return f"{points}, giữ mức {_grade(self.grade_after)}"
        return f"{points}, {_grade(self.grade_before)} → {_grade(self.grade_after)}"


def compare(before: Iterable[Scorecard], after: Iterable[Scorecard]) -> list[Change]:
    """Who has other points, another grade or another status, by unit and cadre."""
    then = {card.cadre: card for card in after}
    found = [
        Change(was.cadre, was.unit, was.period, was.total, now.total, was.grade, now.grade)
        for was in before
        if (now := then.get(was.cadre)) is not None
        and (was.total, was.grade, was.status) != (now.total, now.grade, now.status)
    ]
    return sorted(found, key=lambda change: (change.unit, change.cadre))


def _points(total: int | None) -> str:
    return "chưa có điểm" if total is None else shown(total)


def _grade(grade: Grade | None) -> str:
    return "chưa xếp loại" if grade is None else grade.label.lower()
