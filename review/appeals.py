"""An appeal against an approved result, or a correction that came after it was approved.

    snapshot_of(result, card)                   what it was, frozen when the case was opened
    outcome_of(before, after)["says"]           -> "88,10 → 90,20, tốt → xuất sắc"

Only what the case touches is scored again; the difference is recorded and told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from review.rehearsal import Change
from review.results import Result
from review.scorecard import Grade, Reason, Scorecard


class CaseKind(StrEnum):
    APPEAL = "kien_nghi"
    CORRECTION = "dieu_chinh"

    @property
    def label(self) -> str:
        return {"kien_nghi": "Kiến nghị", "dieu_chinh": "Điều chỉnh số liệu"}[self]


class CaseState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"

    @property
    def label(self) -> str:
        return {"open": "Đang xem xét", "upheld": "Chấp nhận", "dismissed": "Không chấp nhận"}[self]


@dataclass(frozen=True, slots=True)
class Appeal:
    """`closes_on` is the last day on which it could be opened; `snapshot` the result and the card
    as they were; `outcome` what deciding it came to. `id` and `at` are the book's."""

    period: str
    cadre: str
    unit: str
    kind: CaseKind
    opened_by: str
    grounds: str
    snapshot: Mapping[str, Any]
    closes_on: date | None = None
    state: CaseState = CaseState.OPEN
    decided_by: str = ""
    note: str = ""
    outcome: Mapping[str, Any] = field(default_factory=dict)
    id: int | None = None
    at: datetime | None = None


FIGURES = ("general", "a", "b", "c", "d", "dd", "e", "mean", "task_score", "total")


def snapshot_of(result: Result, card: Scorecard) -> dict[str, Any]:
    """JSON-ready: every figure of the card, and the approved grade with its version."""
    return {
        **{name: getattr(card, name) for name in FIGURES},
        "status": card.status.value,
        "by_points": result.by_points and result.by_points.value,
        "grade": result.grade and result.grade.value,
        "version": result.version,
    }


def outcome_of(before: Result, after: Result, restated: list[str]) -> dict[str, Any]:
    """The difference, and which longer periods were made anew with it."""
    change = Change(
        after.cadre, after.unit, after.period, before.total, after.total, before.grade, after.grade
    )
    return {
        "total": [before.total, after.total],
        "grade": [g and g.value for g in (before.grade, after.grade)],
        "says": change.words,
        "restated": restated,
    }


def told_in_letter(case: Appeal) -> Reason:
    """What the person reads of it beside the result."""
    says = case.outcome.get("says", "")
    restated = ", ".join(case.outcome.get("restated", ()))
    tail = f" Đã tính lại: {restated}." if restated else ""
    words = (
        f"{case.kind.label} số {case.id} ({case.grounds}): {case.state.label.lower()}, {says}. "
        f"{case.decided_by}: {case.note}.{tail}"
    )
    return Reason("grade", words)


def after_quota(before: Result, card: Scorecard, applies: bool) -> tuple[Grade | None, str]:
    """The new grade. Where a quota was applied nobody becomes excellent without a seat: the office
    draws the lists again."""
    if applies and card.grade is Grade.EXCELLENT and before.grade is not Grade.EXCELLENT:
        return Grade.GOOD, "Điểm đạt mức xuất sắc sau khi chấm lại; chờ xét lại tỷ lệ xuất sắc."
    return card.grade, ""
