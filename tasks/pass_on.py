"""Hand the duties and plans of units that are gone to those that took them over.

pass_on(conn, occasion)     -> how many duties and plan lines have a new unit

It runs when the roll of a period is called, so that the heir's blank shows what it took over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from review.brief import TaskStatus
from review.lineage import lines_passed_on, tasks_passed_on
from review.plans import PlanKind
from review.programme import is_open
from review.units import Unit
from tasks.occasion import Occasion
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.cadres import recall_cadres
from tdkt_models.plans import keep_version, recall_lines
from tdkt_models.programme import keep_tasks, recall_tasks
from tdkt_models.units import recall_units

WHO = "tdkt"


def pass_on(conn: Connection, occasion: Occasion) -> int:
    units, start = recall_units(conn), occasion.period.start
    gone = {code for code, unit in units.items() if unit.until is not None and unit.until < start}
    if not gone:
        return 0
    serving = {c.code: c.unit for c in recall_cadres(conn) if c.active_in(start, start)}
    return _duties(conn, occasion, units, gone, serving) + _plans(conn, occasion, units, serving)


def _duties(
    conn: Connection,
    occasion: Occasion,
    units: Mapping[str, Unit],
    gone: set[str],
    serving: Mapping[str, str],
) -> int:
    """The old line stays, dropped, with a word of where it went: history is not rewritten."""
    there = [t for t in recall_tasks(conn, occasion.period_text, gone) if is_open(t)]
    pairs = tasks_passed_on(there, units, serving, occasion.period.start)
    ended = [
        replace(old, status=TaskStatus.DROPPED, note=f"Bàn giao cho {new.unit}.")
        for old, new in pairs
    ]
    keep_tasks(conn, [*ended, *(new for _, new in pairs)], occasion.stamp)
    told = [
        AuditEntry(WHO, "task.passed_on", old.unit, {"code": old.code, "to": new.unit})
        for old, new in pairs
    ]
    keep_audit(conn, told, occasion.stamp)
    return len(pairs)


def _plans(
    conn: Connection, occasion: Occasion, units: Mapping[str, Unit], serving: Mapping[str, str]
) -> int:
    moved = 0
    for kind in PlanKind:
        lines = recall_lines(conn, kind, occasion.period_text)
        after = lines_passed_on(lines, units, serving, occasion.period.start)
        if after != lines:
            note = "Chuyển theo đơn vị kế thừa"
            keep_version(conn, kind, occasion.period_text, after, WHO, note, occasion.stamp)
            moved += sum(a != b for a, b in zip(after, lines, strict=True))
    return moved
