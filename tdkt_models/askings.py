"""What people were asked to decide, on what figures, and what became of each asking.

keep_asking(conn, Asking("run/1", Power.APPROVE, "2026-10", matter, about), stamp)
note_outcome(conn, "run/1", "Lò Văn Inh", DONE, stamp)
recall_asking(conn, "run/1")        -> with its outcome: DONE, or why it was not done, or ""
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Mapped, mapped_column

from review.powers import Power
from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour

DONE = "done"


class AskingRow(Base):
    __tablename__ = "askings"

    asking: Mapped[str] = mapped_column(primary_key=True)
    power: Mapped[str]
    period: Mapped[str]
    matter: Mapped[str]
    about: Mapped[str]
    who: Mapped[str]
    outcome: Mapped[str]


ASKINGS = table_of(AskingRow)


@dataclass(frozen=True, slots=True)
class Asking:
    """`name` is the run and the attempt; `about` a hash of what was shown; `outcome` "" while
    nobody has answered; `at` when it was asked."""

    name: str
    power: Power
    period: str
    matter: str
    about: str
    who: str = ""
    outcome: str = ""
    at: datetime | None = None


def keep_asking(conn: Connection, one: Asking, stamp: Stamp) -> None:
    values = (one.name, one.power, one.period, one.matter, one.about, one.who, one.outcome)
    pour(conn, ASKINGS, [values], stamp)


def note_outcome(conn: Connection, name: str, who: str, outcome: str) -> None:
    mine = ASKINGS.c.asking == name
    conn.execute(update(ASKINGS).where(mine).values(who=who, outcome=outcome))


def recall_asking(conn: Connection, name: str) -> Asking | None:
    row = conn.execute(select(ASKINGS).where(ASKINGS.c.asking == name)).one_or_none()
    if row is None:
        return None
    power = Power(row.power)
    return Asking(
        row.asking, power, row.period, row.matter, row.about, row.who, row.outcome, row.at
    )


def recall_askings(conn: Connection, run: str) -> list[Asking]:
    """All that one run has asked, in the order asked."""
    c = ASKINGS.c
    query = select(ASKINGS).where(c.asking.startswith(f"{run}/", autoescape=True))
    rows = conn.execute(query).all()
    found = [
        Asking(r.asking, Power(r.power), r.period, r.matter, r.about, r.who, r.outcome, r.at)
        for r in rows
    ]
    return sorted(found, key=lambda one: int(one.name.rpartition("/")[2]))
