"""What units reported, as the values that plans are computed from.

    told = reported(submissions, regulation.places, texts)
    told.matters[0].content, told.matters[0].cell   -> "…", "S11b Kiểm tra, vụ việc!C6"

Of several reports that tell the same line (a movement, an award), the later one holds. A line
without what identifies it in time (an award without a date) is left out: the checks ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from review import reported_people, reported_work
from review.attention import Attention, Setup
from review.awards import Award
from review.cadres import Cadre
from review.criticism import Meeting
from review.effect import Effect
from review.forecast import Move
from review.inspection import Matter
from review.marked_low import Marked
from review.movements import Conference, Model, Movement
from review.page import Page
from review.period import Period
from review.places import Places
from review.plan_rules import LegalText
from review.rotation import Acting
from review.rubric import Rubric
from review.self_assessment import Solution, Weakness
from review.self_training import Study
from review.structure import Demand, Establishment, Skill
from review.submission import Submission
from review.succession import Candidate, Prospect, Revision, Source
from review.training import Fault, Gap, Lesson, Reading, Wish

PlacesOf = Callable[[str], Places]
READERS = (*reported_people.READERS, *reported_work.READERS)


@dataclass(slots=True)
class Reported:
    """Filled while the reports are walked, read-only afterwards; each list without repeats."""

    faults: list[Fault] = field(default_factory=list)
    marks: list[Marked] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    actings: list[Acting] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    conferences: list[Conference] = field(default_factory=list)
    models: list[Model] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)
    studies: list[Study] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    prospects: list[Prospect] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    skills: list[Skill] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)
    weaknesses: list[Weakness] = field(default_factory=list)
    solutions: list[Solution] = field(default_factory=list)
    attention: list[Attention] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    setups: list[Setup] = field(default_factory=list)
    establishments: list[Establishment] = field(default_factory=list)
    sheets: set[tuple[str, str]] = field(default_factory=set)

    def tells(self, unit: str, sheet: str) -> bool:
        """Whether the unit's reports had that sheet at all: silence is not the same as nothing."""
        return (unit, sheet) in self.sheets


def reported(
    submissions: Iterable[Submission],
    places_of: PlacesOf,
    cadres: Mapping[str, Cadre],
    texts: Sequence[LegalText],
    rubric: Rubric,
    asked: Mapping[str, Collection[str]] | None = None,
) -> Reported:
    """`places_of` gives the places of a cadence's form, `asked` the sheets of it by cadence, where
    the reports were read without all of them."""
    found = Reported()
    ordered = sorted(submissions, key=lambda said: (said.period, said.unit))
    for said in sorted(ordered, key=lambda said: Period.parse(said.period).end):
        cadence = Period.parse(said.period).cadence
        page = Page(said, places_of(cadence), cadres, texts, rubric)
        had = (*said.tables, *(asked or {}).get(cadence, ()))
        found.sheets |= {(said.unit, key) for key in had}
        for name, sheet, read in READERS:
            if sheet in said.tables:
                getattr(found, name).extend(read(page))
    for name, _, _ in READERS:
        if several := getattr(found, name):
            setattr(found, name, _latest(several))
    return found


def _latest(values: list[Any]) -> list[Any]:
    """Of values with one identity the last; the order of first appearance stays. Each list holds
    one kind of thing."""
    identity = IDENTITY.get(type(values[0]))
    if identity is None:
        return list(dict.fromkeys(values))
    return list({identity(value): value for value in values}.values())


IDENTITY: Mapping[type, Callable[[Any], Any]] = {  # of others everything that is told of them
    Marked: attrgetter("cadre", "period", "line", "marks"),  # asked alike in all of a period
    Movement: attrgetter("unit", "code"),
    Conference: attrgetter("unit", "movement", "kind", "due"),
    Model: attrgetter("unit", "name", "found"),
    Award: attrgetter("unit", "name", "decision"),
    Meeting: attrgetter("unit", "held", "minutes"),
    Matter: lambda one: (one.unit, one.kind, one.content, one.opened or one.planned),
    Candidate: attrgetter("unit", "post", "who"),
    Revision: attrgetter("unit", "title", "name", "enters"),
    Source: attrgetter("unit", "name", "post"),
    Lesson: attrgetter("cadre", "topic", "on"),
    Wish: attrgetter("cadre", "kind", "topic"),
    Reading: attrgetter("cadre", "text"),
    Move: attrgetter("cadre", "on"),
    Acting: attrgetter("cadre", "on"),
    Prospect: attrgetter("unit", "cadre"),
    Skill: attrgetter("unit", "cadre"),
    Demand: attrgetter("unit", "post"),
    Weakness: attrgetter("unit", "code"),
    Solution: attrgetter("unit", "code"),
    Setup: attrgetter("unit"),
    Establishment: attrgetter("unit"),
}
