"""What each longer period stood on when it was last held, and what was written there since.

    keep_touched(conn, ["2026-07"], stamp)          by Book.writing, with the change itself
    counts = recall_touched(conn, ["2026-07"])      -> {"2026-07": 12}
    keep_footing(conn, Footing("2026-Q3", counts), stamp)
    recall_fallen(conn)                             -> [Fallen("2026-Q3", …, ("2026-07",))]

    roster_edition(conn)                            -> a text that changes with the roster

A mark is written with the change itself, so neither a killed run nor a person's act can leave a
period changed and its marks as they were. A period stands on itself too: on what others wrote there
(lines carried into it, a decision on its plan), not on what its own run wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour_new, replace


class TouchedPeriodRow(Base):
    """One row a transaction and period (or the ROSTER); the rows are counted, never read."""

    __tablename__ = "touched_periods"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(index=True)


class FootingRow(Base):
    """`seen` counts the marks of `part` when the holding of `period` began."""

    __tablename__ = "footings"

    period: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    seen: Mapped[int]
    held: Mapped[datetime]


TOUCHED, FOOTINGS = table_of(TouchedPeriodRow), table_of(FootingRow)
ROSTER = "roster"  # what every period stands on is marked like one
OF_THE_ROSTER = frozenset({"units", "unit_contacts", "cadres", "postings"})


@dataclass(frozen=True, slots=True)
class Footing:
    """What a period stands on: by part, how many marks were there."""

    period: str
    seen: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Fallen:
    """A period some parts of which have changed since it was `held`."""

    period: str
    held: datetime
    parts: tuple[str, ...]


def keep_touched(conn: Connection, periods: Sequence[str], stamp: Stamp) -> None:
    pour_new(conn, TOUCHED, [(period,) for period in periods], stamp)


def recall_touched(
    conn: Connection, periods: Collection[str], *, own: str = "", run: str = ""
) -> dict[str, int]:
    """By period the marks there are; of the period `own` only those that `run` did not write."""
    by_others = or_(TOUCHED.c.period != own, TOUCHED.c.run != run)
    query = select(TOUCHED.c.period, func.count()).where(TOUCHED.c.period.in_(periods), by_others)
    rows = conn.execute(query.group_by(TOUCHED.c.period)).tuples()
    found: dict[str, int] = dict(rows.all())
    return {period: found.get(period, 0) for period in periods}


def roster_edition(conn: Connection) -> str:
    """The newest mark on the roster, found in one step: asking its lines takes a fifth of a second
    in a country of 250,000, and every batch asks."""
    c = TOUCHED.c
    newest = select(c.id, c.at, c.run).where(c.period == ROSTER).order_by(c.id.desc()).limit(1)
    return str(conn.execute(newest).tuples().one_or_none())


def keep_footing(conn: Connection, footing: Footing, stamp: Stamp) -> None:
    """Takes the place of what the period stood on before."""
    rows = [(footing.period, part, seen, stamp.at) for part, seen in footing.seen.items()]
    replace(conn, FOOTINGS, "period", [footing.period], rows, stamp)


def recall_fallen(conn: Connection) -> list[Fallen]:
    """Every period that does not stand any more, with the parts that have changed."""
    f, t = FOOTINGS.c, TOUCHED.c
    there = and_(t.period == f.part, or_(f.part != f.period, t.run != f.run))
    now = select(func.count()).where(there).correlate(FOOTINGS).scalar_subquery()
    query = select(f.period, f.held, f.part).where(now != f.seen).order_by(f.period, f.part)
    parts: defaultdict[tuple[str, datetime], list[str]] = defaultdict(list)
    for period, held, part in conn.execute(query).tuples():
        parts[period, held].append(part)
    return [Fallen(period, held, tuple(some)) for (period, held), some in parts.items()]
