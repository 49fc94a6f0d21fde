"""What earlier reports and other rolls say of a batch of units, one query a question.

recall_substances(conn, "2026-09", ["03637"])              -> {"03637": "5f1c…"}
recall_discipline(conn, ["2026-01", …], ["03637"])         -> [("03637", "03637-01", "2026-03", …)]
recall_absences(conn, "2026-10", first, last, ["03637"])   -> [("03637", "03637-01", "2026-08", …)]
recall_namesakes(conn, {date(1990, 2, 3)})                 -> [("03549", "Pờ Xuân Mừ", …)]
recall_copies(conn, "2026-10")                             -> [("5f1c…", "03637", 7), …]
recall_resent(conn, "2026-10")                             -> {"03637": [(7, monday), …]}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from tdkt_models.base import table_of
from tdkt_models.cadres import CadreRow
from tdkt_models.files import ReceivedFileRow
from tdkt_models.roster_changes import ROSTER_CHANGES as CHANGES
from tdkt_models.submissions import SubmissionRow

SUBMISSIONS = table_of(SubmissionRow)
CADRES = table_of(CadreRow)
DISCIPLINE = "ky_luat"


def recall_substances(conn: Connection, period: str, units: Collection[str]) -> dict[str, str]:
    """By unit, the substance of its standing report of a period; those that have none are left
    out."""
    c = SUBMISSIONS.c
    query = select(c.unit, c.substance).where(c.period == period, c.unit.in_(units), c.standing)
    return {unit: kept for unit, kept in conn.execute(query).tuples() if kept}


def recall_discipline(
    conn: Connection, periods: Sequence[str], units: Collection[str]
) -> list[tuple[str, str, str, str]]:
    """(unit, cadre, period, document) of every decision that standing reports of these periods
    tell, oldest first."""
    c = SUBMISSIONS.c
    query = (
        select(c.unit, CHANGES.c.cadre, c.period, CHANGES.c.document)
        .join(CHANGES, CHANGES.c.submission == c.id)
        .where(c.period.in_(periods), c.unit.in_(units), c.standing)
        .where(CHANGES.c.event == DISCIPLINE)
        .order_by(c.period, CHANGES.c.line)
    )
    return [
        (unit, cadre or "", period, document or "")
        for unit, cadre, period, document in conn.execute(query).tuples()
    ]


def recall_absences(
    conn: Connection,
    period: str,
    first: date,
    last: date,
    units: Collection[str],
    events: Collection[str],
) -> list[tuple[str, str, str, date]]:
    """(unit, cadre, period, until) of every absence that standing reports of other periods tell and
    that lasts from `first` or before to `last` or after."""
    c = SUBMISSIONS.c
    query = (
        select(c.unit, CHANGES.c.cadre, c.period, CHANGES.c.until)
        .join(CHANGES, CHANGES.c.submission == c.id)
        .where(c.period != period, c.unit.in_(units), c.standing)
        .where(CHANGES.c.event.in_(events), CHANGES.c.on <= first, CHANGES.c.until >= last)
        .order_by(c.period, CHANGES.c.line)
    )
    return [
        (unit, cadre, told, until)
        for unit, cadre, told, until in conn.execute(query).tuples()
        if cadre and until
    ]


def recall_namesakes(conn: Connection, births: Collection[date]) -> list[tuple[str, str, date]]:
    """(unit, name, birthday) of the cadres in office who were born on one of these days."""
    if not births:
        return []
    c = CADRES.c
    query = select(c.unit, c.name, c.birth).where(c.birth.in_(births), c.until.is_(None))
    return [(unit, name, birth) for unit, name, birth in conn.execute(query).tuples() if birth]


def recall_copies(conn: Connection, period: str) -> list[tuple[str, str, int]]:
    """(substance, unit, file) of the period's standing reports that share their substance with
    one of another unit."""
    c = SUBMISSIONS.c
    shared = (
        select(c.substance)
        .where(c.period == period, c.standing, c.substance.is_not(None), c.substance != "")
        .group_by(c.substance)
        .having(func.count() > 1)
    )
    query = (
        select(c.substance, c.unit, c.file)
        .where(c.period == period, c.standing, c.substance.in_(shared))
        .order_by(c.substance, c.file)
    )
    return [(kept or "", unit, file) for kept, unit, file in conn.execute(query).tuples()]


def recall_resent(conn: Connection, period: str) -> dict[str, list[tuple[int, datetime]]]:
    """By unit that sent more than one readable report in the period: each file (by id) and when it
    came, in that order."""
    c, f = SUBMISSIONS.c, table_of(ReceivedFileRow).c
    again = select(c.unit).where(c.period == period).group_by(c.unit).having(func.count() > 1)
    query = (
        select(c.unit, f.id, f.received_at)
        .join_from(SUBMISSIONS, table_of(ReceivedFileRow), c.file == f.id)
        .where(c.period == period, c.unit.in_(again))
        .order_by(c.unit, f.received_at, f.channel, f.channel_id)
    )
    found: dict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for unit, file, at in conn.execute(query).tuples():
        found[unit].append((file, at))
    return found
