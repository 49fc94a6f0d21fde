"""The ledger of explanations: what a unit said to a finding, and until when the office accepts it.

keep_explanations(conn, [Explanation("03637", "2026-10", "QUA_TUOI_HUU", …)], stamp)
recall_waivers(conn, ["03637"], date(2026, 11, 30))     -> those accepted that still hold that day
answer(conn, 3, Answer.ACCEPTED, until, who, note, stamp)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy import update as update_of
from sqlalchemy.orm import Mapped, mapped_column

from review.explanations import Answer, Explanation
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour


class ExplanationRow(Base):
    __tablename__ = "explanations"
    __table_args__ = (
        UniqueConstraint("unit", "period", "check", "subject", name="natural"),
        CheckConstraint(one_of("answer", Answer), name="answer"),
        CheckConstraint("answer <> 'accepted' or until is not null", name="until"),
        Index(None, "unit", "answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    period: Mapped[str]
    check: Mapped[str]
    subject: Mapped[str]
    asked: Mapped[str]
    says: Mapped[str]
    file: Mapped[int] = mapped_column(ForeignKey("received_files.id"))
    answer: Mapped[str]
    until: Mapped[date | None]
    who: Mapped[str]
    note: Mapped[str]


EXPLANATIONS = table_of(ExplanationRow)


def keep_explanations(conn: Connection, given: Sequence[Explanation], stamp: Stamp) -> None:
    """Writes what units explained, by unit, period, check and subject. Words that are already in
    the ledger keep their answer; other words wait for an answer again."""
    known = {
        (one.unit, one.period, one.check, one.subject): one
        for period in {one.period for one in given}
        for one in recall_explanations(conn, period, {one.unit for one in given})
    }
    rows = [
        (one.unit, one.period, one.check, one.subject, one.asked, one.says, one.file,
         one.answer, one.until, one.who, one.note)
        for one in given
        if (old := known.get((one.unit, one.period, one.check, one.subject))) is None
        or old.says != one.says
    ]  # fmt: skip
    pour(conn, EXPLANATIONS, rows, stamp)


def recall_explanations(
    conn: Connection, period: str, units: Collection[str] | None = None
) -> list[Explanation]:
    """The explanations given in a period (by these units only, if named), in their order."""
    query = select(EXPLANATIONS).where(EXPLANATIONS.c.period == period)
    if units is not None:
        query = query.where(EXPLANATIONS.c.unit.in_(units))
    return [_from_row(row) for row in conn.execute(query.order_by(EXPLANATIONS.c.id))]


def recall_explanation(conn: Connection, number: int) -> Explanation | None:
    row = conn.execute(select(EXPLANATIONS).where(EXPLANATIONS.c.id == number)).one_or_none()
    return None if row is None else _from_row(row)


def recall_waivers(conn: Connection, units: Collection[str], day: date) -> list[Explanation]:
    """What these units explained, in any period, that is accepted and holds on that day."""
    c = EXPLANATIONS.c
    query = select(EXPLANATIONS).where(c.unit.in_(units), c.answer == Answer.ACCEPTED.value)
    rows = conn.execute(query.where(c.until >= day).order_by(c.id))
    return [_from_row(row) for row in rows]


def answer(
    conn: Connection,
    number: int,
    said: Answer,
    until: date | None,
    who: str,
    note: str,
    stamp: Stamp,
) -> None:
    """The office's word on an explanation; the last word holds. Audited."""
    conn.execute(
        update_of(EXPLANATIONS)
        .where(EXPLANATIONS.c.id == number)
        .values(answer=said.value, until=until, who=who, note=note, at=stamp.at, run=stamp.run)
    )
    detail = {"answer": said.value, "until": until.isoformat() if until else None, "note": note}
    keep_audit(conn, [AuditEntry(who, "explanation.answered", str(number), detail)], stamp)


def _from_row(row: Any) -> Explanation:
    return Explanation(
        unit=row.unit,
        period=row.period,
        check=row.check,
        subject=row.subject,
        asked=row.asked,
        says=row.says,
        file=row.file,
        answer=Answer(row.answer),
        until=row.until,
        who=row.who,
        note=row.note,
        id=row.id,
    )
