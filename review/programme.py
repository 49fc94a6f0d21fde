"""The work programme of a month: what was closed, and what goes into the next.

    closed, following = close_month(submission, open_tasks, Period.parse("2026-10"))
    following[0].carried   -> 2: carried over unfinished for the second time

Source: the founding article's second measure (chương trình công tác năm, quý, tháng); an unfinished
task is never lost, it comes again with the number of times it was carried.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from review.brief import ProgrammeTask, TaskStatus
from review.period import Period
from review.submission import Submission

THIS_MONTH, NEXT_MONTH = "thang_nay", "thang_sau"
ENDED = (TaskStatus.DONE, TaskStatus.DROPPED)


def close_month(
    submission: Submission, known: Sequence[ProgrammeTask], period: Period
) -> tuple[tuple[ProgrammeTask, ...], tuple[ProgrammeTask, ...]]:
    """The period's tasks as they ended, and the next period's: carried ones, then new ones.

    `known` are the tasks the office had for the period; one that the report does not mention is
    still open and is carried like any other that was not finished.
    """
    before = {task.code: task for task in known}
    told = {row.code: row for row in submission.rows("programme") if row.when == THIS_MONTH}
    closed = {
        **before,
        **{code: _closed(row, before.get(code), submission, period) for code, row in told.items()},
    }
    following = {task.code: carried(task, period) for task in closed.values() if is_open(task)}
    for row in submission.rows("programme"):
        if row.when == NEXT_MONTH and row.code not in following:
            following[row.code] = _from_row(row, submission.unit, str(period.next()))
    return tuple(closed.values()), tuple(following.values())


def is_open(task: ProgrammeTask) -> bool:
    return task.status not in ENDED


def carried(task: ProgrammeTask, period: Period) -> ProgrammeTask:
    """The same task one period later, carried once more."""
    return replace(task, period=str(period.next()), carried=task.carried + 1)


def overdue(tasks: Iterable[ProgrammeTask], today: date) -> tuple[ProgrammeTask, ...]:
    """Open tasks whose due date has passed, the longest overdue first."""
    late = [task for task in tasks if is_open(task) and task.due and task.due < today]
    return tuple(sorted(late, key=lambda task: (task.due or today, task.code)))


def _closed(
    row: Any, before: ProgrammeTask | None, submission: Submission, period: Period
) -> ProgrammeTask:
    task = _from_row(row, submission.unit, str(period))
    return replace(task, carried=before.carried) if before else task


def _from_row(row: Any, unit: str, period: str) -> ProgrammeTask:
    return ProgrammeTask(
        unit=unit,
        period=period,
        code=row.code,
        content=row.content,
        product=row.product,
        owner=row.owner,
        due=row.due,
        status=TaskStatus(row.status) if row.status else TaskStatus.NOT_STARTED,
        finished=row.finished,
        parent=row.parent,
        note=row.note,
    )
