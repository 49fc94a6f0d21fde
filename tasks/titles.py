"""Titles: who was proposed in the yearly reports, and what the book says of each condition.

propose(conn, occasion)[0].eligible     -> True, False, or None where the book cannot say
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection

from review.period import Cadence
from review.scorecard import Grade
from review.title_cases import History, Nominee, TitleCase, conditions_of
from tasks.occasion import Occasion
from tdkt_models.period_scores import recall_standing
from tdkt_models.results import recall_results
from tdkt_models.submissions import recall_submissions

YEARS_BACK = 5
APPROVED, OPEN = "kết quả đã phê duyệt", "kết quả chưa phê duyệt"


def propose(conn: Connection, occasion: Occasion) -> list[TitleCase]:
    """Every proposal of a person on the roll, in order of unit and sheet. Reads only."""
    year = occasion.period.start.year
    rules = {rule.key: rule for rule in occasion.regulation.person_titles}
    history = _history(conn, year)
    return [
        TitleCase(one, tuple(conditions_of(one, history[one.cadre], year, rules[one.title])))
        for one in _nominees(conn, str(year), occasion)
        if one.title in rules
    ]


def _nominees(conn: Connection, period: str, occasion: Occasion) -> list[Nominee]:
    places = occasion.regulation.places(Cadence.YEAR)
    return [
        Nominee(
            said.unit,
            row.cadre,
            row.name,
            row.title,
            row.initiative,
            places.at("titles", row.line, "initiative"),
        )
        for said in recall_submissions(conn, period, sheets=["titles"])
        for row in said.rows("titles")
        if row.cadre
    ]


def _history(conn: Connection, year: int) -> defaultdict[str, History]:
    """By cadre: the grades of this year and those before it, and the titles proposed before."""
    grades: defaultdict[str, dict[int, tuple[Grade, str]]] = defaultdict(dict)
    titles: defaultdict[str, dict[int, dict[str, str]]] = defaultdict(dict)
    for past in range(year - YEARS_BACK, year + 1):
        for card in recall_standing(conn, str(past)):
            if card.grade:
                grades[card.cadre][past] = card.grade, OPEN
        for result in recall_results(conn, str(past)):
            if result.grade:
                grades[result.cadre][past] = result.grade, APPROVED
        if past < year:
            for said in recall_submissions(conn, str(past), sheets=["titles"]):
                for row in said.rows("titles"):
                    titles[row.cadre].setdefault(past, {})[row.title] = ""
    found: defaultdict[str, History] = defaultdict(History)
    for cadre in {*grades, *titles}:
        found[cadre] = History(grades[cadre], titles[cadre])
    return found
