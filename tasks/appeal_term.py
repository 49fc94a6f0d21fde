"""Until when an approved result may be appealed: so many working days from its approval.

appeal_until(conn, occasion)        -> 2026-11-24, None while it is not approved
"""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import Connection

from review.approval import latest_approval
from tasks.occasion import Occasion
from tdkt_models.decisions import recall_decisions

END_OF_WORK = time(17)


def appeal_until(conn: Connection, occasion: Occasion) -> date | None:
    """The last day, by `appeal_days` of office.toml."""
    stages = occasion.regulation.approval_of(occasion.period.cadence)
    approval = latest_approval(stages, recall_decisions(conn, occasion.period_text))
    at = approval.decisions[-1].at if approval else None
    if at is None:
        return None
    settings = occasion.office.settings
    day = at.astimezone(settings.zone).date()
    return occasion.office.days.add(day, settings.scoring.appeal_days)


def ask_until(conn: Connection, occasion: Occasion) -> datetime:
    """Until when a person may answer a result: before approval till the period is locked, after it
    till the term for appeals ends."""
    day = appeal_until(conn, occasion)
    if day is None:
        return occasion.deadlines.locks
    return datetime.combine(day, END_OF_WORK, occasion.office.settings.zone)
