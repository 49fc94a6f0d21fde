"""Periods whose parts have changed since they were held: which, why, and what is done about each.

    late = OutOfDate(Period.parse("2026-Q3"), (Period.parse("2026-07"),), to_its_end=True)
    late.says       -> "Quý III/2026 chưa theo số liệu mới của tháng 7/2026; …"
    late.by_itself  -> True: the next review of any period holds it again

A year graded before its December is not held again by itself: its own review in January makes it
final. What was approved is held again like the rest, but no approved result changes by it: each
that comes out otherwise is put before a person (decision 0012).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from review.period import Period

MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class OutOfDate:
    """`parts` are the periods within it, itself too, that have changed since it was held;
    `to_its_end` whether it was held after its last day; `approved` whether a person has approved
    its results."""

    period: Period
    parts: tuple[Period, ...]
    to_its_end: bool
    approved: bool = False

    @property
    def by_itself(self) -> bool:
        return self.to_its_end

    @property
    def because(self) -> str:
        """The parts that changed, shortest and earliest first."""
        inner = [part.label for part in in_order(self.parts) if part != self.period]
        named = inner[:MOST_NAMED]
        more = [f"{len(inner) - len(named)} kỳ khác"] if len(inner) > len(named) else []
        own = ["việc, kế hoạch chuyển vào chính kỳ này"] if self.period in self.parts else []
        return ", ".join((*named, *more, *own))

    @property
    def says(self) -> str:
        whose = self.period.title
        return f"{whose} chưa theo số liệu mới của {self.because}; {self.next}."

    @property
    def next(self) -> str:
        if not self.to_its_end:
            return "kết quả đang là tạm tính, lượt đánh giá chính thức của kỳ sẽ tính lại"
        if self.approved:
            return (
                "kết quả đã phê duyệt giữ nguyên, ai có kết quả khác đi thì có đề xuất chờ người "
                "quyết định khi kỳ được tính lại ở lượt đánh giá kế tiếp"
            )
        return "lượt đánh giá kế tiếp sẽ tính lại"


def in_order(periods: Iterable[Period]) -> list[Period]:
    """Parts before what stands on them, earlier before later: so that each is made once."""
    return sorted(periods, key=_place)


def in_order_of_work(late: Iterable[OutOfDate]) -> list[OutOfDate]:
    return sorted(late, key=lambda one: _place(one.period))


def _place(period: Period) -> tuple[date, int]:
    return period.end, period.cadence.months


def standing_on(late: Iterable[OutOfDate], period: Period) -> list[OutOfDate]:
    """Those that concern a period: itself, and what has it among the parts that changed."""
    return [one for one in late if one.period == period or period in one.parts]
