"""Put before a person whose approved result a period held again would change.

propose_again.fn(occasion, "tháng 7/2026", who)     -> how many cases were opened
"""

from __future__ import annotations

from collections.abc import Iterator

from prefect import task
from sqlalchemy import Connection

from review.appeals import CaseKind, CaseState
from tasks.call_roll import in_batches
from tasks.occasion import Occasion
from tasks.restate import propose_restating, tell_office
from tasks.roll_up import basis_of, rolls_now
from tdkt_models.appeals import recall_appeals
from tdkt_models.decisions import recall_decisions
from tdkt_models.results import recall_results
from tdkt_models.scores import recall_cards


@task(name="Đề xuất tính lại kết quả đã phê duyệt")
def propose_again(occasion: Occasion, because: str, who: str) -> int:
    """A case for everyone whose approved result comes out otherwise from the parts as they are now;
    the office is told. None where nobody has approved the period, or where what was approved is the
    provisional result: the final one is approved for itself. What is open already is not asked
    again."""
    with occasion.office.book() as book, book.writing() as conn:
        told = []
        for cadre in list(_otherwise(conn, occasion)):
            change = propose_restating(conn, occasion, cadre, because, who)
            if change is not None:
                told.append(f"{cadre}: {change.words}")
        tell_office(conn, occasion, told)
    return len(told)


def _otherwise(conn: Connection, occasion: Occasion) -> Iterator[str]:
    """Whose approved result, made of the parts, is another now, and is not asked about yet."""
    period = occasion.period_text
    decided = recall_decisions(conn, period)
    if not decided or decided[-1].basis != basis_of(occasion):
        return
    asked = {
        case.cadre
        for case in recall_appeals(conn, period)
        if case.kind is CaseKind.RESTATEMENT and case.state is CaseState.OPEN
    }
    direct = {card.cadre for card in recall_cards(conn, period)}
    approved = {one.cadre: one for one in recall_results(conn, period)}
    units = sorted({one.unit for one in approved.values()})
    for batch in in_batches(units, occasion.office.settings.work.batch):
        for score in rolls_now(conn, occasion, batch).scores():
            card, cadre = score.as_card(), score.whose.cadre
            was = approved.get(cadre)
            if was is None or cadre in asked or cadre in direct:
                continue
            if (was.total, was.by_points, was.status) != (card.total, card.grade, card.status):
                yield cadre
