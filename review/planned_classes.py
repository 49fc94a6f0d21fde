"""The classes that an accepted plan gives a unit's cadres, as its next blank shows them.

    with_planned(table, sheet.columns, lines, names, rules)     -> the sheet's last lines and these

So the unit writes beside each whether it was held, and the line of the plan is followed up from
what it writes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from review.plan_rules import TrainingRules
from review.plans import PlanKind, PlanLine
from review.submission import Table

SHEET, NEEDED = "training", "NHU_CAU"
PLANNED = "ke_hoach"


def with_planned(
    told: Table | None,
    columns: tuple[str, ...],
    lines: Sequence[PlanLine],
    names: Mapping[str, str],
    rules: TrainingRules,
) -> Table:
    """`names` are the unit's cadres by code; a class that the unit tells of already stands once."""
    rows = list(told.rows) if told and told.columns == columns else []
    open_now = {
        (row.cadre, getattr(row, "course", "")) for row in told or () if row.state != "xong"
    }
    below = max((row[0] for row in rows), default=0)
    for line in lines:
        course = line.key.rpartition(":")[2]
        if _is_a_class(line) and line.subject in names and (line.subject, course) not in open_now:
            open_now.add((line.subject, course))
            below += 1
            values = _row(line, course, names[line.subject], rules)
            rows.append((below, *(values.get(name) for name in columns)))
    return Table(SHEET, columns, tuple(rows))


def _is_a_class(line: PlanLine) -> bool:
    return line.kind is PlanKind.TRAINING and line.first_key.startswith(f"{NEEDED}:")


def _row(line: PlanLine, course: str, name: str, rules: TrainingRules) -> dict[str, Any]:
    of = rules.course(course)
    kinds: Collection[str] = of.kinds if of else ()
    return {
        "cadre": line.subject,
        "name": name,
        "kind": next(iter(kinds), "nghiep_vu"),
        "subject": line.content,
        "course": course,
        "way": of.form if of else None,
        "state": PLANNED,
        "hours": line.quantity,
        "note": f"Theo kế hoạch {line.period}",
    }
