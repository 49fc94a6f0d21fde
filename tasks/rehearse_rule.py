"""Rehearse a rule: replay periods that are past under a changed regulation, keeping nothing.

rehearse_rule(office, regulation, occasions)[0].regraded      -> who would change grade
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from review.form import SCORED
from review.post import LetterKind, LetterState
from review.regulation import Regulation
from review.rehearsal import Change, compare
from review.scorecard import Scorecard
from review.scoring import card_for_missing, score_unit
from tasks.briefs import cadres_by_unit
from tasks.call_roll import in_batches
from tasks.occasion import Occasion
from tasks.score import why_not
from tasks.seals import as_scored
from tdkt_models.letters import ledger
from tdkt_models.roll import recall_roll
from tdkt_models.scores import recall_cards
from tdkt_models.submissions import recall_submissions


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One period. `persons` were scored, `changes` differ, `letters` of those in the ledger would
    be written anew (`of`: all that stand)."""

    period: str
    persons: int
    changes: tuple[Change, ...]
    letters: int
    of: int

    @property
    def regraded(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.regraded)


def rehearse_rule(occasion: Occasion, regulation: Regulation) -> Rehearsed:
    """Scores the period's standing reports by `regulation` and holds the cards against those in the
    book. Only reads."""
    with occasion.office.book() as book, book.reading() as conn:
        before = recall_cards(conn, occasion.period_text)
        units = sorted({card.unit for card in before})
        after: list[Scorecard] = []
        for batch in in_batches(units, occasion.office.settings.work.batch):
            after += _scored(conn, occasion, batch, regulation)
        changes = compare(before, after)
        letters, of = _letters(conn, occasion, changes)
    return Rehearsed(occasion.period_text, len(before), tuple(changes), letters, of)


def _scored(
    conn: Connection, occasion: Occasion, units: tuple[str, ...], regulation: Regulation
) -> list[Scorecard]:
    period = occasion.period_text
    cadres = cadres_by_unit(conn, occasion, units)
    reports = recall_submissions(conn, period, units, sheets=SCORED)
    told = {said.unit: said for said in as_scored(conn, occasion, reports)}
    cards: list[Scorecard] = []
    for entry in recall_roll(conn, period, units):
        said = told.get(entry.unit)
        if said is not None:
            cards += score_unit(said, cadres[entry.unit], regulation, with_reasons=False)
        else:
            why = why_not(entry)
            cards += [card_for_missing(c, period, regulation, why) for c in cadres[entry.unit]]
    return cards


def _letters(conn: Connection, occasion: Occasion, changes: list[Change]) -> tuple[int, int]:
    """How many letters that stand carry what would change, and how many stand."""
    latest = {
        (one.letter.kind, one.letter.person, one.letter.to): one
        for one in ledger(conn, occasion.period_text)
        if one.state is not LetterState.CANCELLED
    }
    touched = {change.cadre for change in changes}
    regraded = any(change.regraded for change in changes)
    changed = [
        one
        for one in latest.values()
        if touched & set(one.letter.about)
        or (regraded and one.letter.kind is LetterKind.OFFICE_DIGEST)
    ]
    return len(changed), len(latest)
