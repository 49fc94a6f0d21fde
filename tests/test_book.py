"""The book gives back what it was given and loses nothing, whoever writes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text, update

from review.findings import Finding, Repair, Severity, Verdict
from review.form import Form
from review.period import Cadence
from review.roll import RollState
from review.scorecard import CardStatus, Scorecard
from review.submission import Submission, Table
from tdkt_models.audit import recall_audit
from tdkt_models.base import Book, BookBusy, BookError, Stamp, table_of
from tdkt_models.cadres import keep_cadres, recall_cadres
from tdkt_models.cycles import Cycle, CycleRow, CycleState, recall_cycle
from tdkt_models.files import FileState, keep_files, number_versions, recall_files
from tdkt_models.findings import keep_findings, recall_findings
from tdkt_models.programme import keep_tasks, recall_tasks
from tdkt_models.roll import (
    Extension,
    RollRow,
    extend,
    keep_roll,
    recall_extensions,
    recall_roll,
)
from tdkt_models.scores import keep_cards, recall_cards
from tdkt_models.submissions import (
    KeptSubmission,
    keep_submissions,
    recall_kept,
    recall_submissions,
)
from tdkt_models.units import keep_units, recall_units
from tests.book_samples import (
    LATER,
    OCTOBER,
    UNITS,
    cadre,
    card,
    entry,
    fill_october,
    month_form,
    open_october,
    received,
    submission,
    task,
)


@pytest.fixture(scope="module")
def form() -> Form:
    return month_form()


# What is kept is what is recalled


def test_units_come_back_as_they_were(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        keep_units(conn, UNITS, stamp)
    with book.reading() as conn:
        assert recall_units(conn) == {unit.code: unit for unit in UNITS}


def test_a_changed_unit_is_written_over_and_the_audit_says_how(book: Book, stamp: Stamp) -> None:
    moved = replace(UNITS[0], contacts=("c@x.vn",), cluster="Cụm 2")
    with book.writing() as conn:
        keep_units(conn, UNITS, stamp)
        keep_units(conn, [moved, UNITS[1]], stamp, who="roster.xlsx")
        keep_units(conn, [moved], stamp)
    with book.reading() as conn:
        assert recall_units(conn)["03637"] == moved
        (said,) = recall_audit(conn, subject="03637")
    assert (said.who, said.at, said.run) == ("roster.xlsx", stamp.at, stamp.run)
    assert said.detail == {
        "cluster": ["Cụm 1", "Cụm 2"],
        "contacts": [["b@x.vn", "a@x.vn"], ["c@x.vn"]],
    }


def test_cadres_come_back_and_their_history_stays(book: Book, stamp: Stamp) -> None:
    open_october(book, stamp)
    with book.writing() as conn:
        keep_cadres(conn, [cadre(share=100, until=date(2026, 12, 31))], stamp)
    with book.reading() as conn:
        assert recall_cadres(conn, ["03637"])[0] == cadre(share=100, until=date(2026, 12, 31))
        assert recall_cadres(conn, ["SNV"]) == []
        (said,) = recall_audit(conn, what="cadre.changed")
    assert said.detail == {"share": [40, 100], "until": [None, "2026-12-31"]}


def test_the_roll_comes_back_with_instants_in_utc(book: Book, stamp: Stamp) -> None:
    open_october(book, stamp)
    hanoi = timezone(timedelta(hours=7))
    at = datetime(2026, 11, 6, 0, 30, tzinfo=hanoi)
    late = entry(
        state=RollState.RETURNED,
        verdict=Verdict.RETURNED,
        received=True,
        received_at=at,
        late_days=1,
    )
    with book.writing() as conn:
        keep_roll(conn, [entry("SNV"), late], stamp)
        extend(conn, Extension("SNV", OCTOBER, 3, "Lũ quét", "Lò Văn Inh"), stamp)
    with book.reading() as conn:
        roll = recall_roll(conn, OCTOBER)
        assert recall_extensions(conn, OCTOBER)["SNV"].days == 3
        assert recall_cycle(conn, OCTOBER) == Cycle(
            OCTOBER, Cadence.MONTH, "2026-01", CycleState.OPEN, stamp.at
        )
    assert roll == [late, entry("SNV")]
    assert roll[0].received_at and roll[0].received_at.tzinfo is UTC


def test_a_file_is_kept_once_whatever_becomes_of_it(book: Book, stamp: Stamp) -> None:
    repair = Repair("S1", "B6", "Lò  Văn", "Lò Văn", "space")
    with book.writing() as conn:
        first = keep_files(conn, [received("b.xlsx"), received("a.xlsx")], stamp)
        judged = first[1]._replace(
            state=FileState.CHECKED, verdict=Verdict.REMARKED, repairs=(repair,)
        )
        assert keep_files(conn, [judged], stamp) == [judged]
    with book.reading() as conn:
        assert recall_files(conn, state=FileState.CHECKED) == [judged]
        assert recall_files(conn, hashes=["sha-b.xlsx"]) == [first[0]]


def test_versions_follow_arrival_and_not_the_order_of_reading(book: Book, stamp: Stamp) -> None:
    early = received("z.xlsx")
    late = received("a.xlsx", received_at=early.received_at + LATER)
    again = received("m.xlsx", state=FileState.DUPLICATE)
    with book.writing() as conn:
        keep_files(conn, [late, again, early], stamp)
        number_versions(conn, OCTOBER, ["03637"], stamp)
        found = {file.name: file.version for file in recall_files(conn, period=OCTOBER)}
    assert found == {"z.xlsx": 1, "a.xlsx": 2, "m.xlsx": None}


def test_findings_are_replaced_and_keep_their_order(book: Book, stamp: Stamp) -> None:
    first = Finding("THIEU", Severity.MUST_FIX, "S1", "B13", "", "Còn để trống.", "Điền vào.")
    second = replace(first, check="A", cell="A1")
    with book.writing() as conn:
        (file,) = keep_files(conn, [received("a.xlsx")], stamp)
        assert file.id
        keep_findings(conn, {file.id: [second]}, stamp)
        keep_findings(conn, {file.id: [first, second]}, stamp)
        assert recall_findings(conn, [file.id]) == {file.id: (first, second)}
        keep_findings(conn, {file.id: []}, stamp)
        assert recall_findings(conn, [file.id]) == {file.id: ()}


def test_a_submission_comes_back_exactly(book: Book, stamp: Stamp, form: Form) -> None:
    fill_october(book, stamp, form)
    with book.reading() as conn:
        (found,) = recall_submissions(conn, OCTOBER, ["03637"])
    assert found == submission(form)
    assert found.cover.prepared_on == date(2026, 10, 6)
    assert next(found.rows("general")).c10 is not None


def test_a_form_that_has_grown_is_kept_whole(book: Book, stamp: Stamp, form: Form) -> None:
    said = submission(form)
    work = said.tables["work"]
    grown = Table(
        "work",
        (*work.columns, "seen_on", "boss"),
        tuple((*row, date(2026, 10, 9), "") for row in work.rows),
    )
    new = Table("awards", ("cadre", "on"), ((6, "03637-01", date(2026, 9, 2)), (7, "", None)))
    whole = replace(said, tables={**said.tables, "work": grown, "awards": new})
    open_october(book, stamp)
    with book.writing() as conn:
        (file,) = keep_files(conn, [received("a.xlsx")], stamp)
        keep_submissions(conn, [KeptSubmission(whole, file.id or 0, standing=True)], stamp)
    with book.reading() as conn:
        assert recall_submissions(conn, OCTOBER) == [whole]


def test_a_shorter_form_comes_back_with_its_own_columns(book: Book, stamp: Stamp) -> None:
    cover = Table("cover", ("unit", "nil"), ((0, "03637", "co"),))
    general = Table("general", ("c1", "cadre"), ((6, 250, "03637-01"), (7, None, "")))
    said = Submission("03637", OCTOBER, "thang", "x", {"general": general, "cover": cover})
    open_october(book, stamp)
    with book.writing() as conn:
        (file,) = keep_files(conn, [received("a.xlsx")], stamp)
        keep_submissions(conn, [KeptSubmission(said, file.id or 0, standing=True)], stamp)
    with book.reading() as conn:
        assert recall_submissions(conn, OCTOBER) == [said]
        assert conn.execute(text("select nil from submissions")).scalar()


def test_the_later_submission_stands_and_the_earlier_is_kept(
    book: Book, stamp: Stamp, form: Form
) -> None:
    old, new = submission(form), submission(form, lines=2)
    open_october(book, stamp)
    with book.writing() as conn:
        first, second = keep_files(conn, [received("a.xlsx"), received("b.xlsx")], stamp)
        for said, file in ((old, first), (new, second)):
            keep_submissions(conn, [KeptSubmission(said, file.id or 0, standing=True)], stamp)
    with book.reading() as conn:
        assert recall_submissions(conn, OCTOBER) == [new]
        every = recall_kept(conn, OCTOBER, standing_only=False)
    assert [(kept.submission, kept.standing) for kept in every] == [(old, False), (new, True)]


def test_scorecards_come_back_with_their_reasons(book: Book, stamp: Stamp, form: Form) -> None:
    fill_october(book, stamp, form)
    with book.writing() as conn:
        assert recall_cards(conn, OCTOBER) == [card()]
        unknown = Scorecard("03637-02", "03637", OCTOBER, CardStatus.INSUFFICIENT)
        keep_cards(conn, [unknown], stamp, regulation="2026-01", only_for={OCTOBER: ["03637"]})
        assert recall_cards(conn, OCTOBER, ["03637"]) == [unknown]


def test_tasks_come_back_and_a_corrected_report_takes_out_the_rest(
    book: Book, stamp: Stamp, form: Form
) -> None:
    fill_october(book, stamp, form)
    with book.writing() as conn:
        assert recall_tasks(conn, OCTOBER, ["03637"]) == [task("1"), task("2", due=None)]
        keep_tasks(conn, [task("3")], stamp, only_for={OCTOBER: ["03637"]})
        assert recall_tasks(conn, OCTOBER) == [task("3")]


# One transaction, nothing lost


def test_what_fails_halfway_leaves_nothing(book: Book, stamp: Stamp) -> None:
    with pytest.raises(RuntimeError), book.writing() as conn:
        keep_units(conn, UNITS, stamp)
        raise RuntimeError("power cut")
    with book.reading() as conn:
        assert recall_units(conn) == {}


def test_a_unit_that_is_not_there_is_refused_without_showing_data(book: Book, stamp: Stamp) -> None:
    with pytest.raises(BookError) as caught, book.writing() as conn:
        keep_cadres(conn, [cadre("99999-01", name="Bí mật")], stamp)
    assert "Bí mật" not in str(caught.value)


def test_a_row_that_did_not_change_keeps_its_stamp(book: Book, stamp: Stamp) -> None:
    open_october(book, stamp)
    open_october(book, Stamp(stamp.at + LATER, "second run"))
    rows = select(table_of(CycleRow).c.run)
    with book.writing() as conn:
        assert conn.execute(rows).scalars().all() == ["second run"]  # opened at another time
        keep_units(conn, UNITS, Stamp(stamp.at, "third run"))
        assert set(conn.execute(text("select run from units")).scalars()) == {stamp.run}


def test_many_rows_at_once_are_kept_as_a_few_are(book: Book, stamp: Stamp) -> None:
    """A long batch goes in dozens of rows a statement: what did not change keeps its stamp, and the
    audit counts what did."""
    open_october(book, stamp, 1_234)
    codes = [f"U{n:04}" for n in range(1_234)]
    entries = [entry(code, reason=code) for code in codes]
    with book.writing() as conn:
        keep_roll(conn, entries, stamp)
        assert recall_roll(conn, OCTOBER, codes) == entries
    again = [replace(e, reason="khác") if n % 3 == 0 else e for n, e in enumerate(entries)]
    with book.writing() as conn:
        keep_roll(conn, again, Stamp(stamp.at + LATER, "second run"))
        rows = table_of(RollRow).c
        second = set(conn.scalars(select(rows.unit).where(rows.run == "second run")))
        assert recall_roll(conn, OCTOBER, codes) == again
    with book.reading() as conn:
        assert second == set(codes[::3])
        assert recall_audit(conn)[-1].detail["rows"] == {"roll_entries": len(second)}


def test_two_writers_lose_no_update(book: Book, stamp: Stamp) -> None:
    # Read, add one, write: with the driver's own transactions 344 of 800 were lost (lab 5).
    open_october(book, stamp)
    entries = table_of(CycleRow)
    with book.writing() as conn:
        conn.execute(update(entries).values(digest="0"))

    def count_up(_worker: int) -> None:
        for _ in range(50):
            with book.writing() as conn:
                seen = int(conn.execute(select(entries.c.digest)).scalar_one())
                conn.execute(update(entries).values(digest=str(seen + 1)))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(4)))
    with book.reading() as conn:
        assert conn.execute(select(entries.c.digest)).scalar_one() == "200"


def test_two_processes_writing_the_same_keys_lose_nothing(
    book: Book, book_url: str, stamp: Stamp
) -> None:
    from multiprocessing import get_context

    open_october(book, stamp, codes=200)
    with get_context("spawn").Pool(2) as pool:
        pool.starmap(_write_roll_repeatedly, [(book_url, 1, stamp), (book_url, -1, stamp)])
    with book.reading() as conn:
        assert len(recall_roll(conn, OCTOBER)) == 200


def _write_roll_repeatedly(url: str, order: int, stamp: Stamp) -> None:
    book = Book.open(url)
    codes = [f"U{n:04}" for n in range(200)][::order]
    for days in range(10):
        with book.writing(beside_others=True) as conn:
            keep_roll(conn, [entry(code, late_days=days) for code in codes], stamp)
    book.close()


def test_a_writer_that_waited_too_long_is_told_that_the_book_is_busy(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tdkt_models.engine.WAIT_SECONDS", 1)  # PostgreSQL
    with book.writing() as conn:
        if conn.dialect.name == "sqlite":
            pytest.skip("SQLite waits 30 seconds before it says the same")
        with pytest.raises(BookBusy, match="đang bận"), book.writing():
            pass


def test_a_reader_does_not_wait_for_a_writer(book: Book, stamp: Stamp) -> None:
    open_october(book, stamp)
    with book.writing() as writing, book.reading() as reading:
        keep_units(writing, [replace(UNITS[0], name="Đổi tên")], stamp)
        assert recall_units(reading)["03637"].name == "Xã Dào San"
