"""From how many points on which grade is given (Decree 335/2025, Article 20).

Thresholds(9000, 7000, 5000).grade_of(8999)     -> Grade.GOOD
"""

from __future__ import annotations

from dataclasses import dataclass

from review.scorecard import Grade


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Hundredths of a point, each the lowest of its grade."""

    excellent: int
    good: int
    done: int

    def grade_of(self, total: int) -> Grade:
        if total >= self.excellent:
            return Grade.EXCELLENT
        if total >= self.good:
            return Grade.GOOD
        return Grade.DONE if total >= self.done else Grade.NOT_DONE

    def least(self, grade: Grade) -> int:
        """The points from which a grade is given; 0 for the lowest."""
        if grade is Grade.EXCELLENT:
            return self.excellent
        if grade is Grade.GOOD:
            return self.good
        return self.done if grade is Grade.DONE else 0
