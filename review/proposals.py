"""What each plan should change in the next period, line by line, with the evidence that caused it.

    for change in proposals(ground, kinds): …

One function a plan, and the list of them at the end. A new plan is a member of PlanKind, a function
here and its line in the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from review.ground import Ground
from review.plans import PlanKind, ProposedChange
from review.proposals_staff import for_rotation, for_sources, for_structure, for_succession
from review.proposals_training import for_training
from review.proposals_work import (
    for_awards,
    for_inspection,
    for_movements,
    for_programme,
    for_self_training,
)


def proposals(ground: Ground, kinds: Iterable[str]) -> tuple[ProposedChange, ...]:
    """Every change of these plans, by place; one line a place, the first cause first."""
    found: dict[tuple[str, ...], ProposedChange] = {}
    for kind in map(PlanKind, kinds):
        for change in PROPOSERS[kind](ground):
            found.setdefault(change.natural, change)
    return tuple(change for _, change in sorted(found.items()))


PROPOSERS: Mapping[PlanKind, Callable[[Ground], Iterator[ProposedChange]]] = {
    PlanKind.TRAINING: for_training,
    PlanKind.PROGRAMME: for_programme,
    PlanKind.STRUCTURE: for_structure,
    PlanKind.SUCCESSION: for_succession,
    PlanKind.SOURCES: for_sources,
    PlanKind.INSPECTION: for_inspection,
    PlanKind.SELF_TRAINING: for_self_training,
    PlanKind.MOVEMENTS: for_movements,
    PlanKind.AWARDS: for_awards,
    PlanKind.ROTATION: for_rotation,
}
