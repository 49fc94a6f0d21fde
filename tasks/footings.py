"""What a longer period stands on: noted as it is held, looked at ever after.

    footing = underfoot(occasion)           before anything of it is read
    keep_underfoot(occasion, footing)       when its results, plans and figures are kept
    fallen(conn, occasion)                  -> the periods whose parts have changed since
    told_before(conn, "2026-Q3")            -> whether its results have left the office

A holding that is killed keeps nothing, so what it stood on before goes on saying that it must be
held again.
"""

from __future__ import annotations

from sqlalchemy import Connection

from review.footing import OutOfDate, in_order_of_work
from review.period import Cadence, Period
from review.post import LetterKind, LetterState
from tasks.grounds import parts
from tasks.occasion import Occasion
from tdkt_models.counted import letters_by_kind
from tdkt_models.cycles import recall_cycle
from tdkt_models.decisions import LOCKED
from tdkt_models.footings import Footing, keep_footing, recall_fallen, recall_touched

RESULTS = (
    *(LetterKind.UNIT_RESULT, LetterKind.CADRE_RESULT),
    *(LetterKind.OFFICE_DIGEST, LetterKind.LEADER_REPORT),
)


def underfoot(occasion: Occasion) -> Footing:
    """The marks of every part as they are now. Parts of a month are its reports alone, which its
    own review takes in: a month stands on nothing."""
    period, within = occasion.period_text, parts(occasion.period)
    if occasion.period.cadence is Cadence.MONTH:
        return Footing(period, {})
    with occasion.office.book() as book, book.reading() as conn:
        seen = recall_touched(conn, [str(one) for one in within], own=period, run=occasion.run)
    return Footing(period, seen)


def keep_underfoot(occasion: Occasion, footing: Footing) -> None:
    if footing.seen:
        with occasion.office.book() as book, book.writing() as conn:
            keep_footing(conn, footing, occasion.stamp)


def fallen(conn: Connection, occasion: Occasion) -> list[OutOfDate]:
    """Every period of the book that must be held again, in the order in which to do it."""
    zone = occasion.office.settings.zone
    late = []
    for one in recall_fallen(conn):
        period, cycle = Period.parse(one.period), recall_cycle(conn, one.period)
        to_its_end = one.held.astimezone(zone).date() > period.end
        approved = cycle is not None and cycle.state in LOCKED
        changed = tuple(map(Period.parse, one.parts))
        late.append(OutOfDate(period, changed, to_its_end, approved))
    return in_order_of_work(late)


def told_before(conn: Connection, period: str) -> bool:
    """Whether a result of the period was ever sent: then what changes in it is sent too. What has
    only been rehearsed waits for somebody to send it."""
    sent = letters_by_kind(conn, period)
    return any(sent.get((kind, LetterState.SENT)) for kind in RESULTS)
