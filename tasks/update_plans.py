"""Update the plans: close the period's programme, carry what is unfinished, and propose what
the results change in the other plans.

update_plans.fn(occasion, ("03637",))   -> Planned(closed=4, carried=1, following=3, proposed=2)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from prefect import task
from sqlalchemy import Connection

from review.brief import ProgrammeTask
from review.programme import carried, close_month, is_open
from review.submission import Submission
from tasks.occasion import Occasion
from tasks.propose_plans import keep_proposed, propose
from tdkt_models.programme import keep_tasks, recall_tasks
from tdkt_models.submissions import recall_heads, recall_submissions


@dataclass(frozen=True, slots=True)
class Planned:
    closed: int
    carried: int
    following: int
    proposed: int = 0


@task(name="Cập nhật kế hoạch")
def update_plans(occasion: Occasion, units: Collection[str]) -> Planned:
    """Only for units whose report counts; the others' open tasks are carried as they stand.

    A period held again rewrites what it carries into the next; the next ones that have reports
    already are closed anew, so that the book is the same in whatever order periods are held.
    """
    with occasion.office.book() as book:
        with book.writing() as conn:
            planned = _close(conn, occasion, units)
            later = replace(occasion, period=occasion.period.next())
            while any(head.standing for head in recall_heads(conn, later.period_text, units)):
                _close(conn, later, units)
                later = replace(later, period=later.period.next())
        with book.reading() as conn:  # others may write while proposals are made
            proposed = propose(conn, occasion, units)
        with book.writing() as conn:
            keep_proposed(conn, occasion, units, proposed)
    return replace(planned, proposed=len(proposed.changes))


def _close(conn: Connection, occasion: Occasion, units: Collection[str]) -> Planned:
    """The programme of one period: what it ended with, and what goes into the next."""
    told = {
        s.unit: s
        for s in recall_submissions(conn, occasion.period_text, units, sheets=["programme"])
    }
    known = _by_unit(conn, occasion, units)
    closed: list[ProgrammeTask] = []
    following: list[ProgrammeTask] = []
    for unit in sorted(units):
        ended, next_ones = _of_unit(occasion, told.get(unit), known.get(unit, ()))
        closed += ended
        following += next_ones
    coming = str(occasion.period.next())
    keep_tasks(conn, closed, occasion.stamp)
    keep_tasks(conn, following, occasion.stamp, only_for={coming: units})
    return Planned(len(closed), sum(task.carried > 0 for task in following), len(following))


def _by_unit(
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
