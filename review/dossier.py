"""All that one submission says of one cadre, gathered once and ready to be scored.

    dossier = dossiers(submission, regulation)["03637-01"]
    dossier.lines[0]                    -> Line(coef=50, assigned=20, done=18, …): what counts
    dossier.works(regulation)[0].fault  -> what was wrong with its products: what reasons are of
    dossier.own, dossier.authority      -> the two rows of the general criteria, or None

An excuse (khách quan) counts only with the confirmation of the competent authority written in
`proof` (Decree 335/2025, Article 14.2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from review.marks import Line
from review.period import Period
from review.regulation import Disqualifier, PointRules, Regulation
from review.rubric import AUTHORITY, FROM_SLIPS, MANAGER, SELF
from review.submission import Submission, Table


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
    """One counted line of the work sheet, and all that is told of it; `at` its Excel row, `coef`
    hundredths."""

    at: int
    name: str
    coef: int
    assigned: int
    done: int
    fault: Fault
    late: Fault
    note: str = ""


@dataclass(slots=True)
class Dossier:
    """Filled while the sheets are walked, read-only afterwards. `lines` are what counts of the work
    `sheet`, `rows` its rows they are of; `unclear` the work rows that cannot be counted: no known
    coefficient, or a figure left blank. `authorities` are the rows of all who marked as the
    competent authority, where they are several; `managers` those of direct managers, which stand
    beside."""

    sheet: Table | None = None
    lines: list[Line] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    unclear: tuple[int, ...] = ()
    own: Any = None
    authority: Any = None
    leader: Any = None
    changes: tuple[Any, ...] = ()
    authorities: tuple[Any, ...] = ()
    managers: tuple[Any, ...] = ()

    def works(self, regulation: Regulation) -> list[Work]:
        """The lines that count with their names and faults. Points need the lines alone."""
        named = self.sheet.named(self.rows) if self.sheet else ()
        pairs = zip(named, self.lines, strict=True)
        return [_work(row, line, regulation) for row, line in pairs]

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


_line = partial(tuple.__new__, Line)
NO_FAULT = Fault(0, 0, 0)
CLAIMED = "co"  # the excuse, as the form keys it
COUNTED = (  # of a line of the work sheet
    *("cadre", "work", "coef", "assigned", "done", "faulty", "late"),
    *("fault_times", "fault_excused", "late_times", "late_excused", "proof"),
)
SCORED_FROM = ("work", "general", "leaders", "changes")  # the sheets of a report that count


def dossiers(submission: Submission, regulation: Regulation) -> dict[str, Dossier]:
    """One dossier for every cadre code that the submission names."""
    sheet = submission.tables.get("work")
    found: defaultdict[str, Dossier] = defaultdict(partial(Dossier, sheet))
    if sheet is not None:
        _add_works(found, sheet, regulation)
    for row in submission.rows("general"):
        _add_rating(found[row.cadre], row)
    for row in submission.rows(FROM_SLIPS):
        _add_slip(found[row.cadre], row)
    for row in submission.rows("leaders"):
        found[row.cadre].leader = row
    for row in submission.rows("changes"):
        found[row.cadre].changes += (row,)
    return dict(found)


def _add_works(found: Mapping[str, Dossier], sheet: Table, regulation: Regulation) -> None:
    known, costs = regulation.works_by_code, _Costs(regulation.points)
    for row, told in zip(sheet.rows, sheet.values(*COUNTED), strict=True):
        cadre, work, coef, assigned, done, faulty, late, times, excused, lates, pardoned, proof = (
            told
        )
        if assigned is None and done is None and not work:
            continue  # a pre-filled line that nobody used
        dossier = found[cadre]
        if coef is None and work in known:
            coef = known[work].coef
        if coef is None or assigned is None or done is None:
            dossier.unclear += (row[0],)
            continue
        if coef < 0 or assigned < 0 or done < 0:  # the checks refuse it; it must not count either
            coef, assigned, done = max(0, coef), max(0, assigned), max(0, done)
        fault_loss = late_loss = 0
        if faulty:
            fault_loss = _short(faulty, done) * costs[times, excused, proof]
        if late:
            late_loss = _short(late, done) * costs[lates, pardoned, proof]
        dossier.lines.append(Line(coef, assigned, done, fault_loss, late_loss))
        dossier.rows.append(row)


class _Costs(dict[tuple[int | None, str | None, str], int]):
    """The percent of a product that faults (or delays) cost by how they are told: worked out once
    for all the lines that tell them alike."""

    def __init__(self, rules: PointRules) -> None:
        super().__init__()
        self.rules = rules

    def __missing__(self, told: tuple[int | None, str | None, str]) -> int:
        return self.setdefault(told, _cost(*told, self.rules))


def _work(row: Any, line: Line, regulation: Regulation) -> Work:
    known, rules = regulation.works_by_code.get(row.work), regulation.points
    name = row.content or (known.name if known else row.work)
    fault = late = NO_FAULT
    if row.faulty or row.fault_times or row.fault_excused:
        told = row.faulty, row.fault_times, row.fault_excused, row.proof
        fault = _fault(*told, line.done, rules)
    if row.late or row.late_times or row.late_excused:
        told = row.late, row.late_times, row.late_excused, row.proof
        late = _fault(*told, line.done, rules)
    return Work(row.line, name, line.coef, line.assigned, line.done, fault, late, row.note)


def _fault(
    units: int | None,
    times: int | None,
    excused: str | None,
    proof: str,
    done: int,
    rules: PointRules,
) -> Fault:
    claimed, many = excused == CLAIMED, _times(times)
    proven = claimed and _proven(proof, rules)
    cost = 0 if proven else 100 - rules.factor(many)
    return Fault(_short(units, done), many, cost, proven, claimed and not proven)


def _cost(times: int | None, excused: str | None, proof: str, rules: PointRules) -> int:
    """The percent of a product that so many faults (or delays) cost: none, if proven excused."""
    if excused == CLAIMED and _proven(proof, rules):
        return 0
    return 100 - rules.factor(_times(times))


def _proven(proof: str, rules: PointRules) -> bool:
    return not rules.require_proof or bool(proof.strip())


def _times(told: int | None) -> int:
    """A product named faulty failed at least once, so a blank count of times is one."""
    return 1 if told is None else max(0, told)


def _short(units: int | None, done: int) -> int:
    """More faulty than done is refused by the checks; it must still never cost more than was
    done."""
    return min(max(0, units or 0), done)


def _add_rating(dossier: Dossier, row: Any) -> None:
    if row.rater == AUTHORITY:
        dossier.authority = dossier.authority or row
    elif row.rater == SELF:
        dossier.own = dossier.own or row
    elif row.rater == MANAGER:
        dossier.managers += (row,)


def _add_slip(dossier: Dossier, row: Any) -> None:
    """A rater's own paper; several may mark as the competent authority, each alone."""
    _add_rating(dossier, row)
    if row.rater == AUTHORITY:
        dossier.authorities += (row,)
