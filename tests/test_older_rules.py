"""Before 2026 another decree applies; who is scored elsewhere is told so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from scoring_makers import EXAMPLE, EXAMPLE_RATING, cadre, report

from channels.library import regulation_in_force
from review.cadres import Group
from review.period import Period
from review.rollup import Basis
from review.rollup_columns import State
from review.rollup_layout import Figures
from review.rollup_people import About, roll_up_people
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
    grades = []
    for year, law in (("2025", OLD), ("2026", NEW)):
        worked = [(n, State.COUNTED, 86_50) for n in range(1, 9)]
        away = [(n, State.LEAVE, -1) for n in range(9, 13)]
        rows = [
            (f"{year}-{n:02}", cadre().code, cadre().unit, int(state), score, -1, -1, -1, 0, 0, "")
            for n, state, score in (*worked, *away)
        ]
        about = About(Period.parse(year), Basis.FINAL, date(int(year) + 1, 1, 20))
        figures = Figures.from_rows(rows)
        (rolled,) = roll_up_people(about, [cadre()], figures, law.year, law.grades).scores()
        assert (rolled.score, rolled.counted, rolled.due) == (86_50, 8, 8)
        grades.append(rolled.grade)
    assert OLD.year.long_leave is LongLeave.DECREE_90
    assert grades == [Grade.DONE, Grade.GOOD]
