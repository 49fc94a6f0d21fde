"""An appeal against an approved result, or a correction that came after it was approved.

    snapshot_of(result, card)                   what it was, frozen when the case was opened
    outcome_of(before, after)["says"]           -> "88,10 → 90,20, tốt → xuất sắc"

Only what the case touches is scored again; the difference is recorded and told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from review.rehearsal import Change
from review.results import Result
from review.scorecard import Reason, Scorecard


class CaseKind(StrEnum):
    """What opened the case: a person's appeal, a report that came after approval, a shorter period
    whose result is another now, or the quota drawn anew. The last two are the program's proposals;
    like the others they change nothing before a named person decides."""

    APPEAL = "kien_nghi"
    CORRECTION = "dieu_chinh"
    RESTATEMENT = "tinh_lai"
    QUOTA = "ty_le"

    @property
    def label(self) -> str:
        return {
            "kien_nghi": "Kiến nghị",
            "dieu_chinh": "Điều chỉnh số liệu",
            "tinh_lai": "Tính lại theo kỳ thành phần",
            "ty_le": "Xét lại tỷ lệ xuất sắc",
        }[self]


class CaseState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"  # what it was proposed for has gone

    @property
    def label(self) -> str:
        return {
            "open": "Đang xem xét",
            "upheld": "Chấp nhận",
            "dismissed": "Không chấp nhận",
            "withdrawn": "Không còn căn cứ, đã rút",
        }[self]


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


def snapshot_of(
    result: Result, card: Scorecard, parts: Sequence[Sequence[Any]] = ()
) -> dict[str, Any]:
    """JSON-ready: every figure of the card, the approved grade with its version, and (period,
    points) of what a longer period was made of."""
    return {
        **({"parts": [list(part) for part in parts]} if parts else {}),
        **{name: getattr(card, name) for name in FIGURES},
        "status": card.status.value,
        "by_points": result.by_points and result.by_points.value,
        "grade": result.grade and result.grade.value,
        "version": result.version,
    }


def outcome_of(
    before: Result, after: Result, restated: Sequence[str] = (), proposed: Sequence[str] = ()
) -> dict[str, Any]:
    """The difference; which longer periods were made anew with it, and of which that were approved
    already it is proposed."""
    change = Change(
        after.cadre, after.unit, after.period, before.total, after.total, before.grade, after.grade
    )
    return {
        "total": [before.total, after.total],
        "grade": [g and g.value for g in (before.grade, after.grade)],
        "says": change.words,
        "restated": list(restated),
        "proposed": list(proposed),
    }


def told_in_letter(case: Appeal) -> Reason:
    """What the person reads of it beside the result."""
    says = case.outcome.get("says", "")
    more = [
        f"{words}: {', '.join(case.outcome[key])}."
        for key, words in (("restated", "Đã tính lại"), ("proposed", "Đề xuất tính lại, chờ duyệt"))
        if case.outcome.get(key)
    ]
    words = (
        f"{case.kind.label} số {case.id} ({case.grounds}): {case.state.label.lower()}, {says}. "
        f"{case.decided_by}: {case.note}."
    )
    return Reason("appeal", " ".join((words, *more)))
