"""A quarter, a year, a term made of the periods that a person was scored in.

    score = roll_up(person, parts, regulation.year, regulation.grades)
    score.score                 -> 8550     every period that was due is there
    (score.low, score.high)     -> (7125, 9625)     one is not: missing is not zero
    score.counted, score.due    -> (11, 12)

Months on leave for the whole period are not due: the year rests on the time actually worked
(Decree 335/2025, Article 21). A month counts wherever it was worked; the unit that a person is in
at the end gives the grade.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from review.period import Cadence, Period
from review.points import half_up
from review.scorecard import CardStatus, Grade, Scorecard
from review.thresholds import Thresholds
from review.year import LongLeave, YearRule, YearRules, grade_under_decree_90

UNDER_LEAST = "DUOI_SO_THANG_TOI_THIEU"
MOVED = "CO_CHUYEN_DON_VI"
FORCED = "XEP_THEO_DIEU_KIEN_LOAI_TRU"
SETTLED = "MUC_XEP_LOAI_DA_CHAC"
NOT_TOLD = (0, 100_00)


class PartState(StrEnum):
    COUNTED = "tinh"
    MISSING = "thieu"  # due, and its result is not there yet
    LEAVE = "nghi"  # the whole of it on leave: not due
    ELSEWHERE = "noi_khac"  # scored by another regulation: not due


class Basis(StrEnum):
    """A year is graded before 15 December, without its last month, and confirmed in January."""

    PROVISIONAL = "tam_tinh"
    FINAL = "chinh_thuc"

    @property
    def label(self) -> str:
        return {"tam_tinh": "tạm tính", "chinh_thuc": "chính thức"}[self]


@dataclass(frozen=True, slots=True)
class Part:
    """One period within: `months` is its weight, `score` hundredths or None, `low` and `high` what
    it may still come to, `unit` where it was worked, `source` when it came from elsewhere."""

    period: str
    months: int
    state: PartState
    unit: str = ""
    score: int | None = None
    low: int = 0
    high: int = 100_00
    forced: bool = False
    maternity: bool = False
    source: str = ""

    @property
    def due(self) -> bool:
        return self.state in (PartState.COUNTED, PartState.MISSING)


@dataclass(frozen=True, slots=True)
class Rolled:
    """Whose result, of which period, on which basis; `unit` is the one that grades."""

    cadre: str
    unit: str
    period: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class PeriodScore:
    """`score` is known only when every part that was due is there; `so_far` is the mean of those
    that are. `counted` and `due` count months (years in a term). `provisional` is the grade by
    points, given as soon as nothing missing could change it; `grade` after the disqualifiers."""

    whose: Rolled
    status: CardStatus
    rule: YearRule
    score: int | None
    so_far: int | None
    low: int
    high: int
    counted: int
    due: int
    provisional: Grade | None = None
    grade: Grade | None = None
    flags: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def complete(self) -> bool:
        return self.status is CardStatus.OK

    def as_card(self) -> Scorecard:
        """The same result as a card of the longer period, for what reads cards."""
        whose = self.whose
        return Scorecard(
            whose.cadre,
            whose.unit,
            whose.period,
            self.status,
            total=self.score,
            provisional=self.provisional if self.complete else None,
            grade=self.grade,
            flags=self.flags,
            low=None if self.complete else self.low,
            high=None if self.complete else self.high,
        )


def roll_up(
    whose: Rolled, parts: Iterable[Part], rules: YearRules, grades: Thresholds
) -> PeriodScore:
    """The result of the longer period. `parts` in any order; those not due carry no weight."""
    known = tuple(sorted(parts, key=lambda part: part.period))
    due = [part for part in known if part.due]
    there = [part for part in due if part.state is PartState.COUNTED]
    rule = rules.rule
    if not due:
        return PeriodScore(whose, CardStatus.EXCLUDED, rule, None, None, 0, 0, 0, 0, parts=known)
    low = mean([(p.period, p.months, _least(p)) for p in due], rule)
    high = mean([(p.period, p.months, _most(p)) for p in due], rule)
    so_far = mean([(p.period, p.months, p.score or 0) for p in there], rule) if there else None
    complete = len(there) == len(due)
    settled = grades.grade_of(low) is grades.grade_of(high)
    by_points = grades.grade_of(low) if settled else None
    grade = _graded(by_points, known, whose, rules)
    return PeriodScore(
        whose=whose,
        status=CardStatus.OK if complete else CardStatus.INSUFFICIENT,
        rule=rule,
        score=so_far if complete else None,
        so_far=so_far,
        low=low,
        high=high,
        counted=sum(part.months for part in there),
        due=sum(part.months for part in due),
        provisional=by_points,
        grade=grade,
        flags=tuple(_flags(known, whose, complete, by_points, rules)),
        parts=known,
    )


def mean(weighted: Sequence[tuple[str, int, int]], rule: YearRule) -> int:
    """The mean of (period, months, hundredths), rounded once. Under MEAN_OF_QUARTERS each quarter
    weighs the same however many of its months there are."""
    if rule is YearRule.MEAN_OF_MONTHS:
        whole = sum(months for _, months, _ in weighted)
        return half_up(sum(months * score for _, months, score in weighted), whole)
    quarters = [list(run) for _, run in groupby(weighted, lambda one: _quarter_of(one[0]))]
    # In sixths the mean of 1, 2 or 3 months is whole; a term's parts are years, each by itself.
    sixths = sum(
        6 * sum(months * score for _, months, score in run) // sum(months for _, months, _ in run)
        for run in quarters
    )
    return half_up(sixths, 6 * len(quarters))


def _quarter_of(period: str) -> str:
    known = Period.parse(period)
    if known.cadence.months > Cadence.QUARTER.months:
        return period
    return str(Period.containing(known.start, Cadence.QUARTER))


def _least(part: Part) -> int:
    return part.low if part.score is None else part.score


def _most(part: Part) -> int:
    return part.high if part.score is None else part.score


def _graded(
    by_points: Grade | None, parts: Sequence[Part], whose: Rolled, rules: YearRules
) -> Grade | None:
    if any(part.forced for part in parts):
        return Grade.NOT_DONE
    if Period.parse(whose.period).cadence is not Cadence.YEAR:
        return by_points
    if rules.long_leave is LongLeave.ACTUAL_TIME:
        return by_points
    worked = sum(part.months for part in parts if part.due)
    maternity = any(part.maternity for part in parts)
    return grade_under_decree_90(by_points, worked, maternity, rules)


def _flags(
    parts: Sequence[Part],
    whose: Rolled,
    complete: bool,
    by_points: Grade | None,
    rules: YearRules,
) -> Iterable[str]:
    if any(part.forced for part in parts):
        yield FORCED
    if {part.unit for part in parts if part.unit} - {whose.unit}:
        yield MOVED
    if not complete and by_points:
        yield SETTLED
    worked = sum(part.months for part in parts if part.due)
    if Period.parse(whose.period).cadence is Cadence.YEAR and worked < rules.old_least_months:
        yield UNDER_LEAST


def confirmation(provisional: PeriodScore, final: PeriodScore) -> str:
    """What became of a year's provisional grade once December was in; Vietnamese, "" if nothing
    can be said yet."""
    if final.grade is None or provisional.grade is None:
        return ""
    if final.grade is provisional.grade:
        return f"Giữ nguyên {final.grade.label.lower()} sau khi có đủ số liệu cả năm."
    return (
        f"Tạm tính {provisional.grade.label.lower()}, đủ số liệu cả năm là "
        f"{final.grade.label.lower()}: cần người có thẩm quyền xác nhận lại."
    )
