"""What the cards of a unit in a period were made from, so that they are not made twice.

keep_bases(conn, "2026-10", {"03637": "9f2c…"}, stamp)
recall_bases(conn, "2026-10", ["03637"])      -> {"03637": "9f2c…"}

No result and nothing a person decided: taking the rows out makes the next run score again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import clear, pour


class CardBasisRow(Base):
    __tablename__ = "card_bases"

    period: Mapped[str] = mapped_column(ForeignKey("cycles.period"), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    basis: Mapped[str]


def keep_bases(conn: Connection, period: str, bases: Mapping[str, str], stamp: Stamp) -> None:
    """Notes the basis of each unit's cards, by unit code."""
    rows = [(period, unit, basis) for unit, basis in bases.items()]
    pour(conn, table_of(CardBasisRow), rows, stamp)


def recall_bases(conn: Connection, period: str, units: Collection[str]) -> dict[str, str]:
    """By unit code; a unit whose cards were never made is not there."""
    c = table_of(CardBasisRow).c
    query = select(c.unit, c.basis).where(c.period == period, c.unit.in_(units))
    return dict(conn.execute(query).tuples().all())


def forget_bases(conn: Connection, period: str, units: Collection[str]) -> None:
    """The next run makes these units' cards again."""
    names = ("period", "unit")
    clear(conn, table_of(CardBasisRow), names, [(period, unit) for unit in units])
