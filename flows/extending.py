"""More time for a unit, or for all that still owe: what `tdkt extend` does, as a typed form."""

from __future__ import annotations

from enum import StrEnum

from prefect import flow

from flows.asking import Answer, Blank, Ending, Question, Settled, decided
from flows.fields import AnyPeriodText
from flows.holding import Work, holding
from flows.naming import named
from flows.opening import occasion_of
from flows.showing import show
from review.period import Cadence
from review.powers import Power
from tasks.extend import extend_due, extend_owing, who_owes
from tasks.occasion import Occasion
from tasks.office import Office

UNIT, DAYS, EVERYONE = "Mã đơn vị", "Thêm mấy ngày", "tat-ca"
MOST_UNITS = 30


class Days(StrEnum):
    D1, D2, D3, D5, D7, D10, D15, D30 = "1", "2", "3", "5", "7", "10", "15", "30"


@flow(
    name="extend-due",
    description="Gia hạn nộp báo cáo cho một đơn vị, hoặc cho mọi đơn vị còn nợ.",
    flow_run_name=named("Gia hạn", Cadence.MONTH),
    validate_parameters=True,
)
def extend_due_of(period: AnyPeriodText = "") -> Ending:
    """Waits for a person's word on whom to give how many days."""
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    return decided(
        occasion, lambda: question_of(occasion), lambda answer: carry_out(occasion, answer)
    )


def question_of(occasion: Occasion) -> Question | Settled:
    owing, label = who_owes(occasion), occasion.period.label
    if not owing:
        return Settled(
            f"{occasion.period.title}: không đơn vị nào còn nợ báo cáo (hoặc kỳ chưa mở)."
        )
    shown = ", ".join(f"{code} {name}" for code, name in owing[:MOST_UNITS])
    rest = f" … và {len(owing) - MOST_UNITS} đơn vị nữa" if len(owing) > MOST_UNITS else ""
    due = occasion.deadlines.due.astimezone(occasion.office.settings.zone)
    facts = (
        f"Hạn chung: {due:%H:%M ngày %d/%m/%Y}.",
        f"{len(owing)} đơn vị còn nợ: {shown}{rest}.",
    )
    fields = {
        UNIT: Blank(str, ..., f"Mã của đơn vị, hoặc {EVERYONE}: mọi đơn vị còn nợ."),
        DAYS: Blank(Days, ..., "Ngày theo lịch, tính từ hạn chung; gặp ngày nghỉ thì lùi tiếp."),
    }
    return Question(
        Power.EXTEND, f"Gia hạn nộp báo cáo {label}", facts, fields, note="Lý do gia hạn"
    )


def carry_out(occasion: Occasion, answer: Answer) -> dict[str, object]:
    unit, days = str(answer.given[UNIT]).strip(), int(answer.given[DAYS])
    with holding(occasion, Work.DECISION) as mine:
        if unit.casefold() == EVERYONE:
            units = extend_owing.fn(mine, days, answer.note, answer.who)
        else:
            extend_due.fn(mine, unit, days, answer.note, answer.who)
            units = (unit,)
    show(occasion)
    return {"period": occasion.period_text, "units": len(units), "days": days}
