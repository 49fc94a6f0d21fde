"""How a figure is made of what units count, and what is known when the sum is said.

Figure(PlanKind.AWARDS, count=paid_in_time, say=paid_in_time_said)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from review.evidence import Evidence, Measure, percent
from review.ground import Ground
from review.period import Period
from review.plan_rules import PlanRules
from review.plans import PlanKind
from review.tally import Tally

OWN = "."  # begins the code of a tally that is not added up
Tallies = Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Weighing:
    """`terms` are the office's calendars (this term and the next of each); `names` the units' by
    code; `own` gives one unit's own tally of a code."""

    period: Period
    rules: PlanRules
    terms: Sequence[Period] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    own: Callable[[str, str], Tally | None] = lambda unit, code: None

    @property
    def on(self) -> date:
        return self.period.end

    def called(self, unit: str) -> str:
        return self.names.get(unit, unit)


@dataclass(frozen=True, slots=True)
class Figure:
    """`count` what one unit adds, by code; `say` the measures that the sums come to."""

    kind: PlanKind
    count: Callable[[Ground], dict[str, Tally]]
    say: Callable[[Tallies, Weighing], Iterable[Measure]]


def measure(
    code: str,
    label: str,
    value: int | None,
    unit: str,
    says: str,
    tallied: Tally | None = None,
    alarm: bool = False,
    bounds: tuple[int, int] | None = None,
) -> Measure:
    """A figure with the evidence that its tally shows."""
    shown: tuple[Evidence, ...] = tallied.shown if tallied else ()
    low, high = bounds or (None, None)
    return Measure(code, label, value, unit, says, shown, low, high, alarm)


def counted(code: str, label: str, unit: str, tallied: Tally, says: str) -> Measure:
    """A figure that counts what should not be: any of it asks a person."""
    value = tallied["n"]
    return measure(code, label, value, unit, says, tallied, alarm=value > 0)


def share(
    code: str,
    label: str,
    tallied: Tally,
    says: str,
    least: int = 0,
    names: tuple[str, str] = ("part", "whole"),
) -> Measure:
    """A share of a whole; below the least percent of the rules it asks a person."""
    value = percent(tallied[names[0]], tallied[names[1]])
    low = bool(least) and value is not None and value < least * 100
    return measure(code, label, value, "%", says, tallied, alarm=low)
