"""The poster: drains the ledger over one kept connection, until nothing is due or the relay rests.

    for end in drain(Poster(occasion, book, outbox, relay, limits)): ...
    drain_over(4, open_poster)      -> Counter({SENT: 196}), over four connections at once

Any number of posters may run at once. The commit before the first byte is on the disk before that
byte leaves, so that not even a power cut sends it twice. The lease and its token are the ledger's;
pace, quota and rest the relay's row. The wall clock, not the occasion's, rules
both: a run held "as of" a past day still posts today.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from channels.anchors import HEADER
from channels.errors import ChannelRefused
from channels.outboxes import Outbox
from channels.replies import Fate, asked_to_wait
from channels.replies import Outcome as Reply
from review.post import LetterKind, LetterState
from review.settings import MailSettings
from tasks.anchor import anchor_text
from tasks.finishing import Finisher, headers_of
from tasks.occasion import Occasion
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Book, Stamp
from tdkt_models.letter_ledger import counts
from tdkt_models.letters import (
    ClaimedLetter,
    Outcome,
    claim,
    finish,
    mark_sending,
    recover,
    release,
    renew,
)
from tdkt_models.relays import (
    Limits,
    Turn,
    break_circuit,
    give_back,
    pause_relay,
    relay_took,
    take_turns,
)

AT_ONCE = 20
LEASE_MS = 15_000
LONGEST_CLAIM = 5.0  # seconds of pace claimed at once, so that no lease runs out while waiting
# Half-seconds: longer than a lease, so that a killed poster's letters come back.
WAIT_FOR_OTHERS = 40
BUSY_FIRST, BUSY_LONGEST = timedelta(minutes=1), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Poster:
    """`period` None drains what is queued of any period, `kinds` None that of any kind."""

    occasion: Occasion
    book: Book
    outbox: Outbox
    relay: str
    limits: Limits
    period: str | None = None
    kinds: Collection[LetterKind] | None = None

    @property
    def stamp(self) -> Stamp:
        return Stamp(at=datetime.now(UTC), run=self.occasion.run)

    @property
    def at_once(self) -> int:
        pace = self.limits.pace
        return max(1, min(AT_ONCE, int(pace * LONGEST_CLAIM))) if pace else AT_ONCE


def drain_over(
    connections: int, open_poster: Callable[[], AbstractContextManager[Poster]]
) -> Counter[LetterState]:
    """Drains over so many connections at once, each opened, kept and closed in a thread of its own;
    what hinders one is raised when all have ended."""

    def one(_: int) -> Counter[LetterState]:
        with open_poster() as poster:
            return Counter(drain(poster))

    with ThreadPoolExecutor(connections) as pool:
        return sum(pool.map(one, range(connections)), Counter())


def drain(poster: Poster) -> Iterator[LetterState]:
    """Posts until nothing is due, waiting a little for letters another poster has in hand."""
    for _ in range(WAIT_FOR_OTHERS):
        with poster.book.writing() as conn:
            found = asdict(recover(conn, poster.stamp))
            if any(found.values()):
                entry = AuditEntry("tdkt", "letters.recovered", poster.period or "", found)
                keep_audit(conn, [entry], poster.stamp)
        while True:
            turn, token, mine = _claim(poster)
            if turn.why:
                return  # the relay rests; a later run goes on
            if not mine:
                break
            yield from _post_each(poster, turn, token, mine)
        if not _others_at_work(poster):
            return
        time.sleep(0.5)


def _claim(poster: Poster) -> tuple[Turn, str, list[ClaimedLetter]]:
    stamp = poster.stamp
    today = stamp.at.astimezone(poster.occasion.office.settings.zone).date()
    with poster.book.writing(beside_others=True) as conn:
        turn = take_turns(conn, poster.relay, poster.at_once, poster.limits, stamp, today)
        if not turn.granted:
            return turn, "", []
        token, mine = claim(
            conn, turn.granted, LEASE_MS, stamp.at, period=poster.period, kinds=poster.kinds
        )
        give_back(conn, poster.relay, turn, turn.granted - len(mine), stamp)
    return turn, token, mine


def _post_each(
    poster: Poster, turn: Turn, token: str, letters: list[ClaimedLetter]
) -> Iterator[LetterState]:
    with poster.book.reading() as conn:
        anchor = anchor_text(conn, poster.occasion.office) if letters else ""
    for at, (letter, start) in enumerate(zip(letters, turn.starts, strict=False)):
        time.sleep(max(0.0, (start - datetime.now(UTC)).total_seconds()))
        with poster.book.writing(beside_others=True, durable=True) as conn:
            mine = mark_sending(conn, letter.id, token, poster.stamp, LEASE_MS)
            renew(conn, token, datetime.now(UTC), LEASE_MS)
        if not mine:
            continue
        reply = _post(poster, letter, anchor)
        outcome = _outcome(reply, letter, poster.occasion.office.settings.mail)
        rest = _finish(poster, turn, token, letter, outcome, reply, len(letters) - at - 1)
        yield outcome.state
        if rest:
            return


def _finish(
    poster: Poster,
    turn: Turn,
    token: str,
    letter: ClaimedLetter,
    outcome: Outcome,
    reply: Reply,
    left: int,
) -> bool:
    """Writes down what came of a letter. True if the relay rests from now on.

    The mark of the next letter takes this to the disk too; the last of a claim sees to it itself.
    """
    stamp = poster.stamp
    with poster.book.writing(beside_others=True, durable=not left) as conn:
        finish(conn, letter.id, token, outcome, stamp)
        rest = ""
        if reply.fate is Fate.PAUSE:
            rest = outcome.reason
            pause_relay(conn, poster.relay, rest, stamp)
        elif reply.fate is Fate.SENT:
            relay_took(conn, poster.relay, stamp)
        elif reply.fate is Fate.REFUSED and reply.code and poster.limits.breaker:
            rest = break_circuit(conn, poster.relay, poster.limits, stamp)
        if rest:
            release(conn, token, stamp)
            give_back(conn, poster.relay, turn, left, stamp)
    return bool(rest)


def _post(poster: Poster, letter: ClaimedLetter, anchor: str) -> Reply:
    """What the relay said; a letter that cannot be worded or addressed is refused on its own. Each
    carries the newest anchor of the audit out of the office."""
    office = poster.occasion.office
    try:
        return poster.outbox.post(
            Finisher(office, poster.book).finish(letter),
            letter.letter.to,
            letter.message_id,
            kind=letter.letter.kind,
            headers={**headers_of(office, letter), HEADER: anchor},
        )
    except ChannelRefused as wrong:
        return Reply(Fate.REFUSED, None, str(wrong))


def _others_at_work(poster: Poster) -> bool:
    if poster.period is None:
        return False
    with poster.book.reading() as conn:
        standing = counts(conn, poster.period)
    return bool(standing[LetterState.CLAIMED] or standing[LetterState.SENDING])


def _outcome(reply: Reply, letter: ClaimedLetter, mail: MailSettings) -> Outcome:
    """What the ledger is told of a reply, the server's own words in the reason."""
    said = f"{reply.code or ''} {reply.text}".strip()
    if reply.fate is Fate.SENT:
        return Outcome(LetterState.SENT, reply.code, reply.text)
    if reply.fate is Fate.REFUSED:
        whose = "Máy chủ thư từ chối thư này" if reply.code else "Không gửi được thư này"
        return Outcome(LetterState.FAILED, reply.code, reply.text, f"{whose}: {said}")
    if reply.fate is Fate.IN_DOUBT:
        words = f"Chưa rõ thư đã tới hay chưa: {said}"
        return Outcome(LetterState.IN_DOUBT, reply.code, reply.text, words)
    if reply.fate is Fate.PAUSE:
        words = f"Máy chủ thư tạm thời không nhận thư của cơ quan: {said}"
        return Outcome(LetterState.QUEUED, reply.code, reply.text, words, spent=False)
    if letter.attempts + 1 >= mail.attempts:
        words = f"Máy chủ thư bận, đã thử {mail.attempts} lần; lần cuối: {said}"
        return Outcome(LetterState.FAILED, reply.code, reply.text, words)
    again = datetime.now(UTC) + _wait(reply, letter.attempts)
    return Outcome(LetterState.QUEUED, reply.code, reply.text, f"Máy chủ thư bận: {said}", again)


def _wait(reply: Reply, attempts: int) -> timedelta:
    """Twice as long each time, give or take a fifth; longer if the server asked for it."""
    usual: timedelta = min(BUSY_FIRST * 2**attempts, BUSY_LONGEST) * random.uniform(0.8, 1.2)
    return max(usual, min(timedelta(seconds=asked_to_wait(reply.text) or 0), BUSY_LONGEST))
