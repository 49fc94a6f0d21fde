"""All that the book says of one unit in one period: what its plans are proposed from.

    ground.serving, ground.told.meetings, ground.tells("training")

It holds values only; what it is asked answers from them. A province is walked unit by unit, so that
neither proposals nor figures need more room than one batch of units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Protocol, TypeVar

from review.awards import Award
from review.brief import ProgrammeTask
from review.cadres import Cadre
from review.evidence import Evidence
from review.period import Cadence, Period
from review.plan_rules import PlanRules
from review.plans import PlanLine
from review.reported import Reported
from review.retirement import RetirementTable
from review.roll import RollEntry
from review.scorecard import CardStatus, Scorecard
from review.succession import Candidate, Post, posts_of

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Ground:
    """`cadres` served in the unit in the period, those who left in it too; `ever` at any time up to
    its end; `elsewhere` are the codes of those who left and serve on in another unit. `cards` by
    cadre, for the plans that ask for results; `tasks` of the period's months, `higher` of its
    quarters and so on up to itself (what stands above a period may be told later, so it is not
    looked at); `entries` the rolls of its months; `lines` what the unit had in the plans of the
    period and of its parts; `closed` the unit's last day, if it is gone. (No slots: what is asked
    often is computed once.)"""

    unit: str
    period: Period
    rules: PlanRules
    retirement: RetirementTable
    told: Reported
    cadres: Sequence[Cadre] = ()
    ever: Sequence[Cadre] = ()
    elsewhere: Collection[str] = ()
    cards: Mapping[str, Scorecard] = field(default_factory=dict)
    tasks: Sequence[ProgrammeTask] = ()
    higher: Sequence[ProgrammeTask] = ()
    entries: Sequence[RollEntry] = ()
    lines: Sequence[PlanLine] = ()
    terms: Sequence[Period] = ()
    closed: date | None = None
    _known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, ask: Callable[[Ground], Answer]) -> Answer:
        """What a question of this ground answers, worked out when it is first asked: proposals,
        follow-up and figures ask the same of a year's every mark."""
        if ask not in self._known:
            self._known[ask] = ask(self)
        answer: Answer = self._known[ask]
        return answer

    @property
    def on(self) -> date:
        return self.period.end

    @cached_property
    def serving(self) -> tuple[Cadre, ...]:
        """Those there on the last day."""
        on = self.on
        return tuple([c for c in self.cadres if c.active_in(on, on)])

    @cached_property
    def left(self) -> tuple[Cadre, ...]:
        """Those who left the unit in the period, and not because it was closed."""
        gone = (c for c in self.cadres if c.until and self.period.start <= c.until < self.on)
        return tuple(c for c in gone if c.until != self.closed)

    @cached_property
    def by_code(self) -> Mapping[str, Cadre]:
        return {cadre.code: cadre for cadre in self.cadres}

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """The key posts, one a holder."""
        return posts_of(self.serving, self.rules.forecast.key_roles)

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """Those planned for posts; the period's own result of a person goes before what the unit
        wrote of it."""
        return tuple(self._graded(one) for one in self.told.candidates)

    @cached_property
    def awards(self) -> tuple[Award, ...]:
        """Decided in the period; reports tell of earlier ones too, until their money is paid."""
        return tuple(a for a in self.told.awards if self.period.start <= a.decided <= self.on)

    @cached_property
    def planned(self) -> Mapping[tuple[str, str], PlanLine]:
        """The lines of the period's own plans, by plan and first key; where a line was taken over
        from another unit that the unit had itself, its own."""
        mine = [line for line in self.lines if line.period == str(self.period)]
        own_last = sorted(mine, key=lambda line: line.key == line.first_key)
        return {(line.kind, line.first_key): line for line in own_last}

    def tells(self, sheet: str) -> bool:
        """Whether the unit's reports had that sheet at all: silence is not the same as nothing."""
        return self.told.tells(self.unit, sheet)

    def called(self, code: str) -> str:
        cadre = self.by_code.get(code)
        return cadre.name if cadre else code

    @property
    def months(self) -> int:
        return self.period.cadence.months

    @property
    def is_month(self) -> bool:
        return self.period.cadence is Cadence.MONTH

    def _graded(self, one: Candidate) -> Candidate:
        card = self.cards.get(one.who)
        if card is None or card.grade is None or card.status is not CardStatus.OK:
            return one
        return replace(one, grade=card.grade, score=card.total)


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


def short(text: str) -> str:
    """A key made of words: the same words, the same key."""
    folded = " ".join(text.casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:8]
