"""What asks for a line in a plan, and when that line is done.

    Rule(PlanKind.INSPECTION, "KHAC_PHUC_MO", remedies_are_overdue, remedy_was_done)

A rule finds causes in one unit's ground; each becomes a line of the next period's plan under the
key "KHAC_PHUC_MO:…". When that period is reviewed, the same rule says what came of the line: the
cause is there again (not done), or there is proof (done), or nobody told (unknown). That a cause is
gone is proof only where it would have been seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from review.evidence import Evidence
from review.ground import Ground
from review.plans import Action, Outcome, PlanKind, PlanLine, ProposedChange
from review.tally import MOST_SHOWN


@dataclass(frozen=True, slots=True)
class Cause:
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
Proof = Callable[[Ground, PlanLine], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """`measure` is the figure that the causes are counted in. `proof` says, in Vietnamese, by what
    a line was done, "" where nothing shows it. `deed`: what was planned is a deed of its own (a
    class), done once it was held whatever came after; else a cause that stands is not done."""

    kind: PlanKind
    measure: str
    causes: Causes
    proof: Proof
    deed: bool = False

    def key(self, cause: Cause) -> str:
        return f"{self.measure}:{cause.key}" if cause.key else self.measure


GONE = "Căn cứ đưa việc này vào kế hoạch không còn."


def seen_in(sheet: str) -> Proof:
    """A cause that the unit would have told of on this sheet, and did not."""

    def proof(ground: Ground, _line: PlanLine) -> str:
        return GONE if ground.tells(sheet) else ""

    return proof


def seen_in_the_roster(_ground: Ground, _line: PlanLine) -> str:
    """A cause that the office would see by itself."""
    return GONE


def own_key(line: PlanLine) -> str:
    """The cause's own part of a line's key."""
    return line.key.partition(":")[2]


def proposed(ground: Ground, rule: Rule, cause: Cause) -> ProposedChange:
    """A line for the period that follows. One that stands in this period's plan and is needed again
    says how often it was carried."""
    key = rule.key(cause)
    before = ground.planned.get((rule.kind, key))
    held = before is not None and rule.deed and rule.proof(ground, before)
    carried = before.carried + 1 if before and not held else 0
    again = f" Đã có trong kế hoạch {ground.period.label}, chưa xong (lần {carried})."
    following = ground.period.next()
    line = PlanLine(
        rule.kind,
        str(following),
        ground.unit,
        key,
        cause.content,
        subject=cause.subject,
        product=cause.product,
        owner=cause.owner,
        due=cause.due or following.end,
        form=cause.form,
        quantity=cause.quantity,
        cost=cause.cost,
        carried=carried,
    )
    says = f"{cause.says}{again if carried else ''}"
    shown = tuple(cause.evidence)[:MOST_SHOWN]
    return ProposedChange(Action.ADD, line, str(ground.period), rule.measure, says, shown)


def outcome_of(ground: Ground, rule: Rule, line: PlanLine, again: str) -> tuple[Outcome, str]:
    """What came of a line of this rule; `again` says why it is needed again, "" where it is not."""
    says = rule.proof(ground, line) if rule.deed or not again else ""
    if again and not says:
        return Outcome.NOT_DONE, f"Căn cứ vẫn còn: {again}"
    return (Outcome.DONE, says) if says else (Outcome.UNKNOWN, "Chưa có số liệu về việc này.")
