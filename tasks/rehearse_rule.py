"""Rehearse a rule: replay periods that are past under a changed regulation, keeping nothing.

rehearse_rule(office, regulation, occasions)[0].regraded      -> who would change grade
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection

from review.explanation import explain
from review.month_columns import OK
from review.period import Cadence, Period
from review.post import LetterKind, LetterState
from review.quota import CapRules
from review.quota_cut import Fate
from review.quota_lists import draw_lists
from review.quota_people import GOOD
from review.regulation import Regulation
from review.rehearsal import Change
from review.result_columns import ResultColumns, again, changes, of_rolls, places_of
from review.rollup_layout import Figures
from review.scoring import score_unit
from tasks.briefs import cadres_by_unit
from tasks.call_roll import in_batches
from tasks.columns import results_by_columns
from tasks.occasion import Occasion
from tasks.quota import quota_terms
from tasks.roll_up import figures_of, rolls_under, spread_of
from tasks.seals import as_scored
from tdkt_models.cadres import recall_cadres
from tdkt_models.letter_ledger import ledger
from tdkt_models.period_scores import units_with_results
from tdkt_models.scores import recall_cards, recall_result_rows
from tdkt_models.submissions import recall_submissions


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One period. `persons` were scored, `changes` differ by their points, `after_quota` are
    those whom the quota, drawn under both rules, moves otherwise; `letters` of those in the
    ledger would be written anew (`of`: all that stand)."""

    period: str
    persons: int
    changes: tuple[Change, ...]
    after_quota: tuple[Change, ...]
    letters: int
    of: int

    @property
    def regraded(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.regraded)


def rehearse_rule(occasion: Occasion, regulation: Regulation) -> Rehearsed:
    """A month: its standing reports scored by `regulation` and held against the cards of the book.
    A longer period: made anew of its shorter ones, each scored again, and held against what the
    book's own figures come to. All by columns; only reads."""
    text = occasion.period_text
    with occasion.office.book() as book, book.reading() as conn:
        scored = ResultColumns.of_rows(text, recall_result_rows(conn, text))
        direct = frozenset(scored.only(scored.scored.status == OK).codes)
        then, now = list[ResultColumns](), list[ResultColumns]()
        units = units_with_results(conn, text)
        for batch in in_batches(units, occasion.office.settings.work.batch):
            if occasion.period.cadence is not Cadence.MONTH:
                before, after = _rolled(conn, occasion, batch, regulation)
                then.append(before.without(direct))
                now.append(after.without(direct))
            if scored.codes:
                now.append(results_by_columns(conn, occasion, batch, regulation))
        made = frozenset(code for one in then for code in one.codes)
        before = ResultColumns.together(text, [*then, scored.without(made)])
        after = ResultColumns.together(text, now)
        differ = changes(before, after)
        drawn = [
            _after_quota(conn, occasion, results, law.cap)
            for results, law in ((before, occasion.regulation), (after, regulation))
        ]
        moved = [one for one in changes(*drawn) if one.regraded and one not in differ]
        letters, of = _letters(conn, occasion, [*differ, *moved])
    return Rehearsed(text, len(before.codes), tuple(differ), tuple(moved), letters, of)


def card_under(occasion: Occasion, regulation: Regulation, who: str) -> tuple[str, ...]:
    """One person's month as the changed rule scores it, with the reason of every point: the card is
    made for whoever is asked about. Empty where no report of the period scores that person."""
    with occasion.office.book() as book, book.reading() as conn:
        unit = next((one.unit for one in recall_cards(conn, occasion.period_text, None)
                     if one.cadre == who), "")  # fmt: skip
        people = cadres_by_unit(conn, occasion, [unit])[unit]
        stand = recall_submissions(conn, occasion.period_text, [unit])
        for said in as_scored(conn, occasion, stand):
            for card in score_unit(said, people, regulation):
                if card.cadre == who:
                    return explain(card, regulation)
    return ()


def _after_quota(
    conn: Connection, occasion: Occasion, results: ResultColumns, rules: CapRules
) -> ResultColumns:
    """The results with the grades that the quota on excellent ones leaves, where it holds for such
    a period."""
    if occasion.period.cadence not in rules.applies:
        return results
    duties = {cadre.code: cadre.duties for cadre in recall_cadres(conn)}
    drawn = draw_lists(results.people(duties), rules, *quota_terms(conn, occasion))
    return results.graded(np.where(drawn.fates == Fate.OUT, GOOD, results.scored.grade))


def _rolled(
    conn: Connection, occasion: Occasion, units: tuple[str, ...], regulation: Regulation
) -> tuple[ResultColumns, ResultColumns]:
    """The people of these units: by the rules in force, and by the changed ones. A term rests on
    its years as they stand."""
    figures = Figures.from_rows(figures_of(conn, occasion, units))
    spread = spread_of(conn, occasion, units, figures)
    changed = spread
    if occasion.period.cadence is not Cadence.TERM:
        where: defaultdict[str, set[str]] = defaultdict(set)
        for period, unit in zip(figures.period, figures.unit, strict=True):
            if unit:
                where[period].add(unit)
        parts = [
            results_by_columns(
                conn, replace(occasion, period=Period.parse(period)), tuple(sorted(those)),
                regulation,
            )
            for period, those in where.items()
        ]  # fmt: skip
        changed = again(spread, parts, places_of(spread, parts))
    then = rolls_under(occasion, spread, occasion.regulation)
    return of_rolls(then), of_rolls(rolls_under(occasion, changed, regulation))


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
