"""The units that owe a report, and the addresses their letters go to.

keep_units(conn, [unit], stamp, who="roster.xlsx")    what changed goes to the audit
recall_units(conn)["03637"].contacts                  -> ("xa.dao-san@laichau.gov.vn",)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from operator import attrgetter

from sqlalchemy import CheckConstraint, Connection, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from review.units import Unit, UnitKind
from tdkt_models.audit import changes_between, keep_audit
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour, replace


class UnitRow(Base):
    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint(one_of("kind", UnitKind), name="kind"),
        CheckConstraint("until is null or since <= until", name="life"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    cluster: Mapped[str]
    head: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    successor: Mapped[str]


class UnitContactRow(Base):
    __tablename__ = "unit_contacts"

    unit: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    address: Mapped[str]


def keep_units(conn: Connection, units: Sequence[Unit], stamp: Stamp, who: str = "tdkt") -> None:
    """Writes units by code. Units that are not given stay as they are."""
    known = recall_units(conn)
    changed = [unit for unit in units if known.get(unit.code) != unit]
    rows = [
        (u.code, u.name, u.kind, u.cluster, u.head, u.since, u.until, u.successor) for u in changed
    ]
    pour(conn, table_of(UnitRow), rows, stamp)
    contacts = [(u.code, n, address) for u in changed for n, address in enumerate(u.contacts)]
    codes = [unit.code for unit in changed]
    replace(conn, table_of(UnitContactRow), "unit", codes, contacts, stamp)
    entries = [
        entry
        for unit in changed
        if unit.code in known
        for entry in changes_between(known[unit.code], unit, who, "unit.changed", unit.code)
    ]
    keep_audit(conn, entries, stamp)


def recall_units(conn: Connection, codes: Collection[str] | None = None) -> dict[str, Unit]:
    """Units (every one, if no codes are given), alive or not, by code and in order of code."""
    contacts: defaultdict[str, list[str]] = defaultdict(list)
    of, c = table_of(UnitContactRow).c, table_of(UnitRow).c
    addresses = select(of.unit, of.address).order_by(of.unit, of.position)
    rows = select(c.code, c.name, c.kind, c.cluster, c.head, c.since, c.until, c.successor)
    if codes is not None:
        addresses = addresses.where(of.unit.in_(codes))
        rows = rows.where(c.code.in_(codes))
    for unit, address in conn.execute(addresses).tuples():
        contacts[unit].append(address)
    units = [
        Unit(code, name, KINDS[kind], cluster, head, tuple(contacts.get(code, ())), *life)
        for code, name, kind, cluster, head, *life in conn.execute(rows).tuples()
    ]
    return {unit.code: unit for unit in sorted(units, key=attrgetter("code"))}


def recall_last_days(conn: Connection, codes: Collection[str]) -> dict[str, date]:
    """The last day of those of these units that are gone, or have a day on which they will be."""
    c = table_of(UnitRow).c
    query = select(c.code, c.until).where(c.code.in_(codes), c.until.is_not(None))
    return {code: until for code, until in conn.execute(query).tuples() if until}


KINDS = {kind.value: kind for kind in UnitKind}
