"""Before and after a due date: who still owes what, told to whom it concerns."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.agenda import step
from flows.fields import Mode, ModeChoice, PeriodText
from flows.holding import SHORT_WORK, AtWork, Work, holding
from flows.naming import named
from flows.opening import occasion_of
from review.period import Cadence
from tasks.call_roll import call_roll
from tasks.office import Office
from tasks.remind import remind


@flow(
    name="remind",
    description="Nhắc hạn: chỉ nhắc đơn vị còn nợ báo cáo; quá hạn lâu thì báo cấp trên.",
    flow_run_name=named("Nhắc hạn", Cadence.MONTH),
    validate_parameters=True,
)
def remind_units(
    period: PeriodText = "", mode: ModeChoice = Mode.REHEARSE
) -> dict[str, int] | State:
    """Writes the reminders that are due today and returns how many."""
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    try:
        with holding(occasion, Work.INTAKE, patience=SHORT_WORK) as mine:
            step(call_roll, mine)
            done = step(remind, mine, mode is Mode.SEND)
    except AtWork as other:
        return Completed(message=str(other))
    return {"letters": done.letters, "new": done.new, "unreachable": done.unreachable}
