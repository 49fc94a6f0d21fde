"""The reviews that an office holds, each on one screen: which period, and the same cycle."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from flows.cycle import review_cycle
from flows.holding import AtWork, Work, holding
from flows.opening import Mode, occasion_of
from flows.showing import show
from review.period import Cadence
from tasks.occasion import Occasion
from tasks.office import Office

Ending = dict[str, object] | State
MONTH, QUARTER, YEAR = r"\d{4}-(0[1-9]|1[0-2])", r"\d{4}-[Qq][1-4]", r"\d{4}"
TERM, HALF = r"\d{4}\.\.\d{4}", r"\d{4}-[Hh][12]"


def _period(example: str, empty: str, *shapes: str) -> object:
    """The field of a run form in which a period is typed."""
    return Field(
        title="Kỳ đánh giá",
        description=f"Ví dụ {example}. Để trống: {empty}.",
        pattern=rf"^\s*({'|'.join(shapes)})?\s*$",
    )


PeriodText = Annotated[str, _period("2026-10", "tháng vừa kết thúc vào ngày theo lịch chạy", MONTH)]
AnyPeriodText = Annotated[
    str,
    _period("2026-10, 2026-Q4", "tháng vừa kết thúc", MONTH, QUARTER, HALF, YEAR, TERM),
]
QuarterText = Annotated[str, _period("2026-Q4", "quý vừa kết thúc", QUARTER)]
YearText = Annotated[str, _period("2026", "năm đang kết thúc (từ tháng 12) hay vừa qua", YEAR)]
TermText = Annotated[str, _period("2026..2030", "nhiệm kỳ vừa kết thúc", TERM)]
ModeChoice = Annotated[
    Mode,
    Field(
        title="Chế độ gửi thư",
        description="rehearse: viết thư ra thư mục để xem trước, không gửi. send: gửi thật.",
    ),
]
YEAR_ENDS_EARLY = timedelta(days=31)  # graded before 15 December, confirmed in January


@flow(
    name="monthly-review",
    description="Đánh giá tháng: từ báo cáo của đơn vị đến thư kết quả.",
    task_runner=ThreadPoolTaskRunner(max_workers=3),  # type: ignore[arg-type]
    validate_parameters=True,
)
def monthly_review(period: PeriodText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the month's review and returns where it stands (contract.md).

    Args:
        period: Kỳ đánh giá, ví dụ 2026-10. Để trống: tháng vừa kết thúc vào ngày theo lịch chạy.
        mode: Chế độ gửi thư. rehearse: viết thư ra thư mục để xem trước. send: gửi thật.
    """  # the run form shows these lines to operators, and the names of parameters as titles
    return _held(occasion_of(Office.at(), period, Cadence.MONTH), mode)


@flow(
    name="quarterly-review",
    description="Đánh giá quý: điểm từ ba tháng, báo cáo quý của đơn vị, kế hoạch quý sau.",
    task_runner=ThreadPoolTaskRunner(max_workers=3),  # type: ignore[arg-type]
    validate_parameters=True,
)
def quarterly_review(period: QuarterText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the quarter's review: it stands on its months and on its own form.

    Args:
        period: Kỳ đánh giá, ví dụ 2026-Q4. Để trống: quý vừa kết thúc vào ngày theo lịch chạy.
        mode: Chế độ gửi thư. rehearse: viết thư ra thư mục để xem trước. send: gửi thật.
    """
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

    Args:
        period: Kỳ đánh giá, ví dụ 2026. Để trống: trong tháng 12 là năm ấy, tháng 1 là năm vừa qua.
        mode: Chế độ gửi thư. rehearse: viết thư ra thư mục để xem trước. send: gửi thật.
    """
    return _held(occasion_of(Office.at(), period, Cadence.YEAR, ahead=YEAR_ENDS_EARLY), mode)


@flow(
    name="term-review",
    description="Tổng kết nhiệm kỳ: năm năm, dự báo và nhu cầu chức danh của nhiệm kỳ sau.",
    task_runner=ThreadPoolTaskRunner(max_workers=3),  # type: ignore[arg-type]
    validate_parameters=True,
)
def term_review(period: TermText = "", mode: ModeChoice = Mode.REHEARSE) -> Ending:
    """Holds the review of a term of five years; its first year is a setting of the office.

    Args:
        period: Kỳ đánh giá, ví dụ 2026..2030. Để trống: nhiệm kỳ vừa kết thúc.
        mode: Chế độ gửi thư. rehearse: viết thư ra thư mục để xem trước. send: gửi thật.
    """
    return _held(occasion_of(Office.at(), period, Cadence.TERM), mode)


def _held(occasion: Occasion, mode: Mode) -> Ending:
    """Where the period stands; if another run is at it, that is said and this one ends well."""
    try:
        with holding(occasion, Work.REVIEW) as mine:
            standing = review_cycle(mine, send=mode is Mode.SEND)
    except AtWork as other:
        return Completed(message=str(other))
    show(occasion, standing)
    return standing.as_json()
