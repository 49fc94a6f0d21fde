"""The opening of a period: the roll is called and each unit gets its form by letter."""

from __future__ import annotations

from prefect import flow

from flows.agenda import step
from flows.opening import Mode, occasion_of
from flows.reviews import AnyPeriodText, ModeChoice
from review.period import Cadence
from tasks.call_roll import call_roll
from tasks.email_summaries import rehearse
from tasks.invite import invite, post_invitations
from tasks.issue_forms import must_have_a_form, periods_opening
from tasks.occasion import Occasion
from tasks.office import Office


@flow(name="open-period", description="Mở kỳ: gửi thư mời kèm mẫu báo cáo cho từng đơn vị.")
def open_period(period: AnyPeriodText = "", mode: ModeChoice = Mode.SEND) -> dict[str, int]:
    """Invites every unit that has not been invited yet; returns how many letters.

    Args:
        period: Kỳ mở, ví dụ 2026-11 hay 2026-Q4. Để trống: các kỳ đã đến ngày phát mẫu.
        mode: Chế độ gửi thư. rehearse: viết thư ra thư mục để xem trước. send: gửi thật.
    """
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    opening = [occasion] if period.strip() else step(periods_opening, occasion)
    invited = [invite_units(about, send=mode is Mode.SEND) for about in opening]
    return {"invited": sum(invited)}


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
