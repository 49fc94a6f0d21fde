"""Asking a person, as the book sees it: what was asked, whose codes are wanted, what came of it.

put = put_question(occasion, "run/1", Power.APPROVE, matter, facts)    -> Put(people, new=True)
past_outcome(occasion, "run/1")             -> why that asking was not the last, DONE, or ""
settle_asking(occasion, "run/1", who, DONE)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from review.powers import Power
from tasks.cards import Wanted, wanted_codes
from tasks.occasion import Occasion
from tasks.office import stamp
from tdkt_models.askings import (
    DONE,
    Asking,
    keep_asking,
    note_outcome,
    recall_asking,
    recall_askings,
)


@dataclass(frozen=True, slots=True)
class Put:
    """Who may answer and with which code; whether it was asked just now for the first time; whether
    what is to be decided is still what was shown then."""

    people: tuple[Wanted, ...]
    new: bool
    same: bool


def put_question(
    occasion: Occasion, asking: str, power: Power, matter: str, facts: Sequence[str]
) -> Put:
    about = hashlib.sha256("\n".join((matter, *facts)).encode()).hexdigest()
    people = wanted_codes(occasion, power, asking)
    with occasion.office.book() as book, book.writing() as conn:
        before = recall_asking(conn, asking)
        if before is None:
            one = Asking(asking, power, occasion.period_text, matter, about)
            keep_asking(conn, one, stamp(occasion.run))
    return Put(people, before is None, before is None or before.about == about)


def past_outcome(occasion: Occasion, asking: str) -> str:
    """What became of an asking; "" where nobody has answered it, or the answer was not carried out
    to the end."""
    with occasion.office.book() as book, book.reading() as conn:
        one = recall_asking(conn, asking)
    return one.outcome if one else ""


def settle_asking(occasion: Occasion, asking: str, who: str, outcome: str) -> None:
    with occasion.office.book() as book, book.writing() as conn:
        note_outcome(conn, asking, who, outcome)


def answered_by(occasion: Occasion) -> list[str]:
    """Who has given their word in this run, in order."""
    with occasion.office.book() as book, book.reading() as conn:
        return [one.who for one in recall_askings(conn, occasion.run) if one.outcome == DONE]
