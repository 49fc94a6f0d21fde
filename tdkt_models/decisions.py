"""What people decided about a period's results: approved or refused, by whom, when and why.

keep_decision(conn, Decision("2026-10", Stage.OFFICE, Ruling.APPROVED, "Lò Văn A", "…"), stamp)
recall_decisions(conn, "2026-10")                   -> in the order they were made
open_units(conn, "2026-10", units)                  -> those whose results may still be scored anew
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from review.approval import Decision, Ruling, Stage, in_round, standing
from review.rollup import Basis
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour_new
from tdkt_models.cycles import CycleState, recall_cycle

LOCKED = (CycleState.APPROVED, CycleState.CLOSED)


class DecisionRow(Base):
    """Written once, never changed: a later decision stands beside it."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(one_of("stage", Stage), name="stage"),
        CheckConstraint(one_of("ruling", Ruling), name="ruling"),
        Index(None, "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    stage: Mapped[str]
    ruling: Mapped[str]
    who: Mapped[str]
    note: Mapped[str]
    unit: Mapped[str]
    digest: Mapped[str]
    basis: Mapped[str] = mapped_column(sort_order=100)  # added later, behind all the others


def keep_decision(conn: Connection, one: Decision, stamp: Stamp) -> None:
    row = (
        one.period, one.stage, one.ruling, one.who, one.note, one.unit, one.digest, one.basis,
    )  # fmt: skip
    pour_new(conn, table_of(DecisionRow), [row], stamp)


def recall_decisions(conn: Connection, period: str) -> list[Decision]:
    table = table_of(DecisionRow)
    query = select(table).where(table.c.period == period).order_by(table.c.id)
    return [_decision_from(row) for row in conn.execute(query)]


def open_units(conn: Connection, period: str, units: Collection[str], basis: str = "") -> list[str]:
    """Of these units, those whose results no person has put their name to: only these may be scored
    anew. From the office's stage on, that is none of them. What was approved provisionally does not
    keep the final results (`basis`) from being made beside it."""
    decisions = recall_decisions(conn, period)
    final = basis == Basis.FINAL
    held = standing(in_round(decisions, basis)) if final else _all_rounds(decisions)
    cycle = recall_cycle(conn, period)
    provisional = final and standing(in_round(decisions, Basis.PROVISIONAL))
    if cycle and cycle.state in LOCKED and not provisional:
        return []
    if any(one.stage is not Stage.UNIT for one in held):
        return []
    signed = {one.unit for one in held}
    return [unit for unit in units if unit not in signed]


def _all_rounds(decisions: Sequence[Decision]) -> list[Decision]:
    rounds = dict.fromkeys(one.basis for one in decisions)
    return [one for basis in rounds for one in standing(in_round(decisions, basis))]


def _decision_from(row: Any) -> Decision:
    return Decision(
        period=row.period,
        stage=Stage(row.stage),
        ruling=Ruling(row.ruling),
        who=row.who,
        note=row.note,
        unit=row.unit,
        digest=row.digest,
        basis=row.basis,
        at=row.at,
    )
