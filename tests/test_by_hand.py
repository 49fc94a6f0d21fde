"""Every score of the sample's month, worked out again with a pencil from what is printed of it."""

from __future__ import annotations

import pytest
from by_hand import by_hand

from review.scorecard import CardStatus
from tasks.quota import results_now
from tasks.traces import traces
from tests.province import HeldMonth, surroundings

pytestmark = pytest.mark.xdist_group("held-month")


def test_everybody_in_the_province_can_check_their_own_score(held_month: HeldMonth) -> None:
    checked = 0
    with surroundings(TDKT_DATABASE_URL=held_month.url):
        occasion = held_month.occasion
        with occasion.office.book() as book, book.reading() as conn:
            cards = {card.cadre: card for card in results_now(conn, occasion)}
            for unit in sorted({card.unit for card in cards.values()}):
                for trace in traces(conn, occasion, unit):
                    card = cards[trace["cadre"]]
                    if card.status is not CardStatus.OK:
                        continue
                    worked = by_hand(trace["lines"])
                    assert worked.total * 100 == card.total, trace["lines"]
                    assert worked.lost * 100 == 10_000 - (card.total or 0)
                    assert card.grade and worked.grade == card.grade.label
                    assert "sha256 " in trace["source"]
                    checked += 1
    assert checked == sum(card.status is CardStatus.OK for card in cards.values()) > 90
