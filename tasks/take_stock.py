"""Take stock: where a period stands, from the book alone.

take_stock.fn(occasion).balanced   -> True
"""

from __future__ import annotations

from dataclasses import replace

from prefect import task
from sqlalchemy import Connection

from review.approval import approval_of
from review.roll import tally
from review.standing import Standing, standing_of
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tdkt_models.cycles import recall_cycle
from tdkt_models.decisions import recall_decisions
from tdkt_models.files import FileState, recall_files
from tdkt_models.letters import counts
from tdkt_models.period_scores import recall_standing
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
    cards = recall_standing(conn, period)
    aside = recall_files(conn, period=period, state=FileState.SET_ASIDE)
    on_roll = sum(len(cadres) for cadres in cadres_by_unit(conn, occasion, codes).values())
    stages = occasion.regulation.approval_of(occasion.period.cadence)
    approval = approval_of(stages, recall_decisions(conn, period))
    standing = standing_of(
        period,
        cycle.regulation if cycle else occasion.regulation.code,
        tally(entries),
        cards,
        on_roll if cards else 0,
        counts(conn, period),
        sum(not file.unit for file in aside),
    )
    return replace(standing, approved=approval)
