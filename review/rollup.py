"""A quarter, a year, a term made of the periods that a person was scored in.

    score.score                 -> 8550     every period that was due is there
    (score.low, score.high)     -> (7125, 9625)     one is not: missing is not zero
    score.counted, score.due    -> (11, 12)

Months on leave for the whole period are not due: the year rests on the time actually worked
(Decree 335/2025, Article 21). A month counts wherever it was worked; the unit that a person is in
at the end gives the grade. How it is made, for everyone at once: review.rollup_people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from review.period import Cadence, Period
from review.rollup_columns import State
from review.scorecard import CardStatus, Grade, Scorecard
from review.year import LongLeave, YearRule, YearRules, grade_under_decree_90

UNDER_LEAST = "DUOI_SO_THANG_TOI_THIEU"
MOVED = "CO_CHUYEN_DON_VI"
FORCED = "XEP_THEO_DIEU_KIEN_LOAI_TRU"
SETTLED = "MUC_XEP_LOAI_DA_CHAC"
MOST = 100_00


class PartState(StrEnum):
    COUNTED = "tinh"
    MISSING = "thieu"  # due, and its result is not there yet
    LEAVE = "nghi"  # the whole of it on leave: not due
    ELSEWHERE = "noi_khac"  # scored by another regulation: not due

    @property
    def code(self) -> State:
        return State(list(PartState).index(self) + 1)


class Basis(StrEnum):
    """A year is graded before 15 December, without its last month, and confirmed in January."""

    PROVISIONAL = "tam_tinh"
    FINAL = "chinh_thuc"

    @property
    def label(self) -> str:
        return {"tam_tinh": "tạm tính", "chinh_thuc": "chính thức"}[self]


@dataclass(frozen=True, slots=True)
class Part:
    """One period within: `months` is its weight, `score` and `task` hundredths or None, `low` and
    `high` what it may still come to, `unit` where it was worked, `source` when it came from
    elsewhere."""

    period: str
    months: int
    state: PartState
    unit: str = ""
    score: int | None = None
    task: int | None = None
    low: int = 0
    high: int = MOST
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
    that are; `task` of their points for results, by which the quota tells equal totals apart.
    `counted` and `due` count months (years in a term). `provisional` is the grade by points, given
    as soon as nothing missing could change it; `grade` after the disqualifiers."""

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
    task: int | None = None

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
            task_score=self.task,
            total=self.score,
            provisional=self.provisional if self.complete else None,
            grade=self.grade,
            flags=self.flags,
            low=None if self.complete else self.low,
            high=None if self.complete else self.high,
        )


def quarter_of(period: str) -> str:
    """The quarter that a part belongs to; a year of a term stands by itself."""
    known = Period.parse(period)
    if known.cadence.months > Cadence.QUARTER.months:
        return period
    return str(Period.containing(known.start, Cadence.QUARTER))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What of a person's parts bears on the grade beside the points. `worked` counts months due."""

    yearly: bool
    forced: bool
    moved: bool
    maternity: bool
    worked: int


def graded(by_points: Grade | None, about: Circumstances, rules: YearRules) -> Grade | None:
    """A disqualifier decides; then the points; and before 2026 what Decree 90 said of long
    leave."""
    if about.forced:
        return Grade.NOT_DONE
    if not about.yearly or rules.long_leave is LongLeave.ACTUAL_TIME:
        return by_points
    return grade_under_decree_90(by_points, about.worked, about.maternity, rules)


def flags_of(
    about: Circumstances, complete: bool, by_points: Grade | None, rules: YearRules
) -> Iterable[str]:
    if about.forced:
        yield FORCED
    if about.moved:
        yield MOVED
    if not complete and by_points:
        yield SETTLED
    if about.yearly and about.worked < rules.old_least_months:
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
