"""The reviews that an office holds, each on one screen: which period, and the same cycle."""

from __future__ import annotations

from prefect import flow

from flows.catching_up import YEAR_ENDS_EARLY
from flows.fields import Mode, ModeChoice, PeriodText, QuarterText, TermText, YearText
from flows.naming import named
from flows.reviewing import Ending, reviewed
from flows.runners import runner
from review.period import Cadence


@flow(
    name="monthly-review",
    description="Đánh giá tháng: từ báo cáo của đơn vị đến thư kết quả.",
    flow_run_name=named("Đánh giá", Cadence.MONTH),
    task_runner=runner(),
    validate_parameters=True,
)
def monthly_review(period: PeriodText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the month's review and returns where it stands (contract.md)."""
    return reviewed(period, Cadence.MONTH, mode)


@flow(
    name="quarterly-review",
    description="Đánh giá quý: điểm từ ba tháng, báo cáo quý của đơn vị, kế hoạch quý sau.",
    flow_run_name=named("Đánh giá", Cadence.QUARTER),
    task_runner=runner(),
    validate_parameters=True,
)
def quarterly_review(period: QuarterText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the quarter's review: it stands on its months and on its own form."""
    return reviewed(period, Cadence.QUARTER, mode)


@flow(
    name="annual-review",
    description="Đánh giá năm: tạm tính trước 15/12, chính thức trong tháng 1; kế hoạch năm sau.",
    flow_run_name=named("Đánh giá", Cadence.YEAR, YEAR_ENDS_EARLY),
    task_runner=runner(),
    validate_parameters=True,
)
def annual_review(period: YearText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the year's review. In December the year has not ended: the result is provisional and
    the run of January confirms it.
    """
    return reviewed(period, Cadence.YEAR, mode, ahead=YEAR_ENDS_EARLY)


@flow(
    name="term-review",
    description="Tổng kết nhiệm kỳ: năm năm, dự báo và nhu cầu chức danh của nhiệm kỳ sau.",
    flow_run_name=named("Tổng kết", Cadence.TERM),
    task_runner=runner(),
    validate_parameters=True,
)
def term_review(period: TermText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the review of a term of five years; its first year is a setting of the office."""
    return reviewed(period, Cadence.TERM, mode)
