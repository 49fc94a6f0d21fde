"""The reviews that an office holds, each on one screen."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from flows.cycle import review_cycle
from flows.opening import Mode, occasion_of
from flows.showing import show
from review.period import Cadence
from tasks.office import Office

PeriodText = Annotated[
    str,
    Field(
        title="Kỳ đánh giá",
        description="Ví dụ 2026-10. Để trống: tháng vừa kết thúc vào ngày theo lịch chạy.",
        pattern=r"^\s*(\d{4}-(0[1-9]|1[0-2]))?\s*$",
    ),
]
ModeChoice = Annotated[
    Mode,
    Field(
        title="Chế độ gửi thư",
        description="rehearse: viết thư ra thư mục để xem trước, không gửi. send: gửi thật.",
    ),
]


@flow(
    name="monthly-review",
    description="Đánh giá tháng: từ báo cáo của đơn vị đến thư kết quả.",
    task_runner=ThreadPoolTaskRunner(max_workers=3),  # type: ignore[arg-type]
    validate_parameters=True,
)
def monthly_review(period: PeriodText = "", mode: ModeChoice = Mode.REHEARSE) -> dict[str, object]:
    """Holds the month's review and returns where it stands (contract.md).

    Args:
        period: Kỳ đánh giá, ví dụ 2026-10. Để trống: tháng vừa kết thúc vào ngày theo lịch chạy.
        mode: Chế độ gửi thư. rehearse: viết thư ra thư mục để xem trước. send: gửi thật.
    """  # the run form shows these lines to operators, and the names of parameters as titles
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    standing = review_cycle(occasion, send=mode is Mode.SEND)
    show(occasion, standing)
    return standing.as_json()
