"""Each person's own sheet: form 01 of Decree 335/2025 for a month or a quarter scored by itself,
form 02 for a period that is made of others.

sheet_payloads(conn, occasion)["03637-01"]["form"]      -> "01"
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from review.cadres import Cadre
from review.dossier import dossiers
from review.letter_rows import card_block, plain
from review.points import half_up
from review.report_rows import STATUS
from review.result_form import roll_rows
from review.rollup import PeriodScore
from review.scorecard import Grade, Scorecard
from review.submission import Submission
from review.units import Unit
from tasks.defence import cards_with_reasons, is_rolled
from tasks.occasion import Occasion
from tasks.paper_head import paper_head
from tasks.seals import as_scored
from tdkt_models.cadres import recall_cadres
from tdkt_models.period_scores import recall_period_scores
from tdkt_models.submissions import recall_submissions
from tdkt_models.units import recall_units

NAMED = {"01": "sheet_pdf", "02": "sheet02_pdf"}


def sheet_payloads(
    conn: Connection, occasion: Occasion, only: Collection[str] | None = None
) -> dict[str, dict[str, Any]]:
    """The sheet of every cadre (of these units) who has a result in the period, by code; its
    `paper` says which kind of paper it is."""
    cadres = {cadre.code: cadre for cadre in recall_cadres(conn, only)}
    units, head = recall_units(conn), paper_head(conn, occasion)
    reports = as_scored(conn, occasion, recall_submissions(conn, occasion.period_text, only))
    said = {one.unit: one for one in reports}
    scores = recall_period_scores(conn, occasion.period_text, only)
    rolled = {score.whose.cadre: score for score in scores}
    sheets: dict[str, dict[str, Any]] = {}
    for card in cards_with_reasons(conn, occasion, only):
        if card.cadre not in cadres or card.unit not in units:
            continue
        cadre, unit = cadres[card.cadre], units[card.unit]
        if card.cadre in rolled and is_rolled(card):
            sheets[card.cadre] = _form_02(head, cadre, unit, rolled[card.cadre], card)
        else:
            sheets[card.cadre] = _form_01(head, occasion, cadre, unit, card, said.get(unit.code))
    return sheets


def _form_01(
    head: Mapping[str, Any],
    occasion: Occasion,
    cadre: Cadre,
    unit: Unit,
    card: Scorecard,
    said: Submission | None,
) -> dict[str, Any]:
    rubric = occasion.regulation.general
    told = dossiers(said, occasion.regulation).get(cadre.code) if said else None
    own = [told.own] if told else []
    given = (told.authorities or [told.authority]) if told else []
    criteria: list[dict[str, Any]] = [
        {
            "code": one.code,
            "name": plain(one.name, 160),
            "most": one.most,
            "own": _mean(own, one.field),
            "given": _mean(given, one.field),
        }
        for one in rubric.criteria
    ]
    return {
        **_whose(head, "01", "PHIẾU THEO DÕI, ĐÁNH GIÁ CÔNG CHỨC", cadre, unit),
        "criteria": criteria,
        "most": rubric.most,
        "own_sum": _sum([row["own"] for row in criteria]),
        "given_sum": card.general if len(given) > 1 else _sum([row["given"] for row in criteria]),
        "status_words": STATUS[card.status],
        "card": card_block(card),
    }


def _mean(rows: Sequence[Any], name: str) -> int | None:
    """What was given for a criterion; of several who marked it, their mean."""
    known = [mark for row in rows if (mark := getattr(row, name, None)) is not None]
    return half_up(sum(known), len(known)) if known and len(known) == len(rows) else None


def _form_02(
    head: Mapping[str, Any],
    cadre: Cadre,
    unit: Unit,
    score: PeriodScore,
    card: Scorecard,
) -> dict[str, Any]:
    """`card` has the grade in force: as approved, once it is."""
    grade = card.grade or score.grade or score.provisional
    return {
        **_whose(head, "02", "PHIẾU XẾP LOẠI CHẤT LƯỢNG CÔNG CHỨC", cadre, unit),
        "rows": roll_rows(score),
        "score": score.score,
        "so_far": score.so_far,
        "counted": score.counted,
        "due": score.due,
        "basis_label": score.whose.basis.label,
        "status_words": STATUS[score.status],
        "grades": [{"label": one.label, "chosen": one is grade} for one in Grade],
    }


def _whose(
    head: Mapping[str, Any], form: str, title: str, cadre: Cadre, unit: Unit
) -> dict[str, Any]:
    return {
        **head,
        "paper": NAMED[form],
        "form": form,
        "title": title,
        "code": cadre.code,
        "name": plain(cadre.name, 80),
        "post": plain(cadre.post, 120),
        "unit_name": plain(unit.name, 120),
    }


def _sum(marks: Sequence[int | None]) -> int | None:
    known = [mark for mark in marks if mark is not None]
    return sum(known) if known else None
