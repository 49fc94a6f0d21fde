"""The roll of a cycle: which units owe a report, where each stands, who was given more time.

keep_roll(conn, entries, stamp)
recall_roll(conn, "2026-10", units=["03637"])     -> [RollEntry("03637", "2026-10", …)]
extend(conn, Extension("03637", "2026-10", 3, "Lũ quét", "Lò Văn Inh"), stamp)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from review.findings import Verdict
from review.roll import RollEntry, RollState
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import clear, pour


class RollRow(Base):
    __tablename__ = "roll_entries"
    __table_args__ = (
        CheckConstraint(one_of("state", RollState), name="state"),
        CheckConstraint(one_of("verdict", Verdict), name="verdict"),
    )

    period: Mapped[str] = mapped_column(ForeignKey("cycles.period"), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    due: Mapped[datetime]
    state: Mapped[str]
    verdict: Mapped[str | None]
    received: Mapped[bool]
    received_at: Mapped[datetime | None]
    late_days: Mapped[int]
    counted: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    reason: Mapped[str]


class ExtensionRow(Base):
    __tablename__ = "extensions"
    __table_args__ = (CheckConstraint("days > 0", name="days"),)

    period: Mapped[str] = mapped_column(ForeignKey("cycles.period"), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    days: Mapped[int]
    reason: Mapped[str]
    who: Mapped[str]


@dataclass(frozen=True, slots=True)
class Extension:
    """`days` calendar days more for one unit, why, and who granted them."""

    unit: str
    period: str
    days: int
    reason: str
    who: str


def keep_roll(conn: Connection, entries: Sequence[RollEntry], stamp: Stamp) -> None:
    """Writes entries by period and unit; the cycle and the units must be in the book."""
    rows = [
        (
            entry.period,
            entry.unit,
            entry.due,
            entry.state.value,
            entry.verdict and entry.verdict.value,
            entry.received,
            entry.received_at,
            entry.late_days,
            entry.counted,
            entry.reason,
        )
        for entry in entries
    ]
    pour(conn, table_of(RollRow), rows, stamp)


def recall_roll(
    conn: Connection, period: str, units: Collection[str] | None = None
) -> list[RollEntry]:
    """The entries of a period (of these units only, if given), by unit."""
    c = table_of(RollRow).c
    query = select(*(c[name] for name in FIELDS)).where(c.period == period)
    if units is not None:
        query = query.where(c.unit.in_(units))
    rows = conn.execute(query).tuples()
    return sorted(map(_entry_from, rows), key=lambda entry: entry.unit)


def units_on_roll(conn: Connection, period: str, named: Collection[str]) -> set[str]:
    """Those of the codes named that are on the roll of a period."""
    c = table_of(RollRow).c
    query = select(c.unit).where(c.period == period, c.unit.in_(named))
    return set(conn.execute(query).scalars())


def take_off_roll(conn: Connection, period: str, units: Collection[str]) -> None:
    """Takes out the entries of units that turned out not to owe a report."""
    clear(conn, table_of(RollRow), ("period", "unit"), [(period, unit) for unit in units])


def extend(conn: Connection, extension: Extension, stamp: Stamp) -> None:
    """Notes more time for a unit (the last word holds) and writes it to the audit. The entry's
    `due` is the caller's to move: it depends on the calendar."""
    row = (extension.period, extension.unit, extension.days, extension.reason, extension.who)
    pour(conn, table_of(ExtensionRow), [row], stamp)
    detail = {"period": extension.period, "days": extension.days, "reason": extension.reason}
    keep_audit(conn, [AuditEntry(extension.who, "unit.extended", extension.unit, detail)], stamp)


def recall_extensions(conn: Connection, period: str) -> dict[str, Extension]:
    """The extensions of a period by unit."""
    table = table_of(ExtensionRow)
    rows = conn.execute(select(table).where(table.c.period == period))
    return {r.unit: Extension(r.unit, r.period, r.days, r.reason, r.who) for r in rows}


FIELDS = tuple(field.name for field in fields(RollEntry))
STATES = {state.value: state for state in RollState}
VERDICTS = {verdict.value: verdict for verdict in Verdict}


def _entry_from(row: Sequence[Any]) -> RollEntry:
    unit, period, due, state, verdict, *rest = row
    known = VERDICTS[verdict] if verdict else None
    return RollEntry(unit, period, due, STATES[state], known, *rest)
