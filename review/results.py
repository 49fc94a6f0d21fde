"""A result as it was approved: what stays the same whatever is computed afterwards.

frozen(cards, drawn)[0].grade       -> Grade.GOOD, with why the quota moved it
results_digest(cards)               -> "9f2c…": changes when any figure or grade does
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from review.quota_lists import Drawn
from review.scorecard import CardStatus, Grade, Reason, Scorecard


@dataclass(frozen=True, slots=True)
class Result:
    """`by_points` is the grade before the quota, `grade` the approved one, `why` what moved it.
    `version` 1 is the first approval; an appeal or a correction adds another."""

    period: str
    cadre: str
    unit: str
    status: CardStatus
    total: int | None
    by_points: Grade | None
    grade: Grade | None
    why: str = ""
    version: int = 1


def frozen(cards: Iterable[Scorecard], drawn: Drawn | None) -> list[Result]:
    """The results that an approval puts down; `drawn` where the quota applies to the period."""
    return [
        Result(
            card.period,
            card.cadre,
            card.unit,
            card.status,
            card.total,
            card.grade,
            drawn.final(card) if drawn else card.grade,
            drawn.why.get(card.cadre, "") if drawn else "",
        )
        for card in cards
    ]


def in_force(cards: Iterable[Scorecard], results: Iterable[Result]) -> list[Scorecard]:
    """The cards, each with the grade that was approved where one was, and why."""
    approved = {one.cadre: one for one in results}
    return [_approved(card, approved.get(card.cadre)) for card in cards]


def _approved(card: Scorecard, result: Result | None) -> Scorecard:
    if result is None:
        return card
    words = f"Mức đã phê duyệt (bản {result.version})."
    why = Reason("grade", f"{words} {result.why}".strip())
    card = card._replace(grade=result.grade, approved=result.version)
    return card.with_reasons((why, *card.reasons)) if result.why else card


def heads_not_above(
    results: Iterable[Result], heads: Collection[str], units: Mapping[str, Grade]
) -> list[Result]:
    """Where the regulation says so, a head is graded no better than the unit (`units`: the grade of
    each agency that has one)."""
    order = list(Grade)
    found = []
    for one in results:
        limit = units.get(one.unit) if one.cadre in heads else None
        if limit and one.grade and order.index(one.grade) < order.index(limit):
            why = f"Người đứng đầu không xếp cao hơn cơ quan ({limit.label.lower()})."
            one = replace(one, grade=limit, why=f"{one.why} {why}".strip())
        found.append(one)
    return found


def confirmed(before: Iterable[Result], after: Iterable[Result]) -> list[Result]:
    """The final results, saying of each whose provisional grade was approved what became of it."""
    known = {one.cadre: one.grade for one in before}
    return [
        replace(one, why=" ".join(filter(None, (one.why, _confirmation(known[one.cadre], one)))))
        if one.cadre in known
        else one
        for one in after
    ]


def _confirmation(provisional: Grade | None, final: Result) -> str:
    if provisional is final.grade:
        return "Giữ nguyên mức đã phê duyệt tạm tính."
    was = provisional.label.lower() if provisional else "chưa xếp loại"
    now = final.grade.label.lower() if final.grade else "chưa xếp loại"
    return f"Tạm tính {was}, đủ số liệu cả kỳ là {now}."


def results_digest(cards: Sequence[Scorecard]) -> str:
    """sha256 over who has which status, points and grade, in any order of the cards."""
    said = sorted(f"{c.cadre}|{c.unit}|{c.status}|{c.total}|{c.grade}" for c in cards)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
