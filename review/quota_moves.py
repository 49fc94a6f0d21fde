"""Who would move were the quota of an approved period drawn anew: proposed, never done by itself.

    for move in moves(approved, expected, drawn): print(move.says)
    -> Bản đã phê duyệt: hoàn thành xuất sắc nhiệm vụ; xét lại: hoàn thành tốt nhiệm vụ. 90,10 điểm…

Raising one person after approval never makes a list longer than it may be: `full_lists` tells where
there is no seat, counting all whose approved grade is excellent, to be displaced or not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from review.quota_cut import seats_of
from review.quota_lists import Drawn
from review.results import Result
from review.scorecard import Grade


@dataclass(frozen=True, slots=True)
class Move:
    cadre: str
    unit: str
    before: Grade
    after: Grade
    why: str

    @property
    def says(self) -> str:
        return (
            f"Bản đã phê duyệt: {self.before.label.lower()}; xét lại: {self.after.label.lower()}. "
            f"{self.why}".strip()
        )


def moves(approved: Iterable[Result], expected: Mapping[str, Result], drawn: Drawn) -> list[Move]:
    """Those whom the drawing, and nothing else, would give another grade than the approved one.
    Whoever is level across a cut, or waits for a result, is not moved."""
    undecided = {*drawn.ties, *drawn.unsettled}
    found = []
    for was in approved:
        now = expected.get(was.cadre)
        if now is None or was.cadre in undecided or was.by_points is not Grade.EXCELLENT:
            continue
        if was.grade and now.grade and was.by_points is now.by_points and was.grade != now.grade:
            found.append(Move(was.cadre, was.unit, was.grade, now.grade, now.why))
    return found


def full_lists(cadre: str, drawn: Drawn, excellent: Collection[str]) -> tuple[str, ...]:
    """The lists of this person that those approved as `excellent` fill already; none: there is a
    seat in each."""
    people = drawn.people
    row = people.codes.index(cadre)
    taken = people.among([code for code in excellent if code != cadre])
    full = []
    for cut in drawn.cuts:
        at = int(cut.at[row])
        if at >= 0:
            seats = int(seats_of(cut.lists, drawn.reading)[at])
            if int(np.sum(taken & (cut.at == at))) >= seats:
                full.append(cut.names[at])
    return tuple(full)
