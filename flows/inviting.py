"""The opening of a period: the roll is called and each unit gets its form by letter."""

from __future__ import annotations

from dataclasses import replace

from prefect import flow

from flows.agenda import step
from flows.opening import Mode, occasion_of
from flows.reviews import ModeChoice, PeriodText
from review.period import Cadence
from tasks.call_roll import call_roll
from tasks.email_summaries import rehearse
from tasks.invite import invite, post_invitations
from tasks.issue_forms import must_have_a_form
from tasks.occasion import Occasion
from tasks.office import Office


@flow(name="open-period", description="Mở kỳ: gửi thư mời kèm mẫu báo cáo cho từng đơn vị.")
def open_period(period: PeriodText = "", mode: ModeChoice = Mode.SEND) -> dict[str, int]:
    """Invites every unit that has not been invited yet; returns how many letters.

    Args:
        period: Kỳ mở, ví dụ 2026-11. Để trống: tháng đang diễn ra vào ngày theo lịch chạy.
        mode: Chế độ gửi thư. rehearse: viết thư ra thư mục để xem trước. send: gửi thật.
    """
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    if not period.strip():  # the one that follows the month that closed last
        occasion = replace(occasion, period=occasion.period.next())
    return {"invited": invite_units(occasion, send=mode is Mode.SEND)}


def invite_units(
    occasion: Occasion,
    *,
    units: tuple[str, ...] | None = None,
    draft: bool = False,
    send: bool = True,
) -> int:
    """The same for `tdkt invite`, for some units or as a trial round if wanted."""
    must_have_a_form(occasion)
    step(call_roll, occasion)
    invited: int = step(invite, occasion, units, draft)
    step(post_invitations if send else rehearse, occasion)
    return invited
