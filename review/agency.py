"""The yearly grade of an agency itself: 30 general + 70 results (Decree 335/2025).

agency_year(2800, 6000, regulation.agency_grades)   -> AgencyYear(8800, Grade.GOOD)
"""

from __future__ import annotations

from dataclasses import dataclass

from review.points import half_up
from review.scorecard import Grade
from review.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class AgencyYear:
    total: int
    grade: Grade


def agency_year(general: int, results: int, grades: Thresholds, unit: int = 1) -> AgencyYear:
    """Total in hundredths of a point and its grade; `unit` of the given units make a hundredth.
    The thresholds are assumed to be those of persons: no source gives them."""
    total = half_up(general + results, unit)
    return AgencyYear(total, grades.grade_of(total))
