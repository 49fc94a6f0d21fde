"""The quota's lists as last drawn, and the choices that people made where the points were level.

keep_lists(conn, "2026", drawn.lists, stamp)
keep_choice(conn, Choice("2026", "A-07", "Lò Văn A", "Có sáng kiến cấp tỉnh"), stamp)
recall_choices(conn, "2026")        -> every choice, in the order made
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from review.quota import CapReading
from review.quota_lists import QuotaList, Scope
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour, pour_new

FIGURES = ("percent", "rated", "good", "candidates", "seats")
NAMES = ("chosen", "tied", "displaced", "waiting", "unsettled", "flags")


class QuotaListRow(Base):
    __tablename__ = "quota_lists"
    __table_args__ = (
        CheckConstraint(one_of("scope", Scope), name="scope"),
        CheckConstraint(one_of("reading", CapReading), name="reading"),
        CheckConstraint("seats >= 0 and seats <= rated", name="seats"),
    )

    period: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    reading: Mapped[str]
    percent: Mapped[int]
    rated: Mapped[int]
    good: Mapped[int]
    candidates: Mapped[int]
    seats: Mapped[int]
    chosen: Mapped[list[Any]]
    tied: Mapped[list[Any]]
    displaced: Mapped[list[Any]]
    waiting: Mapped[list[Any]]
    unsettled: Mapped[list[Any]]
    flags: Mapped[list[Any]]
    seats_by_reading: Mapped[dict[str, Any]]


class About(StrEnum):
    """What a person's word is about: who is preferred in a tie, or for whom nobody waits."""

    TIE = "tie"
    WAIT = "wait"


class QuotaChoiceRow(Base):
    """Written once, never changed."""

    __tablename__ = "quota_choices"
    __table_args__ = (
        CheckConstraint(one_of("about", About), name="about"),
        Index(None, "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    cadre: Mapped[str]
    chosen: Mapped[bool]
    who: Mapped[str]
    why: Mapped[str]
    about: Mapped[str] = mapped_column(sort_order=100)  # added later, behind all the others


@dataclass(frozen=True, slots=True)
class Choice:
    """A person preferred this cadre in a tie, or decided not to wait for this cadre's result;
    `chosen` False takes it back."""

    period: str
    cadre: str
    who: str
    why: str
    about: About = About.TIE
    chosen: bool = True
    at: datetime | None = None


def keep_lists(conn: Connection, period: str, lists: Sequence[QuotaList], stamp: Stamp) -> None:
    """Makes these the lists of the period."""
    table = table_of(QuotaListRow)
    names = {(one.scope.value, one.name) for one in lists}
    there = conn.execute(select(table.c.scope, table.c.name).where(table.c.period == period))
    for scope, name in there.tuples().all():
        if (scope, name) not in names:
            gone = table.c.period == period, table.c.scope == scope, table.c.name == name
            conn.execute(delete(table).where(*gone))
    rows = [
        (
            period,
            one.scope,
            one.name,
            one.reading,
            *(getattr(one, figure) for figure in FIGURES),
            *(list(getattr(one, name)) for name in NAMES),
            dict(one.seats_by_reading),
        )
        for one in lists
    ]
    pour(conn, table, rows, stamp)


def recall_lists(conn: Connection, period: str) -> list[QuotaList]:
    table = table_of(QuotaListRow)
    rows = conn.execute(select(table).where(table.c.period == period))
    return sorted(map(_list_from, rows), key=lambda one: (one.scope, one.name))


def keep_choice(conn: Connection, one: Choice, stamp: Stamp) -> None:
    row = (one.period, one.cadre, one.chosen, one.who, one.why, one.about)
    pour_new(conn, table_of(QuotaChoiceRow), [row], stamp)


def recall_choices(conn: Connection, period: str) -> list[Choice]:
    table = table_of(QuotaChoiceRow)
    query = select(table).where(table.c.period == period).order_by(table.c.id)
    return [
        Choice(row.period, row.cadre, row.who, row.why, About(row.about), bool(row.chosen), row.at)
        for row in conn.execute(query)
    ]


def named(choices: Sequence[Choice], about: About) -> frozenset[str]:
    """Whom the last word on each prefers in a tie, or does not wait for."""
    last = {one.cadre: one.chosen for one in choices if one.about is about}
    return frozenset(cadre for cadre, chosen in last.items() if chosen)


def _list_from(row: Any) -> QuotaList:
    return QuotaList(
        scope=Scope(row.scope),
        name=row.name,
        reading=CapReading(row.reading),
        percent=row.percent,
        rated=row.rated,
        good=row.good,
        candidates=row.candidates,
        seats=row.seats,
        **{name: tuple(getattr(row, name)) for name in NAMES},
        seats_by_reading=row.seats_by_reading,
    )
