"""Which thread the letters to a unit stand in.

    threads_of(conn, "2026-10", units, files)["03637"]   -> ("<invitation@x>", "<their reply@y>")

Below the mail that brought the unit's file; without one, below the invitation that went out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from review.threads import thread_after
from tdkt_models.files import ReceivedFile
from tdkt_models.letter_ledger import recall_invitations
from tdkt_models.mails import CHANNEL, mail_of, recall_mails


def threads_of(
    conn: Connection, period: str, units: Collection[str], files: Mapping[str, ReceivedFile]
) -> dict[str, tuple[str, ...]]:
    """By unit, of these; `files` are the ones that the letters are about."""
    invited = recall_invitations(conn, period, units)
    threads = {unit: thread_after(message_id) for unit, message_id in invited.items()}
    by_mail = {unit: mail_of(f.channel_id) for unit, f in files.items() if f.channel == CHANNEL}
    if by_mail:
        mails = {m.channel_id: m for m in recall_mails(conn, channel_ids=set(by_mail.values()))}
        found = {unit: mails[known].thread for unit, known in by_mail.items() if known in mails}
        threads |= {unit: thread for unit, thread in found.items() if thread}
    return threads
