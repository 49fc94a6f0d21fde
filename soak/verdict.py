"""Is the book the undisturbed one, and is each letter where it belongs?

    in_doubt, faults = verdict(play, calm)

What was in doubt is settled as a person would who looks at the relay: there, it arrived; not there,
it is sent again under the same Message-ID. After that each letter lies there exactly once.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import select

from channels.originals import Originals
from review.post import LetterState
from soak.stage import ALARM, PERIOD, Ending, Play
from tasks.email_summaries import email_summaries
from tasks.verify_audit import verify_audit
from tdkt_models.base import Stamp
from tdkt_models.files import recall_files
from tdkt_models.letter_ledger import counts, ledger
from tdkt_models.letters import LETTERS, requeue, settle
from tests.province import surroundings

WHO = "người xem máy chủ thư"
PATIENCE = 400.0
ON_THEIR_WAY = (LetterState.QUEUED, LetterState.CLAIMED, LetterState.SENDING)


def verdict(play: Play, calm: Ending) -> tuple[int, list[str]]:
    """How many letters were in doubt, and what is wrong (nothing, if all is well)."""
    before = play.relay.message_ids()
    doubtful = play.doubtful()
    with surroundings(TDKT_DATABASE_URL=play.url, TDKT_SMTP_URL=play.relay.url):
        faults = list(_of_the_post(play, before))
        _settle(play, set(before))
        faults += _of_the_book(play, calm)
        faults += _of_the_files(play)
    return len(doubtful), faults


def _of_the_post(play: Play, arrived: list[str]) -> Iterator[str]:
    twice = [name for name, n in Counter(arrived).items() if n > 1]
    if twice:
        yield f"{len(twice)} letters arrived twice: {twice[:3]}"
    with play.office.book() as book, book.reading() as conn:
        letters = ledger(conn, PERIOD)
    by_state = {s: {o.message_id for o in letters if o.state is s} for s in LetterState}
    if lost := by_state[LetterState.SENT] - set(arrived):
        yield f"{len(lost)} letters are called sent and never arrived: {sorted(lost)[:3]}"
    unknown = set(arrived) - by_state[LetterState.SENT] - by_state[LetterState.IN_DOUBT]
    if unknown:
        yield f"{len(unknown)} letters arrived that the ledger does not call sent or in doubt"


def _settle(play: Play, arrived: set[str]) -> None:
    stamp = Stamp(datetime.now(UTC), "soak")
    with play.office.book() as book, book.writing() as conn:
        letters = ledger(conn, PERIOD, state=LetterState.IN_DOUBT)
        there = [one.id for one in letters if one.message_id in arrived]
        settle(conn, there, LetterState.SENT, "có trên máy chủ thư", stamp, WHO)
        requeue(conn, [one.id for one in letters if one.id not in there], stamp, WHO)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        email_summaries.fn(play.occasion(), True)
        with play.office.book() as book, book.reading() as conn:
            left = counts(conn, PERIOD)
        if not any(left[state] for state in ON_THEIR_WAY):
            return
        time.sleep(3.0)  # what found the relay gone waits for a minute or two before its next try


def _of_the_book(play: Play, calm: Ending) -> Iterator[str]:
    now = play.ending()
    for name in ("digest", "standing", "files", "letters", "states"):
        mine, wanted = str(getattr(now, name)), str(getattr(calm, name))
        if mine != wanted:
            yield f"{name}: {mine[:400]} instead of {wanted[:400]}"
    with play.office.book() as book, book.reading() as conn:
        alarms = set(
            conn.scalars(select(LETTERS.c.message_id).where(LETTERS.c.kind == ALARM.value))
        )
    arrived = Counter(play.relay.message_ids())
    if set(arrived) - alarms != set(calm.letters) or max(arrived.values(), default=1) > 1:
        yield f"{len(arrived)} letters on the relay, {len(calm.letters)} written, each must be once"
    yield from (f"audit: {fault}" for fault in verify_audit(play.office).faults)


def _of_the_files(play: Play) -> Iterator[str]:
    originals = Originals(play.office.folder / "received")
    with play.office.book() as book, book.reading() as conn:
        files = recall_files(conn)
    names = Counter((file.channel, file.channel_id) for file in files)
    if again := [name for name, n in names.items() if n > 1]:
        yield f"taken twice: {again[:3]}"
    for file in files:
        path = originals.path(file.stored_path)
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            yield f"the original of {file.name} is not whole"
