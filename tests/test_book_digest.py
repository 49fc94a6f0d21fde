"""The digest of a period: the same for the same content on both engines, another for any other."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from review.form import Form
from review.post import LetterState
from tdkt_models.base import Book, Stamp, downgrade, table_of, upgrade
from tdkt_models.digest import book_digest
from tdkt_models.files import keep_files, recall_files
from tdkt_models.letters import (
    Outcome,
    claim,
    finish,
    mark_sending,
    queue,
    write_letters,
)
from tdkt_models.submissions import (
    SubmissionRow,
    recall_submissions,
)
from tests.book_samples import (
    LATER,
    OCTOBER,
    fill_october,
    letter,
    month_form,
    open_october,
    received,
)


@pytest.fixture(scope="module")
def form() -> Form:
    return month_form()


def test_both_engines_come_to_the_same_digest(
    tmp_path: Path, postgres: Any, stamp: Stamp, form: Form
) -> None:
    digests = set()
    for url in (f"sqlite:///{tmp_path / 'office.db'}", postgres.new_database()):
        upgrade(url)
        book = Book.open(url)
        fill_october(book, stamp, form)
        with book.reading() as conn:
            digests.add(book_digest(conn, OCTOBER))
        book.close()
    assert len(digests) == 1


def test_running_again_leaves_the_digest_and_writes_no_report_twice(
    book: Book, stamp: Stamp, form: Form
) -> None:
    fill_october(book, stamp, form)
    with book.reading() as conn:
        first = book_digest(conn, OCTOBER)
    fill_october(book, Stamp(stamp.at + LATER, "second run"), form)
    kept = table_of(SubmissionRow)
    with book.reading() as conn:
        assert book_digest(conn, OCTOBER) == first
        assert conn.execute(select(func.count()).select_from(kept)).scalar() == 1
        assert set(conn.execute(select(kept.c.run)).scalars()) == {stamp.run}


def test_a_run_that_was_killed_and_run_again_leaves_the_same_book(
    fresh_url: Callable[[], str], stamp: Stamp, form: Form
) -> None:
    from multiprocessing import get_context

    killed, whole = fresh_url(), fresh_url()
    upgrade(killed)
    upgrade(whole)
    child = get_context("spawn").Process(target=_fill_and_die, args=(killed, stamp))
    child.start()
    child.join(30)
    assert child.exitcode == -signal.SIGKILL
    digests = set()
    for url in (killed, whole):
        book = Book.open(url)
        with book.reading() as conn:
            assert recall_files(conn) == []
        fill_october(book, replace(stamp, run=url), form)
        with book.reading() as conn:
            digests.add(book_digest(conn, OCTOBER))
        book.close()
    assert len(digests) == 1


def _fill_and_die(url: str, stamp: Stamp) -> None:
    book = Book.open(url)
    open_october(book, stamp)
    with book.writing() as conn:
        keep_files(conn, [received("a.xlsx"), received("b.xlsx")], stamp)
        write_letters(conn, [letter()], stamp)
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    "change",
    [
        "update findings set says = 'x'",
        "update scorecards set total = 1",
        "update roll_entries set counted = null",
        "update letters set payload_sha = 'x' where person = 'SNV'",
        "update programme_tasks set carried = 9 where code = '1'",
        "update received_files set verdict = 'returned'",
    ],
)
def test_any_change_of_content_changes_the_digest(
    book: Book, stamp: Stamp, form: Form, change: str
) -> None:
    fill_october(book, stamp, form)
    with book.writing() as conn:
        before = book_digest(conn, OCTOBER)
        conn.execute(text(change))
        assert book_digest(conn, OCTOBER) != before


def test_another_figure_in_a_report_changes_the_digest(
    book: Book, stamp: Stamp, form: Form
) -> None:
    fill_october(book, stamp, form)
    kept = table_of(SubmissionRow)
    with book.writing() as conn:
        before = book_digest(conn, OCTOBER)
        sheets = conn.execute(select(kept.c.sheets)).scalar_one()
        sheets["work"]["rows"][0][5] = 99
        conn.execute(update(kept).values(sheets=sheets))
        assert book_digest(conn, OCTOBER) != before


def test_a_report_kept_line_by_line_is_the_same_in_one_piece(
    book_url: str, stamp: Stamp, form: Form
) -> None:
    """Step 0020 there and back again, with a report in the book."""
    book = Book.open(book_url)
    fill_october(book, stamp, form)
    with book.reading() as conn:
        before, said = book_digest(conn, OCTOBER), recall_submissions(conn, OCTOBER)
    book.close()
    downgrade(book_url, "0019")
    upgrade(book_url)
    with book.reading() as conn:
        assert recall_submissions(conn, OCTOBER) == said
        assert book_digest(conn, OCTOBER) == before
    book.close()


def test_what_became_of_a_letter_does_not_change_the_digest(
    book: Book, stamp: Stamp, form: Form
) -> None:
    fill_october(book, stamp, form)
    with book.writing() as conn:
        before = book_digest(conn, OCTOBER)
        queue(conn, OCTOBER, stamp)
        token, (mine,) = claim(conn, 1, 60_000, stamp.at)
        mark_sending(conn, mine.id, token, stamp)
        finish(conn, mine.id, token, Outcome(LetterState.SENT, 250), stamp)
        assert book_digest(conn, OCTOBER) == before


def test_an_empty_book_has_a_digest(fresh_url: Callable[[], str]) -> None:
    url = fresh_url()
    upgrade(url)
    book = Book.open(url)
    with book.reading() as conn:
        assert len(book_digest(conn, OCTOBER)) == 64
    book.close()
