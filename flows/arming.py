"""Letting letters leave, or stopping them: what `tdkt arm` and `disarm` do, as a typed form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from prefect import flow

from flows.agenda import step
from flows.asking import Answer, Blank, Ending, Question, Settled, decided
from flows.fields import AnyPeriodText
from flows.naming import named
from flows.opening import occasion_of
from flows.showing import show
from review.period import Cadence
from review.powers import Power
from tasks.asking import answered_by
from tasks.email_summaries import email_summaries
from tasks.let_leave import arm_mail, disarm_mail, letters_waiting, may_leave_now
from tasks.occasion import Occasion
from tasks.office import Office

RULING = "Quyết định"


class Ruling(StrEnum):
    SHORT = "Cho phép gửi trong 4 giờ"
    DAY = "Cho phép gửi trong 24 giờ"
    LONG = "Cho phép gửi trong 3 ngày"
    STOP = "Không cho gửi nữa"

    @property
    def hours(self) -> int:
        return {"SHORT": 4, "DAY": 24, "LONG": 72, "STOP": 0}[self.name]


@flow(
    name="arm-mail",
    description="Cho phép gửi thư thật trong một thời gian, rồi gửi thư của kỳ; hoặc dừng gửi.",
    flow_run_name=named("Cho phép gửi thư", Cadence.MONTH),
    validate_parameters=True,
)
def arm_mail_of(period: AnyPeriodText = "") -> Ending:
    """Waits for a person's word (for two, where the office wants two); the period's letters leave
    at once when it is given."""
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    return decided(
        occasion, lambda: question_of(occasion), lambda answer: carry_out(occasion, answer)
    )


def question_of(occasion: Occasion) -> Question | Settled:
    office, label = occasion.office, occasion.period.label
    if may_leave_now(office) == "here":
        return Settled("Thư của văn phòng này chỉ lưu trên máy, không cần cho phép gửi.")
    waiting = letters_waiting(occasion)
    first = answered_by(occasion)
    facts = [
        f"{waiting} thư của {label} đã viết và chờ gửi.",
        "Trước khi gửi, máy đọc lại từng thư: có mã, tên, điểm của người khác thì giữ lại.",
        "Hiện đang được phép gửi." if may_leave_now(office) else "Hiện chưa được phép gửi.",
    ]
    two = office.settings.mail.second_person
    if two and first:
        facts.insert(0, f"{first[0]} đã đồng ý; cần người thứ hai.")
    matter = f"Gửi thư thật, {label}: chờ cho phép"
    fields = {RULING: Blank(Ruling)}
    last = not two or bool(first)
    return Question(
        Power.ARM, matter, tuple(facts), fields, but=frozenset(first), again=not last,
        note_needed=False, note="Ý kiến",
    )  # fmt: skip


def carry_out(occasion: Occasion, answer: Answer) -> dict[str, object]:
    ruling = Ruling(answer.given[RULING])
    first = answered_by(occasion)
    if ruling is Ruling.STOP:
        disarm_mail(occasion, answer.who)
        return {"armed": False}
    if occasion.office.settings.mail.second_person and not first:
        return {"armed": False, "agreed": answer.who}
    until = datetime.now(UTC) + timedelta(hours=ruling.hours)
    arm_mail(occasion, answer.who, until, second=first[0] if first else "")
    posted = step(email_summaries, occasion)
    show(occasion)
    ends = {"sent": posted.sent, "failed": posted.failed, "in_doubt": posted.in_doubt}
    return {"armed": True, "until": until.isoformat(), **ends, "held": posted.held}
