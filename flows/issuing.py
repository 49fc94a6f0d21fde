"""Open a period: its roll is called and shown, its forms are laid out and sent to the units."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.agenda import step
from flows.fields import AnyPeriodText, Mode, ModeChoice
from flows.holding import SHORT_WORK, AtWork, Work, holding
from flows.inviting import invite_units
from flows.naming import named
from flows.opening import occasion_of
from flows.showing import show
from review.period import Cadence
from tasks.call_roll import call_roll
from tasks.issue_forms import issue_forms, must_have_a_form, periods_opening
from tasks.occasion import Occasion
from tasks.office import Office


@flow(
    name="open-period",
    description="Mở kỳ: gọi danh sách đơn vị phải báo cáo, phát mẫu đã điền sẵn, gửi thư mời.",
    flow_run_name=named("Mở kỳ"),
    validate_parameters=True,
)
def open_period(period: AnyPeriodText = "", mode: ModeChoice = Mode.SEND) -> dict[str, int] | State:
    """Opens the period named, or every period whose opening day has come and that is not open yet.
    Returns how many forms were issued, by period.
    """
    today = occasion_of(Office.at(), period, Cadence.MONTH)
    opening = [today] if period.strip() else step(periods_opening, today)
    send = mode is Mode.SEND
    try:
        return {str(about.period): _opened(about, send) for about in opening}
    except AtWork as other:
        return Completed(message=str(other))


def _opened(about: Occasion, send: bool) -> int:
    with holding(about, Work.INTAKE, patience=SHORT_WORK) as mine:
        must_have_a_form(mine)
        step(call_roll, mine)
        folder = mine.office.folder / "mau" / mine.period_text.replace("..", "-")
        issued = len(step(issue_forms, mine, None, folder))
        invite_units(mine, send=send)
    show(about)
    return issued
