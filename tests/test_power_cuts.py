"""What must outlive a power cut is on the disk before anything depends on it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from letter_samples import OFFICE, reminder
from sqlalchemy import Connection, event

from channels.outboxes import Outbox
from channels.rendering import Rendered
from channels.replies import Fate, Outcome
from review.period import Period
from review.post import Letter, LetterKind, LetterState
from tasks.occasion import Occasion
from tasks.office import Office, make_office
from tasks.posting import Poster, drain
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Book, Stamp
from tdkt_models.letter_ledger import counts
from tdkt_models.letters import queue, write_letters
from tdkt_models.relays import Limits

PERIOD = "2026-10"
FULL = {"sqlite": "2", "postgresql": "on"}
SETTING = {"sqlite": "pragma synchronous", "postgresql": "show synchronous_commit"}


@contextmanager
def commits(book: Book) -> Iterator[list[tuple[bool, int]]]:
    """Of each commit: whether it waits for the disk, and how many letters are then on their way."""
    seen: list[tuple[bool, int]] = []

    def look(conn: Connection) -> None:
        name = conn.dialect.name
        waits = str(conn.exec_driver_sql(SETTING[name]).scalar()) == FULL[name]
        going = "select count(*) from letters where state = 'sending'"
        seen.append((waits, int(conn.exec_driver_sql(going).scalar() or 0)))

    event.listen(book.engine, "commit", look)
    try:
        yield seen
    finally:
        event.remove(book.engine, "commit", look)


@dataclass
class Taker:
    """Takes every letter, and notes what the ledger's last commit was when its bytes came."""

    seen: list[tuple[bool, int]]
    came: list[tuple[bool, int]] = field(default_factory=list)

    def post(
        self, rendered: Rendered, to: str, message_id: str, *, kind: str, headers: Mapping[str, str]
    ) -> Outcome:
        self.came.append(self.seen[-1])
        return Outcome(Fate.SENT, 250, "ok")


def test_only_who_asks_for_it_waits_for_the_disk(book: Book, stamp: Stamp) -> None:
    with commits(book) as seen:
        for durable in (False, True, False):
            with book.writing(durable=durable):
                pass
    assert [waits for waits, _ in seen] == [False, True, False]


def test_the_mark_of_a_letter_is_on_the_disk_before_its_first_byte_leaves(
    book: Book, tmp_path: Path
) -> None:
    office = Office(str(tmp_path / "office"))
    make_office(office, name=OFFICE.name, email=OFFICE.email)
    stamp, words = Stamp(datetime.now(UTC), "test"), dict(reminder().payload)
    letters = [
        Letter(PERIOD, LetterKind.UNIT_REMINDER, f"U{n}", f"u{n}@x.vn", (), words) for n in range(5)
    ]
    with book.writing() as conn:
        write_letters(conn, letters, stamp)
        queue(conn, PERIOD, stamp)
    occasion = Occasion(office, Period.parse(PERIOD), run="test", now=stamp.at)
    with commits(book) as seen:
        taker = Taker(seen)
        outbox = cast(Outbox, cast(Any, taker))
        ends = list(drain(Poster(occasion, book, outbox, "x", Limits(breaker=0), PERIOD)))
    assert ends == [LetterState.SENT] * 5
    assert taker.came == [(True, 1)] * 5, "marked, and on the disk"
    last_answer = [waits for waits, going in seen if going == 0 and waits]
    assert last_answer, "the last answer of a claim is taken to the disk too"
    with book.reading() as conn:
        assert counts(conn, PERIOD)[LetterState.SENT] == 5


def test_what_a_person_did_is_on_the_disk_when_it_is_told(book: Book, stamp: Stamp) -> None:
    """A run's batches may be done again; a person's word may not be asked twice."""
    run, person = (
        AuditEntry("tdkt", "files.taken", ""),
        AuditEntry("Lò Văn Inh", "results.approved", "2026-10"),
    )
    if book.engine.dialect.name == "sqlite":
        for entry, waits in ((run, False), (person, True)):
            with opened_files() as names, book.writing() as conn:
                keep_audit(conn, [entry], stamp)
            assert any(name.endswith(".db-wal") for name in names) == waits, "SQLite's own log"
        return
    with book.engine.connect() as conn:
        conn.exec_driver_sql("alter role postgres set synchronous_commit = off")
        conn.commit()
    try:
        book.close()  # the next connection is set so
        with commits(book) as seen, book.writing() as conn:
            keep_audit(conn, [person], stamp)
        assert [waits for waits, _ in seen] == [True]
    finally:
        with book.engine.connect() as conn:
            conn.exec_driver_sql("alter role postgres reset synchronous_commit")
            conn.commit()


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """The files that Python opens meanwhile: to wait for one, it must be opened."""
    if not LOOKING:
        sys.addaudithook(lambda name, given: LOOKING and LOOKING[-1](name, given))  # type: ignore
    names: list[str] = []
    LOOKING.append(lambda name, given: names.append(str(given[0])) if name == "open" else None)
    yield names
    LOOKING.append(lambda _name, _given: None)


LOOKING: list[Callable[[str, Any], None]] = []
