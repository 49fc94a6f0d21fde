"""The lines of the forms' tables, one class a sheet, keyed by submission and Excel row.

    shape = shape_of(submission)                  which sheets, which columns, in which order
    pack(12, submission)                          -> {table: rows to pour}
    unpack(conn, {12: shape})[12]["work"]         -> Table("work", columns, rows), as it was kept

A column of a form that has no column here (a form of a later decision) is kept in `extra`; a sheet
without a class here is kept whole in `other_lines`. So a form may grow before its tables do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, ForeignKey, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from review.submission import Submission, Table
from tdkt_models.base import Base, table_of
from tdkt_models.bulk import poured

Shape = list[list[Any]]  # [[sheet key, [column, …]], …]: a list, because JSONB forgets order
MARKS = tuple(f"c{n}" for n in range(1, 11))
NO_MARKS = (None,) * len(MARKS)
OWN = ("submission", "line", "extra")


class LineRow(Base):
    __abstract__ = True

    @declared_attr.directive
    def __table_args__(cls) -> dict[str, Any]:
        return {"sqlite_with_rowid": False}  # the key is the table: half the writing

    submission: Mapped[int] = mapped_column(
        ForeignKey("submissions.id"), primary_key=True, autoincrement=False, sort_order=-2
    )
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    extra: Mapped[dict[str, Any] | None] = mapped_column(sort_order=90)


class WorkLineRow(LineRow):
    __tablename__ = "work_lines"

    cadre: Mapped[str | None]
    name: Mapped[str | None]
    work: Mapped[str | None]
    content: Mapped[str | None]
    coef: Mapped[int | None]
    due: Mapped[date | None]
    assigned: Mapped[int | None]
    done: Mapped[int | None]
    faulty: Mapped[int | None]
    fault_times: Mapped[int | None]
    fault_excused: Mapped[str | None]
    late: Mapped[int | None]
    late_times: Mapped[int | None]
    late_excused: Mapped[str | None]
    proof: Mapped[str | None]
    programme: Mapped[str | None]
    note: Mapped[str | None]


class GeneralMarkRow(LineRow):
    """`marks` is the list of c1…c10 in hundredths of a point."""

    __tablename__ = "general_marks"

    cadre: Mapped[str | None]
    name: Mapped[str | None]
    rater: Mapped[str | None]
    marks: Mapped[list[Any]]
    total: Mapped[int | None]
    note: Mapped[str | None]


class LeaderMarkRow(LineRow):
    __tablename__ = "leader_marks"

    cadre: Mapped[str | None]
    name: Mapped[str | None]
    d: Mapped[str | None]
    dd: Mapped[str | None]
    e: Mapped[str | None]
    evidence: Mapped[str | None]


class RosterChangeRow(LineRow):
    __tablename__ = "roster_changes"

    event: Mapped[str | None]
    cadre: Mapped[str | None]
    name: Mapped[str | None]
    birth: Mapped[date | None]
    group: Mapped[str | None]
    engagement: Mapped[str | None]
    share: Mapped[int | None]
    on: Mapped[date | None]
    until: Mapped[date | None]
    document: Mapped[str | None]
    note: Mapped[str | None]


class ProgrammeLineRow(LineRow):
    __tablename__ = "programme_lines"

    code: Mapped[str | None]
    when: Mapped[str | None]
    content: Mapped[str | None]
    product: Mapped[str | None]
    owner: Mapped[str | None]
    due: Mapped[date | None]
    status: Mapped[str | None]
    finished: Mapped[date | None]
    parent: Mapped[str | None]
    note: Mapped[str | None]


class OtherLineRow(LineRow):
    """A line of a sheet that has no class of its own yet: all of it is in `extra`."""

    __tablename__ = "other_lines"

    sheet: Mapped[str] = mapped_column(primary_key=True)


SHEETS: dict[str, SqlTable] = {
    "work": table_of(WorkLineRow),
    "general": table_of(GeneralMarkRow),
    "leaders": table_of(LeaderMarkRow),
    "changes": table_of(RosterChangeRow),
    "programme": table_of(ProgrammeLineRow),
}
OTHER = table_of(OtherLineRow)
LINE_TABLES = (*SHEETS.values(), OTHER)


def shape_of(submission: Submission) -> Shape:
    return [[key, list(table.columns)] for key, table in submission.tables.items()]


def pack(submission_id: int, submission: Submission) -> Iterator[tuple[SqlTable, list[Any]]]:
    """The rows to pour of every table of a submission but its cover."""
    for key, table in submission.tables.items():
        if key != "cover":
            packer = _packer(key, table.columns)
            yield SHEETS.get(key, OTHER), [packer(submission_id, row) for row in table.rows]


def unpack(
    conn: Connection, shapes: Mapping[int, Shape], only: Collection[str] | None = None
) -> dict[int, dict[str, Table]]:
    """The tables of these submissions (of these sheets only, if given), each as it was kept."""
    rows: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for table in LINE_TABLES:
        query = select(table).where(table.c.submission.in_(shapes)).order_by(*table.primary_key)
        if only is not None and table is OTHER:
            if not set(only) - {*SHEETS, "cover"}:
                continue
            query = query.where(table.c.sheet.in_(only))
        elif only is not None and KEY_OF[table.name] not in only:
            continue
        for row in conn.execute(query).tuples():
            key = row[SHEET_AT] if table is OTHER else KEY_OF[table.name]
            rows[row[0], key].append(row)
    return {
        submission: {
            key: _table_from(key, tuple(columns), rows.get((submission, key), []))
            for key, columns in shape
            if key != "cover" and (only is None or key in only)
        }
        for submission, shape in shapes.items()
    }


KEY_OF = {table.name: key for key, table in SHEETS.items()}
SHEET_AT = list(OTHER.columns.keys()).index("sheet")


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the columns of a form's table go: `typed` are the places, among the form's columns, of
    each column of ours; `extra` those that have none."""

    typed: tuple[str, ...]
    extra: tuple[str, ...]


@cache
def _plan(key: str, columns: tuple[str, ...]) -> _Plan:
    table = SHEETS.get(key, OTHER)
    typed = tuple(name for name in poured(table) if name not in (*OWN, "sheet"))
    has_marks = "marks" in typed and set(MARKS) <= set(columns)
    homes = {*typed, *(MARKS if has_marks else ())} - {"marks"}
    return _Plan(typed, tuple(name for name in columns if name not in homes))


@cache
def _packer(
    key: str, columns: tuple[str, ...]
) -> Callable[[int, tuple[Any, ...]], tuple[Any, ...]]:
    """A function from a row of the form to a row of our table. It runs once a line, so all looking
    up of names is done here, once a form."""
    plan = _plan(key, columns)
    place = {name: at for at, name in enumerate(columns, start=1)}  # 0 is the line
    nowhere = len(columns) + 1  # a None is added to each row for columns the form does not have
    typed = _picker([place.get(name, nowhere) for name in plan.typed])
    marks_at = plan.typed.index("marks") if "marks" in plan.typed else None
    marks = [place.get(name, nowhere) for name in MARKS]
    extra = [(name, place[name]) for name in plan.extra]
    tail = (key,) if key not in SHEETS else ()

    def packed(submission: int, row: tuple[Any, ...]) -> tuple[Any, ...]:
        given = (*row, None)
        values = typed(given)
        if marks_at is not None:
            values = (*values[:marks_at], [given[at] for at in marks], *values[marks_at + 1 :])
        more = {name: plain(given[at]) for name, at in extra if given[at] is not None}
        return (submission, row[0], *values, *tail, more or None)

    return packed


def _picker(places: list[int]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[at] for at in places)


def _table_from(key: str, columns: tuple[str, ...], rows: list[Any]) -> Table:
    back = _unpacker(key, columns)
    return Table(key, columns, tuple(map(back, rows)))


@cache
def _unpacker(key: str, columns: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """The way back of `_packer`: each row is laid out flat (our columns, the marks, the extras),
    and picked from."""
    table, extra = SHEETS.get(key, OTHER), _plan(key, columns).extra
    ours = {name: at for at, name in enumerate(table.columns.keys())}
    marks_at, extra_at = ours.get("marks"), ours["extra"]
    if marks_at is not None:
        ours |= {name: len(table.columns) + at for at, name in enumerate(MARKS)}
    wide = len(table.columns) + (len(MARKS) if marks_at is not None else 0)
    ours |= {name: wide + at for at, name in enumerate(extra)}
    pick = itemgetter(ours["line"], *(ours[name] for name in columns))
    blank = (None,) * len(extra)

    def unpacked(row: Any) -> tuple[Any, ...]:
        marks = () if marks_at is None else row[marks_at] or NO_MARKS
        more = row[extra_at]
        tail = blank if not more else tuple(unplain(more.get(name)) for name in extra)
        picked: tuple[Any, ...] = pick((*row, *marks, *tail))
        return picked

    return unpacked


def plain(value: Any) -> Any:
    """A clean value as JSON can hold it."""
    return {"date": value.isoformat()} if isinstance(value, date) else value


def unplain(value: Any) -> Any:
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else value
