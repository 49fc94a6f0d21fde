"""Years of the sample province, for `tdkt demo --years 3`: every month, quarter and year in order,
under the rules and among the units of its time, with a person's word on most of what it proposes.

run_years(office, 3, progress)      -> the occasion of the last year's review
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from flows.agenda import Progress, silent
from flows.cycle import settle
from review.period import Cadence, Period
from review.plans import ChangeState, Decision, PlanKind
from review.roster import Roster
from sample import sample_roster
from sample.decisions import WHO, words_on
from sample.former import former_postings, former_units
from sample.history import reports
from tasks.briefs import briefs
from tasks.decide_plans import Choice, decide
from tasks.keep_history import keep_reports
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.roster import keep_roster
from tdkt_models.cadres import keep_cadres, keep_postings
from tdkt_models.plans import recall_changes
from tdkt_models.units import keep_units

LAST_YEAR = 2026  # the first that Decree 335/2025 scores; the years before go by Decree 90/2020
HELD_AFTER = 12  # days after a period's end


def periods_of(years: int, last: int = LAST_YEAR, term_first_year: int = 2026) -> Iterator[Period]:
    """Each period after all those within it: January, February, March, the first quarter, …; the
    elected bodies' term that ends in one of the years after its last year."""
    for year in range(last - years + 1, last + 1):
        about = Period.parse(f"{year:04}")
        for quarter in about.split(Cadence.QUARTER):
            yield from quarter.split(Cadence.MONTH)
            yield quarter
        yield about
        term = Period.containing(about.start, Cadence.TERM, term_first_year)
        if term.end == about.end:
            yield term


def run_years(
    office: Office, years: int, progress: Progress = silent, roster: Roster | None = None
) -> Occasion:
    """Ends with the last year reported and not yet reviewed; what its parts propose waits. With a
    `roster` the province is that part of the sample."""
    run = f"demo-{uuid4().hex[:8]}"
    periods = list(periods_of(years, term_first_year=office.settings.term_first_year))
    keep_people(occasion_of(office, periods[0], run), roster or sample_roster())
    for done, period in enumerate(periods):
        occasion = occasion_of(office, period, run)
        progress(f"{_years_said(years)} của tỉnh mẫu", done, len(periods))
        hand_in(occasion)
        if period != periods[-1]:
            settle(occasion)
            if period.end < periods[-1].end:
                speak(occasion)
    progress(f"{_years_said(years)} của tỉnh mẫu", len(periods), len(periods))
    return occasion


def _years_said(years: int) -> str:
    return f"{years} năm"


def occasion_of(office: Office, period: Period, run: str) -> Occasion:
    held = datetime.combine(period.end + timedelta(days=HELD_AFTER), time(6), office.settings.zone)
    return Occasion(office, period, run=run, now=held.astimezone(UTC))


def keep_people(occasion: Occasion, now: Roster) -> None:
    """The units and cadres of the sample, and those of before the reforms that they came from."""
    codes, stamp = {unit.code for unit in now.units}, occasion.stamp
    ended = [unit for unit in former_units() if codes & set(unit.successors)]
    there = {unit.code for unit in ended}
    before, left = ([c for c in lines if c.unit in there] for lines in former_postings(now))
    with occasion.office.book() as book, book.writing() as conn:
        keep_units(conn, ended, stamp)
        keep_roster(conn, now, stamp)
        keep_cadres(conn, left, stamp)
        keep_postings(conn, before, stamp)


def hand_in(occasion: Occasion) -> int:
    """What the sample's units report for the period, from what the book knows of each."""
    with occasion.office.book() as book, book.reading() as conn:
        known = briefs(conn, occasion)
    period = occasion.period
    last = period.split(Cadence.MONTH)[-1]
    active = [b for b in known.values() if b.unit.active_in(last.start, last.end)]
    told = list(reports(active, occasion.regulation, period))
    return keep_reports.fn(occasion, told)


def speak(occasion: Occasion) -> None:
    """A person's word on what the review proposed, given a week after it."""
    with occasion.office.book() as book, book.reading() as conn:
        waiting = recall_changes(conn, source=occasion.period_text)
    said: dict[tuple[PlanKind, str, ChangeState, str], list[int]] = defaultdict(list)
    for change, verdict, note in words_on(waiting):
        if change.id is not None:
            said[change.line.kind, change.line.period, verdict, note].append(change.id)
    for (kind, period, verdict, note), numbers in said.items():
        at = occasion.now + timedelta(days=7)
        decision = Decision(verdict, WHO[len(numbers) % len(WHO)], at, note)
        decide.fn(occasion.office, kind, period, Choice(tuple(numbers)), decision, occasion.run)
