"""Anchor: a signed note of how far the audit has come, put where the book cannot reach.

anchor.fn(occasion)                    -> Anchor kept in audit/anchors.txt, and noted in the audit
anchor_text(conn, office)              what each letter carries in its header
"""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import task
from sqlalchemy import Connection

from channels.anchors import anchored, keep_anchor, kept_anchors
from channels.signing import office_key
from review.chain import Head
from tasks.occasion import Occasion
from tasks.office import Office
from tdkt_models.audit import AuditEntry, audit_head, keep_audit, recall_audit
from tdkt_models.base import Stamp

ANCHORED = "audit.anchored"


def anchor_text(conn: Connection, office: Office) -> str:
    """The chain's head as it stands now, under the office's key. Raises ChannelRefused."""
    return anchored(audit_head(conn), datetime.now(UTC), office_key(office.folder))


@task(name="Cắm mốc sổ")
def anchor(occasion: Occasion, who: str = "tdkt") -> Head:
    """Raises ChannelRefused where the office's folder or key cannot be used."""
    with occasion.office.book() as book, book.writing() as conn:
        return note_anchor(conn, occasion.office, occasion.stamp, who)


def note_anchor(conn: Connection, office: Office, stamp: Stamp, who: str) -> Head:
    """Kept first and noted after. An anchor without a note is what a power cut leaves, or an end
    cut off: `tdkt audit verify` tells it until the next anchor notes it."""
    head = audit_head(conn)
    keep_anchor(office.folder, anchor_text(conn, office))
    noted = {one for entry in recall_audit(conn, what=ANCHORED) for one in entry.detail["anchors"]}
    fresh = [one.digest for one in kept_anchors(office.folder) if one.digest not in noted]
    entry = AuditEntry(who, ANCHORED, "audit", {"n": head.n, "anchors": fresh})
    keep_audit(conn, [entry], stamp)
    return head
