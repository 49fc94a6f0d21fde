"""A year made of its months (Decree 335/2025, Article 21).

year = year_of([8500, 8600, None, …], YearRule.MEAN_OF_MONTHS)
year.score          -> 8550         hundredths, rounded once
year.counted        -> 2            of 12: missing months are not zeros
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from review.points import half_up
from review.scorecard import Grade

MATERNITY = "THAI_SAN_TINH_THEO_THOI_GIAN_THUC_TE"


class YearRule(StrEnum):
    """The two agree on a full year and differ on an incomplete one; no source settles it."""

    MEAN_OF_MONTHS = "MEAN_OF_MONTHS"
    MEAN_OF_QUARTERS = "MEAN_OF_QUARTERS"


class LongLeave(StrEnum):
    """What long leave does to a year's grade."""

    ACTUAL_TIME = "ACTUAL_TIME"  # Decree 335/2025, Article 21: the time actually worked decides
    DECREE_90 = "DECREE_90"  # from three months not good or better; under six not graded


@dataclass(frozen=True, slots=True)
class YearRules:
    """`maternity_blanks`: lengths of a run of blank months read as maternity leave when nothing
    else is said. The two `old_` figures are Decree 90/2020's, for years before 2026."""

    rule: YearRule
    maternity_blanks: tuple[int, ...]
    old_leave_months: int
    old_least_months: int
    long_leave: LongLeave = LongLeave.ACTUAL_TIME


@dataclass(frozen=True, slots=True)
class YearScore:
    """`score` hundredths of a point, None when no month counted; `quarters` (number, hundredths,
    months counted) for each quarter that has a month."""

    score: int | None
    counted: int
    due: int
    quarters: tuple[tuple[int, int, int], ...]


def year_of(months: Sequence[int | None], rule: YearRule, unit: int = 1) -> YearScore:
    """The year of up to twelve monthly totals, January first; None is a month without a result.

    `unit` is how many of the given units make a hundredth of a point (1 for cards).
    """
    quarters = [
        (at // 3 + 1, [m for m in months[at : at + 3] if m is not None])
        for at in range(0, len(months), 3)
    ]
    held = [(number, present) for number, present in quarters if present]
    return YearScore(
        score=_mean([present for _, present in held], rule, unit) if held else None,
        counted=sum(len(present) for _, present in held),
        due=len(months),
        quarters=tuple((n, half_up(sum(p), len(p) * unit), len(p)) for n, p in held),
    )


def _mean(quarters: Sequence[Sequence[int]], rule: YearRule, unit: int) -> int:
    if rule is YearRule.MEAN_OF_MONTHS:
        return half_up(sum(map(sum, quarters)), sum(map(len, quarters)) * unit)
    # A quarter has 1, 2 or 3 months: in sixths every quarter's mean is whole, nothing rounds early.
    sixths = sum(sum(present) * 6 // len(present) for present in quarters)
    return half_up(sixths, 6 * len(quarters) * unit)


def looks_like_maternity(months: Sequence[int | None], rules: YearRules) -> bool:
    """Whether the only gap is one as long as maternity leave: six months touch six or seven."""
    gaps = [len(list(run)) for blank, run in groupby(months, lambda m: m is None) if blank]
    return len(gaps) == 1 and gaps[0] in rules.maternity_blanks


def grade_under_decree_90(
    grade: Grade | None, counted: int, maternity: bool, rules: YearRules
) -> Grade | None:
    """What the rule before 2026 made of the same year: leave of three to under six months was
    never good or better; under six months' work was not graded; maternity on the time worked."""
    if grade is None or maternity:
        return grade
    if counted < rules.old_least_months:
        return None
    lowered = 12 - counted >= rules.old_leave_months
    return Grade.DONE if lowered and grade in (Grade.EXCELLENT, Grade.GOOD) else grade
