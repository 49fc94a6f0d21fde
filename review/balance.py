"""Whether the figures of a period add up, and if not, which one does not.

    balance(tally, cards, on_roll=140, letters={"sent": 196}, written=196).balanced  -> True
    balance(...).faults  -> ("Danh sách có 60 đơn vị nhưng cộng các trạng thái được 59.",)

Nothing leaves the office on figures that do not balance (feature L16).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from review.roll import RollTally
from review.scorecard import CardStatus, Scorecard


@dataclass(frozen=True, slots=True)
class Balance:
    """`faults` are Vietnamese sentences, each naming the figure that does not add."""

    faults: tuple[str, ...] = ()

    @property
    def balanced(self) -> bool:
        return not self.faults


def balance(
    tally: RollTally,
    cards: Sequence[Scorecard],
    *,
    on_roll: int,
    letters: Mapping[str, int],
    written: int,
) -> Balance:
    """Holds the counts against each other: the roll, the persons and the letters.

    `on_roll` is how many cadres the roll has; `letters` how many letters stand in each state of the
    ledger and `written` how many were written in all.
    """
    faults = [*_of_the_roll(tally), *_of_the_persons(cards, on_roll)]
    return Balance((*faults, *_of_the_letters(letters, written)))


def _of_the_roll(tally: RollTally) -> Iterator[str]:
    states = tally.accepted + tally.returned + tally.nil + tally.missing + tally.set_aside
    if states != tally.roll:
        yield (
            f"Danh sách có {tally.roll} đơn vị nhưng cộng các trạng thái được {states} "
            f"(đạt {tally.accepted}, trả lại {tally.returned}, không phát sinh {tally.nil}, "
            f"chưa nộp {tally.missing}, để riêng {tally.set_aside})."
        )
    yield from _of_what_came(tally)


def _of_what_came(tally: RollTally) -> Iterator[str]:
    judged = tally.accepted + tally.returned
    if tally.received < judged:
        yield (
            f"Chỉ ghi nhận {tally.received} đơn vị có tệp gửi đến nhưng có {judged} đơn vị "
            "đạt hoặc bị trả lại."
        )
    if tally.received + tally.missing > tally.roll:
        yield (
            f"{tally.received} đơn vị đã gửi và {tally.missing} đơn vị chưa nộp "
            f"cộng lại nhiều hơn {tally.roll} đơn vị trong danh sách."
        )
    if tally.late > tally.received:
        yield (
            f"Số đơn vị nộp muộn ({tally.late}) nhiều hơn số đơn vị có tệp gửi đến "
            f"({tally.received})."
        )


def _of_the_persons(cards: Sequence[Scorecard], on_roll: int) -> Iterator[str]:
    if len(cards) != on_roll:
        yield f"Danh sách có {on_roll} cán bộ nhưng có {len(cards)} phiếu điểm."
    twice = sorted(code for code, n in Counter(card.cadre for card in cards).items() if n > 1)
    if twice:
        yield f"Cán bộ có nhiều hơn một phiếu điểm: {', '.join(twice[:10])}."
    ungraded = sorted(
        card.cadre for card in cards if card.status is CardStatus.OK and card.grade is None
    )
    if ungraded:
        yield (
            f"{len(ungraded)} cán bộ đã chấm điểm nhưng chưa có mức xếp loại: "
            f"{', '.join(ungraded[:10])}."
        )


def _of_the_letters(letters: Mapping[str, int], written: int) -> Iterator[str]:
    counted = sum(letters.values())
    if counted != written:
        yield f"Đã viết {written} thư nhưng sổ thư đếm được {counted}."
