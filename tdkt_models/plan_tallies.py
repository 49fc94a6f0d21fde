"""What each unit adds to the figures of a period, kept so that a province is summed unit by unit.

keep_tallies(conn, "2026", {"03637": {"TIET": tally, …}}, stamp)
for unit, tallies in walk_tallies(conn, "2026"): …      in order of unit, few at a time
recall_tallies(conn, "2026", "03637")                   one unit's own
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from review.tally import Tally
from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour
from tdkt_models.roll import RollRow

AT_A_TIME = 200  # units whose tallies are held at once


class TallyRow(Base):
    """`tallies` by code, as review.tally.Tally writes itself."""

    __tablename__ = "plan_tallies"

    period: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    tallies: Mapped[dict[str, Any]]


def keep_tallies(
    conn: Connection, period: str, by_unit: Mapping[str, Mapping[str, Tally]], stamp: Stamp
) -> None:
    """Writes the tallies of these units over what they had in the period."""
    rows = [
        (period, unit, {code: one.as_json() for code, one in sorted(tallies.items())})
        for unit, tallies in by_unit.items()
    ]
    pour(conn, table_of(TallyRow), rows, stamp)


def walk_tallies(conn: Connection, period: str) -> Iterator[tuple[str, dict[str, Tally]]]:
    """Those of the units on the period's roll; one that left the roll no longer counts."""
    table, roll = table_of(TallyRow), table_of(RollRow)
    on_roll = select(roll.c.unit).where(roll.c.period == period)
    query = select(table.c.unit, table.c.tallies)
    query = query.where(table.c.period == period, table.c.unit.in_(on_roll)).order_by(table.c.unit)
    for row in conn.execute(query, execution_options={"yield_per": AT_A_TIME}):
        yield row.unit, _tallies_from(row.tallies)


def recall_tallies(conn: Connection, period: str, unit: str) -> dict[str, Tally]:
    """One unit's; empty where its period was not reviewed."""
    table = table_of(TallyRow)
    query = select(table.c.tallies).where(table.c.period == period, table.c.unit == unit)
    return _tallies_from(conn.execute(query).scalar() or {})


def _tallies_from(told: Mapping[str, Any]) -> dict[str, Tally]:
    return {code: Tally.from_json(one) for code, one in told.items()}
