"""Letters of the house: to the office itself and to those it named; they wait for no arming.

    tell_office(occasion, [alarm])              -> 1: alarms that were new, in letters that leave
    write_house_letters(occasion, letters)      written, and posted if the relay takes them now

Nobody's result stands in them and no address but the office's own and its approvers', so that an
office whose mail is not armed still hears of what goes wrong (docs/decisions/).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from channels.errors import ChannelError
from channels.outboxes import open_outbox, relay_of
from review.alarms import Alarm
from review.letterhead import copies
from review.letters_desk import desk_alarm
from review.post import HOUSE_LETTERS, Letter, LetterState
from tasks.email_summaries import limits_of
from tasks.occasion import Occasion
from tasks.posting import Poster, drain
from tasks.report import keep_letters
from tdkt_models.alarms import tell
from tdkt_models.base import Stamp
from tdkt_models.letters import queue


def tell_office(occasion: Occasion, alarms: Sequence[Alarm], again: timedelta | None = None) -> int:
    """Tells each alarm that is not told yet (or longer than `again` ago). Returns how many."""
    office, settings = occasion.office, occasion.office.settings
    stamp = Stamp(datetime.now(UTC), occasion.run)
    letters: list[Letter] = []
    with office.book() as book, book.writing() as conn:
        for alarm in alarms:
            number = tell(conn, alarm, occasion.period_text, stamp, again)
            if number is not None:
                one = desk_alarm(settings, occasion.period_text, alarm, number)
                letters += copies(one, settings.digest_to or (settings.email,))
        told = len(letters)
        if letters:
            keep_letters(conn, occasion, letters)
            queue(conn, occasion.period_text, stamp, kinds=HOUSE_LETTERS)
    if told:
        post_house_letters(occasion)
    return told


def write_house_letters(occasion: Occasion, letters: Sequence[Letter]) -> int:
    """Returns how many are new."""
    with occasion.office.book() as book, book.writing() as conn:
        new = keep_letters(conn, occasion, letters)
        queue(conn, occasion.period_text, occasion.stamp, kinds=HOUSE_LETTERS)
    if new:
        post_house_letters(occasion)
    return new


def post_house_letters(occasion: Occasion) -> int:
    """Posts what is queued of them, of any period; what the relay does not take now stays queued
    for the next run. Returns how many were sent."""
    office = occasion.office
    try:
        with (
            office.book() as book,
            open_outbox(office.smtp_url, office.settings, office.folder / "outbox") as outbox,
        ):
            relay, limits = relay_of(office.smtp_url), limits_of(office)
            poster = Poster(occasion, book, outbox, relay, limits, None, HOUSE_LETTERS)
            return sum(end is LetterState.SENT for end in drain(poster))
    except ChannelError:
        return 0  # a relay that is away must not stop the run that has something to tell
