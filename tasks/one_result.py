"""One person's result of one period: as the book has it, and as it would be made again now.

known = in_force(conn, occasion, "03637-01")        -> the approved result and its card
made_again(conn, occasion, known).total             -> 9020
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.results import Result
from review.rollup import PartState
from review.scorecard import Scorecard
from review.scoring import score_unit
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tasks.roll_up import rolls_now
from tasks.seals import as_scored
from tdkt_models.cadres import recall_cadre
from tdkt_models.period_scores import keep_rolls, recall_period_scores
from tdkt_models.results import standing_result
from tdkt_models.scores import keep_cards, recall_cards
from tdkt_models.submissions import recall_kept, recall_submissions


@dataclass(frozen=True, slots=True)
class InForce:
    """An approved result, the card it rests on, and whether that was scored from a report of its
    own period; else `parts` tell what it was made of: (period, points)."""

    result: Result
    card: Scorecard
    direct: bool
    parts: tuple[tuple[str, int | None], ...] = ()


def in_force(conn: Connection, occasion: Occasion, cadre: str) -> InForce:
    """Raises ChannelRefused: not approved yet, or nobody of that code has a result."""
    result = standing_result(conn, occasion.period_text, cadre)
    if result is None:
        raise ChannelRefused(
            f"“{cadre}” chưa có kết quả được phê duyệt trong {occasion.period.label}: nếu kỳ chưa "
            "phê duyệt thì chỉ cần gửi lại báo cáo."
        )
    for card in recall_cards(conn, occasion.period_text, [result.unit]):
        if card.cadre == cadre:
            return InForce(result, card, direct=True)
    for score in recall_period_scores(conn, occasion.period_text, [result.unit]):
        if score.whose.cadre == cadre:
            parts = ((p.period, p.score) for p in score.parts if p.state is PartState.COUNTED)
            return InForce(result, score.as_card(), direct=False, parts=tuple(parts))
    raise ChannelRefused(f"Không còn phiếu điểm của {cadre} trong {occasion.period.label}.")


def made_again(conn: Connection, occasion: Occasion, known: InForce) -> Scorecard:
    """The card from the report that stands now, or rolled up from the periods as they are now. Only
    reads. Raises ChannelRefused where there is nothing to make it from."""
    cadre = known.card.cadre
    if known.direct:
        cards = scored_again(conn, occasion, known.card.unit)
    else:
        person = recall_cadre(conn, cadre)
        units = [person.unit if person else known.card.unit]
        cards = [score.as_card() for score in rolls_now(conn, occasion, units).scores()]
    for card in cards:
        if card.cadre == cadre:
            return card
    raise ChannelRefused(
        f"Đơn vị {known.card.unit} không có báo cáo nào được chấp nhận để chấm lại {cadre}."
    )


def scored_again(conn: Connection, occasion: Occasion, unit: str) -> list[Scorecard]:
    """The unit's cards from its report that stands."""
    people = cadres_by_unit(conn, occasion, [unit])[unit]
    return [
        card
        for said in as_scored(
            conn, occasion, recall_submissions(conn, occasion.period_text, [unit])
        )
        for card in score_unit(said, people, occasion.regulation, with_reasons=False)
    ]


def keep_one(conn: Connection, occasion: Occasion, card: Scorecard, *, direct: bool) -> None:
    """Writes this one person's card, or rolled-up result, over what the book has; nobody else's."""
    code = occasion.regulation.code
    if direct:
        kept = recall_kept(conn, occasion.period_text, [card.unit], sheets=())
        numbers = {one.submission.unit: one.id for one in kept if one.id}
        keep_cards(conn, [card], occasion.stamp, regulation=code, submissions=numbers)
    else:
        rolls = rolls_now(conn, occasion, [card.unit])
        keep_rolls(conn, rolls, occasion.stamp, regulation=code, only={card.cadre})
