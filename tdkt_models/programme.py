"""The units' work programmes: each task of each period, and what came of it.

keep_tasks(conn, tasks, stamp)
recall_tasks(conn, "2026-11", units=["03637"])      -> the tasks of that month
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from review.brief import ProgrammeTask, TaskStatus
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour, poured, take_out_others
from tdkt_models.roll import RollRow
from tdkt_models.units import UnitRow


class ProgrammeTaskRow(Base):
    # No foreign key on period: next month's tasks are known before its cycle is opened.
    __tablename__ = "programme_tasks"
    __table_args__ = (
        CheckConstraint(one_of("status", TaskStatus), name="status"),
        CheckConstraint("carried >= 0", name="carried"),
        Index(None, "period", "unit"),
    )

    unit: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str]
    product: Mapped[str]
    owner: Mapped[str]
    due: Mapped[date | None]
    status: Mapped[str]
    finished: Mapped[date | None]
    parent: Mapped[str]
    carried: Mapped[int]
    note: Mapped[str]


def keep_tasks(
    conn: Connection,
    tasks: Sequence[ProgrammeTask],
    stamp: Stamp,
    *,
    only_for: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Writes tasks by unit, period and code. `only_for` ({period: units}) also takes out what these
    units had in these periods and are not given now, as after a corrected report."""
    table = table_of(ProgrammeTaskRow)
    take_out_others(conn, table, only_for, {(t.unit, t.period, t.code) for t in tasks})
    columns = poured(table)
    pour(conn, table, [tuple(getattr(task, c) for c in columns) for task in tasks], stamp)


def recall_tasks(
    conn: Connection, period: str, units: Collection[str] | None = None
) -> list[ProgrammeTask]:
    """The tasks of a period (of these units only, if given), by unit and code."""
    c = table_of(ProgrammeTaskRow).c
    wanted = [c.period == period]
    if units is not None:
        wanted.append(c.unit.in_(units))
    return sorted(_tasks_where(conn, *wanted), key=attrgetter("unit", "code"))


def recall_dropped(
    conn: Connection, period: str, note: str, *, unit: str | None = None
) -> list[ProgrammeTask]:
    """The tasks that were dropped with this word, by period, unit and code: those of a period, or
    every one of a unit."""
    c = table_of(ProgrammeTaskRow).c
    whose = c.unit == unit if unit is not None else c.period == period
    dropped = c.status == TaskStatus.DROPPED.value, c.note.startswith(note)
    return sorted(_tasks_where(conn, whose, *dropped), key=attrgetter("period", "unit", "code"))


def reporting_until(conn: Connection, period: str, day: date) -> list[str]:
    """The units gone by that day that had a programme in the period or owed a report for it."""
    units, tasks, roll = table_of(UnitRow).c, table_of(ProgrammeTaskRow).c, table_of(RollRow).c
    had = exists().where(tasks.period == period, tasks.unit == units.code)
    owed = exists().where(roll.period == period, roll.unit == units.code)
    query = select(units.code).where(units.until < day, or_(had, owed)).order_by(units.code)
    return list(conn.scalars(query))


FIELDS = tuple(field.name for field in fields(ProgrammeTask))
STATUS_AT, STATUSES = FIELDS.index("status"), {status.value: status for status in TaskStatus}


def _tasks_where(conn: Connection, *wanted: ColumnElement[bool]) -> list[ProgrammeTask]:
    c = table_of(ProgrammeTaskRow).c
    query = select(*(c[name] for name in FIELDS)).where(*wanted)
    return [_task_from(row) for row in conn.execute(query).tuples().all()]


def _task_from(row: Sequence[Any]) -> ProgrammeTask:
    values = list(row)
    values[STATUS_AT] = STATUSES[values[STATUS_AT]]
    return ProgrammeTask(*values)
