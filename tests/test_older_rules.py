"""Before 2026 another decree applies; who is scored elsewhere is told so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from scoring_makers import EXAMPLE, EXAMPLE_RATING, cadre, report

from channels.library import regulation_in_force
from review.cadres import Group
from review.rollup import Basis, Part, PartState, Rolled, roll_up
from review.scorecard import ELSEWHERE, CardStatus, Grade
from review.scoring import score_unit
from review.year import LongLeave

OLD, NEW = regulation_in_force("2025-10"), regulation_in_force("2026-01")


def test_decree_90_is_in_force_to_the_end_of_2025_and_335_from_2026() -> None:
    assert "90/2020" in OLD.title and regulation_in_force("2025").code == OLD.code
    assert "335/2025" in NEW.title and regulation_in_force("2026").code == "2026-01"
    assert OLD.since < date(2026, 1, 1) <= NEW.since


def test_what_the_older_decision_does_not_say_is_that_of_the_one_it_extends() -> None:
    assert OLD.grades == NEW.grades and OLD.works == NEW.works and OLD.forms == NEW.forms
    assert OLD.year.old_leave_months == NEW.year.old_leave_months
    assert OLD.digest != NEW.digest


def test_a_month_of_2025_names_decree_90_in_every_reason() -> None:
    said = replace(report(EXAMPLE, [EXAMPLE_RATING]), period="2025-10")
    (card,) = score_unit(said, [cadre()], OLD)
    articles = {reason.article for reason in card.reasons if reason.article}
    assert articles and all("90/2020" in article for article in articles)


def test_each_group_is_routed_to_its_own_rules_visibly() -> None:
    for law in (OLD, NEW):
        for group in Group:
            (card,) = score_unit(report(EXAMPLE, [EXAMPLE_RATING]), [cadre(group=group)], law)
            if law.scores(group):
                assert card.status is CardStatus.OK
            else:
                assert card.flags == (ELSEWHERE,) and law.route(group) in card.reasons[0].says


def test_long_leave_lowered_a_year_then_and_does_not_now() -> None:
    parts = [Part(f"2025-{n:02}", 1, PartState.COUNTED, "A", 8650) for n in range(1, 9)]
    parts += [Part(f"2025-{n:02}", 1, PartState.LEAVE, "A") for n in range(9, 13)]
    grades = [
        roll_up(Rolled("A", "A", year, Basis.FINAL), parts, law.year, law.grades).grade
        for year, law in (("2025", OLD), ("2026", NEW))
    ]
    assert OLD.year.long_leave is LongLeave.DECREE_90
    assert grades == [Grade.DONE, Grade.GOOD]
