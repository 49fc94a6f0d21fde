"""What is known of each unit for the tables of its cluster and of agencies, measure by measure.

keep_unit_figures(conn, "2026", "khoi", {"03637": [figure]}, stamp)
recall_unit_figures(conn, "2026", "khoi")["03637"]      -> the same figures
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from review.unit_rubric import UnitFigure
from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour

FIELDS = ("actual", "target", "own", "reviewed", "proof", "source")


class UnitFigureRow(Base):
    """Hundredths: of a point for `own` and `reviewed`, of their own unit for the rest."""

    __tablename__ = "unit_figures"

    period: Mapped[str] = mapped_column(primary_key=True)
    rubric: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    actual: Mapped[int | None]
    target: Mapped[int | None]
    own: Mapped[int | None]
    reviewed: Mapped[int | None]
    proof: Mapped[str]
    source: Mapped[str]


def keep_unit_figures(
    conn: Connection,
    period: str,
    rubric: str,
    figures: Mapping[str, Sequence[UnitFigure]],
    stamp: Stamp,
) -> None:
    """Writes figures by unit and measure; those not given stay as they are."""
    rows = [
        (period, rubric, unit, one.measure, *(getattr(one, name) for name in FIELDS))
        for unit, those in figures.items()
        for one in those
    ]
    pour(conn, table_of(UnitFigureRow), rows, stamp)


def recall_unit_figures(
    conn: Connection, period: str, rubric: str
) -> Mapping[str, list[UnitFigure]]:
    """By unit."""
    table = table_of(UnitFigureRow)
    query = select(table).where(table.c.period == period, table.c.rubric == rubric)
    found: defaultdict[str, list[UnitFigure]] = defaultdict(list)
    for row in conn.execute(query.order_by(table.c.unit, table.c.measure)):
        found[row.unit].append(_figure_from(row))
    return found


def _figure_from(row: Any) -> UnitFigure:
    return UnitFigure(row.measure, *(getattr(row, name) for name in FIELDS))
