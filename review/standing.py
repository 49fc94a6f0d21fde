"""Where a period stands, in the figures that contract.md promises.

standing.as_json()["persons"]["grades"]["HTTNV"]   -> 71
standing.needs_a_person                            -> True: the command exits with 1
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from review.approval import Approval
from review.balance import balance
from review.post import LetterState
from review.roll import RollTally
from review.scorecard import CardStatus, Grade, Scorecard

WAITING_TO_GO = (
    LetterState.WRITTEN,
    LetterState.QUEUED,
    LetterState.CLAIMED,
    LetterState.SENDING,
)
LOST = (LetterState.FAILED, LetterState.BOUNCED, LetterState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Persons:
    on_roll: int
    scored: int
    insufficient: int
    excluded: int
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """`faults` name the figures that do not balance; `unclaimed` counts files of nobody on the
    roll, which a person must look at; `out_of_date` tells, a sentence each, which held periods
    (this one, or longer ones that stand on it) have not followed what changed."""

    period: str
    tally: RollTally
    persons: Persons
    letters: Mapping[str, int]
    regulation: str
    faults: tuple[str, ...] = ()
    unclaimed: int = 0
    approved: Approval | None = None
    out_of_date: tuple[str, ...] = ()

    @property
    def balanced(self) -> bool:
        return not self.faults

    def with_faults(self, faults: Sequence[str]) -> Standing:
        """The same, and what else does not agree."""
        return replace(self, faults=tuple(dict.fromkeys((*self.faults, *faults))))

    @property
    def needs_a_person(self) -> bool:
        lost = self.letters["failed"] + self.letters["in_doubt"] + self.letters["held"]
        waiting = self.tally.returned + self.tally.set_aside + self.unclaimed
        return bool(waiting or lost or self.faults)

    def as_json(self) -> dict[str, Any]:
        """The object of contract.md, key by key."""
        tally = self.tally
        return {
            "period": self.period,
            "roll": tally.roll,
            "received": tally.received,
            "accepted": tally.accepted,
            "returned": tally.returned,
            "set_aside": tally.set_aside,
            "nil": tally.nil,
            "missing": tally.missing,
            "late": tally.late,
            "unclaimed": self.unclaimed,
            "persons": {
                "on_roll": self.persons.on_roll,
                "scored": self.persons.scored,
                "insufficient": self.persons.insufficient,
                "excluded": self.persons.excluded,
                "grades": dict(self.persons.grades),
            },
            "letters": dict(self.letters),
            "balanced": self.balanced,
            "approved": dict(self.approved.as_json()) if self.approved else None,
            "regulation": self.regulation,
            "out_of_date": list(self.out_of_date),
        }


def standing_of(
    period: str,
    regulation: str,
    tally: RollTally,
    cards: Sequence[Scorecard],
    on_roll: int,
    letters: Mapping[LetterState, int],
    unclaimed: int = 0,
) -> Standing:
    """The figures of a period; every letter counts in exactly one of the five states shown, those
    that a newer revision replaced (cancelled) in none."""
    shown = _letters(letters)
    live = sum(n for state, n in letters.items() if state is not LetterState.CANCELLED)
    faults = balance(tally, cards, on_roll=on_roll, letters=shown, written=live).faults
    persons = _persons(cards, on_roll)
    return Standing(period, tally, persons, shown, regulation, faults, unclaimed)


def _persons(cards: Sequence[Scorecard], on_roll: int) -> Persons:
    status = Counter(card.status for card in cards)
    grades = Counter(card.grade for card in cards if card.status is CardStatus.OK)
    return Persons(
        on_roll=on_roll,
        scored=status[CardStatus.OK],
        insufficient=status[CardStatus.INSUFFICIENT],
        excluded=status[CardStatus.EXCLUDED],
        grades={grade.value: grades[grade] for grade in Grade},
    )


def _letters(letters: Mapping[LetterState, int]) -> dict[str, int]:
    def of(*states: LetterState) -> int:
        return sum(letters.get(state, 0) for state in states)

    return {
        "written": of(*WAITING_TO_GO),
        "sent": of(LetterState.SENT),
        "failed": of(*LOST),
        "held": of(LetterState.HELD, LetterState.SUPPRESSED),
        "in_doubt": of(LetterState.IN_DOUBT),
    }
