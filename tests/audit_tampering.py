"""The ways in which somebody with the database in hand may try to change the past.

    for tampering in TAMPERINGS: tampering.does(conn, last)

`tampered(book)` is a transaction of such a person, who first takes off the triggers that refuse
changes; it is rolled back, so that the next may try.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text

from review.chain import ERASABLE, Head, Header, link_of, sealed
from tdkt_models.audit import recall_chain
from tdkt_models.base import Book

ON_SQLITE = ("audit_is_kept", "audit_is_unchanged", "audit_is_only_erased")


@dataclass(frozen=True)
class Tampering:
    """`does(conn, last)`: `last` is the number of the newest entry. What keeps the chain whole in
    itself can only be shown by an anchor outside the book."""

    name: str
    does: Callable[[Connection, int], None]
    only_an_anchor_shows_it: bool = False


@contextmanager
def tampered(book: Book) -> Iterator[Connection]:
    with book.engine.connect() as conn, conn.begin() as all_of_it:
        if conn.dialect.name == "sqlite":
            for name in ON_SQLITE:
                conn.execute(text(f"drop trigger {name}"))
        else:
            conn.execute(text("alter table audit disable trigger user"))
        yield conn
        all_of_it.rollback()


def _statement(sql: str) -> Callable[[Connection, int], None]:
    return lambda conn, last: _run(conn, sql, last)


def _run(conn: Connection, sql: str, last: int) -> None:
    for one in sql.split(";"):
        conn.execute(text(one), {"last": last} if ":last" in one else {})


COPIED = "who, what, subject, detail, at, run, noted_at, account, salts, seals, link"


def _forge(conn: Connection, last: int) -> None:
    """The newest entry but one is changed and everything after it linked anew, by the book's own
    rule: the work of somebody who has read this source."""
    entries = list(recall_chain(conn))
    before = Head(entries[last - 3].header.n, entries[last - 3].link)
    link = before.link
    for entry in entries[last - 2 :]:
        said = dict(entry.said)
        if entry.header.n == last - 1:
            said["who"] = "kẻ khác"
        seals = sealed(said, entry.salts)
        h = entry.header
        header = Header(h.n, h.at, h.noted_at, h.run, h.account, h.what)
        link = link_of(link, header, seals)
        conn.execute(
            text("update audit set who = :who, link = :link where n = :n"),
            {"who": said["who"], "link": link, "n": h.n},
        )
        _reseal(conn, h.n, seals)
    assert set(seals) == set(ERASABLE)


def _reseal(conn: Connection, n: int, seals: dict[str, str]) -> None:
    from sqlalchemy import update

    from tdkt_models.audit import AUDIT

    conn.execute(update(AUDIT).where(AUDIT.c.n == n).values(seals=seals))


TAMPERINGS = (
    Tampering("another person", _statement("update audit set who = 'kẻ khác' where n = 2")),
    Tampering("another subject", _statement("update audit set subject = '03640' where n = 2")),
    Tampering("another act", _statement("update audit set what = 'mail.armed' where n = 2")),
    Tampering("other words", _statement("""update audit set detail = '{"days": 4}' where n = 2""")),
    Tampering("another run", _statement("update audit set run = 'khác' where n = 2")),
    Tampering("another account", _statement("update audit set account = 'a@b' where n = 2")),
    Tampering(
        "another time",
        _statement("update audit set at = '2026-11-01T01:30:00.000000+00:00' where n = 2"),
    ),
    Tampering(
        "another clock",
        _statement("update audit set noted_at = '2026-11-01T01:30:00.000000+00:00' where n = 2"),
    ),
    Tampering("a row gone from the middle", _statement("delete from audit where n = 2")),
    Tampering(
        "a row gone and the rest renumbered",
        _statement(
            "delete from audit where n = 2; update audit set n = -n where n > 2;"
            "update audit set n = -n - 1 where n < 0"
        ),
    ),
    Tampering("the first row gone", _statement("delete from audit where n = 1")),
    Tampering(
        "a row inserted at the end",
        _statement(
            f"insert into audit (n, {COPIED}) select n + 1, {COPIED} from audit where n = :last"
        ),
    ),
    Tampering(
        "a row inserted in the middle",
        _statement(
            "update audit set n = -n where n > 2; update audit set n = -n + 1 where n < 0;"
            f"insert into audit (n, {COPIED}) select 3, {COPIED} from audit where n = 2"
        ),
    ),
    Tampering(
        "two rows in each other's place",
        _statement(
            "update audit set n = -2 where n = 2; update audit set n = 2 where n = 3;"
            "update audit set n = 3 where n = -2"
        ),
    ),
    Tampering(
        "words erased without their salt",
        _statement("update audit set who = '', subject = '', detail = '{}' where n = 2"),
    ),
    Tampering(
        "the end cut off",
        _statement("delete from audit where n = :last"),
        only_an_anchor_shows_it=True,
    ),
    Tampering("the end written anew by the rule", _forge, only_an_anchor_shows_it=True),
)
