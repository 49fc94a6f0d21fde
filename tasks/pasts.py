"""What came before the reports of a batch of units, looked up for all of them at once.

pasts(conn, occasion, {"03637": [submission]})["03637"].substance
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from review.acts import is_open_again
from review.case import AWAY, JOINING
from review.cells import folded
from review.past import Absence, Discipline, Past, Person
from review.period import Period
from review.submission import Submission
from tasks.occasion import Occasion
from tdkt_models.acts import recall_acts
from tdkt_models.cycles import CycleState, recall_cycle
from tdkt_models.history import (
    recall_absences,
    recall_discipline,
    recall_namesakes,
    recall_substances,
)
from tdkt_models.submissions import recall_submissions

Reports = Mapping[str, Sequence[Submission]]


def pasts(conn: Connection, occasion: Occasion, reports: Reports) -> dict[str, Past]:
    """By unit; `reports` are the readable reports now being judged."""
    units = list(reports)
    before = recall_substances(conn, str(occasion.period.previous()), units)
    disciplined = _disciplined(conn, occasion, units)
    elsewhere = _elsewhere(conn, reports)
    away = _away(conn, occasion, units)
    locked = _locked(conn, occasion, units)
    approved = {
        said.unit: said for said in recall_submissions(conn, occasion.period_text, list(locked))
    }
    return {
        unit: Past(
            locked_at=locked.get(unit),
            approved=approved.get(unit),
            substance=before.get(unit, ""),
            disciplined=disciplined[unit],
            elsewhere=elsewhere[unit],
            away=away[unit],
        )
        for unit in units
    }


def locked_at(conn: Connection, period: str) -> datetime | None:
    cycle = recall_cycle(conn, period)
    return cycle.closed_at if cycle and cycle.state is CycleState.CLOSED else None


def _locked(conn: Connection, occasion: Occasion, units: Collection[str]) -> dict[str, datetime]:
    """The units for which the period is locked, and since when."""
    since = locked_at(conn, occasion.period_text)
    if since is None:
        return {}
    acts = recall_acts(conn, occasion.period_text, units)
    return {unit: since for unit in units if not is_open_again(acts, unit, since)}


def _disciplined(
    conn: Connection, occasion: Occasion, units: Collection[str]
) -> defaultdict[str, dict[str, Discipline]]:
    found: defaultdict[str, dict[str, Discipline]] = defaultdict(dict)
    earlier = [str(period) for period in _earlier_in_the_year(occasion.period)]
    for unit, cadre, period, document in recall_discipline(conn, earlier, units):
        if cadre:
            found[unit][cadre] = Discipline(period, document)
    return found


def _away(
    conn: Connection, occasion: Occasion, units: Collection[str]
) -> defaultdict[str, dict[str, Absence]]:
    found: defaultdict[str, dict[str, Absence]] = defaultdict(dict)
    period = occasion.period
    told = recall_absences(conn, occasion.period_text, period.start, period.end, units, AWAY)
    for unit, cadre, before, until in told:
        found[unit][cadre] = Absence(before, until)
    return found


def _earlier_in_the_year(period: Period) -> Iterator[Period]:
    year, period = period.start.year, period.previous()
    while period.start.year == year:
        yield period
        period = period.previous()


def _elsewhere(conn: Connection, reports: Reports) -> defaultdict[str, frozenset[Person]]:
    """Of the new persons of each unit, those whom another unit has on its roll."""
    new: dict[str, set[Person]] = {
        unit: {
            (folded(change.name), change.birth)
            for submission in submissions
            for change in submission.rows("changes")
            if change.event in JOINING and isinstance(change.birth, date)
        }
        for unit, submissions in reports.items()
    }
    births = {birth for persons in new.values() for _, birth in persons}
    known = [(u, (folded(n), b)) for u, n, b in recall_namesakes(conn, births)]
    found: defaultdict[str, frozenset[Person]] = defaultdict(frozenset)
    for unit, persons in new.items():
        found[unit] = frozenset(who for other, who in known if other != unit and who in persons)
    return found
