"""What people did to files and periods, each act once and never changed; also in the audit.

keep_acts(conn, [Act(ActKind.RECALLED, "2026-10", "03637", reason, who, file=7)], stamp)
recall_acts(conn, "2026-10", ["03637"])     -> the acts in the order they were done
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from review.acts import Act, ActKind
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour_new


class ActRow(Base):
    __tablename__ = "acts"
    __table_args__ = (
        CheckConstraint(one_of("kind", ActKind), name="kind"),
        CheckConstraint("reason <> '' and who <> ''", name="reason"),
        Index(None, "period", "unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    period: Mapped[str]
    unit: Mapped[str]
    file: Mapped[int | None] = mapped_column(ForeignKey("received_files.id"))
    until: Mapped[datetime | None]
    reason: Mapped[str]
    who: Mapped[str]


def keep_acts(conn: Connection, acts: Sequence[Act], stamp: Stamp) -> None:
    """Adds acts, each with its line in the audit."""
    rows = [
        (act.kind, act.period, act.unit, act.file, act.until, act.reason, act.who) for act in acts
    ]
    pour_new(conn, table_of(ActRow), rows, stamp)
    keep_audit(conn, map(_audited, acts), stamp)


def _audited(act: Act) -> AuditEntry:
    detail: dict[str, Any] = {"period": act.period, "reason": act.reason}
    if act.file is not None:
        detail["file"] = act.file
    if act.until is not None:
        detail["until"] = act.until.isoformat()
    subject, noun = (act.unit, "unit") if act.unit else (act.period, "period")
    return AuditEntry(act.who, f"{noun}.{act.kind}", subject, detail)


def recall_acts(conn: Connection, period: str, units: Collection[str] | None = None) -> list[Act]:
    """The acts of a period in their order: those on these units and those on the whole period."""
    table = table_of(ActRow)
    query = select(table).where(table.c.period == period).order_by(table.c.id)
    if units is not None:
        query = query.where(table.c.unit.in_(["", *units]))
    return [
        Act(ActKind(r.kind), r.period, r.unit, r.reason, r.who, r.file, r.until, r.at)
        for r in conn.execute(query)
    ]
