"""The cadres of the roll, known by their code; every change of one stays in the audit.

keep_cadres(conn, [cadre], stamp, who="roster.xlsx")
recall_cadres(conn, units=["03637"])      -> the cadres of that unit in order of code
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, func, select
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


def keep_cadres(conn: Connection, cadres: Sequence[Cadre], stamp: Stamp, who: str = "tdkt") -> None:
    """Writes cadres by code. Cadres that are not given stay as they are."""
    known = {cadre.code: cadre for cadre in recall_cadres(conn)}
    changed = [cadre for cadre in cadres if known.get(cadre.code) != cadre]
    columns = poured(table_of(CadreRow))
    rows = [tuple(getattr(cadre, name) for name in columns) for cadre in changed]
    pour(conn, table_of(CadreRow), rows, stamp)
    entries = [
        entry
        for cadre in changed
        if cadre.code in known
        for entry in changes_between(known[cadre.code], cadre, who, "cadre.changed", cadre.code)
    ]
    keep_audit(conn, entries, stamp)


def recall_cadres(conn: Connection, units: Collection[str] | None = None) -> list[Cadre]:
    """The cadres, past ones too, of these units (of all if None), by unit and code."""
    c = table_of(CadreRow).c
    query = select(*(c[name] for name in FIELDS))
    if units is not None:
        query = query.where(c.unit.in_(units))
    rows = conn.execute(query).tuples()
    return sorted(map(_cadre_from, rows), key=attrgetter("unit", "code"))


def recall_cadre(conn: Connection, code: str) -> Cadre | None:
    """One cadre by code, past ones too."""
    c = table_of(CadreRow).c
    query = select(*(c[name] for name in FIELDS)).where(c.code == code)
    row = conn.execute(query).tuples().one_or_none()
    return None if row is None else _cadre_from(row)


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


FIELDS = tuple(field.name for field in fields(Cadre))
WORDS: tuple[tuple[int, Mapping[str, StrEnum]], ...] = tuple(
    (FIELDS.index(name), {word.value: word for word in words})
    for name, words in (("sex", Sex), ("group", Group), ("engagement", Engagement), ("role", Role))
)


def _cadre_from(row: Sequence[Any]) -> Cadre:
    values = list(row)
    for at, words in WORDS:
        values[at] = words[values[at]]
    return Cadre(*values)
