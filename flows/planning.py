"""A person's word on proposed changes of a plan: what `tdkt plan accept/refuse/take-back` do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from prefect import flow

from flows.agenda import step
from flows.asking import Answer, Blank, Ending, Question, Settled, decided
from flows.fields import PlanPeriod, titled
from flows.naming import named
from flows.opening import occasion_of
from flows.showing import show
from review.period import Cadence
from review.plans import ChangeState, Decision, PlanKind, ProposedChange
from review.powers import Power
from tasks.decide_plans import Choice, Decided, changes_of, decide
from tasks.occasion import Occasion
from tasks.office import Office

RULING, LINES = "Quyết định", "Số dòng"
MOST_LINES = 60


class PlanChoice(StrEnum):
    """The plans as a person chooses them."""

    TRAINING = "Đào tạo, bồi dưỡng"
    PROGRAMME = "Chương trình công tác"
    STRUCTURE = "Tổ chức bộ máy, cơ cấu"
    SUCCESSION = "Quy hoạch cán bộ"
    SOURCES = "Tạo nguồn"
    INSPECTION = "Kiểm tra, giám sát"
    SELF_TRAINING = "Tự học tập, rèn luyện"
    MOVEMENTS = "Phong trào thi đua, sơ kết, tổng kết"
    AWARDS = "Khen thưởng"
    ROTATION = "Luân chuyển, chuyển đổi vị trí"

    @property
    def kind(self) -> PlanKind:
        return PlanKind[self.name]


KindChoice = Annotated[PlanChoice, titled("Kế hoạch nào")]


class Ruling(StrEnum):
    ACCEPT = "Chấp nhận"
    REFUSE = "Không chấp nhận"
    TAKE_BACK = "Rút lại quyết định trước"

    @property
    def state(self) -> ChangeState:
        return {
            "ACCEPT": ChangeState.ACCEPTED,
            "REFUSE": ChangeState.REFUSED,
            "TAKE_BACK": ChangeState.TAKEN_BACK,
        }[self.name]


@flow(
    name="decide-plan",
    description="Quyết định thay đổi kế hoạch: chấp nhận, không chấp nhận, rút lại.",
    flow_run_name=named("Quyết định thay đổi kế hoạch"),
    validate_parameters=True,
)
def decide_plan(kind: KindChoice, period: PlanPeriod) -> Ending:
    """Waits for a person's word on some or all lines of one plan."""
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    return decided(
        occasion,
        lambda: question_of(occasion, kind.kind),
        lambda answer: carry_out(occasion, kind.kind, answer),
    )


def question_of(occasion: Occasion, kind: PlanKind) -> Question | Settled:
    changes = changes_of(occasion.office, kind, occasion.period_text)
    if not changes:
        return Settled(
            f"{kind.label}, {occasion.period.label}: không có thay đổi nào được đề xuất."
        )
    waiting = [change for change in changes if change.state is ChangeState.PROPOSED]
    matter = f"{kind.label}, {occasion.period.label}: {len(waiting)} thay đổi chờ quyết định"
    fields = {
        RULING: Blank(Ruling),
        LINES: Blank(str, "", "Các số dòng, cách nhau dấu phẩy; để trống: mọi dòng đang chờ."),
    }
    facts = tuple(_said(occasion, changes))
    return Question(Power.PLANS, matter, facts, fields, note="Lý do", note_needed=False)


def _said(occasion: Occasion, changes: Sequence[ProposedChange]) -> Iterator[str]:
    """Whom a line is about is said by code at most; what it rests on stands in `tdkt plan diff`."""
    shows = occasion.office.settings.desk.shows
    for change in changes[:MOST_LINES]:
        line = change.line
        about = f" ({line.subject})" if line.subject and shows != "figures" else ""
        what = line.content if shows == "names" or not line.subject else change.action.label
        unit = line.unit or "toàn tỉnh"
        yield f"Dòng {change.id} · {change.state.label} · {unit}: {what}{about}"
    if len(changes) > MOST_LINES:
        yield f"… và {len(changes) - MOST_LINES} dòng nữa: xem “tdkt plan diff”."


def carry_out(occasion: Occasion, kind: PlanKind, answer: Answer) -> dict[str, object]:
    given = str(answer.given[LINES])
    if strange := re.sub(r"[\d\s,;]", "", given):
        raise ValueError(f"“{strange}” không phải số dòng; viết như 3, 4, 7.")
    numbers = tuple(int(found) for found in re.findall(r"\d+", given))
    verdict = Ruling(answer.given[RULING]).state
    decision = Decision(verdict, answer.who, datetime.now(UTC), answer.note)
    choice = Choice(numbers, all=not numbers)
    about = occasion.period_text
    done: Decided = step(decide, occasion.office, kind, about, choice, decision, occasion.run)
    show(occasion)
    return {"changes": done.changes, "versions": dict(done.versions)}
