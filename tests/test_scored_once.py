"""A report is scored once, and again as soon as anything that its cards rest on has changed."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from flows.cycle import take_in
from flows.rest import collector_at_rest
from review.cadres import Group
from review.scorecard import CardStatus
from tasks.call_roll import call_roll
from tasks.occasion import Occasion
from tasks.score import score
from tdkt_models.base import table_of
from tdkt_models.cadres import keep_cadres, recall_cadres
from tdkt_models.card_bases import CardBasisRow
from tdkt_models.scores import ScorecardRow, recall_cards
from tests.province import furnished, surroundings


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Occasion, tuple]]:
    folder: Path = tmp_path_factory.mktemp("scored") / "office"
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{folder}/office.db"):
        occasion, _ = furnished(folder)
        take_in(occasion)
        units = call_roll.fn(occasion).units
        score.fn(occasion, units)
        yield occasion, units


def cards(occasion: Occasion):
    with occasion.office.book() as book, book.reading() as conn:
        return recall_cards(conn, occasion.period_text)


def written_by(occasion: Occasion) -> set[str]:
    c = table_of(ScorecardRow).c
    with occasion.office.book() as book, book.reading() as conn:
        return set(conn.execute(c.run.table.select().with_only_columns(c.run)).scalars())


def test_the_cards_kept_with_the_check_are_those_that_scoring_makes(taken_in) -> None:
    occasion, units = taken_in
    before = cards(occasion)
    with occasion.office.book() as book, book.writing() as conn:
        conn.execute(delete(table_of(ScorecardRow)))
        conn.execute(delete(table_of(CardBasisRow)))
    scored = score.fn(replace(occasion, run="anew"), units)
    assert cards(occasion) == before
    assert scored.cards == len(before)
    assert scored.ok == sum(card.status is CardStatus.OK for card in before)


def test_where_nothing_changed_nothing_is_scored_again(taken_in) -> None:
    occasion, units = taken_in
    score.fn(occasion, units)
    with occasion.office.book() as book, book.writing() as conn:
        conn.execute(update(table_of(ScorecardRow)).values(run="marked"))
    score.fn(replace(occasion, run="later"), units)
    assert written_by(occasion) == {"marked"}


def test_a_cadre_who_changes_groups_is_scored_again(taken_in) -> None:
    occasion, units = taken_in
    someone = next(card for card in cards(occasion) if card.status is CardStatus.OK)
    later = replace(occasion, run="later", now=occasion.now + timedelta(days=1))
    with occasion.office.book() as book, book.writing() as conn:
        (cadre,) = [c for c in recall_cadres(conn, [someone.unit]) if c.code == someone.cadre]
        keep_cadres(conn, [cadre._replace(group=Group.PUBLIC_EMPLOYEE)], later.stamp)
    score.fn(later, units)
    (now,) = [card for card in cards(occasion) if card.cadre == someone.cadre]
    assert now.status is CardStatus.EXCLUDED
    with occasion.office.book() as book, book.writing() as conn:
        keep_cadres(conn, [cadre], replace(later, run="back").stamp)
    score.fn(replace(later, run="back"), units)
    assert someone in cards(occasion)


class Circle:
    """Nothing frees it but the collector."""

    def __init__(self) -> None:
        self.itself = self


def test_the_collector_rests_until_the_last_has_left() -> None:
    assert gc.isenabled()
    with collector_at_rest(), collector_at_rest() as tidy:
        assert not gc.isenabled()
        left = weakref.ref(Circle())
        assert left() is not None
        tidy()
        assert left() is None
    assert gc.isenabled()
