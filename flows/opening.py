"""Which period a run is about.

    occasion_of(office, "", Cadence.MONTH)   in a run due 12 Nov 2026 06:00 Hà Nội   -> 2026-10

It is the *scheduled* time that counts, in the office's zone, never the moment the run got going: a
machine that was off at the turn of the year still reviews the right one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from prefect.runtime import flow_run

from flows.catching_up import begins
from review.period import Cadence, Period
from tasks.occasion import Occasion
from tasks.office import Office


def occasion_of(
    office: Office,
    period: str,
    cadence: Cadence,
    now: datetime | None = None,
    ahead: timedelta = timedelta(0),
) -> Occasion:
    """The occasion of a run: the period named, or the one that had closed when the run was due (or
    will have closed so much later: a year is reviewed before it ends)."""
    scheduled = flow_run.scheduled_start_time if flow_run.id else None  # else it is the clock's
    moment = now or datetime.now(UTC)
    if period.strip():
        about = Period.parse(period)
    else:
        about = office.settings.closed_by((scheduled or moment) + ahead, cadence)
    run = flow_run.id or f"tdkt-{uuid4().hex[:12]}"
    occasion = Occasion(office, about, run=run, now=moment)
    begins(occasion)
    return occasion
