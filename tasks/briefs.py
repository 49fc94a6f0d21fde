"""What the office knows of each unit, put together from the book.

briefs(conn, occasion, ["03637"])["03637"].cadres
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import Connection

from channels.plan_shelf import plan_rules_in_force
from review.brief import ProgrammeTask, UnitBrief
from review.cadres import Cadre
from review.period import Cadence, Period
from review.planned_classes import SHEET, with_planned
from review.plans import PlanKind, PlanLine
from review.submission import Table
from tasks.occasion import Occasion
from tdkt_models.cadres import recall_served
from tdkt_models.plan_lines import recall_lines_of
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
    openings, before = _before(conn, occasion, units)
    _bring_planned_classes(conn, occasion, cadres, before)
    works, due = occasion.regulation.works, occasion.deadlines.due.date()
    scoring = occasion.office.settings.scoring
    return {
        code: UnitBrief(
            unit,
            occasion.period_text,
            tuple(cadres[code]),
            works,
            tuple(tasks[code]),
            openings.get(code),
            due,
            before.get(code, {}),
            scoring.by_quarter(code, occasion.period),
            scoring.by_slips(code),
        )
        for code, unit in recall_units(conn, units).items()
    }


def cadres_by_unit(
    conn: Connection, occasion: Occasion, units: Collection[str] | None = None
) -> defaultdict[str, list[Cadre]]:
    """The cadres active in the period, by unit, as they served then."""
    found: defaultdict[str, list[Cadre]] = defaultdict(list)
    for cadre in recall_served(conn, occasion.period.start, occasion.period.end, units):
        found[cadre.unit].append(cadre)
    return found


def _before(
    conn: Connection, occasion: Occasion, units: Collection[str] | None
) -> tuple[dict[str, int | None], dict[str, dict[str, Table]]]:
    """By unit, the head-count that closed the period before; by unit and sheet, what was last
    reported there, for the sheets that show it again."""
    form = occasion.regulation.forms.get(occasion.period.cadence)
    wanted = {sheet.key for sheet in form.sheets if sheet.remembers} if form else set()
    openings: dict[str, int | None] = {}
    found: dict[str, dict[str, Table]] = defaultdict(dict)
    for period in _earlier(occasion.period):
        for told in recall_submissions(conn, str(period), units, sheets=wanted):
            known = found[told.unit]
            known |= {k: t for k, t in told.tables.items() if k in wanted and k not in known}
            if period.cadence == occasion.period.cadence:
                openings[told.unit] = getattr(told.cover, "head_close", None)
    return openings, found


def _bring_planned_classes(
    conn: Connection,
    occasion: Occasion,
    cadres: Mapping[str, Sequence[Cadre]],
    before: dict[str, dict[str, Table]],
) -> None:
    """Adds the classes of the accepted plans to what the sheet of classes brings, in place."""
    form = occasion.regulation.forms.get(occasion.period.cadence)
    sheet = next((sheet for sheet in form.sheets if sheet.key == SHEET), None) if form else None
    if sheet is None:
        return
    rules = plan_rules_in_force(occasion.period_text).training
    periods = [str(part) for part in (occasion.period, *occasion.period.split(Cadence.MONTH))]
    planned: dict[str, list[PlanLine]] = defaultdict(list)
    for line in recall_lines_of(conn, periods, list(cadres), PlanKind.TRAINING):
        planned[line.unit].append(line)
    for unit, lines in planned.items():
        names = {cadre.code: cadre.name for cadre in cadres[unit]}
        told = before[unit].get(SHEET)
        before[unit][SHEET] = with_planned(told, sheet.columns, lines, names, rules)


def _earlier(period: Period) -> Iterator[Period]:
    """The periods whose reports a form may show again, what counts first: the longest parts of a
    year or a term, newest first; the period before; then the months of a quarter."""
    part = {Cadence.TERM: Cadence.YEAR, Cadence.YEAR: Cadence.QUARTER}.get(period.cadence)
    yield from reversed(period.split(part)) if part else ()
    yield period.previous()
    if period.cadence is Cadence.QUARTER:
        yield from reversed(period.split(Cadence.MONTH))
