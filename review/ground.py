"""All that plans of one period are proposed from, for a batch of units or for the province.

    ground.propose(PlanKind.TRAINING, unit, key, content, measure="LOI", says="…", evidence=why)

It holds values only; what it is asked answers from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from review.brief import ProgrammeTask
from review.cadres import Cadre
from review.evidence import Evidence
from review.period import Period
from review.plan_rules import PlanRules
from review.plans import Action, PlanKind, PlanLine, ProposedChange
from review.reported import Reported
from review.retirement import RetirementTable
from review.roll import RollEntry
from review.scorecard import Scorecard


@dataclass(frozen=True)
class Ground:
    """`cadres` are all of the units' cadres, those who left in the period too; `cards` by cadre;
    `tasks` of its months, `higher` of its quarters and so on up to itself (what stands above a
    period may be told later, so it is not looked at); `entries` the rolls of its months. (No slots:
    what is asked often is computed once.)"""

    period: Period
    rules: PlanRules
    retirement: RetirementTable
    cadres: Sequence[Cadre]
    told: Reported
    cards: Mapping[str, Scorecard]
    tasks: Sequence[ProgrammeTask] = ()
    higher: Sequence[ProgrammeTask] = ()
    entries: Sequence[RollEntry] = ()
    planned: Mapping[tuple[str, str, str], PlanLine] | None = None

    @property
    def on(self) -> date:
        return self.period.end

    @cached_property
    def serving(self) -> tuple[Cadre, ...]:
        """Those there on the last day."""
        return tuple(c for c in self.cadres if c.active_in(self.on, self.on))

    @cached_property
    def by_code(self) -> Mapping[str, Cadre]:
        return {cadre.code: cadre for cadre in self.cadres}

    def called(self, code: str) -> str:
        cadre = self.by_code.get(code)
        return cadre.name if cadre else code

    def propose(
        self,
        kind: PlanKind,
        unit: str,
        key: str,
        content: str,
        *,
        measure: str,
        says: str,
        evidence: Sequence[Evidence],
        **more: Any,
    ) -> ProposedChange:
        """A line for the period that follows; one that stood in this period's plan already and is
        needed again says how often it was carried."""
        place = kind.value, unit, key
        before = (self.planned or {}).get(place)
        carried = before.carried + 1 if before else 0
        if carried:
            says = f"{says} Đã có trong kế hoạch kỳ này, chưa thực hiện xong (lần {carried})."
        following = self.period.next()
        line = PlanLine(
            kind,
            str(following),
            unit,
            key,
            content,
            due=more.pop("due", following.end),
            carried=carried,
            **more,
        )
        return ProposedChange(
            Action.ADD, line, str(self.period), measure, says, tuple(evidence)[:MOST_SHOWN]
        )


class Told(Protocol):
    """A line of a unit's report that knows where it stood."""

    @property
    def unit(self) -> str: ...
    @property
    def cell(self) -> str: ...
    @property
    def period(self) -> str: ...


def seen(one: Told, says: str, on: date | None = None, score: int | None = None) -> Evidence:
    """A reported line as evidence."""
    return Evidence(says, one.unit, one.period, one.cell, score, on)


MOST_SHOWN = 40  # pieces of evidence kept with one proposal or figure; its words give the count


def short(text: str) -> str:
    """A key made of words: the same words, the same key."""
    folded = " ".join(text.casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:8]
