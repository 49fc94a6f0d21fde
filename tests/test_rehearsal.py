"""A rule rehearsed by columns says what scoring everybody card by card would say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from channels.library import newest_regulation
from review.form import SCORED
from review.month_columns import STATUS
from review.rehearsal import compare
from review.result_columns import ResultColumns
from review.scoring import card_for_missing, score_unit
from review.submission import Submission
from tasks.briefs import cadres_by_unit
from tasks.columns import results_by_columns
from tasks.rehearse_rule import rehearse_rule
from tasks.score import why_not
from tasks.seals import as_scored
from tdkt_models.roll import recall_roll
from tdkt_models.scores import recall_cards
from tdkt_models.submissions import recall_submissions
from tests.province import HeldMonth, surroundings
from tests.test_month_columns import figures

pytestmark = pytest.mark.xdist_group("held-month")


def month_both_ways(held: HeldMonth, law: Any = None) -> tuple[list[Any], list[Any]]:
    """Everybody on the roll: their cards made one by one, and by columns; in the same order."""
    occasion = held.occasion
    with surroundings(TDKT_DATABASE_URL=held.url):
        law = law or occasion.regulation
        with occasion.office.book() as book, book.reading() as conn:
            roll = recall_roll(conn, occasion.period_text)
            units = [entry.unit for entry in roll]
            cadres = cadres_by_unit(conn, occasion, units)
            stand = recall_submissions(conn, occasion.period_text, units, sheets=SCORED)
            told: dict[str, Submission] = {
                said.unit: said for said in as_scored(conn, occasion, stand)
            }
            cards = []
            for entry in roll:
                people = cadres[entry.unit]
                if entry.unit in told:
                    cards += score_unit(told[entry.unit], people, law, with_reasons=False)
                else:
                    why = why_not(entry)
                    cards += [card_for_missing(c, occasion.period_text, law, why) for c in people]
            columns = results_by_columns(conn, occasion, units, law)
    return [figures(card) for card in cards], _figures(columns)


def _figures(results: ResultColumns) -> list[Any]:
    rows = zip(results.codes, *(c.tolist() for c in vars(results.scored).values()), strict=True)
    return [
        (code, STATUS[status], total, task, *((low, high) if status != 2 else ()), points, grade)
        for code, status, total, task, low, high, points, grade in rows
    ]


def test_the_rule_in_force_changes_nobody(held_month: HeldMonth) -> None:
    with surroundings(TDKT_DATABASE_URL=held_month.url):
        found = rehearse_rule(held_month.occasion, held_month.occasion.regulation)
    assert found.persons > 100 and found.changes == () and found.letters == 0


def test_a_changed_rule_changes_whom_the_cards_say(held_month: HeldMonth) -> None:
    """A dearer fault and a higher bar for "good", over sixty units."""
    law = newest_regulation()
    changed = replace(
        law,
        points=replace(law.points, fault_step=60),
        grades=replace(law.grades, excellent=9500, good=8000),
    )
    cards, columns = month_both_ways(held_month, changed)
    assert columns == cards
    with surroundings(TDKT_DATABASE_URL=held_month.url):
        occasion = held_month.occasion
        found = rehearse_rule(occasion, changed)
        with occasion.office.book() as book, book.reading() as conn:
            before = recall_cards(conn, occasion.period_text)
            units = sorted({card.unit for card in before})
            cadres = cadres_by_unit(conn, occasion, units)
            stand = recall_submissions(conn, occasion.period_text, units, sheets=SCORED)
            after = [
                card
                for said in as_scored(conn, occasion, stand)
                for card in score_unit(said, cadres[said.unit], changed, with_reasons=False)
            ]
    assert list(found.changes) == compare(before, after) and len(found.regraded) > 10
