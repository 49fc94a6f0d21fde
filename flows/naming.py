"""What a run is called in the list of runs: the occasion and its period, as an official says it.

@flow(flow_run_name=named("Đánh giá", Cadence.MONTH))    -> "Đánh giá tháng 10/2026"
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from prefect.runtime import flow_run

from review.period import Cadence, Period, PeriodError
from review.settings import SettingsError
from tasks.office import Office, OfficeMissing


def named(
    what: str, cadence: Cadence | None = None, ahead: timedelta = timedelta(0)
) -> Callable[[], str]:
    """With a cadence, a run for which no period was named bears that of the time it was due."""

    def name() -> str:
        given = str((flow_run.parameters or {}).get("period") or "").strip()
        try:
            if given:
                return f"{what} {Period.parse(given).label}"
            if cadence is None:
                return what
            due = flow_run.scheduled_start_time + ahead
            return f"{what} {Office.at().settings.closed_by(due, cadence).label}"
        except (PeriodError, OfficeMissing, SettingsError):
            return what  # the run itself says what is wrong

    return name
