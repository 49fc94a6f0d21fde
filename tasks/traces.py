"""Traces: from a grade back to what it rests on, for a month's card and for a longer period alike.

traces(conn, occasion, "03637-01")[0]["lines"]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from review.cadres import managed_by
from review.explanation import explain
from review.leading import DRule
from review.period import Cadence
from review.points import shown
from review.results import Result
from review.rollup import Basis, PeriodScore, confirmation
from review.rollup_words import explain_rollup
from review.scorecard import CardStatus, Scorecard
from review.still_needed import still_needed
from tasks.briefs import cadres_by_unit
from tasks.defence import cards_with_reasons, is_rolled, what_would_raise
from tasks.occasion import Occasion
from tdkt_models.cadres import recall_cadres
from tdkt_models.period_scores import recall_period_scores
from tdkt_models.results import recall_results
from tdkt_models.scores import Source, recall_sources


def traces(conn: Connection, occasion: Occasion, who: str) -> list[dict[str, Any]]:
    """JSON-ready, one a person: of a cadre, or of everyone in a unit."""
    units = sorted({who, who.partition("-")[0], *_units_now(conn, who)})
    approved = {r.cadre: r for r in recall_results(conn, occasion.period_text, units)}
    found = [
        *_of_cards(conn, occasion, units, who),
        *_of_longer(conn, occasion, units, who),
    ]
    for trace in found:
        trace["lines"] += _approved_in_words(approved.get(trace["cadre"]))
    return found


def _units_now(conn: Connection, who: str) -> list[str]:
    """Where the person is now: after a transfer the code no longer tells the unit."""
    return [cadre.unit for cadre in recall_cadres(conn) if cadre.code == who]


def _of_cards(
    conn: Connection, occasion: Occasion, units: list[str], who: str
) -> list[dict[str, Any]]:
    cards = cards_with_reasons(conn, occasion, units)
    mine = [card for card in cards if who in (card.cadre, card.unit) and not is_rolled(card)]
    raises, people = dict[str, str](), dict[str, list[str]]()
    for unit in sorted({card.unit for card in mine}):
        raises |= what_would_raise(conn, occasion, unit, who)
        people |= _people_led(conn, occasion, unit, [one for one in cards if one.unit == unit])
    sources = recall_sources(conn, occasion.period_text, units)
    return [
        _of_card(occasion, card, raises.get(card.cadre, ""), sources.get(card.cadre))
        | {"people": people.get(card.cadre, [])}
        for card in mine
    ]


def _people_led(
    conn: Connection, occasion: Occasion, unit: str, cards: Sequence[Scorecard]
) -> dict[str, list[str]]:
    """By leader, the people whose results their d rests on: for the office that asks. No letter
    carries this: others' results are for the head of their unit alone."""
    if occasion.regulation.points.leader_d is not DRule.COMPUTED:
        return {}
    known = {card.cadre: card for card in cards}
    cadres = cadres_by_unit(conn, occasion, [unit])[unit]
    return {
        leader.code: [
            f"{one.code}: {_points_of(known[one.code])}"
            for one in managed_by(leader, cadres)
            if one.code in known and known[one.code].status is not CardStatus.EXCLUDED
        ]
        for leader in cadres
        if leader.leads
    }


def _points_of(card: Scorecard) -> str:
    if card.total is not None:
        return shown(card.total)
    low, high = card.bounds
    return f"chưa có, {shown(low)} – {shown(high)}"


def _of_card(
    occasion: Occasion, card: Scorecard, raised: str, source: Source | None
) -> dict[str, Any]:
    return {
        "cadre": card.cadre,
        "unit": card.unit,
        "period": card.period,
        "grade": card.grade,
        "lines": list(explain(card, occasion.regulation)),
        "source": _in_words(source),
        "raise": raised,
    }


def _of_longer(
    conn: Connection, occasion: Occasion, units: list[str], who: str
) -> list[dict[str, Any]]:
    if occasion.period.cadence is Cadence.MONTH:
        return []
    text = occasion.period_text
    cards = {card.cadre: card for card in cards_with_reasons(conn, occasion, units)}
    before = {
        score.whose.cadre: score
        for score in recall_period_scores(conn, text, units, basis=Basis.PROVISIONAL)
    }
    return [
        {
            "cadre": score.whose.cadre,
            "unit": score.whose.unit,
            "period": text,
            "grade": score.grade,
            "lines": [
                *explain_rollup(score, occasion.regulation),
                *_confirmed(before.get(score.whose.cadre), score),
                *_decided(cards[score.whose.cadre]),
            ],
            "source": "tổng hợp từ phiếu điểm của các kỳ nêu trên",
            "raise": still_needed(score, occasion.regulation.grades),
        }
        for score in recall_period_scores(conn, text, units)
        if who in (score.whose.cadre, score.whose.unit) and is_rolled(cards[score.whose.cadre])
    ]


def _decided(card: Scorecard) -> list[str]:
    """How the result was approved, and what was decided of it since."""
    return [f"- {reason.says}" for reason in card.reasons if reason.term in ("grade", "appeal")]


def _confirmed(before: PeriodScore | None, score: PeriodScore) -> list[str]:
    if before is None or score.whose.basis is Basis.PROVISIONAL:
        return []
    words = confirmation(before, score)
    return [words] if words else []


def _approved_in_words(result: Result | None) -> list[str]:
    if result is None:
        return ["Chưa phê duyệt: mức xếp loại là dự kiến."]
    grade = result.grade.label if result.grade else "không xếp loại"
    return [f"Đã phê duyệt: {grade} (bản {result.version})."]


def _in_words(source: Source | None) -> str:
    """The file a card was scored from: its name, version, time and hash."""
    if source is None:
        return "chưa có báo cáo nào được chấp nhận"
    return (
        f"{source.name}, bản {source.version}, nhận {source.received_at:%d/%m/%Y}, "
        f"sha256 {source.sha256}"
    )
