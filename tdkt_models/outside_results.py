"""Results that another office sent: of a person who came from it, or of months before this system.

keep_outside(conn, [OutsideResult("2026-03", "03637-01", 8850, "CV 12/SNV", "Lò Văn A")], stamp)
recall_outside(conn, ["2026-03"], units=["03637"])      -> rows of figures, the document last
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from review.rollup_columns import UNKNOWN, State
from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour
from tdkt_models.cadres import of_these_units


class OutsideResultRow(Base):
    __tablename__ = "outside_results"
    __table_args__ = (CheckConstraint("total between 0 and 10000", name="total"),)

    period: Mapped[str] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.code"), primary_key=True)
    total: Mapped[int]
    document: Mapped[str]
    who: Mapped[str]


@dataclass(frozen=True, slots=True)
class OutsideResult:
    """`total` in hundredths of a point; `document` the paper it stands in; `who` entered it."""

    period: str
    cadre: str
    total: int
    document: str
    who: str


def keep_outside(conn: Connection, results: Sequence[OutsideResult], stamp: Stamp) -> None:
    rows = [(r.period, r.cadre, r.total, r.document, r.who) for r in results]
    pour(conn, table_of(OutsideResultRow), rows, stamp)


def recall_outside(
    conn: Connection, periods: Collection[str], units: Collection[str]
) -> list[tuple[Any, ...]]:
    """For the people who are or were in these units: rows of review.rollup_layout.Figures."""
    table, theirs = table_of(OutsideResultRow), of_these_units(units)
    query = select(table).where(table.c.period.in_(periods), table.c.cadre.in_(theirs))
    none = UNKNOWN, UNKNOWN, UNKNOWN, 0, 0  # task, low, high, forced, maternity
    return [
        (row.period, row.cadre, "", int(State.COUNTED), row.total, *none, row.document)
        for row in conn.execute(query)
    ]
