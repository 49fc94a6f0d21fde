"""The reviews that an office holds, each on one screen: which period, and the same cycle."""

from __future__ import annotations

from datetime import timedelta

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.agenda import step
from flows.cycle import review_cycle
from flows.fields import Mode, ModeChoice, PeriodText, QuarterText, TermText, YearText
from flows.holding import AtWork, Work, holding
from flows.opening import occasion_of
from flows.showing import progress_shown, show
from review.period import Cadence
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.quota import draw_quota

Ending = dict[str, object] | State
YEAR_ENDS_EARLY = timedelta(days=31)  # graded before 15 December, confirmed in January


@flow(
    name="monthly-review",
    description="Đánh giá tháng: từ báo cáo của đơn vị đến thư kết quả.",
    task_runner=ThreadPoolTaskRunner(max_workers=3),  # type: ignore[arg-type]
    validate_parameters=True,
)
def monthly_review(period: PeriodText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the month's review and returns where it stands (contract.md)."""
    return _held(occasion_of(Office.at(), period, Cadence.MONTH), mode)


@flow(
    name="quarterly-review",
    description="Đánh giá quý: điểm từ ba tháng, báo cáo quý của đơn vị, kế hoạch quý sau.",
    task_runner=ThreadPoolTaskRunner(max_workers=3),  # type: ignore[arg-type]
    validate_parameters=True,
)
def quarterly_review(period: QuarterText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the quarter's review: it stands on its months and on its own form."""
    return _held(occasion_of(Office.at(), period, Cadence.QUARTER), mode)


@flow(
    name="annual-review",
    description="Đánh giá năm: tạm tính trước 15/12, chính thức trong tháng 1; kế hoạch năm sau.",
    task_runner=ThreadPoolTaskRunner(max_workers=3),  # type: ignore[arg-type]
    validate_parameters=True,
)
def annual_review(period: YearText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the year's review. In December the year has not ended: the result is provisional and
    the run of January confirms it.
    """
    return _held(occasion_of(Office.at(), period, Cadence.YEAR, ahead=YEAR_ENDS_EARLY), mode)


@flow(
    name="term-review",
    description="Tổng kết nhiệm kỳ: năm năm, dự báo và nhu cầu chức danh của nhiệm kỳ sau.",
    task_runner=ThreadPoolTaskRunner(max_workers=3),  # type: ignore[arg-type]
    validate_parameters=True,
)
def term_review(period: TermText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the review of a term of five years; its first year is a setting of the office."""
    return _held(occasion_of(Office.at(), period, Cadence.TERM), mode)


def _held(occasion: Occasion, mode: Mode) -> Ending:
    """Where the period stands; if another run is at it, that is said and this one ends well."""
    try:
        with holding(occasion, Work.REVIEW) as mine, progress_shown(mine) as tell:
            standing = review_cycle(mine, send=mode is Mode.SEND, progress=tell)
            if occasion.period.cadence in occasion.regulation.cap.applies:
                step(draw_quota, mine)
    except AtWork as other:
        return Completed(message=str(other))
    show(occasion)
    return standing.as_json()
