"""The plans in their versions, line by line.

keep_version(conn, kind, "2027-Q1", lines, who, note, stamp)    -> 2, the number of the new version
recall_lines(conn, kind, "2027-Q1")              -> the lines of its last version
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Index,
    and_,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from review.plans import PlanKind, PlanLine
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour_new
from tdkt_models.plan_outcomes import recall_outcomes
from tdkt_models.witness import touches

LINE = (
    "content",
    "subject",
    "product",
    "owner",
    "due",
    "form",
    "quantity",
    "cost",
    "carried",
)
LINE_OF = attrgetter(*LINE)


class PlanVersionRow(Base):
    __tablename__ = "plan_versions"
    __table_args__ = (CheckConstraint(one_of("kind", PlanKind), name="kind"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    who: Mapped[str]
    note: Mapped[str]


class PlanLineRow(Base):
    """A line from one version on, up to the one that no longer has it. `unit` "" is the province's
    own, so it refers to no table."""

    __tablename__ = "plan_lines"
    __table_args__ = (
        CheckConstraint(one_of("kind", PlanKind), name="kind"),
        CheckConstraint("until_version is null or until_version > since_version", name="life"),
        Index(None, "period", "unit"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    since_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until_version: Mapped[int | None]
    content: Mapped[str]
    subject: Mapped[str]
    product: Mapped[str]
    owner: Mapped[str]
    due: Mapped[date | None]
    form: Mapped[str]
    quantity: Mapped[int | None]
    cost: Mapped[int | None]
    carried: Mapped[int]


@dataclass(frozen=True, slots=True)
class PlanVersion:
    version: int
    who: str
    note: str
    at: datetime


def keep_version(
    conn: Connection,
    kind: PlanKind,
    period: str,
    lines: Sequence[PlanLine],
    who: str,
    note: str,
    stamp: Stamp,
    *,
    units: Collection[str] | None = None,
) -> int:
    """Makes `lines` the plan's next version, and returns its number; unchanged lines live on. Where
    `units` are named, `lines` are theirs, and those of all others live on unread."""
    now = {line.place: line for line in recall_lines(conn, kind, period, units=units)}
    version = last_version(conn, kind, period) + 1
    wanted = {line.place: line for line in lines}
    ended = [place for place, line in now.items() if wanted.get(place) != line]
    table = table_of(PlanLineRow)
    for unit, key in ended:
        c = table.c
        conn.execute(
            update(table)
            .where(c.kind == kind.value, c.period == period, c.unit == unit, c.key == key)
            .where(c.until_version.is_(None))
            .values(until_version=version)
        )
    new = [line for place, line in wanted.items() if now.get(place) != line]
    pour_new(conn, table, [_line_row(line, version) for line in new], stamp)
    if ended:
        touches(conn, [period])
    row = (kind.value, period, version, who, note)
    pour_new(conn, table_of(PlanVersionRow), [row], stamp)
    return version


def last_version(conn: Connection, kind: PlanKind, period: str) -> int:
    c = table_of(PlanVersionRow).c
    query = select(func.max(c.version)).where(c.kind == kind.value, c.period == period)
    return conn.execute(query).scalar() or 0


def recall_versions(conn: Connection, kind: PlanKind, period: str) -> list[PlanVersion]:
    c = table_of(PlanVersionRow).c
    query = select(c.version, c.who, c.note, c.at).order_by(c.version)
    rows = conn.execute(query.where(c.kind == kind.value, c.period == period))
    return [PlanVersion(*row) for row in rows.tuples()]


def recall_lines(
    conn: Connection,
    kind: PlanKind,
    period: str,
    version: int | None = None,
    *,
    units: Collection[str] | None = None,
) -> list[PlanLine]:
    """The lines of a version, the last one by default, by unit and key, with what came of them; of
    these units, if any are named."""
    table = table_of(PlanLineRow)
    c = table.c
    query = select(table).where(c.kind == kind.value, c.period == period)
    if units is not None:
        query = query.where(c.unit.in_(units))
    if version is None:
        query = query.where(c.until_version.is_(None))
    else:
        query = query.where(c.since_version <= version)
        query = query.where(or_(c.until_version.is_(None), c.until_version > version))
    lines = sorted(map(_line_from, conn.execute(query)), key=lambda line: line.place)
    seen = recall_outcomes(conn, kind, period, units) if lines else {}
    return [
        replace(line, outcome=seen[line.place][0], outcome_says=seen[line.place][1])
        if line.place in seen
        else line
        for line in lines
    ]


def recall_lines_of(
    conn: Connection,
    periods: Collection[str],
    units: Collection[str],
    kind: PlanKind | None = None,
) -> list[PlanLine]:
    """What these units have now in the plans of these periods, without what came of it."""
    table = table_of(PlanLineRow)
    c = table.c
    query = select(table).where(c.period.in_(periods), c.unit.in_(units))
    if kind is not None:
        query = query.where(c.kind == kind.value)
    rows = conn.execute(query.where(c.until_version.is_(None)))
    return sorted(map(_line_from, rows), key=lambda line: (line.kind, line.period, *line.place))


def recall_struck(conn: Connection, unit: str, note: str) -> list[PlanLine]:
    """Every line of a unit that ended with a version of this note, by plan, period and key."""
    lines, versions = table_of(PlanLineRow), table_of(PlanVersionRow)
    same = and_(
        versions.c.kind == lines.c.kind,
        versions.c.period == lines.c.period,
        versions.c.version == lines.c.until_version,
    )
    query = select(lines).join(versions, same)
    rows = conn.execute(query.where(lines.c.unit == unit, versions.c.note.startswith(note)))
    return sorted(map(_line_from, rows), key=lambda line: (line.kind, line.period, *line.place))


def recall_earlier(
    conn: Connection, kind: PlanKind, period: str, units: Collection[str] | None = None
) -> Mapping[tuple[str, str], PlanLine]:
    """By place, the last line that was ended there (of these units, if any are named): what stood
    before the present one."""
    table = table_of(PlanLineRow)
    c = table.c
    query = select(table).where(c.kind == kind.value, c.period == period)
    if units is not None:
        query = query.where(c.unit.in_(units))
    query = query.where(c.until_version.is_not(None)).order_by(c.until_version)
    return {(row.unit, row.key): _line_from(row) for row in conn.execute(query)}


def _line_row(line: PlanLine, version: int) -> tuple[Any, ...]:
    head = (line.kind.value, line.period, line.unit, line.key, version, None)
    return (*head, *(getattr(line, name) for name in LINE))


FIELDS = ("period", "unit", "key", *LINE)


def _line_from(row: Any) -> PlanLine:
    return PlanLine(PlanKind(row.kind), **{name: getattr(row, name) for name in FIELDS})
