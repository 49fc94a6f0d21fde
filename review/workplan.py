"""The work programme from term to year to quarter to month: does every line trace upwards, is it
concrete, how often was it carried.

    traced(task, above)       -> (the quarter's line, the year's line): how far up it leads
    uncovered(above, below), stuck(tasks, rules)

Source: the founding article, second measure; domain.md 1.1, row 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from review.brief import ProgrammeTask
from review.period import Period
from review.plan_rules import ProgrammeRules
from review.programme import is_open

Above = Mapping[tuple[str, str], ProgrammeTask]  # by unit and code, lines of longer periods


def latest(tasks: Sequence[ProgrammeTask]) -> list[ProgrammeTask]:
    """Each line once, as it stood last: one that was carried stands in several periods."""
    ordered = sorted(tasks, key=lambda task: (Period.parse(task.period).end, task.code))
    return list({(task.unit, task.code): task for task in ordered}.values())


def above_of(tasks: Sequence[ProgrammeTask]) -> Above:
    """The lines of quarters, years and terms by unit and code; of two the longer period's wins."""
    ordered = sorted(tasks, key=lambda task: Period.parse(task.period).cadence.months)
    return {(task.unit, task.code): task for task in ordered}


def traced(task: ProgrammeTask, above: Above) -> tuple[ProgrammeTask, ...]:
    """The lines above it, the nearest first; a line that names itself or goes round ends there."""
    found: list[ProgrammeTask] = []
    seen = {task.code}
    parent = task.parent
    while parent and parent not in seen and (higher := above.get((task.unit, parent))):
        found.append(higher)
        seen.add(parent)
        parent = higher.parent
    return tuple(found)


def concrete(task: ProgrammeTask) -> bool:
    """Every line has a product, an owner, a due date (“cụ thể”)."""
    return bool(task.content and task.product and task.owner and task.due)


def lacking(task: ProgrammeTask) -> str:
    missing = [
        name
        for name, there in (
            ("sản phẩm", task.product),
            ("người chủ trì", task.owner),
            ("hạn", task.due),
        )
        if not there
    ]
    return ", ".join(missing)


def uncovered(
    above: Sequence[ProgrammeTask], below: Sequence[ProgrammeTask]
) -> tuple[ProgrammeTask, ...]:
    """Lines of a longer period that no line of the shorter ones works on; one dropped needs none,
    and one done is done."""
    worked_on = {(task.unit, task.parent) for task in below if task.parent}
    return tuple(t for t in above if (t.unit, t.code) not in worked_on and is_open(t))


def stuck(tasks: Sequence[ProgrammeTask], rules: ProgrammeRules) -> tuple[ProgrammeTask, ...]:
    """Open lines carried more often than the rules allow."""
    return tuple(t for t in tasks if is_open(t) and t.carried > rules.most_carried)
