"""What the office knows of each unit, put together from the book.

briefs(conn, occasion, ["03637"])["03637"].cadres
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection

from review.brief import ProgrammeTask, UnitBrief
from review.cadres import Cadre
from tasks.occasion import Occasion
from tdkt_models.cadres import recall_cadres
from tdkt_models.programme import recall_tasks
from tdkt_models.submissions import recall_submissions
from tdkt_models.units import recall_units


def briefs(
    conn: Connection, occasion: Occasion, units: Collection[str] | None = None
) -> dict[str, UnitBrief]:
    """By unit code, for the units given (all of the book if None)."""
    cadres = cadres_by_unit(conn, occasion, units)
    tasks: dict[str, list[ProgrammeTask]] = defaultdict(list)
    for task in recall_tasks(conn, occasion.period_text, units):
        tasks[task.unit].append(task)
    openings = _openings(conn, occasion, units)
    works, due = occasion.regulation.works, occasion.deadlines.due.date()
    return {
        code: UnitBrief(
            unit,
            occasion.period_text,
            tuple(cadres[code]),
            works,
            tuple(tasks[code]),
            openings.get(code),
            due,
        )
        for code, unit in recall_units(conn).items()
        if units is None or code in units
    }


def cadres_by_unit(
    conn: Connection, occasion: Occasion, units: Collection[str] | None = None
) -> defaultdict[str, list[Cadre]]:
    """The cadres active in the period, by unit."""
    found: defaultdict[str, list[Cadre]] = defaultdict(list)
    for cadre in recall_cadres(conn, units):
        if cadre.active_in(occasion.period.start, occasion.period.end):
            found[cadre.unit].append(cadre)
    return found


def _openings(
    conn: Connection, occasion: Occasion, units: Collection[str] | None
) -> dict[str, int | None]:
    before = recall_submissions(conn, str(occasion.period.previous()), units, sheets=())
    return {submission.unit: submission.cover.head_close for submission in before}
