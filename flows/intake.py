"""Between cycles: take in what has arrived and answer it, every few minutes."""

from __future__ import annotations

from prefect import flow
from prefect.states import Completed

from flows.agenda import step
from flows.cycle import take_in_and_answer
from flows.fields import AnyPeriodText, Mode, ModeChoice
from flows.holding import AtWork, Work, holding
from flows.naming import named
from flows.opening import occasion_of
from flows.reviewing import Ending
from flows.runners import runner
from flows.showing import show
from review.period import Cadence
from tasks.office import Office
from tasks.take_stock import take_stock
from tasks.watch import came_in


@flow(
    name="collect",
    description="Thu báo cáo mới đến, kiểm tra, ghi kết luận và trả lời đơn vị.",
    flow_run_name=named("Thu báo cáo", Cadence.MONTH),
    task_runner=runner(),
)
def collect_reports(period: AnyPeriodText = "", mode: ModeChoice = Mode.SEND) -> Ending:
    """Takes in what came for the period, answers it and returns where it stands."""
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    try:
        with holding(occasion, Work.INTAKE) as mine:
            take_in_and_answer(mine, send=mode is Mode.SEND)
    except AtWork as other:
        return Completed(message=str(other))
    if came_in(occasion):
        show(occasion)
    standing: dict[str, object] = step(take_stock, occasion).as_json()
    return standing
