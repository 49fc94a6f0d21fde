"""A whole month's post, from the scored book to the relay.

    made = mailed(400, port)              units of the benchmarks' roster, some 25 cadres each
    made.letters, made.parts["judged"]    -> 10240, 31.2 (seconds)

The letters are those of the month itself, of every kind that it brings, with the leaders' papers;
they go as the product posts them: written into the ledger, each read by the gate as it would leave,
queued, claimed, marked, handed over, finished. The relay is benchmarks/sink.py.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import PERIOD, month_of
from benchmarks.product import furnished, occasion_in, take
from review.post import LetterKind, LetterState
from tasks.email_summaries import email_summaries, let_go
from tasks.report import report_to_office
from tdkt_models.letter_ledger import counts, ledger


@dataclass(frozen=True, slots=True)
class Mailed:
    """Seconds by part; how many letters of each kind left, over so many `connections`."""

    kinds: Counter[LetterKind]
    connections: int
    parts: dict[str, float]

    @property
    def letters(self) -> int:
        return self.kinds.total()


def mailed(units: int, port: int) -> Mailed:
    """Raises RuntimeError if a letter does not leave."""
    with tempfile.TemporaryDirectory(prefix="mailing-") as scratch:
        month = month_of(units, faulty=0.0)
        office = furnished(month, Path(scratch) / "office", processes=2)
        parts = {"written": take(office, month.inbox, letters=True).stages["report"]}
        occasion = occasion_in(office)
        clock = time.perf_counter
        began = clock()
        report_to_office.fn(occasion)
        parts["summaries"] = clock() - began
        with office.book() as book:
            began = clock()
            judged = let_go(book, occasion)
            parts["judged"] = clock() - began
            if judged.faults or judged.held:
                raise RuntimeError(f"held back: {[*judged.faults, *judged.held.values()][:3]}")
            with relay_at(port):
                began = clock()
                posted = email_summaries.fn(occasion)
                parts["posted"] = clock() - began
            with book.reading() as conn:
                sent = ledger(conn, PERIOD, state=LetterState.SENT)
                written = sum(counts(conn, PERIOD).values())
        if not posted.sent == len(sent) == written:
            raise RuntimeError(f"{written} letters, of which {len(sent)} were sent: {posted}")
        kinds = Counter(one.letter.kind for one in sent)
        return Mailed(kinds, office.settings.mail.connections, parts)


@contextmanager
def relay_at(port: int) -> Iterator[None]:
    before = os.environ.get("TDKT_SMTP_URL")
    os.environ["TDKT_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    try:
        yield
    finally:
        if before is None:
            del os.environ["TDKT_SMTP_URL"]
        else:
            os.environ["TDKT_SMTP_URL"] = before
