"""Hand the duties and plans of units that are gone to those that took them over.

pass_on(conn, occasion)     -> how many duties and plan lines have a new unit

It runs when the roll of a period is called, so that the heir's blank shows what it took over. What
a unit had that nobody takes over is closed with that reason, and the digest and `tdkt lineage` say
so; whoever names a successor in the roster and holds the period before again hands it over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from review.brief import ProgrammeTask
from review.lineage import (
    NOBODY,
    HandedOver,
    closed_with_their_units,
    ended_without_heir,
    lines_passed_on,
    tasks_passed_on,
)
from review.plans import PlanKind
from review.programme import is_open
from review.units import Unit
from tasks.occasion import Occasion
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.cadres import recall_people
from tdkt_models.plan_lines import keep_version, recall_lines
from tdkt_models.programme import keep_tasks, recall_tasks
from tdkt_models.units import recall_units

WHO = "tdkt"


def serving_on(conn: Connection, codes: Collection[str], day: date) -> dict[str, str]:
    """The unit of each of these persons on that day, by code; a country has too many to ask all."""
    wanted = {code for code in codes if code}
    people = recall_people(conn, wanted) if wanted else ()
    return {c.code: c.unit for c in people if c.active_in(day, day)}


def tell_passed_on(conn: Connection, occasion: Occasion, pairs: Sequence[HandedOver]) -> None:
    told = [
        AuditEntry(WHO, "task.passed_on", old.unit, {"code": old.code, "to": new.unit})
        for old, new in pairs
    ]
    keep_audit(conn, told, occasion.stamp)


def tell_closed(conn: Connection, occasion: Occasion, tasks: Sequence[ProgrammeTask]) -> None:
    """Once a task: one that is closed already is not told again."""
    there = {
        (task.unit, task.code)
        for period in {task.period for task in tasks}
        for task in recall_tasks(conn, period, {task.unit for task in tasks})
        if not is_open(task)
    }
    told = [
        AuditEntry(WHO, "task.closed", one.unit, {"code": one.code, "why": NOBODY})
        for one in tasks
        if (one.unit, one.code) not in there
    ]
    keep_audit(conn, told, occasion.stamp)


def pass_on(conn: Connection, occasion: Occasion) -> int:
    units, start = recall_units(conn), occasion.period.start
    gone = {code for code, unit in units.items() if unit.until is not None and unit.until < start}
    if not gone:
        return 0
    return _duties(conn, occasion, units, gone) + _plans(conn, occasion, units, gone)


def _duties(
    conn: Connection,
    occasion: Occasion,
    units: Mapping[str, Unit],
    gone: Collection[str],
) -> int:
    """What was known before the unit's end was (close_programme hands over the rest)."""
    there = [t for t in recall_tasks(conn, occasion.period_text, gone) if is_open(t)]
    serving = serving_on(conn, {task.owner for task in there}, occasion.period.start)
    pairs = tasks_passed_on(there, units, serving, occasion.period.start)
    keep_tasks(conn, [task for pair in pairs for task in pair], occasion.stamp)
    tell_passed_on(conn, occasion, pairs)
    closed = closed_with_their_units(there, units, occasion.period.start)
    tell_closed(conn, occasion, closed)
    keep_tasks(conn, closed, occasion.stamp)
    return len(pairs)


def _plans(
    conn: Connection, occasion: Occasion, units: Mapping[str, Unit], gone: Collection[str]
) -> int:
    moved, start = 0, occasion.period.start
    for kind in PlanKind:
        left = recall_lines(conn, kind, occasion.period_text, units=gone)
        if not left:
            continue  # a plan of the whole country is only read where one of its lines moves
        lines = recall_lines(conn, kind, occasion.period_text)
        serving = serving_on(conn, {line.subject for line in left}, start)
        after = lines_passed_on(lines, units, serving, start)
        struck = [line for line in lines if ended_without_heir(line.unit, units, start)]
        if struck:
            lines = [line for line in lines if line not in struck]
            gone_now = ", ".join(sorted({units[line.unit].name for line in struck}))
            note = f"{NOBODY} Bỏ {len(struck)} dòng của {gone_now}"
            keep_version(conn, kind, occasion.period_text, lines, WHO, note, occasion.stamp)
        if after != lines:
            note = "Chuyển theo đơn vị kế thừa"
            keep_version(conn, kind, occasion.period_text, after, WHO, note, occasion.stamp)
            moved += sum(a != b for a, b in zip(after, lines, strict=True))
    return moved
