"""Cards with every point defended: the reasons are made again from what was scored.

    cards_with_reasons(conn, occasion, ["03637"])[0].reasons

The book keeps a card's figures, the report it was scored from and the regulation; the reasons
follow from these and are worded when a letter or a person asks for them (docs/decisions/0004).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from review.appeals import CaseState, told_in_letter
from review.cadres import Cadre
from review.dossier import SCORED_FROM
from review.explanations import Explanation, concerns
from review.period import Cadence
from review.raising import raising
from review.results import in_force
from review.rollup_words import rollup_reasons
from review.scorecard import PART, CardStatus, Reason, Scorecard
from review.scoring import defended, grounds_of, score_unit
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tasks.seals import as_scored
from tdkt_models.appeals import recall_appeals
from tdkt_models.explanations import recall_waivers
from tdkt_models.period_scores import recall_period_scores, recall_standing
from tdkt_models.results import recall_results
from tdkt_models.scores import recall_cards
from tdkt_models.submissions import recall_submissions


def cards_in_force(
    conn: Connection, occasion: Occasion, units: Collection[str] | None = None
) -> list[Scorecard]:
    """The period's results by unit and cadre, without their reasons: scored directly, or made of
    the periods within; with the approved grade once there is one."""
    cards = recall_standing(conn, occasion.period_text, units)
    return in_force(cards, recall_results(conn, occasion.period_text, units))


def cards_with_reasons(
    conn: Connection,
    occasion: Occasion,
    units: Collection[str] | None = None,
    cadres: Mapping[str, Sequence[Cadre]] | None = None,
) -> list[Scorecard]:
    """The same with every reason: why the points are what they are, what a longer period was made
    of, how it was approved, what was decided of it since. `cadres` are those of the units where
    they are at hand."""
    rolled = {card.cadre: card for card in _rolled(conn, occasion, units)}
    direct = {
        card.cadre: card
        for card in _direct(conn, occasion, units, cadres)
        if card.status is CardStatus.OK or card.cadre not in rolled
    }
    cards = (rolled | direct).values()
    results = recall_results(conn, occasion.period_text, units)
    decided = decided_of(conn, occasion.period_text)
    return [
        with_cases(card, decided)
        for card in sorted(in_force(cards, results), key=lambda card: (card.unit, card.cadre))
    ]


def _direct(
    conn: Connection,
    occasion: Occasion,
    units: Collection[str] | None,
    cadres: Mapping[str, Sequence[Cadre]] | None,
) -> list[Scorecard]:
    """A card whose report was replaced since it was scored stays without reasons until the cycle
    has scored again: no reason may defend another figure."""
    cards = recall_cards(conn, occasion.period_text, units)
    if not cards:
        return []
    people = cadres_by_unit(conn, occasion, units) if cadres is None else cadres
    regulation = occasion.regulation
    sheets = {*SCORED_FROM, regulation.general.sheet}
    said_by = recall_submissions(conn, occasion.period_text, units, sheets=sheets)
    by_unit: defaultdict[str, dict[str, Scorecard]] = defaultdict(dict)
    for card in cards:
        by_unit[card.unit][card.cadre] = card
    why: dict[str, tuple[Reason, ...]] = {}
    for said in as_scored(conn, occasion, said_by):
        why |= defended(said, people.get(said.unit, ()), by_unit[said.unit], regulation)
    waivers = recall_waivers(conn, {card.unit for card in cards}, occasion.period.end)
    return [_with_waivers(_defended(card, why.get(card.cadre)), waivers) for card in cards]


def _rolled(conn: Connection, occasion: Occasion, units: Collection[str] | None) -> list[Scorecard]:
    if occasion.period.cadence is Cadence.MONTH:
        return []
    return [
        score.as_card().with_reasons(rollup_reasons(score, occasion.regulation))
        for score in recall_period_scores(conn, occasion.period_text, units)
    ]


def is_rolled(card: Scorecard) -> bool:
    """Whether a card with its reasons was made of the periods within."""
    return any(reason.term == PART for reason in card.reasons)


def decided_of(conn: Connection, period: str) -> dict[str, list[Reason]]:
    """By cadre, what was decided of the result since it was approved, latest first."""
    found: defaultdict[str, list[Reason]] = defaultdict(list)
    for case in recall_appeals(conn, period):
        if case.state in (CaseState.UPHELD, CaseState.DISMISSED):
            found[case.cadre].insert(0, told_in_letter(case))
    return found


def with_cases(card: Scorecard, decided: Mapping[str, Sequence[Reason]]) -> Scorecard:
    more = tuple(decided.get(card.cadre, ()))
    return card.with_reasons((*more, *card.reasons)) if more else card


def _with_waivers(card: Scorecard, waivers: Sequence[Explanation]) -> Scorecard:
    """What was asked about this person, and why it is not asked any more."""
    if not waivers:
        return card
    more = tuple(
        Reason("explained", f"{one.asked} Giải trình: “{one.says}”, được chấp nhận đến hết ngày "
                            f"{one.until:%d/%m/%Y}.")
        for one in waivers
        if one.unit == card.unit and concerns(one, card.cadre)
    )  # fmt: skip
    return card.with_reasons((*card.reasons, *more)) if more else card


def _defended(card: Scorecard, why: tuple[Reason, ...] | None) -> Scorecard:
    return card.with_reasons((*card.reasons, *why)) if why else card


def what_would_raise(conn: Connection, occasion: Occasion, unit: str, who: str) -> dict[str, str]:
    """By cadre, the smallest change that reaches a better grade, for the one or the unit asked."""
    cadres = cadres_by_unit(conn, occasion, [unit])[unit]
    found = {}
    for said in as_scored(conn, occasion, recall_submissions(conn, occasion.period_text, [unit])):
        cards = score_unit(said, cadres, occasion.regulation, with_reasons=False)
        grounds = grounds_of(cards, cadres, occasion.regulation)
        for cadre in cadres:
            if who in (cadre.code, unit):
                step = raising(said, cadre, occasion.regulation, grounds.get(cadre.code))
                found[cadre.code] = step.says if step else ""
    return found
