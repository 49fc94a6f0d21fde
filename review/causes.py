"""What asks for a line in a plan, and what came of it.

    Rule(PlanKind.INSPECTION, "KHAC_PHUC_MO", remedies_are_overdue, remedy_was_done)

A rule finds causes in one unit's ground; each becomes a line of the next period's plan under the
key "KHAC_PHUC_MO:…". When that period is reviewed, the same rule says what came of the line: the
deed was done, or it is seen not to be, or nobody told. Where no deed can be seen, a cause that is
gone is proof only if it would have been seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from review.evidence import Evidence
from review.ground import Ground
from review.plans import Action, Outcome, PlanKind, PlanLine, ProposedChange
from review.tally import MOST_SHOWN


class Cause(NamedTuple):
    """`key` names the line among those of its rule in the unit; the rest is what it will say.
    `due` None means by the end of the period."""

    key: str
    content: str
    says: str
    evidence: Sequence[Evidence]
    product: str = ""
    subject: str = ""
    owner: str = ""
    due: date | None = None
    form: str = ""
    quantity: int | None = None
    cost: int | None = None


Causes = Callable[[Ground], Iterator[Cause]]
Seen = tuple[Outcome, str]
Judge = Callable[[Ground, PlanLine], Seen]

NOT_TOLD: Seen = (Outcome.UNKNOWN, "Chưa có số liệu về việc này.")
GONE: Seen = (Outcome.DONE, "Căn cứ đưa việc này vào kế hoạch không còn.")


@dataclass(frozen=True, slots=True)
class Rule:
    """`measure` is the figure that the causes are counted in; `judge` says what came of a line and
    by what one sees it. `deed`: it looks for the deed itself, so it knows whatever came after, and
    can tell of lines of shorter periods; else it is asked only where no cause stands any more."""

    kind: PlanKind
    measure: str
    causes: Causes
    judge: Judge
    deed: bool = True

    def key(self, cause: Cause) -> str:
        return f"{self.measure}:{cause.key}" if cause.key else self.measure


def watched(kind: PlanKind, measure: str, causes: Causes, sheet: str = "") -> Rule:
    """A rule whose causes would be told of on that sheet, or seen in the roster: gone is done."""

    def judge(ground: Ground, _line: PlanLine) -> Seen:
        return GONE if not sheet or ground.tells(sheet) else NOT_TOLD

    return Rule(kind, measure, causes, judge, deed=False)


def done(says: str) -> Seen:
    return Outcome.DONE, says


def not_done(says: str) -> Seen:
    return Outcome.NOT_DONE, says


def own_key(line: PlanLine) -> str:
    """The cause's own part of a line's key."""
    return line.key.partition(":")[2]


def proposed(ground: Ground, rule: Rule, cause: Cause) -> ProposedChange:
    """A line for the period that follows. One that stands in this period's plan and is needed again
    says how often it was carried."""
    key = rule.key(cause)
    before = ground.planned.get((rule.kind, key))
    held = before is not None and rule.deed and rule.judge(ground, before)[0] is Outcome.DONE
    carried = before.carried + 1 if before and not held else 0
    again = ""
    if carried:
        again = f" Đã có trong kế hoạch {ground.period.label}, chưa xong (lần {carried})."
    about, following, last = ground.once(_texts)
    line = PlanLine(
        rule.kind,
        following,
        ground.unit,
        key,
        cause.content,
        subject=cause.subject,
        product=cause.product,
        owner=cause.owner,
        due=cause.due or last,
        form=cause.form,
        quantity=cause.quantity,
        cost=cause.cost,
        carried=carried,
    )
    says = f"{cause.says}{again}"
    shown = tuple(cause.evidence)[:MOST_SHOWN]
    return ProposedChange(Action.ADD, line, about, rule.measure, says, shown)


def _texts(ground: Ground) -> tuple[str, str, date]:
    """What every proposal of a unit says alike: its period, the one that follows, its last day."""
    following = ground.period.next()
    return str(ground.period), str(following), following.end


def outcome_of(ground: Ground, rule: Rule, line: PlanLine, again: str) -> Seen:
    """What came of a line of this rule; `again` says why it is needed again, "" where it is not."""
    mine = line.period == str(ground.period)
    still = not_done(f"Căn cứ vẫn còn: {again}") if again and mine else None
    if rule.deed:
        seen = rule.judge(ground, line)
        return still if still and seen == NOT_TOLD else seen
    if not mine:
        return NOT_TOLD  # the review of its own period has seen whether the cause was gone
    return still or rule.judge(ground, line)
