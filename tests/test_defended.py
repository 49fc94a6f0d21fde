"""A card in the book is defended with the reasons it was scored with, or with none."""

from __future__ import annotations

from hypothesis import given, settings
from scoring_makers import EXAMPLE, EXAMPLE_RATING, LAW, cadre, job, rating, report, terms
from test_month_columns import laws, people, reports

from review.cadres import Cadre, Role
from review.regulation import Regulation
from review.scorecard import CardStatus, Scorecard
from review.scoring import defended, score_unit
from review.submission import Submission


def kept(cards: tuple[Scorecard, ...]) -> dict[str, Scorecard]:
    """The cards as the book gives them: their figures, without the reasons of scored ones."""
    return {
        card.cadre: card.with_reasons(()) if card.status is CardStatus.OK else card
        for card in cards
    }


@given(reports.filter(bool), people, laws)
@settings(max_examples=250, deadline=None)
def test_a_kept_card_has_the_reasons_it_was_scored_with(
    said: Submission, roll: list[Cadre], law: Regulation
) -> None:
    cards = score_unit(said, roll, law)
    scored = {card.cadre: card.reasons for card in cards if card.status is CardStatus.OK}
    assert defended(said, roll, kept(cards), law) == scored


def test_a_unit_with_its_head_is_defended_whole() -> None:
    roll = [cadre("H", Role.HEAD), cadre("A")]
    said = report(
        [*EXAMPLE, job("H", assigned=4, done=3)],
        [EXAMPLE_RATING, rating("H", c1=450)],
        [terms("H", d="100", dd="50")],
    )
    head, staff = score_unit(said, roll, LAW)
    why = defended(said, roll, kept((head, staff)), LAW)
    assert why == {"H": head.reasons, "A": staff.reasons}
    assert head.total is not None and sum(one.lost or 0 for one in why["H"]) == 10_000 - head.total


def test_no_reason_defends_another_figure() -> None:
    (card,) = score_unit(report(EXAMPLE, [EXAMPLE_RATING]), [cadre()], LAW)
    replaced = report([*EXAMPLE, job(assigned=10, done=0)], [EXAMPLE_RATING])
    assert not any(defended(replaced, [cadre()], kept((card,)), LAW).values())
    gone = report([], [EXAMPLE_RATING])
    assert not any(defended(gone, [cadre()], kept((card,)), LAW).values())
