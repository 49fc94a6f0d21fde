"""From a letter of the ledger to the message as it will leave, attachments and all.

finished = finish(office, one)          -> Rendered, with its files
headers_of(office, one)                 -> {"References": "<thread…>", …}
"""

from __future__ import annotations

from channels.rendering import Rendered, render
from review.letters import message_id
from tasks.office import Office
from tdkt_models.letters import LedgerLetter


def finish(office: Office, one: LedgerLetter) -> Rendered:
    """The letter worded. Raises ChannelRefused and what `render` raises."""
    zone = office.settings.zone
    return render(one.letter, one.corrects_at.astimezone(zone) if one.corrects_at else None)


def headers_of(office: Office, one: LedgerLetter) -> dict[str, str]:
    """All letters of a period to one reader stand in one thread; a correction answers the letter
    that it corrects."""
    letter = one.letter
    thread = message_id(f"{letter.period}:{letter.person}", 0, office.settings.email)
    if not one.corrects_id:
        return {"References": thread}
    return {"In-Reply-To": one.corrects_id, "References": f"{thread} {one.corrects_id}"}
