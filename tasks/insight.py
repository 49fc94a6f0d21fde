"""Insight: what the office should look at beside the scores. Only reads; changes nothing.

seen = insight(occasion)
seen.signals, seen.raters, seen.profiles["03637-01"]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from review.cadres import Cadre
from review.calibration import Rater, Rating, calibrate
from review.defence_general import general_of
from review.dimensions import Profile, profile_of
from review.dossier import Dossier, dossiers
from review.period import Cadence, Period
from review.scorecard import Scorecard
from review.submission import Submission
from review.weaknesses import Evidence, Signal, movement_is_even, signals
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tasks.quota import results_now
from tdkt_models.submissions import recall_submissions


@dataclass(frozen=True, slots=True)
class Insight:
    """`signals` of the weaknesses, `raters` for calibration, `profiles` by cadre."""

    signals: tuple[Signal, ...]
    raters: tuple[Rater, ...]
    profiles: Mapping[str, Profile]


def insight(occasion: Occasion) -> Insight:
    """For a month, its own reports; for a quarter or longer, the latest month within stands for the
    criteria of form 01, the quarter's own report for outcomes, movements, awards and the rest."""
    with occasion.office.book() as book, book.reading() as conn:
        said = _by_unit(conn, occasion.period_text)
        monthly = said if occasion.period.cadence is Cadence.MONTH else _monthly(conn, occasion)
        cards = results_now(conn, occasion)
        cadres = cadres_by_unit(conn, occasion)
    told = {u: dossiers(s, occasion.regulation) for u, s in monthly.items()}
    return Insight(
        tuple(_signals(occasion, said, cards, cadres)),
        tuple(calibrate(_ratings(occasion, told), occasion.regulation.insight.same_score_from)),
        _profiles(occasion, said, monthly, told, cards),
    )


def _by_unit(conn: Connection, period: str) -> dict[str, Submission]:
    return {said.unit: said for said in recall_submissions(conn, period)}


def _monthly(conn: Connection, occasion: Occasion) -> dict[str, Submission]:
    """Of each unit, the latest month within the period that has a report."""
    found: dict[str, Submission] = {}
    months: Sequence[Period] = occasion.period.split(Cadence.MONTH)
    for month in reversed(months[-3:]):
        for unit, said in _by_unit(conn, str(month)).items():
            found.setdefault(unit, said)
    return found


def _signals(
    occasion: Occasion,
    said: Mapping[str, Submission],
    cards: Sequence[Scorecard],
    cadres: Mapping[str, Sequence[Cadre]],
) -> list[Signal]:
    of_unit: defaultdict[str, list[Scorecard]] = defaultdict(list)
    for card in cards:
        of_unit[card.unit].append(card)
    found = []
    for unit in sorted(set(said) | set(of_unit)):
        evidence = Evidence(
            said.get(unit), unit, occasion.period, of_unit[unit], cadres.get(unit, ()),
            occasion.regulation, occasion.today,
        )  # fmt: skip
        found += signals(evidence)
    even = movement_is_even(said, occasion.regulation.insight.uneven_from)
    return [*found, even] if even else found


def _ratings(occasion: Occasion, told: Mapping[str, Mapping[str, Dossier]]) -> list[Rating]:
    regulation = occasion.regulation
    found = []
    for unit, people in told.items():
        for code, dossier in people.items():
            given = general_of(dossier.authority, regulation)
            if given is not None:
                found.append(Rating(unit, code, given, general_of(dossier.own, regulation)))
    return found


def _profiles(
    occasion: Occasion,
    said: Mapping[str, Submission],
    monthly: Mapping[str, Submission],
    told: Mapping[str, Mapping[str, Dossier]],
    cards: Sequence[Scorecard],
) -> dict[str, Profile]:
    works: defaultdict[str, set[str]] = defaultdict(set)
    for report in monthly.values():
        for row in report.rows("work"):
            works[row.cadre].add(row.work)
    found = {}
    for card in cards:
        dossier = told.get(card.unit, {}).get(card.cadre) or Dossier()
        outcomes = said[card.unit].rows("outcomes") if card.unit in said else ()
        theirs = [row for row in outcomes if row.work in works[card.cadre]]
        found[card.cadre] = profile_of(card, dossier.authority, theirs, occasion.regulation)
    return found
