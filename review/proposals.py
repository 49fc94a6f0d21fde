"""What each plan should change in the next period, line by line, and what came of this one's lines.

    found = looked_over(ground, kinds)
    found.changes        proposed lines, each with the evidence that caused it
    found.outcomes       (line, what came of it, by what one sees it)

The list of rules ends each `causes_*` module. A new plan is a member of PlanKind, such a module and
its rules in the list here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from review import (
    causes_movements,
    causes_oversight,
    causes_people,
    causes_programme,
    causes_succession,
    causes_training,
)
from review.causes import Rule, outcome_of, proposed
from review.ground import Ground
from review.plans import Outcome, PlanLine, ProposedChange

RULES: tuple[Rule, ...] = (
    *causes_training.RULES,
    *causes_programme.RULES,
    *causes_people.RULES,
    *causes_succession.RULES,
    *causes_oversight.RULES,
    *causes_movements.RULES,
)


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What one review saw of one line of a plan."""

    line: PlanLine
    outcome: Outcome
    says: str


@dataclass(frozen=True, slots=True)
class LookedOver:
    changes: tuple[ProposedChange, ...]
    outcomes: tuple[FollowedUp, ...]


def looked_over(ground: Ground, kinds: Collection[str]) -> LookedOver:
    """One unit's proposals for these plans, one line a place, and the follow-up of its lines."""
    found: dict[tuple[str, ...], ProposedChange] = {}
    for rule in RULES:
        if rule.kind in kinds:
            for cause in rule.causes(ground):
                change = proposed(ground, rule, cause)
                found.setdefault(change.natural, change)
    changes = tuple(change for _, change in sorted(found.items()))
    return LookedOver(changes, tuple(_followed(ground, kinds, changes)))


def _followed(
    ground: Ground, kinds: Collection[str], changes: Collection[ProposedChange]
) -> Iterator[FollowedUp]:
    again = {(change.line.kind, change.line.key): change.says for change in changes}
    rules = {(rule.kind, rule.measure): rule for rule in RULES if rule.kind in kinds}
    for line in ground.lines:
        rule = rules.get((line.kind, line.first_key.partition(":")[0]))
        if rule is not None:
            outcome, says = outcome_of(
                ground, rule, line, again.get((line.kind, line.first_key), "")
            )
            yield FollowedUp(line, outcome, says)
