"""Years of the sample province, for `tdkt demo --years 3`: every month, quarter and year in order.

run_years(office, 3, progress)      -> the occasion of the last year's review
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from flows.cycle import settle
from review.period import Cadence, Period
from sample.history import reports
from tasks.briefs import briefs
from tasks.keep_history import keep_reports
from tasks.occasion import Occasion
from tasks.office import Office

FIRST_YEAR = 2026  # the year from which Decree 335/2025 scores
HELD_AFTER = 12  # days after a period's end


def periods_of(years: int, first: int = FIRST_YEAR) -> Iterator[Period]:
    """Each period after all those within it: January, February, March, the first quarter, …"""
    for year in range(first, first + years):
        about = Period.parse(f"{year:04}")
        for quarter in about.split(Cadence.QUARTER):
            yield from quarter.split(Cadence.MONTH)
            yield quarter
        yield about


def run_years(office: Office, years: int, progress: Any) -> Occasion:
    run = f"demo-{uuid4().hex[:8]}"
    periods = list(periods_of(years))
    for done, period in enumerate(periods, start=1):
        occasion = occasion_of(office, period, run)
        hand_in(occasion)
        settle(occasion)
        progress(f"{years} năm của tỉnh mẫu", done, len(periods))
    return occasion


def occasion_of(office: Office, period: Period, run: str) -> Occasion:
    held = datetime.combine(period.end + timedelta(days=HELD_AFTER), time(6), office.settings.zone)
    return Occasion(office, period, run=run, now=held.astimezone(UTC))


def hand_in(occasion: Occasion) -> int:
    """What the sample's units report for the period, from what the book knows of each."""
    with occasion.office.book() as book, book.reading() as conn:
        known = briefs(conn, occasion)
    period = occasion.period
    active = [b for b in known.values() if b.unit.active_in(period.start, period.end)]
    told = list(reports(active, occasion.regulation, period))
    return keep_reports.fn(occasion, told)
