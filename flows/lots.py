"""How many units go into one run of a step.

    lots_of(score, roll, settings.work)     -> five batches in one: cards are only looked up
    lots_of(report, roll, settings.work)    -> two in one where there are many, the last ones alone

A run has its own costs whatever is in it: a transaction, some twenty questions to the book, a task
run in Prefect.
"""

from __future__ import annotations

from typing import Any

from prefect import Task

from review.settings import WorkSettings
from tasks.call_roll import RollCall
from tasks.collect import MANY
from tasks.report import report
from tasks.score import score
from tasks.update_plans import update_plans

Lots = list[tuple[str, ...]]

SCORED = 5  # batches; cards made with the check are only looked up by scoring
PAIRED = (update_plans.name, report.name)
LAST = 4  # single batches for each process at the end, so that all are done at about one time


def lots_of(duty: Task[..., Any], roll: RollCall, work: WorkSettings) -> Lots:
    """The units of the roll, in order, as this step takes them."""
    if duty.name == score.name:
        return roll.batches(work.batch * SCORED)
    batches = roll.batches(work.batch)
    if duty.name not in PAIRED or len(batches) < MANY:
        return batches
    pairs = max(0, len(batches) - LAST * work.processes) // 2
    both = zip(batches[: 2 * pairs : 2], batches[1 : 2 * pairs : 2], strict=True)
    return [(*one, *other) for one, other in both] + batches[2 * pairs :]
