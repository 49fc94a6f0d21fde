"""A person's word on proposed changes; accepted lines are the plan's next version.

decide.fn(office, PlanKind.TRAINING, "2026-11", Choice(ids=(3, 4)), decision, run)
    -> Decided(changes=2, version=5)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prefect import task
from sqlalchemy import Connection

from review.plans import (
    ChangeState,
    Decision,
    PlanKind,
    ProposedChange,
    applied,
    decided,
    may_be,
    undone,
)
from tasks.office import Office
from tasks.tell_decisions import tell_plans
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Stamp
from tdkt_models.plan_choices import recall_named
from tdkt_models.plan_lines import keep_version, recall_earlier, recall_lines
from tdkt_models.plans import keep_changes, recall_changes


class NothingToDecide(ValueError):
    """None of the changes named can be decided so; the message says why."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which proposals are meant: these ids, or those of a unit, or all."""

    ids: tuple[int, ...] = ()
    unit: str = ""
    all: bool = False

    def __post_init__(self) -> None:
        if not (self.ids or self.unit or self.all):
            raise ValueError("Hãy nêu dòng nào (số dòng), --unit MÃ hoặc --all.")

    def holds(self, change: ProposedChange) -> bool:
        return (
            self.all or change.id in self.ids or bool(self.unit and change.line.unit == self.unit)
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """`versions` are the plans that have a new version, by period."""

    changes: int
    versions: tuple[tuple[str, int], ...]


@task(name="Quyết định thay đổi kế hoạch")
def decide(
    office: Office, kind: PlanKind, period: str, choice: Choice, decision: Decision, run: str
) -> Decided:
    """Raises NothingToDecide, and keeps nothing, where a line named cannot be decided so."""
    stamp = Stamp(at=decision.at, run=run)
    with office.book() as book, book.writing() as conn:
        chosen = _chosen(_named(conn, kind, period, choice), choice, decision.verdict)
        keep_changes(conn, [decided(change, decision) for change in chosen], stamp)
        keep_audit(conn, [_entry(change, decision) for change in chosen], stamp)
        versions = [
            (about, version)
            for about in sorted({change.line.period for change in chosen})
            if (version := _next_version(conn, kind, about, chosen, decision, stamp))
        ]
        tell_plans(conn, office, chosen, decision, run)
    return Decided(len(chosen), tuple(versions))


def _named(
    conn: Connection, kind: PlanKind, period: str, choice: Choice
) -> Sequence[ProposedChange]:
    if choice.all:
        return recall_changes(conn, kind, period, either=True)
    units = [choice.unit] if choice.unit else []
    return recall_named(conn, kind, period, units=units, ids=choice.ids)


def changes_of(office: Office, kind: PlanKind, period: str) -> list[ProposedChange]:
    """The changes to the plan of a period, or those that its review proposed."""
    with office.book() as book, book.reading() as conn:
        return recall_changes(conn, kind, period, either=True)


def _chosen(
    there: Sequence[ProposedChange], choice: Choice, verdict: ChangeState
) -> list[ProposedChange]:
    known = {change.id for change in there}
    if strangers := [str(n) for n in choice.ids if n not in known]:
        raise NothingToDecide(f"Không có dòng số {', '.join(strangers)} trong kế hoạch này.")
    meant = [change for change in there if choice.holds(change)]
    if choice.ids and (wrong := [c for c in meant if not may_be(c, verdict)]):
        first = wrong[0]
        raise NothingToDecide(f"Dòng {first.id} đang ở trạng thái “{first.state.label}”.")
    able = [change for change in meant if may_be(change, verdict)]
    if not able:
        raise NothingToDecide("Không có dòng nào để quyết định như vậy.")
    return able


def _next_version(
    conn: Connection,
    kind: PlanKind,
    period: str,
    chosen: Sequence[ProposedChange],
    decision: Decision,
    stamp: Stamp,
) -> int | None:
    """The new version's number, None where the decision changes no line. Only the units that were
    decided on are read: a plan of a country has lines of ten thousand."""
    mine = [change for change in chosen if change.line.period == period]
    units = sorted({change.line.unit for change in mine})
    now = {line.place: line for line in recall_lines(conn, kind, period, units=units)}
    after = now
    if decision.verdict is ChangeState.ACCEPTED:
        after = applied(now, mine)
    elif decision.verdict is ChangeState.TAKEN_BACK:
        accepted = [change for change in mine if change.state is ChangeState.ACCEPTED]
        after = undone(now, accepted, recall_earlier(conn, kind, period, units))
    if after == now:
        return None
    who, note = decision.who, decision.note
    lines = list(after.values())
    return keep_version(conn, kind, period, lines, who, note, stamp, units=units)


def _entry(change: ProposedChange, decision: Decision) -> AuditEntry:
    line = change.line
    detail = {
        "kind": line.kind.value,
        "period": line.period,
        "key": line.key,
        "was": change.state.value,
        "note": decision.note,
    }
    return AuditEntry(decision.who, f"plan.{decision.verdict.value}", line.unit or "tinh", detail)
