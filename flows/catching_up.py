"""What a machine that was off makes up for: each missed review once, in order, and one message.

    begins(occasion)                            at the start of a scheduled run: a sign of life
    missed(office, upto)                        -> (Due(2026-08, …), Due(2026-09, …)), in order

A review is missed where its schedule (as it stands on the server) had a date while no scheduled run
began, and its period was not reviewed to the end since. A run that is due later makes up for those
before it, whoever starts first: the lock and the book see to it that each is held once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext

from review.alarms import caught_up
from review.period import Cadence, Period
from tasks.house_letters import tell_office
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.watch import note_beat
from tdkt_models.beats import Outage, recall_outages
from tdkt_models.held_periods import HeldReview, recall_held

YEAR_ENDS_EARLY = timedelta(days=31)  # graded before 15 December, confirmed in January
REVIEWS: Mapping[str, tuple[Cadence, timedelta]] = {
    "monthly-review": (Cadence.MONTH, timedelta(0)),
    "quarterly-review": (Cadence.QUARTER, timedelta(0)),
    "annual-review": (Cadence.YEAR, YEAR_ENDS_EARLY),
    "term-review": (Cadence.TERM, timedelta(0)),
}
MOST_DATES = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A review that a schedule wanted at a moment."""

    at: datetime
    period: Period


def is_scheduled() -> bool:
    """Whether this run was started by a schedule, not by a person."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    return bool(run and run.auto_scheduled)


def begins(occasion: Occasion) -> None:
    """Notes that schedules are at work; after an outage the office is told once what it missed."""
    if not is_scheduled():
        return
    outage = note_beat(occasion)
    if outage:
        zone = occasion.office.settings.zone
        off, on = (
            f"{at.astimezone(zone):%H:%M ngày %d/%m/%Y}" for at in (outage.since, outage.until)
        )
        lines = [
            f"{one.period.label}, hẹn lúc {one.at.astimezone(zone):%H:%M ngày %d/%m/%Y}"
            for one in missed(occasion.office, outage.until)
        ]
        tell_office(occasion, [caught_up(off, on, lines)])


def missed(office: Office, upto: datetime) -> tuple[Due, ...]:
    """The reviews that schedules wanted during an outage, up to a moment, and that nobody has held
    since; of one period the latest date."""
    with office.book() as book, book.reading() as conn:
        outages, held = recall_outages(conn), recall_held(conn)
    if not outages:
        return ()
    wanted: dict[Period, Due] = {}
    for due in sorted(_wanted(office, outages, upto), key=lambda one: one.at):
        if not is_held(held, due):
            wanted[due.period] = due
    return tuple(sorted(wanted.values(), key=lambda one: (one.at, one.period)))


def is_held(held: Mapping[str, HeldReview], due: Due) -> bool:
    """Whether the period was reviewed to the end since the review was due."""
    one = held.get(str(due.period))
    return one is not None and one.at >= due.at


def _wanted(office: Office, outages: Iterable[Outage], upto: datetime) -> Iterator[Due]:
    for cadence, ahead, schedule in _schedules():
        for outage in outages:
            for at in _dates(schedule, outage.since, min(outage.until, upto)):
                yield Due(at, office.settings.closed_by(at + ahead, cadence))


def _schedules() -> Iterator[tuple[Cadence, timedelta, Any]]:
    """The schedules of reviews that are switched on, as the server has them."""
    with get_client(sync_client=True) as client:
        for deployment in client.read_deployments(limit=200):
            flow = client.read_flow(deployment.flow_id).name
            if flow in REVIEWS and not deployment.paused:
                for one in deployment.schedules:
                    if one.active:
                        yield *REVIEWS[flow], one.schedule


def _dates(schedule: Any, since: datetime, until: datetime) -> list[datetime]:
    """After `since` and up to `until`. Prefect reckons them, as it does when it makes the runs."""
    from prefect.server.schemas import schedules as served  # the server's half is heavy

    kind = getattr(served, type(schedule).__name__)
    reckoned = kind.model_validate(schedule.model_dump(exclude_none=True))

    def ask() -> list[datetime]:
        found = asyncio.run(reckoned.get_dates(MOST_DATES, since, until))
        return [datetime.fromtimestamp(at.timestamp(), UTC) for at in found]

    with ThreadPoolExecutor(1) as apart:  # the run itself may stand in a loop of its own
        return [at for at in apart.submit(ask).result() if since < at <= until]
