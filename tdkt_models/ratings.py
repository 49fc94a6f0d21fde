"""The marks that came on raters' slips: under seal until all that are needed are in.

keep_ratings(conn, [(rating, sealed)], stamp)       the latest slip of a rater takes the place
recall_ratings(conn, "2026-10", units)              -> what is known: marks only of those opened
open_rating(conn, rating, marks, stamp)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column

from review.ratings import Rating
from tdkt_models.base import Base, Stamp, by_index, table_of
from tdkt_models.bulk import pour


class RatingRow(Base):
    """`sealed` is what channels.sealing made; `marks` (hundredths) is there once it is opened."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("(opened_at is null) = (marks is null)", name="opened"),
        CheckConstraint("role in ('tu_cham', 'quan_ly', 'tham_quyen')", name="role"),
        Index(None, "period", "unit"),
    )

    period: Mapped[str] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.code"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    rater: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    file: Mapped[str]
    line: Mapped[int]
    received_at: Mapped[datetime]
    digest: Mapped[str]
    sealed: Mapped[str]
    opened_at: Mapped[datetime | None]
    marks: Mapped[dict[str, Any] | None]


def keep_ratings(conn: Connection, ratings: Sequence[tuple[Rating, str]], stamp: Stamp) -> None:
    """Keeps slips under seal. One that is open already stays: what was shown is not exchanged; the
    same digest again changes nothing."""
    periods = {one.period for one, _ in ratings}
    known = {(r.about): r for period in periods for r in recall_ratings(conn, period)}
    rows = [
        (one.period, one.cadre, one.role, one.rater, one.unit, one.file, one.line, one.at,
         one.digest, sealed, None, None)
        for one, sealed in ratings
        if not ((before := known.get(one.about))
                and (before.opened_at or before.digest == one.digest))
    ]  # fmt: skip
    pour(conn, table_of(RatingRow), rows, stamp)


def recall_ratings(
    conn: Connection, period: str, units: Collection[str] | None = None
) -> list[Rating]:
    table = table_of(RatingRow)
    query = select(table).where(table.c.period == period)
    if units is not None:
        query = by_index(query.where(table.c.unit.in_(units)), table, "period", "unit")
    rows = conn.execute(query.order_by(table.c.cadre, table.c.role, table.c.rater))
    return [
        Rating(r.period, r.unit, r.cadre, r.role, r.rater, r.file, r.line, r.digest,
               r.marks or {}, r.received_at, r.opened_at)
        for r in rows
    ]  # fmt: skip


def recall_seals(conn: Connection, period: str, units: Collection[str]) -> dict[str, str]:
    """By what each is about, the slips that are still under seal."""
    table = table_of(RatingRow)
    query = select(table).where(
        table.c.period == period, table.c.unit.in_(units), table.c.opened_at.is_(None)
    )
    return {f"{r.period}/{r.cadre}/{r.role}/{r.rater}": r.sealed for r in conn.execute(query)}


def sealed_units(conn: Connection, period: str, units: Collection[str]) -> list[str]:
    """Of these units, those of which something is under seal."""
    c = table_of(RatingRow).c
    query = select(c.unit).where(c.period == period, c.unit.in_(units), c.opened_at.is_(None))
    return sorted(conn.execute(query.distinct()).scalars())


def open_rating(conn: Connection, one: Rating, marks: Mapping[str, int], stamp: Stamp) -> None:
    table = table_of(RatingRow)
    mine = (
        table.c.period == one.period,
        table.c.cadre == one.cadre,
        table.c.role == one.role,
        table.c.rater == one.rater,
        table.c.opened_at.is_(None),
    )
    conn.execute(update(table).where(*mine).values(opened_at=stamp.at, marks=dict(marks)))
