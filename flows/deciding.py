"""A person's word on proposed changes of a plan, given in Prefect's own run form."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from uuid import uuid4

from prefect import flow
from pydantic import Field

from flows.agenda import step
from flows.fields import HALF, MONTH, QUARTER, TERM, YEAR
from review.period import Period
from review.plans import ChangeState, Decision, PlanKind
from tasks.decide_plans import Choice, decide
from tasks.office import Office


class Verdict(StrEnum):
    """accept: chấp nhận. refuse: không chấp nhận, phải có lý do. take_back: rút lại quyết định."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    TAKE_BACK = "take_back"

    @property
    def state(self) -> ChangeState:
        return {
            "accept": ChangeState.ACCEPTED,
            "refuse": ChangeState.REFUSED,
            "take_back": ChangeState.TAKEN_BACK,
        }[self]


PlanPeriod = Annotated[
    str,
    Field(
        title="Kỳ của kế hoạch",
        description="Ví dụ 2027-Q1; hoặc kỳ đánh giá đã đề xuất.",
        pattern=rf"^\s*({'|'.join((MONTH, QUARTER, HALF, YEAR, TERM))})\s*$",
    ),
]
Lines = Annotated[
    tuple[int, ...],
    Field(title="Số dòng", description="Như trong “tdkt plan diff”; để trống: mọi dòng đang chờ."),
]
Who = Annotated[str, Field(title="Người quyết định", min_length=2)]
Note = Annotated[str, Field(title="Lý do", description="Bắt buộc khi không chấp nhận.")]


@flow(
    name="decide-plan",
    description="Quyết định thay đổi kế hoạch: chấp nhận, không chấp nhận, rút lại.",
    validate_parameters=True,
)
def decide_plan(
    kind: PlanKind,
    period: PlanPeriod,
    verdict: Verdict,
    who: Who,
    note: Note = "",
    lines: Lines = (),
) -> dict[str, int]:
    """Keeps the word; returns how many lines it was about, and the plan's new version.

    Args:
        kind: Kế hoạch nào.
        period: Kỳ của kế hoạch, ví dụ 2027-Q1.
        verdict: Chấp nhận, không chấp nhận hay rút lại.
        who: Người quyết định.
        note: Lý do; bắt buộc khi không chấp nhận.
        lines: Số dòng; để trống là mọi dòng đang chờ.
    """
    decision = Decision(verdict.state, who, datetime.now(UTC), note)
    choice = Choice(tuple(lines), all=not lines)
    about = str(Period.parse(period))
    run = f"tdkt-{uuid4().hex[:12]}"
    done = step(decide, Office.at(), kind, about, choice, decision, run)
    return {"changes": done.changes, **dict(done.versions)}
