"""Rehearse a rule: replay periods that are past under a changed regulation, keeping nothing.

rehearse_rule(office, regulation, occasions)[0].regraded      -> who would change grade
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from review.form import SCORED
from review.period import Cadence, Period
from review.post import LetterKind, LetterState
from review.quota import CapRules
from review.quota_lists import draw_lists
from review.quota_people import People, Rated
from review.regulation import Regulation
from review.rehearsal import Change, compare
from review.rollup_columns import UNKNOWN, State
from review.scorecard import CardStatus, Grade, Scorecard
from review.scoring import card_for_missing, score_unit
from tasks.briefs import cadres_by_unit
from tasks.call_roll import in_batches
from tasks.occasion import Occasion
from tasks.quota import quota_terms
from tasks.roll_up import figures_of, rolls_of
from tasks.score import why_not
from tasks.seals import as_scored
from tdkt_models.cadres import recall_cadres
from tdkt_models.letters import ledger
from tdkt_models.period_scores import recall_standing
from tdkt_models.roll import recall_roll
from tdkt_models.scores import recall_cards
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
    book's own figures come to. Only reads."""
    with occasion.office.book() as book, book.reading() as conn:
        before, after = list[Scorecard](), list[Scorecard]()
        units = sorted({card.unit for card in recall_standing(conn, occasion.period_text)})
        scored = recall_cards(conn, occasion.period_text)
        direct = {card.cadre for card in scored if card.status is CardStatus.OK}
        for batch in in_batches(units, occasion.office.settings.work.batch):
            if occasion.period.cadence is not Cadence.MONTH:
                longer = _rolled(conn, occasion, batch, regulation)
                before += [card for card in longer[0] if card.cadre not in direct]
                after += [card for card in longer[1] if card.cadre not in direct]
            if scored:
                after += _scored(conn, occasion, batch, regulation)
        made = {card.cadre for card in before}
        before += [card for card in scored if card.cadre not in made]
        changes = compare(before, after)
        then = _after_quota(conn, occasion, before, occasion.regulation.cap)
        now = _after_quota(conn, occasion, after, regulation.cap)
        moved = [c for c in compare(then, now) if c.regraded and c not in changes]
        letters, of = _letters(conn, occasion, [*changes, *moved])
    return Rehearsed(occasion.period_text, len(before), tuple(changes), tuple(moved), letters, of)


def _after_quota(
    conn: Connection, occasion: Occasion, cards: Sequence[Scorecard], rules: CapRules
) -> list[Scorecard]:
    """The cards with the grades that the quota on excellent ones leaves, where it holds for such a
    period."""
    if occasion.period.cadence not in rules.applies:
        return list(cards)
    duties = {cadre.code: cadre.duties for cadre in recall_cadres(conn)}
    people = People.of(Rated(card, duties.get(card.cadre, "")) for card in cards)
    drawn = draw_lists(people, rules, *quota_terms(conn, occasion))
    return [replace(card, grade=drawn.final(card)) for card in cards]


def _rolled(
    conn: Connection, occasion: Occasion, units: tuple[str, ...], regulation: Regulation
) -> tuple[list[Scorecard], list[Scorecard]]:
    """The people of these units: by the rules in force, and by the changed ones. A term rests on
    its years as they stand."""
    rows = figures_of(conn, occasion, units)
    again = rows
    if occasion.period.cadence is not Cadence.TERM:
        where: defaultdict[str, set[str]] = defaultdict(set)
        for period, _, unit, *_ in rows:
            if unit:
                where[period].add(unit)
        cards = {
            (period, card.cadre): card
            for period, those in where.items()
            for card in _scored(
                conn, replace(occasion, period=Period.parse(period)), tuple(sorted(those)),
                regulation,
            )
        }  # fmt: skip
        again = [figure_again(row, cards.get((row[0], row[1]))) for row in rows]
    then = rolls_of(conn, occasion, units, rows, occasion.regulation)
    now = rolls_of(conn, occasion, units, again, regulation)
    return [one.as_card() for one in then.scores()], [one.as_card() for one in now.scores()]


def figure_again(row: tuple[Any, ...], card: Scorecard | None) -> tuple[Any, ...]:
    """What a longer period has of a shorter one, as another rule scores it: a row of
    review.rollup_layout.Figures."""
    period, cadre, unit, _, _, _, _, _, _, maternity, source = row
    if source or card is None or card.status is CardStatus.EXCLUDED:
        return row
    known = card.status is CardStatus.OK
    forced = card.grade is Grade.NOT_DONE and card.provisional is not Grade.NOT_DONE
    figures = (card.total, card.task_score, card.low, card.high)
    total, task, low, high = (UNKNOWN if one is None else one for one in figures)
    state = State.COUNTED if known else State.MISSING
    return (period, cadre, unit, int(state), total, task, low, high, int(forced), maternity, "")


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
