"""Everyone whose result a report tells, unit by unit.

    for person in everyone.of(["03637"]): person.card.total, person.cadre, person.before
    counted(everyone.of(everyone.units), units, today).persons      -> how many were scored, …

A province's people are at hand (`AtHand`); a country's come from the book as they are asked for,
and what is asked of them all is counted as they come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from review.cadres import Cadre, Sex
from review.digest import NO_CLUSTER
from review.letter_rows import plain
from review.points import half_up
from review.scorecard import CardStatus, Grade, Scorecard
from review.units import Unit

Marks = tuple[int | None, int | None]
UNMARKED: Marks = (None, None)
AGES = ((0, 40, "Dưới 40"), (40, 51, "40 – 50"), (51, 200, "Trên 50"))


class Person(NamedTuple):
    """`before` is the total of the period before, `marks` the general criteria as the person and as
    the authority gave them, `months` the total of each month within."""

    card: Scorecard
    cadre: Cadre | None
    before: int | None = None
    marks: Marks = UNMARKED
    months: tuple[int | None, ...] = ()


class Everyone(Protocol):
    @property
    def units(self) -> Sequence[str]:
        """Every unit of which somebody has a result, in order of code."""

    def of(self, units: Sequence[str], *, marked: bool = False) -> Iterator[Person]:
        """The people of these units in the order given, of each by code; with their marks if asked
        for."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """By cadre: the results, who they are, and what the rest of the report says of them."""

    cards: Mapping[str, Scorecard]
    cadres: Mapping[str, Cadre]
    before: Mapping[str, int | None]
    marks: Mapping[str, Marks] = field(default_factory=dict)
    months: Sequence[Mapping[str, int | None]] = ()

    @property
    def units(self) -> Sequence[str]:
        return sorted({card.unit for card in self.cards.values()})

    def of(self, units: Sequence[str], *, marked: bool = False) -> Iterator[Person]:
        theirs: defaultdict[str, list[str]] = defaultdict(list)
        for code, card in self.cards.items():
            theirs[card.unit].append(code)
        for unit in units:
            for code in sorted(theirs[unit]):
                yield Person(
                    self.cards[code],
                    self.cadres.get(code),
                    self.before.get(code),
                    self.marks.get(code, UNMARKED),
                    tuple(totals.get(code) for totals in self.months),
                )


@dataclass(slots=True)
class Counted:
    """What is asked of everyone: by status, by grade, by cluster, by age."""

    statuses: Counter[CardStatus] = field(default_factory=Counter)
    grades: Counter[Grade | None] = field(default_factory=Counter)
    totals: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    aged: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def mean(self, cluster: str) -> int | None:
        points, people = self.totals.get(cluster, (0, 0))
        return half_up(points, people) if people else None

    @property
    def persons(self) -> dict[str, int]:
        return {
            "on_roll": self.statuses.total(),
            "scored": self.statuses[CardStatus.OK],
            "insufficient": self.statuses[CardStatus.INSUFFICIENT],
            "excluded": self.statuses[CardStatus.EXCLUDED],
        }

    @property
    def ages(self) -> list[dict[str, Any]]:
        rows = [
            {
                "label": label,
                "count": self.aged[label, True] + self.aged[label, False],
                "women": self.aged[label, True],
            }
            for *_, label in AGES
        ]
        unknown = self.aged["", False]
        return [*rows, {"label": "Chưa rõ", "count": unknown, "women": 0}] if unknown else rows


def cluster_of(units: Mapping[str, Unit], unit: str) -> str:
    return plain(units[unit].cluster, 80) or NO_CLUSTER if unit in units else NO_CLUSTER


def counted_cards(cards: Iterable[Scorecard], units: Mapping[str, Unit]) -> Counted:
    """What the cards alone tell: nobody's age."""
    found = Counted()
    for card in cards:
        _count(found, card, units)
    return found


def counted(people: Iterable[Person], units: Mapping[str, Unit], today: date) -> Counted:
    found = Counted()
    for person in people:
        _count(found, person.card, units)
        if person.cadre is not None:
            found.aged[_age_of(person.cadre, today)] += 1
    return found


def _count(found: Counted, card: Scorecard, units: Mapping[str, Unit]) -> None:
    found.statuses[card.status] += 1
    if card.status is CardStatus.OK:
        found.grades[card.grade] += 1
        if card.total is not None:
            sums = found.totals[cluster_of(units, card.unit)]
            sums[0] += card.total
            sums[1] += 1


def _age_of(cadre: Cadre, today: date) -> tuple[str, bool]:
    """The label of the age and whether of a woman; "" where the age is not known."""
    if cadre.birth is None:
        return "", False
    age = today.year - cadre.birth.year
    age -= (today.month, today.day) < (cadre.birth.month, cadre.birth.day)
    label = next((label for least, most, label in AGES if least <= age < most), "?")
    return label, cadre.sex is Sex.FEMALE
