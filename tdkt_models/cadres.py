"""The cadres of the roll, known by their code; every change of one stays in the audit.

keep_cadres(conn, [cadre], stamp, who="roster.xlsx")
recall_cadres(conn, units=["03637"])             -> the cadres of that unit now, in order of code
recall_served(conn, start, end, ["03637"])       -> those who served there between two days

Whoever moves to another unit keeps the code; where they served before stays as a posting, so that a
period that is over is seen as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, func, select, union
from sqlalchemy.orm import Mapped, mapped_column

from review.cadres import Cadre, Engagement, Group, Role, Sex
from tdkt_models.audit import changes_between, keep_audit
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour, poured


class CadreRow(Base):
    __tablename__ = "cadres"
    __table_args__ = (
        CheckConstraint(one_of("sex", Sex), name="sex"),
        CheckConstraint(one_of("group", Group), name="group"),
        CheckConstraint(one_of("engagement", Engagement), name="engagement"),
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint("share between 1 and 100", name="share"),
        Index(None, "unit"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    name: Mapped[str]
    birth: Mapped[date | None]
    sex: Mapped[str]
    group: Mapped[str]
    engagement: Mapped[str]
    share: Mapped[int]
    role: Mapped[str]
    post: Mapped[str]
    field: Mapped[str]
    duties: Mapped[str]
    ethnicity: Mapped[str]
    education: Mapped[str]
    politics: Mapped[str]
    certificates: Mapped[str]
    email: Mapped[str]
    since: Mapped[date | None]
    until: Mapped[date | None]


class PostingRow(Base):
    """Where a cadre served before: the line of the roll as it stood, ended."""

    __tablename__ = "postings"
    __table_args__ = (
        CheckConstraint(one_of("sex", Sex), name="sex"),
        CheckConstraint(one_of("group", Group), name="group"),
        CheckConstraint(one_of("engagement", Engagement), name="engagement"),
        CheckConstraint(one_of("role", Role), name="role"),
        Index(None, "unit"),
    )

    code: Mapped[str] = mapped_column(ForeignKey("cadres.code"), primary_key=True)
    until: Mapped[date] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    name: Mapped[str]
    birth: Mapped[date | None]
    sex: Mapped[str]
    group: Mapped[str]
    engagement: Mapped[str]
    share: Mapped[int]
    role: Mapped[str]
    post: Mapped[str]
    field: Mapped[str]
    duties: Mapped[str]
    ethnicity: Mapped[str]
    education: Mapped[str]
    politics: Mapped[str]
    certificates: Mapped[str]
    email: Mapped[str]
    since: Mapped[date | None]


def keep_cadres(conn: Connection, cadres: Sequence[Cadre], stamp: Stamp, who: str = "tdkt") -> None:
    """Writes cadres by code. Cadres that are not given stay as they are. One who serves elsewhere
    from a later day on leaves a posting behind; the same day again is a correction."""
    known = {cadre.code: cadre for cadre in recall_cadres(conn)}
    changed = [cadre for cadre in cadres if known.get(cadre.code) != cadre]
    left = [line for c in changed if (line := _left_behind(known.get(c.code), c)) is not None]
    columns = poured(table_of(CadreRow))
    rows = [tuple(getattr(cadre, name) for name in columns) for cadre in changed]
    pour(conn, table_of(CadreRow), rows, stamp)
    keep_postings(conn, left, stamp)
    entries = [
        entry
        for cadre in changed
        if cadre.code in known
        for entry in changes_between(known[cadre.code], cadre, who, "cadre.changed", cadre.code)
    ]
    keep_audit(conn, entries, stamp)


def keep_postings(conn: Connection, lines: Sequence[Cadre], stamp: Stamp) -> None:
    """Keeps where cadres served before; each line is ended, and its cadre on the roll."""
    table = table_of(PostingRow)
    rows = [tuple(getattr(line, name) for name in poured(table)) for line in lines]
    pour(conn, table, rows, stamp)


def recall_cadres(conn: Connection, units: Collection[str] | None = None) -> list[Cadre]:
    """The cadres, past ones too, of these units (of all if None), by unit and code."""
    c = table_of(CadreRow).c
    query = select(*(c[name] for name in FIELDS))
    if units is not None:
        query = query.where(c.unit.in_(units))
    rows = conn.execute(query).tuples().all()
    return sorted(map(_cadre_from, rows), key=attrgetter("unit", "code"))


def recall_names(conn: Connection) -> Iterator[tuple[str, str]]:
    """The code and name of everybody, past cadres too, as they come from the book: a country's are
    never in memory at once."""
    c = table_of(CadreRow).c
    query = select(c.code, c.name).execution_options(yield_per=10_000)
    for some in conn.execute(query).tuples().partitions():
        yield from some


def recall_cadre(conn: Connection, code: str) -> Cadre | None:
    """One cadre by code, past ones too."""
    c = table_of(CadreRow).c
    query = select(*(c[name] for name in FIELDS)).where(c.code == code)
    row = conn.execute(query).tuples().one_or_none()
    return None if row is None else _cadre_from(row)


def recall_served(
    conn: Connection, start: date, end: date, units: Collection[str] | None = None
) -> list[Cadre]:
    """Everyone as they served in these units (in all, if None) between two days, by unit and code.
    Who moved within them is found where they served last."""
    now, before = _lines_in(conn, CadreRow, units), _lines_in(conn, PostingRow, units)
    if not before and not any(line.until for line in now):  # as with nearly all units
        there = [line for line in now if line.since is None or line.since <= end]
        return sorted(there, key=attrgetter("unit", "code"))
    lines = [line for line in (*now, *before) if line.active_in(start, end)]
    last = {line.code: line for line in sorted(lines, key=_by_day)}
    if units is not None:  # those who went on to a unit that was not asked for
        codes = [line.code for line in lines if line.until is not None]
        for line in recall_lines(conn, codes=codes) if codes else ():
            if line.active_in(start, end) and _by_day(last[line.code]) < _by_day(line):
                last[line.code] = line
    asked = last.values() if units is None else (c for c in last.values() if c.unit in units)
    return sorted(asked, key=attrgetter("unit", "code"))


def recall_lines(
    conn: Connection,
    units: Collection[str] | None = None,
    *,
    codes: Collection[str] | None = None,
) -> list[Cadre]:
    """Every line of the roll and every posting of these units, or of these persons."""
    now, before = (_lines_in(conn, row, units, codes) for row in (CadreRow, PostingRow))
    if not before:  # as of nearly all units: one line a person
        return sorted(now, key=attrgetter("unit", "code"))
    return sorted((*now, *before), key=lambda line: (line.unit, line.code, *_by_day(line)))


def _lines_in(
    conn: Connection,
    row: type[CadreRow] | type[PostingRow],
    units: Collection[str] | None = None,
    codes: Collection[str] | None = None,
) -> list[Cadre]:
    c = table_of(row).c
    query = select(*(c[name] for name in FIELDS))
    if units is not None:
        query = query.where(c.unit.in_(units))
    if codes is not None:
        query = query.where(c.code.in_(codes))
    return [_cadre_from(line) for line in conn.execute(query).tuples().all()]


def of_these_units(units: Collection[str]) -> Any:
    """For a query: the codes of all who serve, or ever served, in these units."""
    now, before = table_of(CadreRow).c, table_of(PostingRow).c
    return union(
        select(now.code).where(now.unit.in_(units)),
        select(before.code).where(before.unit.in_(units)),
    )


def recall_people(conn: Connection, codes: Collection[str]) -> list[Cadre]:
    """The cadres of these codes, whatever their unit."""
    c = table_of(CadreRow).c
    query = select(*(c[name] for name in FIELDS)).where(c.code.in_(codes))
    return sorted(map(_cadre_from, conn.execute(query).tuples()), key=attrgetter("code"))


def recall_editions(conn: Connection, units: Collection[str]) -> dict[str, str]:
    """By unit, a text that changes whenever a line of its cadres does: by whom and when its lines
    were last written, and how many they are."""
    c = table_of(CadreRow).c
    query = select(c.unit, c.run, func.min(c.at), func.max(c.at), func.count())
    rows = conn.execute(query.where(c.unit.in_(units)).group_by(c.unit, c.run))
    found: dict[str, list[str]] = {unit: [] for unit in units}
    for unit, run, first, last, count in rows.tuples():
        found[unit].append(f"{run} {first} {last} {count}")
    return {unit: "\n".join(sorted(editions)) for unit, editions in found.items()}


def _left_behind(old: Cadre | None, new: Cadre) -> Cadre | None:
    """The posting that somebody leaves who serves in another unit, or again after a break."""
    if old is None or new.since is None or (old.since is not None and new.since <= old.since):
        return None
    last_day = new.since - timedelta(days=1)
    until = last_day if old.until is None else min(old.until, last_day)
    came_back = old.until is not None and old.until < last_day
    return old._replace(until=until) if old.unit != new.unit or came_back else None


def _by_day(line: Cadre) -> tuple[date, date]:
    return line.since or date.min, line.until or date.max


FIELDS = Cadre._fields
WORDS: tuple[tuple[int, Mapping[str, StrEnum]], ...] = tuple(
    (FIELDS.index(name), {word.value: word for word in words})
    for name, words in (("sex", Sex), ("group", Group), ("engagement", Engagement), ("role", Role))
)


def _cadre_from(row: Sequence[Any]) -> Cadre:
    values = list(row)
    for at, words in WORDS:
        values[at] = words[values[at]]
    return Cadre(*values)
