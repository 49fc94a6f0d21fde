"""Close a period's programme: what it ended with, and what goes into the next period.

close_programme(conn, occasion, ["03637"])    -> Closed(ended=4, carried=1, following=3, onward={…})

What is unfinished goes on in the unit where it was, or, where that unit ends in between, in the one
that takes it over; where nobody does, it is closed with that reason. So an heir's next programme is
made from its own lines and those of all the units that it comes after, whichever batch they stand
in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from review.brief import ProgrammeTask
from review.lineage import (
    closed_with_their_units,
    ended_without_heir,
    heirs_by_unit,
    tasks_passed_on,
)
from review.programme import carried, close_month, is_open
from review.submission import Submission
from review.units import Unit
from tasks.occasion import Occasion
from tasks.pass_on import serving_on, tell_closed, tell_passed_on
from tasks.reports_at_hand import reports_at_hand
from tdkt_models.programme import keep_tasks, recall_tasks, reporting_until
from tdkt_models.submissions import KeptSubmission
from tdkt_models.units import recall_units

PROGRAMME = "programme"  # the sheet


@dataclass(frozen=True, slots=True)
class Closed:
    """How many lines ended, were carried and follow; `onward` are the units that have the programme
    of the next period from here; `reports` those read for it."""

    ended: int
    carried: int
    following: int
    onward: frozenset[str]
    reports: Sequence[KeptSubmission] = ()


@dataclass(frozen=True, slots=True)
class Passing:
    """Who is gone when the next period begins, among the units asked for and those that they take
    over from: `dissolved` without heirs, `heirs` by unit; `onward` the units asked for and their
    heirs, `sources` all from which these have anything."""

    units: Mapping[str, Unit]
    dissolved: frozenset[str]
    heirs: Mapping[str, Sequence[str]]
    onward: frozenset[str]
    sources: frozenset[str]


def close_programme(
    conn: Connection,
    occasion: Occasion,
    units: Collection[str],
    beside: Collection[str] = (),
    read: Sequence[KeptSubmission] = (),
) -> Closed:
    """Only a report that counts closes lines; of other units the open ones are carried as they
    are. `beside` are sheets to be read along with the programme: a report is unpacked whole. `read`
    are reports at hand with all these sheets: those that still stand are not read again."""
    coming = occasion.period.next()
    passing = _passing(conn, occasion.period_text, coming.start, units)
    ended: list[ProgrammeTask] = []
    following: list[ProgrammeTask] = []
    leaving: list[ProgrammeTask] = []
    sheets = {PROGRAMME, *beside}
    reports = reports_at_hand(conn, occasion.period_text, passing.sources, sheets, read)
    told = {kept.submission.unit: kept.submission for kept in reports}
    known = _known(conn, occasion, passing.sources)
    for unit in sorted(passing.sources):
        closed, next_ones = _of_unit(occasion, told.get(unit), known.get(unit, ()))
        ended += closed if unit in units else ()
        if unit in passing.dissolved:
            next_ones = closed_with_their_units(next_ones, passing.units, coming.start)
            tell_closed(conn, occasion, next_ones)
        (leaving if unit in passing.heirs else following).extend(next_ones)
    following += _handed_over(conn, occasion, passing, leaving)
    following = [task for task in following if task.unit in passing.onward]
    keep_tasks(conn, ended, occasion.stamp)
    keep_tasks(conn, following, occasion.stamp, only_for={str(coming): passing.onward})
    count = sum(task.carried > 0 for task in following if is_open(task))
    return Closed(len(ended), count, len(following), passing.onward, reports)


def _passing(conn: Connection, period: str, on: date, asked: Collection[str]) -> Passing:
    gone = reporting_until(conn, period, on)
    if not gone:
        return Passing({}, frozenset(), {}, frozenset(asked), frozenset(asked))
    units = recall_units(conn)
    heirs = heirs_by_unit(gone, units, on)
    onward = frozenset(asked).union(*(heirs[code] for code in asked if code in heirs))
    before = {code for code, those in heirs.items() if onward.intersection(those)}
    dissolved = frozenset(code for code in gone if ended_without_heir(code, units, on))
    return Passing(units, dissolved, heirs, onward, onward | before)


def _handed_over(
    conn: Connection, occasion: Occasion, passing: Passing, tasks: Sequence[ProgrammeTask]
) -> list[ProgrammeTask]:
    """Each line as dropped in the unit that is gone, and as the heir has it."""
    coming = occasion.period.next()
    serving = serving_on(conn, {task.owner for task in tasks}, coming.start)
    pairs = tasks_passed_on(tasks, passing.units, serving, coming.start)
    there = {(t.unit, t.code) for t in recall_tasks(conn, str(coming), passing.onward)}
    told = [pair for pair in pairs if pair[1].unit in passing.onward]
    tell_passed_on(conn, occasion, [p for p in told if (p[1].unit, p[1].code) not in there])
    return [task for pair in pairs for task in pair]


def _known(
    conn: Connection, occasion: Occasion, units: Collection[str]
) -> dict[str, list[ProgrammeTask]]:
    found: dict[str, list[ProgrammeTask]] = {}
    for one in recall_tasks(conn, occasion.period_text, units):
        found.setdefault(one.unit, []).append(one)
    return found


def _of_unit(
    occasion: Occasion, submission: Submission | None, known: Sequence[ProgrammeTask]
) -> tuple[Sequence[ProgrammeTask], Sequence[ProgrammeTask]]:
    if submission is not None:
        return close_month(submission, known, occasion.period)
    return known, [carried(task, occasion.period) for task in known if is_open(task)]
