"""Results by columns: what the reports that stand come to under a regulation, for everybody asked.

    results_by_columns(conn, occasion, units, regulation).scored.total

For questions about a whole province or years past, where nobody reads a card: the figures are those
that the cards would have. A report that columns cannot tell all of (marks on slips) goes by cards.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from review.cadres import Cadre
from review.form import SCORED
from review.month_columns import score_columns
from review.month_layout import OfUnit, lay_out
from review.regulation import Regulation
from review.result_columns import ResultColumns
from review.said_columns import SaidColumns, said_columns
from review.scoring import score_unit
from review.submission import Submission
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tasks.seals import as_scored
from tdkt_models.roll import recall_roll
from tdkt_models.submissions import recall_submissions


class _Report(NamedTuple):
    """Who is on a unit's roll, and its report that stands, if one does."""

    people: Sequence[Cadre]
    said: Submission | None
    columns: SaidColumns | None


def results_by_columns(
    conn: Connection, occasion: Occasion, units: Collection[str], regulation: Regulation
) -> ResultColumns:
    """The results of a period that its own reports score, of all on the roll in these units."""
    period = occasion.period_text
    cadres = cadres_by_unit(conn, occasion, units)
    stand = recall_submissions(conn, period, units, sheets=SCORED)
    told = {said.unit: said for said in as_scored(conn, occasion, stand)}
    reports = []
    for entry in recall_roll(conn, period, units):
        said = told.get(entry.unit)
        columns = None if said is None else said_columns(said)
        reports.append(_Report(cadres[entry.unit], said, columns))
    try:
        return _results(period, reports, regulation)
    except (LookupError, OverflowError):  # marked by other criteria, or figures out of reason
        by_cards = [one._replace(columns=None) for one in reports]
        return _results(period, by_cards, regulation)


def _results(period: str, reports: Sequence[_Report], regulation: Regulation) -> ResultColumns:
    laid = [OfUnit(period, r.people, r.columns) for r in reports if r.columns or not r.said]
    people = [cadre for one in laid for cadre in one.cadres]
    scored = score_columns(lay_out(laid, regulation), regulation)
    codes, units = [one.code for one in people], [one.unit for one in people]
    cards = [
        card
        for people, said, columns in reports
        if said and not columns
        for card in score_unit(said, people, regulation, with_reasons=False)
    ]
    by_columns = ResultColumns(period, codes, units, scored)
    return ResultColumns.together(period, [by_columns, ResultColumns.of_cards(period, cards)])
