"""Who did what, and when: written once, never changed.

keep_audit(conn, [AuditEntry("Lò Văn Inh", "unit.extended", "03637", {"days": 3})], stamp)
recall_audit(conn, subject="03637")[0].what      -> "unit.extended"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour_new


class AuditRow(Base):
    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str]
    what: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. `who` is a person or the name of the program; `what` like "unit.changed"; `subject`
    the code it touched; `detail` JSON-ready. `at` and `run` are filled when recalled."""

    who: str
    what: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    run: str = ""


def keep_audit(conn: Connection, entries: Iterable[AuditEntry], stamp: Stamp) -> None:
    """Adds entries; they get the stamp's time and run."""
    rows = [(entry.who, entry.what, entry.subject, dict(entry.detail)) for entry in entries]
    pour_new(conn, table_of(AuditRow), rows, stamp)


def recall_audit(
    conn: Connection, *, subject: str | None = None, what: str | None = None
) -> list[AuditEntry]:
    """The entries in the order they were written."""
    audit = table_of(AuditRow)
    query = select(audit).order_by(audit.c.id)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    if what is not None:
        query = query.where(audit.c.what == what)
    return [
        AuditEntry(row.who, row.what, row.subject, row.detail, row.at, row.run)
        for row in conn.execute(query)
    ]


def changes_between(was: Any, now: Any, who: str, what: str, subject: str) -> list[AuditEntry]:
    """An entry that names each field in which two values of one dataclass differ, or none."""
    detail = {
        f.name: [_plain(getattr(was, f.name)), _plain(getattr(now, f.name))]
        for f in fields(now)
        if getattr(was, f.name) != getattr(now, f.name)
    }
    return [AuditEntry(who, what, subject, detail)] if detail else []


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, int) else str(value)
