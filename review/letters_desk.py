"""The letters of the desk: an alarm to the office, and a decision asked of who may give it.

    desk_alarm(office, "2026-10", alarm, number=7).person       -> "office/7"
    decision_asked(office, "2026-10", asked).to                 -> the approver's own address

They carry figures and a link, and nobody's result; so they need no arming: `HOUSE_LETTERS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from review.alarms import Alarm
from review.letter_rows import plain
from review.letterhead import OFFICE, letterhead
from review.post import ABOUT, Letter, LetterKind
from review.settings import Settings

MOST_FACTS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision that waits: `number` of the asking, `matter` as a sentence without its full stop,
    `facts` to decide upon, `link` to the form; `who` may give it and where they are written to."""

    number: str
    matter: str
    facts: tuple[str, ...]
    link: str
    who: str
    to: str


def desk_alarm(office: Settings, period: str, alarm: Alarm, number: int) -> Letter:
    payload = {
        **letterhead(office, period),
        "label": alarm.kind.label,
        "matter": plain(alarm.matter, 200),
        "do": plain(alarm.do),
        **_facts(alarm.facts),
        "link": alarm.link,
    }
    to = office.digest_to[0] if office.digest_to else office.email
    person = f"{OFFICE}{ABOUT}{number}"
    return Letter(period, LetterKind.DESK_ALARM, person, to, (), payload)


def decision_asked(office: Settings, period: str, asked: Asked) -> Letter:
    payload = {
        **letterhead(office, period),
        "who": plain(asked.who, 80),
        "matter": plain(asked.matter, 200),
        **_facts(asked.facts),
        "link": asked.link,
    }
    person = f"{OFFICE}{ABOUT}{asked.number}"
    return Letter(period, LetterKind.DECISION_ASKED, person, asked.to, (), payload)


def _facts(facts: Sequence[str]) -> dict[str, object]:
    return {
        "facts": [plain(fact) for fact in facts[:MOST_FACTS]],
        "facts_rest": max(0, len(facts) - MOST_FACTS),
    }
