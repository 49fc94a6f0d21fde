"""Update the plans: close the period's programme, carry what is unfinished, and propose what
the results change in the other plans.

update_plans.fn(occasion, ("03637",))   -> Planned(closed=4, carried=1, following=3, proposed=2)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from prefect import task
from sqlalchemy import Connection

from tasks.close_programme import PROGRAMME, close_programme
from tasks.occasion import Occasion
from tasks.propose_plans import keep_proposed, propose, told_of_plans
from tdkt_models.roll import recall_roll
from tdkt_models.submissions import recall_kept


@dataclass(frozen=True, slots=True)
class Planned:
    closed: int
    carried: int
    following: int
    proposed: int = 0


@task(name="Cập nhật kế hoạch")
def update_plans(occasion: Occasion, units: Collection[str]) -> Planned:
    """Only for units whose report counts; the others' open tasks are carried as they stand.

    A period held again rewrites what it carries into the next; the next ones whose roll has been
    called are closed anew, so that the book is the same in whatever order periods are held.
    """
    beside = told_of_plans(occasion)
    with occasion.office.book() as book:
        with book.reading() as conn:  # others may write while reports are unpacked
            sheets = {PROGRAMME, *beside}
            read = recall_kept(conn, occasion.period_text, units, sheets=sheets)
        with book.writing() as conn:
            closed = close_programme(conn, occasion, units, beside, read)
            _close_later(conn, occasion, closed.onward)
        with book.reading() as conn:  # others may write while proposals are made
            proposed = propose(conn, occasion, units, closed.reports)
        with book.writing() as conn:
            keep_proposed(conn, occasion, units, proposed)
    return Planned(closed.ended, closed.carried, closed.following, len(proposed.changes))


def _close_later(conn: Connection, occasion: Occasion, onward: Collection[str]) -> None:
    """The periods after it whose roll has been called, for the units that have their programme
    from this one. A month in which nobody reported carries on what came into it like any other."""
    later = occasion
    while onward:
        later = replace(later, period=later.period.next())
        owing = {entry.unit for entry in recall_roll(conn, later.period_text, onward)}
        onward = close_programme(conn, later, owing).onward if owing else ()
