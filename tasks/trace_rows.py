"""The sheet of the report that defends every point: a row a reason, down to file, hash and cell.

next(trace_rows(conn, occasion))["cells"]      -> "S3 Công việc – sản phẩm!M7; …!N7"
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from review.explanation import STATUS, sums_in_words
from review.letter_rows import TERMS, plain
from review.period import Cadence
from review.scorecard import PART, CardStatus, Reason, Scorecard
from tasks.call_roll import in_batches
from tasks.defence import cards_with_reasons
from tasks.occasion import Occasion
from tdkt_models.cadres import recall_people
from tdkt_models.period_scores import units_with_results
from tdkt_models.scores import recall_sources

MOST_PEOPLE = 5_000  # a workbook of more rows is no longer read; `tdkt explain` says the same
PARTS = {**TERMS, PART: "Kỳ thành phần", "total": "Tổng điểm"}


def trace_rows(conn: Connection, occasion: Occasion) -> Iterator[dict[str, Any]]:
    """Of everyone with a card, in order of unit and cadre; a month's are defended a batch of units
    at a time. Of a period with more than MOST_PEOPLE nobody asks for them."""
    regulation = occasion.regulation
    version = f"{regulation.code} · {regulation.digest[:12]}"
    for units in _batches(conn, occasion):
        cards = cards_with_reasons(conn, occasion, units)
        people = recall_people(conn, [card.cadre for card in cards])
        names = {cadre.code: cadre.name for cadre in people}
        sources = recall_sources(conn, occasion.period_text, units)
        for card in cards:
            source = sources.get(card.cadre)
            for reason in _reasons(card, occasion):
                yield {
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
                    "file": plain(source.name, 80) if source else "",
                    "sha": source.sha256 if source else "",
                }


def _batches(conn: Connection, occasion: Occasion) -> Sequence[Sequence[str] | None]:
    """Of a longer period all at once: who moved is one person."""
    if occasion.period.cadence is not Cadence.MONTH:
        return [None]
    units = units_with_results(conn, occasion.period_text)
    return in_batches(units, occasion.office.settings.work.batch)


def _reasons(card: Scorecard, occasion: Occasion) -> Iterator[Reason]:
    """The sums first, then what they rest on."""
    if card.status is CardStatus.OK:
        sums = " ".join(sums_in_words(card, occasion.regulation))
        if sums:
            yield Reason("total", sums, None, (), occasion.regulation.articles["grade"])
    yield from card.reasons
