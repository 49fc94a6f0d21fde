"""Reports that a run has read already, and those that the book has by now instead.

    with book.reading() as conn:
        read = recall_kept(conn, "2026-10", units, sheets=sheets)
    with book.writing() as conn:
        reports_at_hand(conn, "2026-10", units, sheets, read)     as if read now

Unpacking the reports of a hundred units takes longer than all that is written of them: nobody else
should have to wait for it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from tdkt_models.submissions import KeptSubmission, recall_heads, recall_kept


def reports_at_hand(
    conn: Connection,
    period: str,
    units: Collection[str],
    sheets: Collection[str],
    read: Sequence[KeptSubmission],
) -> list[KeptSubmission]:
    """The standing reports of these units by unit and form: of those `read`, with these sheets, the
    ones that stand as they did, the others read now."""
    if not read:
        return recall_kept(conn, period, units, sheets=sheets)
    heads = [head for head in recall_heads(conn, period, units) if head.standing]
    known = {(kept.id, kept.digest): kept for kept in read}
    anew = {head.unit for head in heads if (head.id, head.digest) not in known}
    found = [known[head.id, head.digest] for head in heads if head.unit not in anew]
    found += recall_kept(conn, period, anew, sheets=sheets) if anew else []
    return sorted(found, key=lambda kept: (kept.submission.unit, kept.submission.form, kept.id))
