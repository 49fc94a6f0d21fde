"""Remind those who still owe their report, and only those; each stage once.

remind.fn(occasion, send=True)      -> Reminded(letters=5, new=5, unreachable=1)
"""

from __future__ import annotations

from dataclasses import dataclass

from prefect import task

from review.letterhead import OFFICE
from review.post import LetterKind
from review.reminding import Scene, reminders
from tasks.email_summaries import post_kinds
from tasks.occasion import Occasion
from tasks.report import keep_letters
from tdkt_models.cadres import recall_cadres
from tdkt_models.roll import recall_roll
from tdkt_models.units import recall_units

KINDS = (LetterKind.UNIT_REMINDER, LetterKind.OWING_DIGEST)


@dataclass(frozen=True, slots=True)
class Reminded:
    """`letters` fit the day, `new` of them were not written before; `unreachable` units have no
    address and are told to the office."""

    letters: int
    new: int
    unreachable: int


@task(name="Nhắc hạn nộp báo cáo")
def remind(occasion: Occasion, send: bool = False) -> Reminded:
    """Run it as often as you like: a reminder already written for its stage is not written again.
    With `send` they are posted, by the gate and only where the office is armed."""
    office = occasion.office
    with office.book() as book:
        with book.reading() as conn:
            scene = Scene(
                occasion.period_text,
                occasion.now,
                occasion.deadlines.locks,
                office.days,
                recall_units(conn),
                {cadre.code: cadre for cadre in recall_cadres(conn)},
                recall_roll(conn, occasion.period_text),
            )
        letters = list(reminders(office.settings, scene))
        with book.writing() as conn:
            new = keep_letters(conn, occasion, letters) if letters else 0
    if send:
        post_kinds(occasion, KINDS)
    lost = next((one for one in letters if one.person == OFFICE), None)
    return Reminded(len(letters), new, lost.payload["total"] if lost else 0)
