"""Whether letters may leave: nobody's mail goes out until a person has armed it (feature L20).

arm(conn, "Lò Văn Inh", until, stamp, second="Sùng Thị Mỷ")
armed(conn, now).by_whom        -> "Lò Văn Inh"; None when not armed, or not any more
disarm(conn, "Lò Văn Inh", stamp)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour_new


class ArmingRow(Base):
    __tablename__ = "armings"

    id: Mapped[int] = mapped_column(primary_key=True)
    by_whom: Mapped[str]
    second: Mapped[str]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str]


ARMINGS = table_of(ArmingRow)
OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Arming:
    """Who let the letters go (and who agreed), since when and until when."""

    by_whom: str
    second: str
    since: datetime
    until: datetime


def arm(conn: Connection, by_whom: str, until: datetime, stamp: Stamp, *, second: str = "") -> None:
    """Letters may leave from now until `until`; an earlier arming ends. Audited."""
    _end(conn, by_whom, stamp)
    pour_new(conn, ARMINGS, [(by_whom, second, until, None, "")], stamp)
    detail = {"until": until.isoformat(), "second": second}
    keep_audit(conn, [AuditEntry(by_whom, "mail.armed", OFFICE, detail)], stamp)


def disarm(conn: Connection, by_whom: str, stamp: Stamp) -> bool:
    """From now on letters are rehearsed only. Audited. False if nothing was armed."""
    ended = _end(conn, by_whom, stamp)
    keep_audit(conn, [AuditEntry(by_whom, "mail.disarmed", OFFICE)], stamp)
    return ended


def armed(conn: Connection, now: datetime) -> Arming | None:
    """The arming in force at a moment."""
    c = ARMINGS.c
    query = select(ARMINGS).where(c.ended_at.is_(None), c.until > now).order_by(c.id.desc())
    row = conn.execute(query.limit(1)).one_or_none()
    return None if row is None else Arming(row.by_whom, row.second, row.at, row.until)


def _end(conn: Connection, by_whom: str, stamp: Stamp) -> bool:
    ended = conn.execute(
        update(ARMINGS)
        .where(ARMINGS.c.ended_at.is_(None), ARMINGS.c.until > stamp.at)
        .values(ended_at=stamp.at, ended_by=by_whom)
        .execution_options(preserve_rowcount=True)
    )
    return ended.rowcount > 0
