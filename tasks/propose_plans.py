"""What the results of a period change in the plans: proposals kept, last plans followed up, and
what each unit adds to the figures.

proposed = propose(conn, occasion, ("03637",))      once the programme is closed
keep_proposed(conn, occasion, ("03637",), proposed)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from channels.plan_shelf import plan_rules_in_force
from review.figures import counts_of
from review.plans import Action, PlanLine, ProposedChange, reconciled
from review.proposals import FollowedUp, looked_over
from review.tally import Tally
from tasks.grounds import grounds, sheets_told
from tasks.occasion import Occasion
from tdkt_models.plan_lines import recall_lines_of
from tdkt_models.plan_outcomes import keep_outcomes
from tdkt_models.plan_tallies import keep_tallies
from tdkt_models.plans import WrittenChanges, keep_changes, recall_changes, written_changes
from tdkt_models.submissions import KeptSubmission


@dataclass(frozen=True, slots=True)
class Proposed:
    """The proposals that stand, what became of the last plan's lines, figures by unit; `written`
    are the proposals ready for the book: others who write do not wait for that."""

    changes: Sequence[ProposedChange] = ()
    followed: Sequence[FollowedUp] = ()
    tallies: Mapping[str, Mapping[str, Tally]] = field(default_factory=dict)
    written: WrittenChanges = field(default_factory=WrittenChanges, repr=False)


def propose(
    conn: Connection,
    occasion: Occasion,
    units: Collection[str],
    read: Sequence[KeptSubmission] = (),
) -> Proposed:
    """What the results of these units propose; nothing is written. `read` are reports that were
    just read with the sheets of `told_of_plans`: those that still stand are not read again."""
    kinds, period = kinds_of(occasion), occasion.period_text
    if not kinds or not units:
        return Proposed()
    fresh: list[ProposedChange] = []
    followed: list[FollowedUp] = []
    tallies: dict[str, dict[str, Tally]] = {}
    for ground in grounds(conn, occasion, units, kinds, read):
        looked = looked_over(ground, kinds)
        fresh += looked.changes
        followed += looked.outcomes
        tallies[ground.unit] = counts_of(ground, kinds)
    known = recall_changes(conn, source=period, units=units)
    standing = recall_lines_of(conn, [str(occasion.period.next())], units)
    changes = reconciled(known, _beside_the_plan(fresh, known, standing), standing)
    return Proposed(changes, followed, tallies, written_changes(changes))


def keep_proposed(
    conn: Connection, occasion: Occasion, units: Collection[str], proposed: Proposed
) -> None:
    """Makes these the only proposals of the review and its units; twice leaves the same book."""
    period, stamp = occasion.period_text, occasion.stamp
    if not kinds_of(occasion) or not units:
        return
    keep_changes(conn, proposed.written, stamp, source=period, units=units)
    keep_outcomes(conn, period, proposed.followed, stamp, units)
    keep_tallies(conn, period, proposed.tallies, stamp)


def kinds_of(occasion: Occasion) -> tuple[str, ...]:
    """The plans that a review of this cadence proposes changes to."""
    return plan_rules_in_force(occasion.period_text).kinds.get(occasion.period.cadence, ())


def told_of_plans(occasion: Occasion) -> Collection[str]:
    """The sheets of the period's own report that its plans are made from."""
    return sheets_told(occasion, occasion.period.cadence, kinds_of(occasion))


def _beside_the_plan(
    fresh: Sequence[ProposedChange],
    known: Sequence[ProposedChange],
    standing: Sequence[PlanLine],
) -> list[ProposedChange]:
    """A place that another review has filled already is a change of that line; the same line is
    no proposal at all."""
    if not standing:
        return list(fresh)
    mine = {change.natural for change in known}
    there = {(line.kind, *line.place): line for line in standing}
    result = []
    for change in fresh:
        line = there.get((change.line.kind, *change.line.place))
        if change.natural in mine or line is None:
            result.append(change)
        elif line != change.line:
            result.append(replace(change, action=Action.CHANGE))
    return result
