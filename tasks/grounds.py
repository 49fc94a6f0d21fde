"""What the book says of each unit in a period and its parts: the ground of its plans.

for ground in grounds(conn, occasion, ("03637", …), kinds): …     a few units are held at a time
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Connection

from channels.plan_shelf import plan_rules_in_force
from review.brief import ProgrammeTask
from review.cadres import Cadre
from review.ground import Ground
from review.period import Cadence, Period
from review.plans import PlanKind
from review.reported import Reported, reported
from review.scorecard import Scorecard
from review.submission import Submission
from tasks.call_roll import in_batches
from tasks.occasion import Occasion
from tasks.reports_at_hand import reports_at_hand
from tdkt_models.cadres import recall_lines, recall_people
from tdkt_models.period_scores import recall_period_scores
from tdkt_models.plan_lines import recall_lines_of
from tdkt_models.programme import recall_tasks
from tdkt_models.roll import recall_roll
from tdkt_models.scores import recall_cards
from tdkt_models.submissions import KeptSubmission, recall_submissions
from tdkt_models.units import recall_last_days

REPORTS_AT_A_TIME = 400  # in memory together: a hundred units of a month, some twenty of a year
OF_A_MONTH = ("work", "general")  # what plans are made from in a month's report
NEED_MONTHS = {PlanKind.TRAINING.value, PlanKind.SELF_TRAINING.value}
NEED_RESULTS = {PlanKind.SELF_TRAINING.value, PlanKind.SUCCESSION.value}
NOT_READ = {"programme", "roster", "titles", "cluster"}  # told elsewhere in the book
Item = TypeVar("Item")


def grounds(
    conn: Connection,
    occasion: Occasion,
    units: Collection[str],
    kinds: Collection[str],
    read: Sequence[KeptSubmission] = (),
) -> Iterator[Ground]:
    """`read` are reports at hand with the sheets of `sheets_told`: those of the period itself that
    still stand, as they were, are not read again."""
    at_a_time = max(1, REPORTS_AT_A_TIME // len(parts(occasion.period)))
    for some in in_batches(sorted(units), at_a_time):
        yield from _grounds(conn, occasion, some, kinds, read)


def parts(period: Period) -> tuple[Period, ...]:
    """The period and every shorter one within it that reports are made for."""
    shorter = [c for c in Cadence if c.months < period.cadence.months]
    within = [part for cadence in shorter for part in period.split(cadence)]
    return (*within, period)


def terms(occasion: Occasion) -> tuple[Period, ...]:
    """The terms going on as the period ends, the Party's and the elected bodies', and the next."""
    now = occasion.office.settings.terms_on(occasion.period.end)
    return (*now, *(term.next() for term in now))


def _grounds(
    conn: Connection,
    occasion: Occasion,
    units: Collection[str],
    kinds: Collection[str],
    read: Sequence[KeptSubmission],
) -> Iterator[Ground]:
    period, regulation = occasion.period, occasion.regulation
    rules, within, terms_now = (
        plan_rules_in_force(occasion.period_text),
        parts(period),
        terms(occasion),
    )
    asked = {
        cadence: NOT_READ & {sheet.key for sheet in form.sheets}
        for cadence, form in regulation.forms.items()
    }
    start, end = period.start, period.end
    months = [part for part in within if part.cadence is Cadence.MONTH]
    longer = [part for part in within if part.cadence is not Cadence.MONTH]
    ever = _by_unit(recall_lines(conn, units))
    elsewhere = serving_elsewhere(conn, end, ever)
    reports = _by_unit(_submissions(conn, occasion, units, kinds, read))
    people, gone = _people(conn, ever, reports), recall_last_days(conn, units)
    cards = _by_unit(_cards(conn, occasion.period_text, units, kinds))
    tasks, higher = (_by_unit(_tasks(conn, some, units)) for some in (months, longer))
    entries = _by_unit([e for month in months for e in recall_roll(conn, str(month), units)])
    lines = _by_unit(recall_lines_of(conn, [str(part) for part in within], units))
    for unit in units:
        mine = [c for c in ever[unit] if c.since is None or c.since <= end]
        served = {c.code: c for c in mine if c.active_in(start, end)}
        yield Ground(
            unit=unit,
            period=period,
            rules=rules,
            retirement=regulation.retirement,
            told=_told(occasion, reports[unit], people, asked),
            cadres=list(served.values()),
            ever=mine,
            elsewhere=elsewhere,
            cards={card.cadre: card for card in cards[unit]},
            tasks=tasks[unit],
            higher=higher[unit],
            entries=entries[unit],
            lines=[line for line in lines[unit] if line.kind in kinds],
            terms=terms_now,
            closed=gone.get(unit),
        )


def serving_elsewhere(
    conn: Connection, on: date, lines: Mapping[str, Sequence[Cadre]]
) -> frozenset[str]:
    """Of those who left one of these units, the codes of who serves in some unit on that day."""
    left = {c.code for some in lines.values() for c in some if c.until and c.until < on}
    after = recall_lines(conn, codes=left) if left else ()
    return frozenset(line.code for line in after if line.active_in(on, on))


def _told(
    occasion: Occasion,
    reports: Sequence[Submission],
    people: Mapping[str, Cadre],
    asked: Mapping[str, Collection[str]],
) -> Reported:
    regulation, rules = occasion.regulation, plan_rules_in_force(occasion.period_text)
    return reported(reports, regulation.places, people, rules.texts, regulation.general, asked)


def _submissions(
    conn: Connection,
    occasion: Occasion,
    units: Collection[str],
    kinds: Collection[str],
    read: Sequence[KeptSubmission],
) -> list[Submission]:
    """The standing reports of the period and its parts; of months only what plans need."""
    found: list[Submission] = []
    for part in parts(occasion.period):
        sheets = sheets_told(occasion, part.cadence, kinds)
        if sheets and read and part == occasion.period:
            there = reports_at_hand(conn, str(part), units, sheets, read)
            found += [kept.submission for kept in there]
        elif sheets:
            found += recall_submissions(conn, str(part), units, sheets=sheets)
    return found


def sheets_told(occasion: Occasion, cadence: Cadence, kinds: Collection[str]) -> Collection[str]:
    """The sheets of a cadence's report that these plans are made from."""
    if cadence is Cadence.MONTH:
        return OF_A_MONTH if NEED_MONTHS & set(kinds) else ()
    form = occasion.regulation.forms.get(cadence)
    return {sheet.key for sheet in form.sheets} - NOT_READ if form else ()


def _people(
    conn: Connection, ever: Mapping[str, Sequence[Cadre]], reports: Mapping[str, Sequence[Any]]
) -> dict[str, Cadre]:
    """The units' own cadres by code, and those of other units whom their reports plan for."""
    people = {cadre.code: cadre for cadres in ever.values() for cadre in cadres}
    told = (said for some in reports.values() for said in some)
    named = {row.cadre for said in told for row in said.rows("succession") if row.cadre}
    guests = recall_people(conn, named - set(people)) if named - set(people) else []
    return people | {cadre.code: cadre for cadre in guests}


def _cards(
    conn: Connection, period: str, units: Collection[str], kinds: Collection[str]
) -> list[Scorecard]:
    """A month's cards, or the results that a longer period was rolled up to, where a plan asks for
    them."""
    if not NEED_RESULTS & set(kinds):
        return []
    return recall_cards(conn, period, units) or [
        score.as_card() for score in recall_period_scores(conn, period, units)
    ]


def _tasks(
    conn: Connection, periods: Sequence[Period], units: Collection[str]
) -> list[ProgrammeTask]:
    return [task for period in periods for task in recall_tasks(conn, str(period), units)]


def _by_unit(some: Collection[Item]) -> defaultdict[str, list[Item]]:
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for one in some:
        found[one.unit].append(one)  # type: ignore[attr-defined]
    return found
