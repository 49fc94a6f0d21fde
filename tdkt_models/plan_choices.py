"""The proposals that a person names, by number or by unit, of a plan that a country may have.

recall_named(conn, PlanKind.TRAINING, "2026-11", units=["03637"], ids=[12])

Each is found by an index: whoever decides on one line waits for no other unit's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from review.plans import PlanKind, ProposedChange
from tdkt_models.base import by_index, table_of
from tdkt_models.plans import PlanChangeRow, change_from

CHANGES = table_of(PlanChangeRow)


def recall_named(
    conn: Connection,
    kind: PlanKind,
    period: str,
    *,
    units: Collection[str] = (),
    ids: Collection[int] = (),
) -> list[ProposedChange]:
    """Changes to the plan of `period`, or made by the review of it: those of these units, and those
    with these ids."""
    found = {
        row.id: change_from(row)
        for query in _queries(conn, kind, period, units, ids)
        for row in conn.execute(query)
    }
    return sorted(found.values(), key=lambda change: change.natural)


def _queries(
    conn: Connection, kind: PlanKind, period: str, units: Collection[str], ids: Collection[int]
) -> Iterator[Select[Any]]:
    c = CHANGES.c
    of_kind = select(CHANGES).where(c.kind == kind.value)
    if ids:
        yield of_kind.where(c.id.in_(ids), or_(c.period == period, c.source == period))
    if units:
        made_by = of_kind.where(c.source == period, c.unit.in_(units))
        yield by_index(made_by, CHANGES, "source", "unit")
        for source in _sources(conn, kind, period):
            made_in = of_kind.where(c.period == period, c.source == source, c.unit.in_(units))
            yield by_index(made_in, CHANGES, "source", "unit")


def _sources(conn: Connection, kind: PlanKind, period: str) -> Iterator[str]:
    """The reviews that propose for a plan: they are few, and each is one step of the index."""
    c, last = CHANGES.c, ""
    next_one = select(func.min(c.source)).where(c.kind == kind.value, c.period == period)
    while found := conn.execute(next_one.where(c.source > last)).scalar():
        yield found
        last = found
