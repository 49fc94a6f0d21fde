"""From a letter of the ledger to the message as it will leave, attachments and all.

finished = finish(office, one)          -> Rendered, with its files
headers_of(office, one)                 -> {"References": "<thread…>", …}
"""

from __future__ import annotations

from dataclasses import replace

from channels.rendering import Rendered, render
from review.letters import message_id
from review.threads import thread_headers
from tasks.enclosures import enclosures
from tasks.office import Office
from tdkt_models.letters import LedgerLetter


def finish(office: Office, one: LedgerLetter) -> Rendered:
    """The letter worded. Raises ChannelRefused and what `render` raises."""
    zone = office.settings.zone
    worded = render(one.letter, one.corrects_at.astimezone(zone) if one.corrects_at else None)
    return replace(worded, files=(*worded.files, *enclosures(office, one.letter)))


def headers_of(office: Office, one: LedgerLetter) -> dict[str, str]:
    """All letters of a period to one reader stand in one thread; a correction answers the letter
    that it corrects. A letter that answers a mail stands below that mail."""
    letter = one.letter
    if answered := thread_headers(letter.payload):
        return answered
    thread = message_id(f"{letter.period}:{letter.person}", 0, office.settings.email)
    if not one.corrects_id:
        return {"References": thread}
    return {"In-Reply-To": one.corrects_id, "References": f"{thread} {one.corrects_id}"}
