"""Take stock: where a period stands, from the book alone.

take_stock.fn(occasion).balanced   -> True
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from prefect import task
from sqlalchemy import Connection

from review.approval import latest_approval
from review.cadres import Cadre
from review.footing import standing_on
from review.roll import RollEntry, RollState, tally
from review.standing import Standing, standing_of
from tasks.briefs import cadres_by_unit
from tasks.defence import cards_in_force
from tasks.footings import fallen
from tasks.occasion import Occasion
from tdkt_models.cycles import recall_cycle
from tdkt_models.decisions import recall_decisions
from tdkt_models.files import FileState, recall_files
from tdkt_models.letter_ledger import counts
from tdkt_models.roll import recall_roll


@task(name="Đối chiếu số liệu")
def take_stock(occasion: Occasion) -> Standing:
    with occasion.office.book() as book, book.reading() as conn:
        return standing_in(conn, occasion)


def standing_in(conn: Connection, occasion: Occasion) -> Standing:
    period = occasion.period_text
    cycle = recall_cycle(conn, period)
    entries = recall_roll(conn, period)
    codes = [entry.unit for entry in entries]
    cards = cards_in_force(conn, occasion)
    aside = recall_files(conn, period=period, state=FileState.SET_ASIDE)
    cadres = cadres_by_unit(conn, occasion, codes)
    scored = {card.unit for card in cards}
    if _between_cycles(entries, cadres, scored):
        codes = [code for code in codes if code in scored]
    stages = occasion.regulation.approval_of(occasion.period.cadence)
    approval = latest_approval(stages, recall_decisions(conn, period))
    standing = standing_of(
        period,
        cycle.regulation if cycle else occasion.regulation.code,
        tally(entries),
        cards,
        sum(len(cadres[code]) for code in codes) if cards else 0,
        counts(conn, period),
        sum(not file.unit for file in aside),
    )
    late = standing_on(fallen(conn, occasion), occasion.period)
    return replace(standing, approved=approval, out_of_date=tuple(one.says for one in late))


def _between_cycles(
    entries: Sequence[RollEntry], cadres: Mapping[str, Sequence[Cadre]], scored: Collection[str]
) -> bool:
    """Whether only reports that came have cards so far: a review scores the whole roll, those who
    sent nothing too."""
    came = (RollState.ACCEPTED, RollState.NIL)
    owing = [entry.unit for entry in entries if entry.state not in came]
    return any(cadres.get(unit) and unit not in scored for unit in owing)
