"""Strike units off a roll that was called before they were ended.

strike_off(conn, "2026-10", {"03637"}, stamp)
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Stamp
from tdkt_models.cadres import recall_cadres
from tdkt_models.card_bases import forget_bases
from tdkt_models.letters import cancel_others, letters_there
from tdkt_models.roll import take_off_roll
from tdkt_models.scores import keep_cards


def strike_off(conn: Connection, period: str, units: Collection[str], stamp: Stamp) -> None:
    """Their entries, their cards without figures and their unsent letters go; the audit says so."""
    if not units:
        return
    keep_cards(conn, [], stamp, regulation="", only_for={period: units})
    forget_bases(conn, period, units)
    readers = {*units, *(cadre.code for cadre in recall_cadres(conn, units))}
    cancel_others(conn, letters_there(conn, period, readers), (), stamp)
    take_off_roll(conn, period, units)
    told = {"period": period}
    keep_audit(
        conn, [AuditEntry("tdkt", "unit.struck_off", unit, told) for unit in sorted(units)], stamp
    )
