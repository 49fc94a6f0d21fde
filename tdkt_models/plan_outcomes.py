"""What came of the lines of plans, as each review saw it.

keep_outcomes(conn, "2026-Q4", followed, stamp, units)     this review's word on these units' lines
recall_outcomes(conn, kind, "2026-11")[unit, key]          -> (Outcome.DONE, "Đã học …")

A month's line is seen by the month's review and again by the quarter's and the year's, each from
more reports. They do not write over one another, so the order in which they are held makes no
difference: of those that know, the one that saw most counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import CheckConstraint, Connection, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from review.period import Period
from review.plans import Outcome, PlanKind
from review.proposals import FollowedUp
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import clear, pour

KEY = ("kind", "period", "unit", "key", "review")
Seen = dict[tuple[str, str], tuple[Outcome, str]]


class OutcomeRow(Base):
    """`review` is the period whose review saw it."""

    __tablename__ = "plan_outcomes"
    __table_args__ = (
        CheckConstraint(one_of("kind", PlanKind), name="kind"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        Index(None, "review", "unit"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    review: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    says: Mapped[str]


def keep_outcomes(
    conn: Connection,
    review: str,
    followed: Sequence[FollowedUp],
    stamp: Stamp,
    units: Collection[str],
) -> None:
    """Makes these the only words of this review on the lines of these units."""
    table = table_of(OutcomeRow)
    rows = [
        (f.line.kind.value, f.line.period, f.line.unit, f.line.key, review, f.outcome.value, f.says)
        for f in followed
    ]
    query = select(*(table.c[name] for name in KEY))
    there = conn.execute(query.where(table.c.review == review, table.c.unit.in_(units)))
    clear(conn, table, KEY, list({tuple(row) for row in there}.difference(r[:5] for r in rows)))
    pour(conn, table, rows, stamp)


def recall_outcomes(
    conn: Connection, kind: PlanKind, period: str, units: Collection[str] | None = None
) -> Seen:
    """By unit and key: the word of the longest review that knows, else that nobody does."""
    table = table_of(OutcomeRow)
    query = select(table).where(table.c.kind == kind.value, table.c.period == period)
    if units is not None:
        query = query.where(table.c.unit.in_(units))
    rows = sorted(
        conn.execute(query),
        key=lambda row: (row.outcome != Outcome.UNKNOWN, Period.parse(row.review).cadence.months),
    )
    return {(row.unit, row.key): (Outcome(row.outcome), row.says) for row in rows}
