"""What a person's period came to, and why.

card.total         -> 9047          (hundredths of a point: 90,47)
card.reasons[0]    -> Reason("b", …, says="Thẩm định hồ sơ: 2 sản phẩm chưa đạt", cells=(…))
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple


class Grade(StrEnum):
    EXCELLENT = "HTXSNV"
    GOOD = "HTTNV"
    DONE = "HTNV"
    NOT_DONE = "KHTNV"

    @property
    def label(self) -> str:
        return GRADE_LABELS[self]


GRADE_LABELS = {
    Grade.EXCELLENT: "Hoàn thành xuất sắc nhiệm vụ",
    Grade.GOOD: "Hoàn thành tốt nhiệm vụ",
    Grade.DONE: "Hoàn thành nhiệm vụ",
    Grade.NOT_DONE: "Không hoàn thành nhiệm vụ",
}

ON_LEAVE = "NGHI_CA_KY"  # an EXCLUDED card's flag: the period does not count for this person
PART = "part"  # a reason's term: one of the periods that a longer one was made of
ELSEWHERE = "CHAM_NOI_KHAC"  # an EXCLUDED card's flag: another regulation scores this person


class CardStatus(StrEnum):
    OK = "OK"
    INSUFFICIENT = "INSUFFICIENT_DATA"  # no assigned work or no general score: never 0, never 100
    EXCLUDED = "EXCLUDED"  # another regulation scores this person, or on leave the whole period


class Reason(NamedTuple):
    """Why a term is what it is. `term` is one of general, a, b, c, d, dd, e, grade, status,
    explained; of a longer period `period`, its mean, and `part`, what it was made of. `lost`
    hundredths of a point of the total that it cost (0 where nothing was lost, None where it is no
    matter of points); `cells` like "S3 Công việc – sản phẩm!J9"; `article` the rule's place in the
    law."""

    term: str
    says: str
    lost: int | None = None
    cells: tuple[str, ...] = ()
    article: str = ""


class Scorecard(NamedTuple):
    """One person's result for one period. All figures are hundredths: of a point for `general`,
    `task_score` and `total`, of a percent for a…e and `mean`; None where unknown. `provisional` is
    the grade by points alone; `grade` after the disqualifiers (before the quota). `low` and `high`
    are the least and the most that an INSUFFICIENT card may still come to; `approved` is the
    version of the approved result that gives the grade, 0 while there is none. A named tuple, as
    whoever is made and read back for a whole country is: it takes a fifth of a dataclass's time."""

    cadre: str
    unit: str
    period: str
    status: CardStatus
    general: int | None = None
    a: int | None = None
    b: int | None = None
    c: int | None = None
    d: int | None = None
    dd: int | None = None
    e: int | None = None
    mean: int | None = None
    task_score: int | None = None
    total: int | None = None
    provisional: Grade | None = None
    grade: Grade | None = None
    flags: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    low: int | None = None
    high: int | None = None
    approved: int = 0

    @property
    def bounds(self) -> tuple[int, int]:
        """Between which points the result lies: one figure twice where it is known."""
        if self.total is not None:
            return self.total, self.total
        return self.low or 0, 100_00 if self.high is None else self.high

    @property
    def forced(self) -> bool:
        """Whether the lowest grade is given whatever the points (Article 20.4)."""
        return self.grade is Grade.NOT_DONE and self.provisional is not Grade.NOT_DONE

    def with_reasons(self, reasons: Sequence[Reason]) -> Scorecard:
        """The same card with these reasons."""
        return Scorecard._make((*self[:AT_REASONS], tuple(reasons), *self[AT_REASONS + 1 :]))


AT_REASONS = Scorecard._fields.index("reasons")
