"""Letters that only a person can settle: nobody knows whether they arrived, or the gate held them.

letters_in_question(occasion)                               -> those of the period, by number
release_letters(occasion, [12], "Lò Văn Inh", judge=False)  to be posted again, or judged again
settle_letters(occasion, [12], "Lò Văn Inh", "…", arrived=True)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from review.post import LetterState
from tasks.occasion import Occasion
from tasks.office import stamp
from tdkt_models.letter_ledger import ledger
from tdkt_models.letters import judge_again, requeue, settle

STATES = {LetterState.IN_DOUBT: "Chưa rõ đã tới chưa", LetterState.HELD: "Tạm giữ"}


@dataclass(frozen=True, slots=True)
class LetterInQuestion:
    """By its number and kind; to whom it goes is not said here."""

    number: int
    kind_label: str
    state_label: str
    held: bool
    reason: str


def letters_in_question(occasion: Occasion) -> list[LetterInQuestion]:
    with occasion.office.book() as book, book.reading() as conn:
        found = [one for state in STATES for one in ledger(conn, occasion.period_text, state=state)]
    return [
        LetterInQuestion(
            one.id,
            one.letter.kind.label,
            STATES[one.state],
            one.state is LetterState.HELD,
            one.reason if one.state is LetterState.IN_DOUBT else "nội dung cần người xem",
        )
        for one in sorted(found, key=lambda one: one.id)
    ]


def release_letters(occasion: Occasion, numbers: Collection[int], who: str, *, judge: bool) -> int:
    """To be posted again (the reader may get it twice), or judged anew. Returns how many."""
    move = judge_again if judge else requeue
    with occasion.office.book() as book, book.writing() as conn:
        return move(conn, numbers, stamp(occasion.run), who)


def settle_letters(
    occasion: Occasion, numbers: Collection[int], who: str, note: str, *, arrived: bool
) -> int:
    state = LetterState.SENT if arrived else LetterState.FAILED
    reason = f"{who} xác nhận thư {'đã' if arrived else 'không'} tới: {note}"
    with occasion.office.book() as book, book.writing() as conn:
        return settle(conn, numbers, state, reason, stamp(occasion.run), who)
