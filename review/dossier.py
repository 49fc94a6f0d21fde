"""All that one submission says of one cadre, gathered once and ready to be scored.

    dossier = dossiers(submission, regulation)["03637-01"]
    dossier.works[0].line           -> Line(coef=50, assigned=20, done=18, …)
    dossier.own, dossier.authority  -> the two rows of the general criteria, or None

An excuse (khách quan) counts only with the confirmation of the competent authority written in
`proof` (Decree 335/2025, Article 14.2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from review.marks import Line
from review.period import Period
from review.regulation import Disqualifier, PointRules, Regulation
from review.rubric import AUTHORITY, FROM_SLIPS, MANAGER, SELF
from review.submission import Submission


class Fault(NamedTuple):
    """`units` products, each short `times` times; `cost` percent of each is lost. `unproven` when
    an excuse was claimed without a confirmation."""

    units: int
    times: int
    cost: int
    excused: bool = False
    unproven: bool = False

    @property
    def loss(self) -> int:
        return self.units * self.cost

    @property
    def tells(self) -> bool:
        """Whether there is anything to say of it: a cost, or an excuse that spares one."""
        return bool(self.units and (self.cost or self.excused))


class Work(NamedTuple):
    """One counted line of the work sheet; `at` its Excel row, `coef` hundredths."""

    at: int
    name: str
    coef: int
    assigned: int
    done: int
    fault: Fault
    late: Fault
    note: str = ""

    @property
    def line(self) -> Line:
        fault, late = self.fault, self.late
        return Line(
            self.coef,
            self.assigned,
            self.done,
            fault.units * fault.cost,
            late.units * late.cost,
        )


@dataclass(slots=True)
class Dossier:
    """Filled while the sheets are walked, read-only afterwards. `unclear` are the work rows that
    cannot be counted: no known coefficient, or a figure left blank. `authorities` are the rows of
    all who marked as the competent authority, where they are several; `managers` those of direct
    managers, which stand beside."""

    works: list[Work] = field(default_factory=list)
    unclear: list[int] = field(default_factory=list)
    own: Any = None
    authority: Any = None
    leader: Any = None
    changes: list[Any] = field(default_factory=list)
    authorities: list[Any] = field(default_factory=list)
    managers: list[Any] = field(default_factory=list)

    def disqualifiers(self, regulation: Regulation) -> Iterator[tuple[Any, Disqualifier]]:
        for row in self.changes:
            if row.event in regulation.disqualifying_events:
                yield row, regulation.disqualifying_events[row.event]

    def whole_leave(self, period: Period, regulation: Regulation) -> Any:
        """The row of a leave that covers the whole period, or None; no end means not yet back."""
        for row in self.changes:
            opened = row.event in regulation.leave and row.on and row.on <= period.start
            if opened and (row.until is None or row.until >= period.end):
                return row
        return None


NO_FAULT = Fault(0, 0, 0)
SCORED_FROM = ("work", "general", "leaders", "changes")  # the sheets of a report that count


def dossiers(submission: Submission, regulation: Regulation) -> dict[str, Dossier]:
    """One dossier for every cadre code that the submission names."""
    found: defaultdict[str, Dossier] = defaultdict(Dossier)
    for row in submission.rows("work"):
        _add_work(found[row.cadre], row, regulation)
    for row in submission.rows("general"):
        _add_rating(found[row.cadre], row)
    for row in submission.rows(FROM_SLIPS):
        _add_slip(found[row.cadre], row)
    for row in submission.rows("leaders"):
        found[row.cadre].leader = row
    for row in submission.rows("changes"):
        found[row.cadre].changes.append(row)
    return dict(found)


def _add_work(dossier: Dossier, row: Any, regulation: Regulation) -> None:
    if not row.work and row.assigned is None and row.done is None:
        return  # a pre-filled line that nobody used
    known = regulation.works_by_code.get(row.work)
    coef: int | None = row.coef if row.coef is not None else (known.coef if known else None)
    if coef is None or row.assigned is None or row.done is None:
        dossier.unclear.append(row.line)
        return
    name = row.content or (known.name if known else row.work)
    rules, done = regulation.points, max(0, row.done)
    fault = late = NO_FAULT
    if row.faulty or row.fault_times or row.fault_excused:
        fault = _fault(row.faulty, row.fault_times, row.fault_excused, row.proof, done, rules)
    if row.late or row.late_times or row.late_excused:
        late = _fault(row.late, row.late_times, row.late_excused, row.proof, done, rules)
    assigned = max(0, row.assigned)
    dossier.works.append(Work(row.line, name, max(0, coef), assigned, done, fault, late, row.note))


def _fault(
    units: int | None,
    times: int | None,
    excused: str | None,
    proof: str,
    done: int,
    rules: PointRules,
) -> Fault:
    claimed = excused == "co"
    proven = claimed and (bool(proof.strip()) or not rules.require_proof)
    # A product named faulty failed at least once, so a blank count of times is one.
    count = 1 if times is None else max(0, times)
    cost = 0 if proven else 100 - rules.factor(count)
    # More faulty than done is refused by the checks; it must still never cost more than was done.
    return Fault(min(max(0, units or 0), done), count, cost, proven, claimed and not proven)


def _add_rating(dossier: Dossier, row: Any) -> None:
    if row.rater == AUTHORITY:
        dossier.authority = dossier.authority or row
    elif row.rater == SELF:
        dossier.own = dossier.own or row
    elif row.rater == MANAGER:
        dossier.managers.append(row)


def _add_slip(dossier: Dossier, row: Any) -> None:
    """A rater's own paper; several may mark as the competent authority, each alone."""
    _add_rating(dossier, row)
    if row.rater == AUTHORITY:
        dossier.authorities.append(row)
