"""Score: a card for every cadre on the roll, scored from what stands, or saying why it cannot be.

score.fn(occasion, ("03637", "03640"))   -> Scored(cards=5, ok=4)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from prefect import task

from review.roll import RollEntry, RollState
from review.scorecard import CardStatus, Scorecard
from review.scoring import card_for_missing, score_unit
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tdkt_models.roll import recall_roll
from tdkt_models.scores import keep_cards
from tdkt_models.submissions import recall_kept

SCORED = ("work", "general", "leaders", "changes")  # the sheets that a score rests on
WHY_NOT = {
    RollState.MISSING: "Đơn vị chưa nộp báo cáo của kỳ này.",
    RollState.RETURNED: "Báo cáo của đơn vị đang trả lại để sửa.",
    RollState.SET_ASIDE: "Tệp của đơn vị đang để riêng chờ xem xét.",
}


@dataclass(frozen=True, slots=True)
class Scored:
    cards: int
    ok: int


@task(name="Chấm điểm")
def score(occasion: Occasion, units: Collection[str]) -> Scored:
    """Missing is not zero: a unit whose report does not count has cards without figures."""
    regulation = occasion.regulation
    cards: list[Scorecard] = []
    with occasion.office.book() as book, book.writing() as conn:
        standing = {
            kept.submission.unit: kept
            for kept in recall_kept(conn, occasion.period_text, units, sheets=SCORED)
        }
        cadres = cadres_by_unit(conn, occasion, units)
        for entry in recall_roll(conn, occasion.period_text, units):
            kept = standing.get(entry.unit)
            if kept is not None:
                cards += score_unit(
                    kept.submission, cadres[entry.unit], regulation, with_reasons=False
                )
            else:
                why = why_not(entry)
                cards += [
                    card_for_missing(cadre, occasion.period_text, regulation, why)
                    for cadre in cadres[entry.unit]
                ]
        keep_cards(
            conn,
            cards,
            occasion.stamp,
            regulation=regulation.code,
            submissions={unit: kept.id for unit, kept in standing.items() if kept.id},
            only_for={occasion.period_text: units},
        )
    return Scored(len(cards), sum(card.status is CardStatus.OK for card in cards))


def why_not(entry: RollEntry) -> str:
    return WHY_NOT.get(entry.state, WHY_NOT[RollState.MISSING])
