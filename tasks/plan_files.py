"""A plan as a person reads it, on the screen or in a workbook of the office's layout.

seen = plan_seen(conn, PlanKind.TRAINING, "2026-11")
write_plan(settings, seen, Path("ke-hoach.xlsx"))
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from channels.plan_workbook import PlanPage, plan_workbook
from review.evidence import Measure
from review.period import Period
from review.plans import ChangeState, PlanKind, PlanLine, ProposedChange
from review.settings import Settings
from tdkt_models.plan_lines import last_version, recall_lines
from tdkt_models.plan_measures import recall_measures
from tdkt_models.plans import recall_changes
from tdkt_models.units import recall_units


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """A version of a plan with the changes that made it and the figures of the period before.
    `source` is the period whose review proposed it."""

    kind: PlanKind
    period: str
    source: str
    version: int
    lines: tuple[PlanLine, ...]
    changes: tuple[ProposedChange, ...]
    figures: tuple[Measure, ...]
    names: dict[str, str]

    @property
    def waiting(self) -> int:
        return sum(change.state is ChangeState.PROPOSED for change in self.changes)


def plan_seen(
    conn: Connection, kind: PlanKind, period: str, version: int | None = None, unit: str = ""
) -> PlanSeen:
    """The plan of a period; a period that only proposed changes shows the plan of the next one."""
    period = _plan_period(conn, kind, period)
    source = str(Period.parse(period).previous())
    return PlanSeen(
        kind,
        period,
        source,
        version or last_version(conn, kind, period),
        tuple(
            line
            for line in recall_lines(conn, kind, period, version)
            if not unit or line.unit == unit
        ),
        tuple(c for c in recall_changes(conn, kind, period) if not unit or c.line.unit == unit),
        tuple(recall_measures(conn, source).get(kind, ())),
        {code: one.name for code, one in recall_units(conn).items()},
    )


def _plan_period(conn: Connection, kind: PlanKind, period: str) -> str:
    if last_version(conn, kind, period) or recall_changes(conn, kind, period):
        return period
    following = str(Period.parse(period).next())
    return following if recall_changes(conn, kind, following) else period


def write_plan(settings: Settings, seen: PlanSeen, path: Path) -> None:
    page = PlanPage(
        office=settings.name,
        province=settings.province,
        signer=settings.signer,
        kind=seen.kind,
        period=Period.parse(seen.period),
        version=seen.version,
        lines=seen.lines,
        changes=seen.changes,
        figures=seen.figures,
        names=seen.names,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(plan_workbook(page))
