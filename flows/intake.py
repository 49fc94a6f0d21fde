"""Between cycles: take in what has arrived and answer it, every few minutes."""

from __future__ import annotations

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from flows.agenda import step
from flows.cycle import take_in
from flows.opening import occasion_of
from flows.reviews import PeriodText
from review.period import Cadence
from tasks.office import Office
from tasks.take_stock import take_stock


@flow(
    name="collect",
    description="Thu báo cáo mới đến, kiểm tra và ghi kết luận.",
    task_runner=ThreadPoolTaskRunner(max_workers=3),  # type: ignore[arg-type]
)
def collect_reports(period: PeriodText = "") -> dict[str, object]:
    """Takes in what came for the period and returns where it stands.

    Args:
        period: Kỳ thu báo cáo, ví dụ 2026-10. Để trống: tháng vừa kết thúc theo lịch chạy.
    """
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    take_in(occasion)
    standing: dict[str, object] = step(take_stock, occasion).as_json()
    return standing
