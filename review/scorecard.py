"""What a person's period came to, and why.

card.total         -> 9047          (hundredths of a point: 90,47)
card.reasons[0]    -> Reason("b", …, says="Thẩm định hồ sơ: 2 sản phẩm chưa đạt", cells=(…))
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    EXCELLENT = "HTXSNV"
    GOOD = "HTTNV"
    DONE = "HTNV"
    NOT_DONE = "KHTNV"

    @property
    def label(self) -> str:
        return {
            "HTXSNV": "Hoàn thành xuất sắc nhiệm vụ",
            "HTTNV": "Hoàn thành tốt nhiệm vụ",
            "HTNV": "Hoàn thành nhiệm vụ",
            "KHTNV": "Không hoàn thành nhiệm vụ",
        }[self]


class CardStatus(StrEnum):
    OK = "OK"
    INSUFFICIENT = "INSUFFICIENT_DATA"  # no assigned work or no general score: never 0, never 100
    EXCLUDED = "EXCLUDED"  # another regulation scores this person, or on leave the whole period


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a term is what it is. `term` is one of general, a, b, c, d, dd, e, grade, status;
    `lost` hundredths of a point of the total that it cost (0 where nothing was lost, None where it
    is no matter of points); `cells` like "S3 Công việc – sản phẩm!J9"; `article` the rule's place
    in the law."""

    term: str
    says: str
    lost: int | None = None
    cells: tuple[str, ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One person's result for one period. All figures are hundredths: of a point for `general`,
    `task_score` and `total`, of a percent for a…e and `mean`; None where unknown. `provisional` is
    the grade by points alone; `grade` after the disqualifiers (before the quota)."""

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
