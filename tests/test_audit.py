"""The audit cannot be changed without it showing: every way of tampering, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from review.chain import Head, broken_by
from review.period import Cadence
from tdkt_models.audit import AuditEntry, audit_head, keep_audit, recall_audit, recall_chain
from tdkt_models.base import Book, BookError, Stamp, upgrade
from tdkt_models.cycles import Cycle, keep_cycle
from tdkt_models.engine import engine_for
from tdkt_models.errors import parsed
from tdkt_models.schema import FOLDER
from tests.audit_tampering import TAMPERINGS, Tampering, tampered

ACTS = [
    AuditEntry(
        "Lò Văn Inh", "unit.extended", "03637", {"days": 3, "reason": "Mưa lũ, “đứt” đường"}
    ),
    AuditEntry("tdkt", "files.taken", "", {"files": 57}),
    AuditEntry("Giàng A Chu", "results.approved", "2026-10", {"digest": "9f2c", "note": "Đồng ý"}),
    AuditEntry(
        "Sùng Thị Mỷ", "mail.armed", "office", {"until": "2026-11-13", "n": [1, None, True]}
    ),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def chained(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Book]:
    """One book an engine for all the tests that leave it as it was."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('chained') / 'office.db'}"
    upgrade(url)
    book = Book.open(url)
    for act in ACTS:
        with book.writing() as conn:
            keep_audit(conn, [act], Stamp(datetime(2026, 11, 2, 1, 30, tzinfo=UTC), "2026-10:test"))
    yield book
    book.close()


def faults(conn: Connection) -> list[str]:
    """What the chain itself shows, entry by entry."""
    found, before = [], Head()
    for entry in recall_chain(conn):
        if said := broken_by(entry, before):
            found.append(said)
        before = Head(entry.header.n, entry.link)
    return found


def test_each_entry_is_chained_and_comes_back_as_written(chained: Book) -> None:
    with chained.reading() as conn:
        assert faults(conn) == []
        kept = recall_audit(conn)
        head = audit_head(conn)
    ours = kept[-len(ACTS) :]
    assert [(e.who, e.what, e.subject, dict(e.detail)) for e in ours] == [
        (e.who, e.what, e.subject, dict(e.detail)) for e in ACTS
    ]
    assert [entry.n for entry in kept] == list(range(1, len(kept) + 1))
    assert head.n == len(kept) and len(head.link) == 64


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda t: t.name)
def test_the_chain_shows_what_was_tampered_with(chained: Book, tampering: Tampering) -> None:
    with tampered(chained) as conn:
        head = audit_head(conn)
        tampering.does(conn, head.n)
        shown, now = faults(conn), audit_head(conn)
    if tampering.only_an_anchor_shows_it:
        assert shown == [] and now != head, "a chain alone cannot know how far it had come"
    else:
        assert shown, tampering.name


@pytest.mark.parametrize(
    "statement",
    [
        "delete from audit where n = 2",
        "update audit set who = 'kẻ khác' where n = 2",
        "update audit set what = 'x' where n = 2",
        "update audit set link = '' where n = 2",
        "update audit set noted_at = at where n = 2",
        "delete from audit",
    ],
)
def test_the_database_itself_refuses(chained: Book, statement: str) -> None:
    with pytest.raises(BookError), chained.writing() as conn:
        conn.execute(text(statement))


def test_a_run_that_says_nothing_leaves_one_line_a_transaction(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        keep_cycle(conn, Cycle("2026-10", Cadence.MONTH, "2026-01"), stamp)
    with book.writing() as conn:
        keep_cycle(conn, Cycle("2026-10", Cadence.MONTH, "2026-01"), stamp)  # nothing new
    with book.reading() as conn:
        (said,) = recall_audit(conn, what="book.written")
    assert said.detail == {"rows": {"cycles": 1}} and said.run == stamp.run and said.at == stamp.at


def test_a_transaction_that_fails_leaves_no_line(chained: Book, stamp: Stamp) -> None:
    with chained.reading() as conn:
        before = audit_head(conn)
    with pytest.raises(ZeroDivisionError), chained.writing() as conn:
        keep_audit(conn, ACTS, stamp)
        raise ZeroDivisionError
    with chained.reading() as conn:
        assert audit_head(conn) == before


def test_writers_at_once_make_one_chain(book: Book, book_url: str) -> None:
    """Also those that stand beside each other, on connections of their own."""

    def write(writer: int) -> None:
        own = Book(engine_for(parsed(book_url)))
        for n in range(20):
            with own.writing(beside_others=writer % 2 == 0) as conn:
                entry = AuditEntry(f"người {writer}", "thử", str(n))
                keep_audit(conn, [entry], Stamp(datetime.now(UTC), f"run-{writer}"))
        own.close()

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(write, range(4)))
    with book.reading() as conn:
        assert faults(conn) == []
        kept = recall_audit(conn, what="thử")
    assert len(kept) == 80
    for writer in range(4):
        mine = [entry.subject for entry in kept if entry.who == f"người {writer}"]
        assert mine == [str(n) for n in range(20)], "in the order they were done"


def test_fractions_are_refused_because_engines_write_them_differently(
    book: Book, stamp: Stamp
) -> None:
    with pytest.raises(TypeError, match=r"0\.1"), book.writing() as conn:
        keep_audit(conn, [AuditEntry("tdkt", "thử", "", {"share": 0.1})], stamp)


def test_erased_words_leave_the_chain_whole(chained: Book) -> None:
    """The words go together with their salt; the seal stays and says nothing any more."""
    gone = "update audit set who = '', subject = '', detail = '{}', salts = '{}' where n = 2"
    with pytest.raises(BookError, match="từ chối"), chained.writing() as conn:
        conn.execute(text(gone))
        assert faults(conn) == []
        conn.execute(text("update audit set subject = 'người khác' where n = 2"))


def test_words_without_their_salt_are_shown(chained: Book) -> None:
    with tampered(chained) as conn:
        conn.execute(text("update audit set salts = '{}' where n = 2"))
        assert any("đã xóa" in said for said in faults(conn))


CHAIN = int(next(FOLDER.glob("*_the_chain.py")).stem[:4])


def test_old_entries_are_chained_as_they_stand(fresh_url: Callable[[], str]) -> None:
    url = fresh_url()
    upgrade(url, f"{CHAIN - 1:04}")
    engine: Any = engine_for(parsed(url))
    with engine.begin() as conn:
        conn.execute(
            text(
                "insert into audit (who, what, subject, detail, at, run) values "
                "('Lò Văn Inh', 'unit.extended', '03637', '{\"days\": 3}',"
                " '2026-11-02T01:30:00.000000+00:00', 'r')"
            )
        )
    engine.dispose()
    upgrade(url)
    book = Book.open(url)
    with book.reading() as conn:
        assert faults(conn) == []
        assert recall_audit(conn)[0].detail == {"days": 3}
    book.close()
