"""The sheet of the report that defends every point: a row a reason, down to file, hash and cell.

trace_rows(conn, occasion)[0]["cells"]      -> "S3 Công việc – sản phẩm!M7; …!N7"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from review.explanation import STATUS, sums_in_words
from review.letter_rows import TERMS, plain
from review.scorecard import PART, CardStatus, Reason, Scorecard
from tasks.defence import cards_with_reasons
from tasks.occasion import Occasion
from tdkt_models.cadres import recall_cadres
from tdkt_models.scores import recall_sources

MOST_PEOPLE = 5_000  # a workbook of more rows is no longer read; `tdkt explain` says the same
PARTS = {**TERMS, PART: "Kỳ thành phần", "total": "Tổng điểm"}


def trace_rows(conn: Connection, occasion: Occasion) -> list[dict[str, Any]]:
    """Of everyone with a card, in order of unit and cadre; none for more than MOST_PEOPLE."""
    cards = cards_with_reasons(conn, occasion)
    if len(cards) > MOST_PEOPLE:
        return []
    names = {cadre.code: cadre.name for cadre in recall_cadres(conn)}
    sources = recall_sources(conn, occasion.period_text)
    regulation = occasion.regulation
    version = f"{regulation.code} · {regulation.digest[:12]}"
    return [
        {
            "code": card.cadre,
            "name": plain(names.get(card.cadre, ""), 80),
            "unit": card.unit,
            "total": card.total,
            "grade": card.grade.label if card.grade else STATUS[card.status],
            "term": PARTS.get(reason.term, reason.term),
            "says": plain(reason.says, 600),
            "lost": reason.lost,
            "article": plain(reason.article, 120),
            "cells": "; ".join(reason.cells),
            "regulation": version,
            "file": plain(sources[card.cadre].name, 80) if card.cadre in sources else "",
            "sha": sources[card.cadre].sha256 if card.cadre in sources else "",
        }
        for card in cards
        for reason in _reasons(card, occasion)
    ]


def _reasons(card: Scorecard, occasion: Occasion) -> Iterator[Reason]:
    """The sums first, then what they rest on."""
    if card.status is CardStatus.OK:
        sums = " ".join(sums_in_words(card, occasion.regulation))
        if sums:
            yield Reason("total", sums, None, (), occasion.regulation.articles["grade"])
    yield from card.reasons
