"""Approving a period's results, or sending them back: what `tdkt approve` does, as a typed form."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from prefect import flow

from flows.agenda import step
from flows.asking import Answer, Blank, Ending, Question, Settled, decided
from flows.fields import AnyPeriodText, ReopenChoice, UnitText
from flows.holding import Work, holding
from flows.naming import named
from flows.opening import occasion_of
from flows.showing import show
from review.approval import Stage
from review.period import Cadence
from review.powers import Power
from review.scorecard import Grade
from review.standing import Standing
from tasks.approve import Approved, Signature, approve, stage_waiting
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.take_stock import take_stock

POWERS = {Stage.UNIT: Power.APPROVE, Stage.OFFICE: Power.APPROVE, Stage.COUNCIL: Power.COUNCIL}
RULING = "Quyết định"


class Ruling(StrEnum):
    APPROVE = "Phê duyệt"
    RETURN = "Trả lại"


@flow(
    name="approve-results",
    description="Phê duyệt kết quả của kỳ, hoặc trả lại; kết quả đã phê duyệt thì khóa.",
    flow_run_name=named("Phê duyệt kết quả", Cadence.MONTH),
    validate_parameters=True,
)
def approve_results(
    period: AnyPeriodText = "", unit: UnitText = "", reopen: ReopenChoice = False
) -> Ending:
    """Waits for a person's word on the stage whose turn it is; what stands in the way is said."""
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    return decided(
        occasion,
        lambda: question_of(occasion, unit, reopen),
        lambda answer: carry_out(occasion, unit, answer),
    )


def question_of(occasion: Occasion, unit: str = "", reopen: bool = False) -> Question | Settled:
    """What is to be approved now; nothing where the last stage has approved, unless somebody wants
    to open the results again."""
    standing: Standing = take_stock.fn(occasion)
    label, facts = occasion.period.label, tuple(_facts(standing))
    if standing.approved and reopen:
        matter = f"Kết quả {label} đã phê duyệt, đề nghị mở lại"
        return Question(Power.APPROVE, matter, facts, {RULING: Blank(Literal[Ruling.RETURN])})
    if standing.approved and not unit:
        return Settled(f"Kết quả {label} đã được phê duyệt ở mọi cấp.")
    stage = Stage.UNIT if unit else stage_waiting(occasion)
    if stage is None or not standing.persons.scored:
        return Settled(f"{occasion.period.title} chưa có kết quả nào để phê duyệt.")
    whose = f" của đơn vị {unit}" if unit else ""
    matter = f"Kết quả {label}{whose} chờ phê duyệt – {stage.label}"
    fields = {RULING: Blank(Ruling, ..., "Trả lại thì kết quả mở khóa để sửa.")}
    return Question(POWERS[stage], matter, facts, fields)


def _facts(standing: Standing) -> Iterator[str]:
    tally, persons = standing.tally, standing.persons
    yield (
        f"{tally.roll} đơn vị phải báo cáo: {tally.accepted} đạt, {tally.nil} không phát sinh, "
        f"{tally.returned} trả lại, {tally.missing} chưa nộp, {tally.set_aside} để riêng."
    )
    grades = "; ".join(f"{grade.label}: {persons.grades[grade.value]}" for grade in Grade)
    yield f"{persons.scored}/{persons.on_roll} cán bộ đã chấm điểm. {grades}."
    if persons.insufficient:
        yield f"{persons.insufficient} cán bộ chưa đủ dữ liệu."
    yield from standing.faults or ("Số liệu khớp.",)


def carry_out(occasion: Occasion, unit: str, answer: Answer) -> dict[str, object]:
    refuse = answer.given[RULING] == Ruling.RETURN
    signature = Signature(answer.who, answer.note, unit.strip(), refuse)
    with holding(occasion, Work.DECISION) as mine:
        done: Approved = step(approve, mine, signature)
    show(occasion)
    following = done.following.value if done.following else None
    return {"period": occasion.period_text, "stage": done.decision.stage.value,
            "ruling": done.decision.ruling.value, "final": done.final, "next": following,
            "persons": done.persons}  # fmt: skip
