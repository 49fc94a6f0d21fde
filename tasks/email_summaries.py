"""Post: send what the ledger holds, each letter once, over one connection kept open.

    email_summaries.fn(occasion)   -> Posted(sent=196, failed=0, in_doubt=0, later=0)
    rehearse.fn(occasion)          every letter rendered into outbox/rehearsal, none sent

The commit before the first byte, the lease and its token are the ledger's (tdkt_models/letters.py);
the wall clock, not the occasion's, rules leases: a run held "as of" a past day still posts today.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect import task

from channels.errors import ChannelRefused
from channels.outboxes import Outbox, is_capture, open_outbox
from channels.rendering import render
from channels.replies import Fate
from channels.replies import Outcome as Reply
from review.post import LetterState
from review.settings import MailSettings
from tasks.occasion import Occasion
from tdkt_models.base import Book, Stamp
from tdkt_models.letters import (
    ClaimedLetter,
    Outcome,
    claim,
    counts,
    finish,
    ledger,
    mark_sending,
    queue,
    recover,
    release,
)

AT_ONCE = 20
LEASE_MS = 15_000
WAIT_FOR_OTHERS = (
    40  # half-seconds: longer than a lease, so that a killed poster's letters come back
)
BUSY_FIRST, BUSY_LONGEST = timedelta(minutes=1), timedelta(hours=6)
PAUSED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Posted:
    """`later` counts letters that the relay would not take now and that stay queued."""

    sent: int = 0
    failed: int = 0
    in_doubt: int = 0
    later: int = 0


def ready_to_send(occasion: Occasion) -> None:
    """Says at once, before anything is changed, that the outbox may not be used. Raises
    ChannelRefused; nothing is connected."""
    office = occasion.office
    with open_outbox(office.smtp_url, office.settings, office.folder / "outbox"):
        pass


@task(name="Gửi thư")
def email_summaries(occasion: Occasion, any_period: bool = False) -> Posted:
    """Lets the period's written letters go and posts what is due. Raises ChannelRefused where the
    outbox may not be used, before anything is changed."""
    office = occasion.office
    period = None if any_period else occasion.period_text
    with (
        open_outbox(office.smtp_url, office.settings, office.folder / "outbox") as outbox,
        office.book() as book,
    ):
        if period is not None:
            with book.writing() as conn:
                queue(conn, period, occasion.stamp)
        pace = 0.0 if is_capture(office.smtp_url) else 1 / office.settings.mail.pace_per_second
        ends = Counter(_drain(_Poster(occasion, book, outbox, period, pace)))
    return Posted(
        ends[LetterState.SENT],
        ends[LetterState.FAILED],
        ends[LetterState.IN_DOUBT],
        ends[LetterState.QUEUED],
    )


@task(name="Tập dượt gửi thư")
def rehearse(occasion: Occasion) -> int:
    """Renders the period's written letters into outbox/rehearsal over the capture server; the
    ledger is left as it is. Returns how many."""
    office = occasion.office
    with office.book() as book, book.reading() as conn:
        letters = ledger(conn, occasion.period_text, state=LetterState.WRITTEN)
    folder = office.folder / "outbox" / "rehearsal"
    _empty(folder)
    with open_outbox("capture:", office.settings, folder) as outbox:
        for one in letters:
            outbox.post(render(one.letter), one.letter.to, one.message_id, kind=one.letter.kind)
    return len(letters)


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("*.eml"), *folder.glob("*.html")):
        old.unlink()


@dataclass(frozen=True, slots=True)
class _Poster:
    occasion: Occasion
    book: Book
    outbox: Outbox
    period: str | None
    pace: float

    @property
    def stamp(self) -> Stamp:
        return Stamp(at=datetime.now(UTC), run=self.occasion.run)


def _drain(poster: _Poster) -> Iterator[LetterState]:
    """Posts until nothing is due, waiting a little for letters another poster has in hand."""
    for _ in range(WAIT_FOR_OTHERS):
        with poster.book.writing() as conn:
            recover(conn, poster.stamp)
        while True:
            with poster.book.writing(beside_others=True) as conn:
                now = datetime.now(UTC)
                token, mine = claim(conn, AT_ONCE, LEASE_MS, now, period=poster.period)
            if not mine:
                break
            ends = list(_post_each(poster, token, mine))
            yield from ends
            if len(ends) < len(mine):
                return  # the relay wants a pause (or the lease was lost): another run goes on
        if not _others_at_work(poster):
            return
        time.sleep(0.5)


def _post_each(poster: _Poster, token: str, letters: list[ClaimedLetter]) -> Iterator[LetterState]:
    for letter in letters:
        with poster.book.writing(beside_others=True) as conn:
            mine = mark_sending(conn, letter.id, token, poster.stamp, LEASE_MS)
        if not mine:
            continue
        reply = _post(poster, letter)
        outcome = _outcome(reply, letter, poster.occasion.office.settings.mail)
        with poster.book.writing(beside_others=True) as conn:
            finish(conn, letter.id, token, outcome, poster.stamp)
            if reply.fate is Fate.PAUSE:
                release(conn, token, poster.stamp)
        yield outcome.state
        if reply.fate is Fate.PAUSE:
            return
        time.sleep(poster.pace)


def _post(poster: _Poster, letter: ClaimedLetter) -> Reply:
    """What the relay said; a letter that cannot be worded or addressed is refused on its own."""
    try:
        rendered = render(letter.letter)
        return poster.outbox.post(
            rendered, letter.letter.to, letter.message_id, kind=letter.letter.kind
        )
    except ChannelRefused as wrong:
        return Reply(Fate.REFUSED, None, str(wrong))


def _others_at_work(poster: _Poster) -> bool:
    if poster.period is None:
        return False
    with poster.book.reading() as conn:
        standing = counts(conn, poster.period)
    return bool(standing[LetterState.CLAIMED] or standing[LetterState.SENDING])


def _outcome(reply: Reply, letter: ClaimedLetter, mail: MailSettings) -> Outcome:
    """What the ledger is told of a reply."""
    now = datetime.now(UTC)
    if reply.fate is Fate.SENT:
        return Outcome(LetterState.SENT, reply.code, reply.text)
    if reply.fate is Fate.REFUSED:
        return Outcome(LetterState.FAILED, reply.code, reply.text, "Máy chủ thư từ chối thư này.")
    if reply.fate is Fate.IN_DOUBT:
        words = "Mất kết nối sau khi gửi nội dung: chưa rõ thư đã tới hay chưa."
        return Outcome(LetterState.IN_DOUBT, reply.code, reply.text, words)
    if reply.fate is Fate.PAUSE:
        words = "Máy chủ thư tạm thời không nhận thư của cơ quan."
        return Outcome(LetterState.QUEUED, reply.code, reply.text, words, now + PAUSED)
    if letter.attempts + 1 >= mail.attempts:
        words = f"Máy chủ thư bận, đã thử {mail.attempts} lần."
        return Outcome(LetterState.FAILED, reply.code, reply.text, words)
    wait = min(BUSY_FIRST * 2**letter.attempts, BUSY_LONGEST)
    return Outcome(LetterState.QUEUED, reply.code, reply.text, "Máy chủ thư bận.", now + wait)
