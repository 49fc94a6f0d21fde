"""Score: a card for every cadre on the roll, scored from what stands, or saying why it cannot be.

score.fn(occasion, ("03637", "03640"))   -> Scored(cards=5, ok=4)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from prefect import task
from sqlalchemy import Connection

from review.form import SCORED
from review.period import Cadence
from review.roll import RollEntry, RollState
from review.scorecard import CardStatus, Scorecard
from review.scoring import card_for_missing, score_unit
from tasks.basis import bases_of
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tasks.seals import as_scored, open_slips, opened_by_unit, slips_digest
from tdkt_models.cadres import recall_editions
from tdkt_models.card_bases import keep_bases, recall_bases
from tdkt_models.decisions import open_units
from tdkt_models.ratings import sealed_units
from tdkt_models.roll import recall_roll
from tdkt_models.scores import count_cards, keep_cards
from tdkt_models.submissions import recall_heads, recall_kept

WHY_NOT = {
    RollState.MISSING: "Đơn vị chưa nộp báo cáo của kỳ này.",
    RollState.RETURNED: "Báo cáo của đơn vị đang trả lại để sửa.",
    RollState.SET_ASIDE: "Tệp của đơn vị đang để riêng chờ xem xét.",
}


@dataclass(frozen=True, slots=True)
class Scored:
    cards: int
    ok: int


@task(name="Chấm điểm")
def score(occasion: Occasion, units: Collection[str]) -> Scored:
    """Missing is not zero: a unit whose report does not count has cards without figures. A unit of
    which nothing has changed since its cards were made is passed over."""
    period, units = occasion.period_text, measured(occasion, units)
    if not units:
        return Scored(0, 0)
    with occasion.office.book() as book:
        with book.reading() as conn:
            sealed = sealed_units(conn, period, units)
        if sealed:
            with book.writing() as conn:
                open_slips(conn, occasion, sealed)
        with book.reading() as conn:  # others may write while cards are made
            stale = _stale(conn, occasion, units)
            cards, submissions = _cards(conn, occasion, stale) if stale else ([], {})
        if stale:
            with book.writing() as conn:
                keep_scored(conn, occasion, cards, submissions, stale)
        with book.reading() as conn:
            counts = count_cards(conn, period, units)
    return Scored(sum(counts.values()), counts[CardStatus.OK])


def _stale(conn: Connection, occasion: Occasion, units: Collection[str]) -> dict[str, str]:
    """By unit, what its cards rest on now, where that is not what they were made of."""
    period = occasion.period_text
    said = _said(conn, occasion, open_units(conn, period, units))
    editions = recall_editions(conn, units)
    slips = opened_by_unit(conn, occasion, units)
    made_from = {
        unit: (editions[unit], words + slips_digest(slips.get(unit, ())))
        for unit, words in said.items()
    }
    bases = bases_of(occasion, made_from)
    known = recall_bases(conn, period, units)
    return {unit: basis for unit, basis in bases.items() if known.get(unit) != basis}


def _said(conn: Connection, occasion: Occasion, units: Collection[str]) -> dict[str, str]:
    """By unit on the roll: the digest of the report that stands, else why there is none."""
    period = occasion.period_text
    stands = {h.unit: h.digest for h in recall_heads(conn, period, units) if h.standing}
    entries = recall_roll(conn, period, units)
    return {entry.unit: stands.get(entry.unit) or why_not(entry) for entry in entries}


def _cards(
    conn: Connection, occasion: Occasion, units: Collection[str]
) -> tuple[list[Scorecard], dict[str, int]]:
    """The cards of these units, and by unit the ids of the reports they come from."""
    regulation, period = occasion.regulation, occasion.period_text
    standing = {
        kept.submission.unit: kept for kept in recall_kept(conn, period, units, sheets=SCORED)
    }
    cadres = cadres_by_unit(conn, occasion, units)
    told = as_scored(conn, occasion, [kept.submission for kept in standing.values()])
    reports = {said.unit: said for said in told}
    cards: list[Scorecard] = []
    for entry in recall_roll(conn, period, units):
        said, people = reports.get(entry.unit), cadres[entry.unit]
        if said is not None:
            cards += score_unit(said, people, regulation, with_reasons=False)
        else:
            why = why_not(entry)
            cards += [card_for_missing(cadre, period, regulation, why) for cadre in people]
    return cards, {unit: kept.id for unit, kept in standing.items() if kept.id}


def keep_scored(
    conn: Connection,
    occasion: Occasion,
    cards: Sequence[Scorecard],
    submissions: Mapping[str, int],
    bases: Mapping[str, str],
) -> None:
    """Makes `cards` the only ones of the units of `bases` (basis by unit); `submissions` are the
    ids of the reports they were scored from, by unit. What a person has approved stays."""
    period, stamp = occasion.period_text, occasion.stamp
    mine = measured(occasion, bases)
    if not mine:
        return
    still_open = set(open_units(conn, period, mine))
    keep_cards(
        conn,
        [card for card in cards if card.unit in still_open],
        stamp,
        regulation=occasion.regulation.code,
        submissions=submissions,
        only_for={period: still_open},
    )
    keep_bases(conn, period, {u: b for u, b in bases.items() if u in still_open}, stamp)


def measured(occasion: Occasion, units: Collection[str]) -> list[str]:
    """Of these units, those whose people the period's own report scores. Other periods are rolled
    up (tasks/roll_up.py)."""
    period = occasion.period
    if period.cadence.months > Cadence.QUARTER.months:
        return []
    scoring = occasion.office.settings.scoring
    return [unit for unit in units if scoring.measures(unit, period)]


def why_not(entry: RollEntry) -> str:
    return WHY_NOT.get(entry.state, WHY_NOT[RollState.MISSING])
