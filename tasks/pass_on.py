"""Hand the duties and plans of units that are gone to those that took them over.

pass_on(conn, occasion)     -> how many duties and plan lines have a new unit

It runs when the roll of a period is called, so that the heir's blank shows what it took over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from review.lineage import HandedOver, lines_passed_on, tasks_passed_on
from review.plans import PlanKind
from review.programme import is_open
from review.units import Unit
from tasks.occasion import Occasion
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.cadres import recall_people
from tdkt_models.plans import keep_version, recall_lines
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
    return len(pairs)


def _plans(
    conn: Connection, occasion: Occasion, units: Mapping[str, Unit], gone: Collection[str]
) -> int:
    moved = 0
    for kind in PlanKind:
        left = recall_lines(conn, kind, occasion.period_text, units=gone)
        if not left:
            continue  # a plan of the whole country is only read where one of its lines moves
        lines = recall_lines(conn, kind, occasion.period_text)
        serving = serving_on(conn, {line.subject for line in left}, occasion.period.start)
        after = lines_passed_on(lines, units, serving, occasion.period.start)
        if after != lines:
            note = "Chuyển theo đơn vị kế thừa"
            keep_version(conn, kind, occasion.period_text, after, WHO, note, occasion.stamp)
            moved += sum(a != b for a, b in zip(after, lines, strict=True))
    return moved
