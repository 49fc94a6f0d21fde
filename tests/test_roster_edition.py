"""Every batch of letters asks whether the roster has changed: one step, however large it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from review.watched import as_name
from sample import sample_roster
from tasks.watching import watch_of
from tdkt_models.base import Book, Stamp
from tdkt_models.cadres import keep_cadres, keep_postings, recall_cadres
from tdkt_models.footings import recall_fallen, roster_edition
from tdkt_models.held_periods import keep_held
from tdkt_models.units import keep_units, recall_units
from tests.small_office import small_office
from tests.test_tenth_year import asked, scans_on_postgresql, scans_on_sqlite

THE_COUNTRY = {"units", "cadres", "postings"}


@pytest.fixture
def people(book: Book, stamp: Stamp) -> None:
    roster = sample_roster()
    with book.writing() as conn:
        keep_units(conn, roster.units, stamp)
        keep_cadres(conn, roster.cadres, stamp)


def test_a_change_of_any_line_is_another_edition(book: Book, stamp: Stamp, people: None) -> None:
    with book.writing() as conn:
        keep_held(conn, "2026-10", sent=True, stamp=stamp)
    found = [edition(book)]
    with book.reading() as conn:
        (unit, *_), (cadre, *_) = recall_units(conn).values(), recall_cadres(conn)
    with book.writing() as conn:
        keep_units(conn, [unit], stamp)
        keep_cadres(conn, [cadre], stamp)
    assert edition(book) == found[0], "the same lines again"
    with book.writing() as conn:
        keep_units(conn, [replace(unit, name=f"{unit.name} mới")], stamp)
    found.append(edition(book))
    with book.writing() as conn:
        keep_cadres(conn, [cadre._replace(name="Lò Thị Đổi Tên")], stamp)
    found.append(edition(book))
    with book.writing() as conn:
        keep_postings(conn, [cadre._replace(until=date(2025, 12, 31))], stamp)
    found.append(edition(book))
    assert len(set(found)) == len(found)
    with book.reading() as conn:
        assert recall_fallen(conn) == [], "no period stands on the roster's mark"


def edition(book: Book) -> str:
    with book.reading() as conn:
        return roster_edition(conn)


def test_a_name_that_another_process_writes_is_watched_from_the_next_batch_on(
    tmp_path: Path, stamp: Stamp
) -> None:
    occasion = small_office(tmp_path, ("SYT", "SNV")).occasion
    with occasion.office.book() as book:
        with book.reading() as conn:
            before = watch_of(conn, occasion)
            assert watch_of(conn, occasion) is before, "made once"
            first = recall_cadres(conn)[0]
        with book.writing() as conn:
            keep_cadres(conn, [first._replace(name="Vàng Thị Chưa Ai Gặp")], stamp)
        with book.reading() as conn:
            now = watch_of(conn, occasion).names
    assert as_name("Vàng Thị Chưa Ai Gặp") in now - before.names


def test_asking_goes_through_no_line_of_the_roster(book: Book, people: None) -> None:
    look = scans_on_sqlite if book.engine.dialect.name == "sqlite" else scans_on_postgresql
    with asked() as found:
        edition(book)
    with book.reading() as conn:
        if book.engine.dialect.name == "postgresql":
            conn.execute(text("set local enable_seqscan = off"))
        gone = {table for one, values in found.statements.items()
                for table in look(conn, one, values)}  # fmt: skip
    assert not gone & {*THE_COUNTRY, "touched_periods"}
