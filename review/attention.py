"""How leaders and units care: documents and meetings on emulation, reports in time, who is named.

    silent(quarters, rules)     -> leaders with nothing for two quarters running
    careless(entries, rules)    -> units that report late, not at all, or always “nothing happened”

Source: the founding article, first measure, W9, W10 and Directive 34-CT/TW; domain.md 1.1, rows 1,
29, 30.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from review.evidence import Evidence
from review.plan_rules import AttentionRules
from review.roll import RollEntry, RollState


@dataclass(frozen=True, slots=True)
class Attention:
    """What one leader did for emulation in one quarter."""

    unit: str
    cadre: str
    name: str
    period: str
    planned: int
    meetings: int
    documents: int
    on: date | None = None
    cell: str = ""

    @property
    def nothing(self) -> bool:
        return self.meetings == 0 and self.documents == 0


@dataclass(frozen=True, slots=True)
class Setup:
    """The machinery of a unit: council, standing body, named officer (Directive 34-CT/TW)."""

    unit: str
    council: bool
    standing: str
    officer: str
    period: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Careless:
    """A unit that is late or silent; `nil` where it always reports that nothing happened."""

    unit: str
    says: str
    evidence: tuple[Evidence, ...]
    nil: bool = False


def silent(told: Iterable[Attention], rules: AttentionRules) -> tuple[tuple[Attention, ...], ...]:
    """Leaders whose latest quarters, as many as the rules name, all show nothing. A quarter that
    was not reported breaks the row: nothing is known of it."""
    by_leader: dict[str, list[Attention]] = defaultdict(list)
    for one in sorted(told, key=lambda one: one.period):
        by_leader[one.cadre].append(one)
    found = []
    for _, quarters in sorted(by_leader.items()):
        last = quarters[-rules.zero_quarters :]
        if len(last) == rules.zero_quarters and all(one.nothing for one in last):
            found.append(tuple(last))
    return tuple(found)


def careless(entries: Iterable[RollEntry], rules: AttentionRules) -> tuple[Careless, ...]:
    """Units by what the rolls of the months show of them."""
    late, nil = defaultdict(list), defaultdict(list)
    for entry in entries:
        if entry.state is RollState.MISSING or entry.late_days > 0:
            late[entry.unit].append(entry)
        elif entry.state is RollState.NIL:
            nil[entry.unit].append(entry)
    found = []
    for unit in sorted({*late, *nil}):
        if len(late[unit]) >= rules.late_months:
            seen = tuple(
                _of(e, f"nộp muộn {e.late_days} ngày" if e.received else "không nộp")
                for e in late[unit]
            )
            found.append(Careless(unit, f"{len(late[unit])} kỳ nộp muộn hoặc không nộp", seen))
        if len(nil[unit]) >= rules.nil_months:
            seen = tuple(_of(e, "báo không phát sinh") for e in nil[unit])
            found.append(
                Careless(unit, f"{len(nil[unit])} kỳ báo “không phát sinh”", seen, nil=True)
            )
    return tuple(found)


def _of(entry: RollEntry, says: str) -> Evidence:
    on = entry.received_at.date() if entry.received_at else entry.due.date()
    return Evidence(says, entry.unit, entry.period, on=on)
