"""Before and after a due date: who still owes what, told to whom it concerns."""

from __future__ import annotations

from prefect import flow

from flows.agenda import step
from flows.opening import Mode, occasion_of
from flows.reviews import ModeChoice, PeriodText
from review.period import Cadence
from tasks.call_roll import call_roll
from tasks.office import Office
from tasks.remind import remind


@flow(
    name="remind",
    description="Nhắc hạn: chỉ nhắc đơn vị còn nợ báo cáo; quá hạn lâu thì báo cấp trên.",
    validate_parameters=True,
)
def remind_units(period: PeriodText = "", mode: ModeChoice = Mode.REHEARSE) -> dict[str, int]:
    """Writes the reminders that are due today and returns how many.

    Args:
        period: Kỳ báo cáo, ví dụ 2026-10. Để trống: tháng vừa kết thúc vào ngày theo lịch chạy.
        mode: Chế độ gửi thư. rehearse: chỉ viết vào sổ thư. send: cho gửi.
    """
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    step(call_roll, occasion)
    done = step(remind, occasion, mode is Mode.SEND)
    return {"letters": done.letters, "new": done.new, "unreachable": done.unreachable}
