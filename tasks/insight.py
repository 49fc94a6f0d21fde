"""Insight: what the office should look at beside the scores. Only reads; changes nothing.

seen = insight(occasion)
seen.signals, seen.raters, seen.profiles["03637-01"]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from review.cadres import Cadre
from review.calibration import Rater, Rating, calibrate
from review.defence_general import general_by, general_of
from review.dimensions import Profile, average, profile_of
from review.dossier import Dossier, dossiers
from review.period import Cadence, Period
from review.points import half_up
from review.scorecard import Scorecard
from review.submission import Submission
from review.weaknesses import Evidence, Signal, movement_is_even, signals
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tasks.quota import results_now
from tasks.seals import as_scored
from tdkt_models.submissions import recall_submissions


@dataclass(frozen=True, slots=True)
class Insight:
    """`signals` of the weaknesses; for calibration `raters`, a unit each, and `markers`, the people
    who marked as the competent authority on slips; `profiles` by cadre."""

    signals: tuple[Signal, ...]
    raters: tuple[Rater, ...]
    markers: tuple[Rater, ...]
    profiles: Mapping[str, Profile]


def insight(occasion: Occasion) -> Insight:
    """For a month, its own reports; for a quarter or longer, the latest month within stands for the
    criteria of form 01, the quarter's own report for outcomes, movements, awards and the rest."""
    with occasion.office.book() as book, book.reading() as conn:
        said = _by_unit(conn, occasion)
        monthly = said if occasion.period.cadence is Cadence.MONTH else _monthly(conn, occasion)
        cards = results_now(conn, occasion)
        cadres = cadres_by_unit(conn, occasion)
    told = {u: dossiers(s, occasion.regulation) for u, s in monthly.items()}
    same = occasion.regulation.insight.same_score_from
    return Insight(
        tuple(_signals(occasion, said, cards, cadres)),
        tuple(calibrate(_by_units(occasion, told), same)),
        tuple(calibrate(_by_markers(occasion, told), same)),
        _profiles(occasion, said, monthly, told, cards),
    )


def _by_unit(conn: Connection, occasion: Occasion) -> dict[str, Submission]:
    """Reports as they are scored: with raters' slips that are open."""
    said = recall_submissions(conn, occasion.period_text)
    return {one.unit: one for one in as_scored(conn, occasion, said)}


def _monthly(conn: Connection, occasion: Occasion) -> dict[str, Submission]:
    """Of each unit, the latest month within the period that has a report."""
    found: dict[str, Submission] = {}
    months: Sequence[Period] = occasion.period.split(Cadence.MONTH)
    for month in reversed(months[-3:]):
        for unit, said in _by_unit(conn, replace(occasion, period=month)).items():
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


def _by_units(occasion: Occasion, told: Mapping[str, Mapping[str, Dossier]]) -> list[Rating]:
    """A unit's marks as they count: of several raters their mean."""
    regulation = occasion.regulation
    found = []
    for unit, people in told.items():
        for code, dossier in people.items():
            given = general_by(dossier, regulation)
            if given is not None:
                own = general_of(dossier.own, regulation)
                found.append(Rating(unit, code, half_up(given.sum, given.raters), own))
    return found


def _by_markers(occasion: Occasion, told: Mapping[str, Mapping[str, Dossier]]) -> list[Rating]:
    """Each person who marked on slips of their own."""
    regulation = occasion.regulation
    found = []
    for people in told.values():
        for code, dossier in people.items():
            for row in dossier.authorities:
                given = general_of(row, regulation)
                if given is not None:
                    own = general_of(dossier.own, regulation)
                    found.append(Rating(row.by, code, given, own))
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
        marks = dossier.authorities or [dossier.authority]
        found[card.cadre] = average(
            [profile_of(card, row, theirs, occasion.regulation) for row in marks]
        )
    return found
