"""Whose rows a reader's queries see: narrowed by the database itself, where the office wants it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from cli.main import main
from flows.cycle import review_cycle
from tdkt_models.base import Book, BookError, upgrade
from tdkt_models.digest import book_digest
from tdkt_models.row_scope import BY_FILE, BY_UNIT, ROLE, WHOLE, narrow, prepare
from tdkt_models.tables import all_tables
from tests.postgres import Postgres, name_in
from tests.province import surroundings
from tests.small_office import Corner, small_office
from tests.test_answering import bad

UNITS = ("SYT", "SNV", "STC")


@pytest.fixture(scope="module")
def corner(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corner]:
    """Three units, two reports, one of them returned; rows by unit are on."""
    with surroundings(TDKT_DATABASE_URL=postgres.new_database()):
        corner = small_office(tmp_path_factory.mktemp("rows"), UNITS)
        office = corner.occasion.office
        path = office.folder / "office.toml"
        path.write_text(path.read_text().replace("rows_by_unit = false", "rows_by_unit = true"))
        with pytest.raises(SystemExit):
            main(["init", "--home", office.home])
        corner.sends("SYT", corner.report("SYT"), day=3)
        corner.sends("SNV", corner.report("SNV", bad), day=3)
        review_cycle(corner.occasion, send=True)
        yield corner


@pytest.fixture
def book(corner: Corner) -> Iterator[Book]:
    with corner.occasion.office.book() as book:
        yield book


def count(conn: Connection, table: str) -> int:
    return conn.execute(text(f'select count(*) from "{table}"')).scalar_one()


def test_a_narrowed_reader_sees_the_rows_of_its_units_only(book: Book) -> None:
    with book.reading() as conn:
        everything = {name: count(conn, name) for name in (*BY_UNIT, *BY_FILE)}
        narrow(conn, ["SYT"])
        for table in ("cadres", "roll_entries", "received_files", "submissions", "scorecards"):
            units = set(conn.scalars(text(f"select distinct unit from {table}")))
            assert units == {"SYT"}, table
        assert set(conn.scalars(text("select code from units"))) == {"SYT"}
        assert count(conn, "findings") == 0 < everything["findings"], "SNV's are another's"
        about = set(conn.scalars(text("select person from letters")))
        own = {"SYT", *conn.scalars(text("select code from cadres"))}
        assert about and about <= own
    with book.reading() as conn:
        narrow(conn, ["SNV"])
        assert count(conn, "findings") == everything["findings"]
    with book.reading() as conn:
        assert count(conn, "cadres") == everything["cadres"], "the next transaction sees all again"
        narrow(conn, [])
        assert not any(count(conn, name) for name in BY_UNIT if name != "acts")


def test_a_narrowed_reader_reads_nothing_else_and_writes_nothing(book: Book) -> None:
    open_to_it = {*BY_UNIT, *BY_FILE, *WHOLE}
    for table in sorted({table.name for table in all_tables()} - open_to_it):
        with pytest.raises(BookError), book.reading() as conn:
            narrow(conn, ["SYT"])
            count(conn, table)
    for statement in ("delete from cadres", "update scorecards set total = 0"):
        with pytest.raises(BookError), book.writing() as conn:
            narrow(conn, ["SYT"])
            conn.execute(text(statement))


def test_every_table_with_a_units_rows_has_its_policy(book: Book) -> None:
    """A new table that names a unit must be thought of here."""
    with book.reading() as conn:
        secured = set(
            conn.scalars(text("select relname from pg_class where relrowsecurity and relkind='r'"))
        )
    ours = {
        name for name, table in ((one.name, one) for one in all_tables()) if "unit" in table.columns
    }
    closed = ours - {*BY_UNIT}  # no narrowed reader may look into these at all
    assert secured == {*BY_UNIT, *BY_FILE}
    assert all(name == "decisions" or name.startswith("plan_") for name in closed), closed


def test_the_month_comes_to_the_same_with_and_without(
    corner: Corner, book: Book, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with book.reading() as conn:
        narrowed = book_digest(conn, corner.occasion.period_text)
    with surroundings(TDKT_DATABASE_URL=postgres.new_database()):
        plain = small_office(tmp_path_factory.mktemp("plain"), UNITS)
        plain.sends("SYT", plain.report("SYT"), day=3)
        plain.sends("SNV", plain.report("SNV", bad), day=3)
        review_cycle(replace(plain.occasion, run="plain"), send=True)
        with plain.occasion.office.book() as other, other.reading() as conn:
            assert book_digest(conn, plain.occasion.period_text) == narrowed


def test_without_the_role_it_is_said_what_to_do(book: Book, postgres: Postgres) -> None:
    url = postgres.new_database()
    upgrade(url)
    with book.reading() as conn:
        there = conn.execute(text("select 1 from pg_roles where rolname = :r"), {"r": ROLE})
        assert there.scalar() == 1
    prepare(url)
    prepare(url)  # twice is as good as once
    other = Book.open(url)
    with other.reading() as conn:
        narrow(conn, ["SYT"])
        assert count(conn, "cadres") == 0
    other.close()


def test_an_ordinary_account_is_narrowed_once_it_was_given_the_role(postgres: Postgres) -> None:
    """Roles are of the whole server: another office's may be there, and not be ours to take on."""
    name = name_in(url := postgres.new_database())
    upgrade(url)
    prepare(url)
    with psycopg.connect(f"host={postgres.sockets} user=postgres dbname={name}") as admin:
        admin.execute("create role so_noi_vu login")
        admin.execute("grant select on all tables in schema public to so_noi_vu")
    theirs = url.replace("postgres@", "so_noi_vu@")
    with pytest.raises(BookError, match="grant tdkt_scope to"):
        prepare(theirs)
    other = Book.open(theirs)
    with pytest.raises(BookError, match="grant tdkt_scope to"), other.reading() as conn:
        narrow(conn, ["SYT"])
    with psycopg.connect(f"host={postgres.sockets} user=postgres dbname={name}") as admin:
        admin.execute(f"grant {ROLE} to so_noi_vu".encode())
    with other.reading() as conn:
        narrow(conn, ["SYT"])
        assert count(conn, "cadres") == 0
        for way in ("set row_security = off", "set role postgres", "drop policy whole on cadres"):
            with pytest.raises(ProgrammingError), conn.begin_nested():
                conn.execute(text(way))
                count(conn, "cadres")
    other.close()


def test_on_sqlite_nothing_is_narrowed_and_nothing_breaks(sqlite_url: str) -> None:
    prepare(sqlite_url)
    book = Book.open(sqlite_url)
    with book.reading() as conn:
        narrow(conn, ["SYT"])
        assert count(conn, "cadres") == 0
    book.close()
