"""Posters killed at any moment, over a server that defers, refuses, hangs up after DATA and answers
late: no letter twice, none lost, every one accounted for.

    SOAK_LETTERS=3000 SOAK_KILLS=100 pytest tests/test_killed_posters.py       (make soak)
"""

from __future__ import annotations

import email
import email.policy
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from letter_samples import reminder

from channels.capture import CaptureServer, Faults
from review.post import Letter, LetterKind, LetterState
from tasks.office import Office, make_office
from tdkt_models.base import Book, Stamp
from tdkt_models.letter_ledger import counts, ledger
from tdkt_models.letters import queue, requeue, write_letters

LETTERS = int(os.environ.get("SOAK_LETTERS", "60"))
KILLS = int(os.environ.get("SOAK_KILLS", "2"))
POSTERS = 3
ROOT = Path(__file__).parent.parent
PERIOD = "2026-10"
PACE = LETTERS / (KILLS * 1.2 + 2)  # so that posters are still at work when they are killed
GROWN = 2.5  # seconds after which a poster surely posts
PATIENCE = 60 + LETTERS // 10  # seconds until all must have come to an end

POSTER = """
import sys
from datetime import UTC, datetime, timedelta
import tasks.posting as posting
from channels.outboxes import open_outbox
from review.period import Period
from tasks.occasion import Occasion
from tasks.office import Office
from tdkt_models.relays import Limits
posting.LEASE_MS = 2_000
posting.BUSY_FIRST = timedelta(seconds=1)
home, url, pace = sys.argv[1:]
office = Office(home)
occasion = Occasion(office, Period.parse("2026-10"), run="soak", now=datetime.now(UTC))
with office.book() as book, open_outbox(url, office.settings, home) as outbox:
    object.__setattr__(outbox.relay, "kwargs", {**outbox.relay.kwargs, "timeout": 1.0})
    limits = Limits(pace=float(pace), breaker=0)
    poster = posting.Poster(occasion, book, outbox, "soak", limits, "2026-10")
    list(posting.drain(poster))
"""


def address(n: int) -> str:
    return f"u{n}@x.vn"


def some(every: int, first: int) -> frozenset[str]:
    return frozenset(address(n) for n in range(first, LETTERS, every))


def test_killed_posters_send_nothing_twice_and_lose_nothing(book_url: str, tmp_path: Path) -> None:
    office = Office(str(tmp_path / "office"))
    make_office(office)
    faults = Faults(
        refuse=some(29, 3),
        defer_once=some(17, 5),
        drop_after_data=some(37, 7),
        late=some(41, 11),
        late_seconds=2.5,
    )
    book = Book.open(book_url)
    written(book)
    began = time.monotonic()
    with CaptureServer(tmp_path / "server", faults=faults) as server:
        harried(command_for(office, server), {**os.environ, "TDKT_DATABASE_URL": book_url}, book)
        came = names_in(server)
    took = time.monotonic() - began
    with book.reading() as conn:
        standing, kept = counts(conn, PERIOD), ledger(conn, PERIOD)

    assert len(came) == len(set(came)), "a letter went twice"
    by_state = {
        state: {one.message_id for one in kept if one.state is state} for state in LetterState
    }
    assert by_state[LetterState.SENT] <= set(came), "sent, and nobody saw it"
    assert not by_state[LetterState.FAILED] & set(came), "failed, and yet delivered"
    ends = (LetterState.SENT, LetterState.FAILED, LetterState.IN_DOUBT)
    assert sum(standing[state] for state in ends) == LETTERS, Counter(standing)
    assert set(came) <= by_state[LetterState.SENT] | by_state[LetterState.IN_DOUBT]
    doubtful = len(faults.drop_after_data | faults.late) + KILLS
    assert standing[LetterState.IN_DOUBT] <= doubtful
    assert standing[LetterState.FAILED] == len(faults.refuse)

    # A person asks, and lets those in doubt go again: only these may be there twice, none is lost.
    doubts = by_state[LetterState.IN_DOUBT]
    with book.writing() as conn:
        numbers = [one.id for one in kept if one.message_id in doubts]
        requeue(conn, numbers, Stamp(datetime.now(UTC), "soak"), "Lò Văn Inh")
    with CaptureServer(tmp_path / "again") as server:
        environment = {**os.environ, "TDKT_DATABASE_URL": book_url}
        subprocess.run(command_for(office, server), env=environment, cwd=ROOT, check=True)
        again = names_in(server)
    with book.reading() as conn:
        at_last = counts(conn, PERIOD)
    book.close()
    assert Counter(again) == Counter(doubts), "those in doubt, once each, and no other"
    assert at_last[LetterState.SENT] + at_last[LetterState.FAILED] == LETTERS
    refused = {one.message_id for one in kept if one.letter.to in faults.refuse}
    everyone = {one.message_id for one in kept}
    assert {*came, *again} == everyone - refused, "every letter that was not refused has arrived"
    told(book_url, standing, len(doubts & set(came)), took)


def written(book: Book) -> None:
    stamp, words = Stamp(datetime.now(UTC), "soak"), dict(reminder().payload)
    letters = [
        Letter(PERIOD, LetterKind.UNIT_REMINDER, f"U{n}", address(n), (), words)
        for n in range(LETTERS)
    ]
    with book.writing() as conn:
        write_letters(conn, letters, stamp)
        queue(conn, PERIOD, stamp)


def command_for(office: Office, server: CaptureServer) -> list[str]:
    url = f"smtp://127.0.0.1:{server.port}"
    return [sys.executable, "-c", POSTER, office.home, url, str(PACE)]


def names_in(server: CaptureServer) -> list[str]:
    return [_message_id(path) for path in server.letters]


def told(url: str, standing: dict[LetterState, int], arrived: int, took: float) -> None:
    """One line of figures, into the file that `make soak` names."""
    if out := os.environ.get("SOAK_OUT"):
        ends = ", ".join(f"{n} {state.value}" for state, n in standing.items() if n)
        line = (
            f"{url.partition(':')[0].partition('+')[0]}: {LETTERS} letters, {POSTERS} posters, "
            f"{KILLS} kill -9, {took:.0f} s: {ends}; of those in doubt {arrived} had arrived; "
            "released by a person each of them went once; none twice but these, none lost\n"
        )
        with Path(out).open("a", encoding="utf-8") as file:
            file.write(line)


def harried(command: list[str], environment: dict[str, str], book: Book) -> None:
    """Keeps three posters at work, killing one at random until enough were; then lets them end."""
    rng = random.Random(7)
    posters = [_started(command, environment) for _ in range(POSTERS)]
    born = [time.monotonic()] * POSTERS
    killed, until = 0, time.monotonic() + PATIENCE + KILLS * 4
    try:
        while time.monotonic() < until:
            time.sleep(rng.uniform(0.1, 0.9))
            for at, poster in enumerate(posters):
                if poster.poll() is not None:
                    posters[at], born[at] = _started(command, environment), time.monotonic()
            grown = [at for at in range(POSTERS) if time.monotonic() - born[at] > GROWN]
            if killed < KILLS and grown:
                victim = posters[rng.choice(grown)]
                victim.send_signal(signal.SIGKILL)
                victim.wait()
                killed += 1
            elif killed == KILLS and _all_ended(book):
                return
        raise AssertionError("letters are still on their way")
    finally:
        for poster in posters:
            poster.kill()
            poster.wait()


def _started(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=environment, cwd=ROOT)


def _all_ended(book: Book) -> bool:
    with book.reading() as conn:
        standing = counts(conn, PERIOD)
    going = (LetterState.QUEUED, LetterState.CLAIMED, LetterState.SENDING)
    return not any(standing[state] for state in going)


def _message_id(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return str(message["Message-ID"])
