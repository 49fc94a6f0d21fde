"""The book gives back what it was given, loses nothing, and says the same on both engines."""

from __future__ import annotations

import os
import signal
import threading
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from review.brief import ProgrammeTask, TaskStatus
from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.findings import Finding, Repair, Severity, Verdict
from review.form import Form, form_from
from review.period import Cadence
from review.post import Letter, LetterKind, LetterState
from review.roll import RollEntry, RollState
from review.scorecard import CardStatus, Grade, Reason, Scorecard
from review.submission import Submission, Table
from review.units import Unit, UnitKind
from tdkt_models.audit import recall_audit
from tdkt_models.base import Book, BookBusy, BookError, Stamp, downgrade, table_of, upgrade
from tdkt_models.cadres import keep_cadres, recall_cadres
from tdkt_models.cycles import Cycle, CycleRow, CycleState, keep_cycle, recall_cycle
from tdkt_models.digest import book_digest
from tdkt_models.files import FileState, ReceivedFile, keep_files, number_versions, recall_files
from tdkt_models.findings import keep_findings, recall_findings
from tdkt_models.letter_ledger import attempts_of, counts, ledger
from tdkt_models.letters import (
    Outcome,
    claim,
    finish,
    mark_sending,
    queue,
    recover,
    release,
    requeue,
    write_letters,
)
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
    SubmissionRow,
    keep_submissions,
    recall_kept,
    recall_submissions,
)
from tdkt_models.units import keep_units, recall_units

OCTOBER = "2026-10"
LATER = timedelta(hours=1)
MONTH_FORM = Path(__file__).parent.parent / "regulations/2026-01/forms/month.toml"

UNITS = [
    Unit("03637", "Xã Dào San", UnitKind.COMMUNE, "Cụm 1", "03637-01", ("b@x.vn", "a@x.vn")),
    Unit("SNV", "Sở Nội vụ", UnitKind.DEPARTMENT, until=date(2030, 1, 1), successor="SNV2"),
]


@pytest.fixture(scope="module")
def form() -> Form:
    return form_from(tomllib.loads(MONTH_FORM.read_text(encoding="utf-8")))


def cadre(code: str = "03637-01", **changes: Any) -> Cadre:
    given = Cadre(
        code=code,
        unit=code[:5],
        name="Lò Văn Inh",
        birth=date(1980, 2, 29),
        sex=Sex.MALE,
        group=Group.CIVIL_SERVANT,
        engagement=Engagement.CONCURRENT,
        share=40,
        role=Role.HEAD,
        ethnicity="Thái",
    )
    return given._replace(**changes)


def submission(form: Form, unit: str = "03637", lines: int = 3) -> Submission:
    """A report whose every cell tells where it stands."""
    tables = {}
    for sheet in form.sheets:
        rows = [sample_row(sheet.fields, line) for line in range(6, 6 + lines)]
        tables[sheet.key] = Table(
            sheet.key, sheet.columns, tuple(rows[:1] if sheet.key == "cover" else rows)
        )
    return Submission(unit, OCTOBER, form.code, form.version, tables)


def sample_row(fields: Any, line: int) -> tuple[Any, ...]:
    samples = {
        "text": f"Bằng khen “{line}” \\ tab\t'; --",
        "code": f"0{line}",
        "number": 250 + line,
        "whole": line,
        "date": date(2026, 10, line),
        "choice": "khong",
        "ordinal": None,
    }
    blank = {"text": "", "code": ""}
    return (
        line,
        *(
            blank.get(f.type) if (line + at) % 7 == 0 else samples[f.type]
            for at, f in enumerate(fields)
        ),
    )


def received(name: str, **changes: Any) -> ReceivedFile:
    at = datetime(2026, 11, 1, 8, tzinfo=timezone(timedelta(hours=7)))
    given = ReceivedFile("folder", name, f"sha-{name}", name, 19_600, at, f"received/{name}")
    return replace(given, period=OCTOBER, unit="03637", **changes)


def letter(person: str = "03637", to: str = "a@x.vn", **payload: Any) -> Letter:
    said = {"đơn vị": "Xã Dào San", "điểm": 9047, **payload}
    return Letter(OCTOBER, LetterKind.UNIT_RESULT, person, to, (person,), said)


def open_october(book: Book, stamp: Stamp, codes: int = 0) -> None:
    more = [Unit(f"U{n:04}", f"Xã {n}", UnitKind.COMMUNE) for n in range(codes)]
    with book.writing() as conn:
        keep_units(conn, [*UNITS, *more], stamp)
        keep_cadres(conn, [cadre(), cadre("03637-02", role=Role.STAFF)], stamp)
        keep_cycle(conn, Cycle(OCTOBER, Cadence.MONTH, "2026-01", opened_at=stamp.at), stamp)


def fill_october(book: Book, stamp: Stamp, form: Form) -> None:
    """A whole small month."""
    open_october(book, stamp)
    with book.writing() as conn:
        said = [Finding("TONG_LECH", Severity.NOTE, "S4", "N6", "31", "Tổng lệch.", "Sửa ô này.")]
        file = keep_files(conn, [received("a.xlsx", state=FileState.CHECKED)], stamp)[0]
        keep_findings(conn, {file.id or 0: said}, stamp)
        kept = keep_submissions(
            conn, [KeptSubmission(submission(form), file.id or 0, standing=True)], stamp
        )
        keep_roll(conn, [entry(counted=kept[0].id), entry("SNV")], stamp)
        keep_cards(
            conn, [card()], stamp, regulation="2026-01", submissions={"03637": kept[0].id or 0}
        )
        keep_tasks(conn, [task("1"), task("2", due=None)], stamp)
        write_letters(conn, [letter(), letter("SNV", "")], stamp)


def entry(unit: str = "03637", **changes: Any) -> RollEntry:
    due = datetime(2026, 11, 5, 10, tzinfo=UTC)
    return replace(RollEntry(unit, OCTOBER, due), **changes)


def card(code: str = "03637-01") -> Scorecard:
    return Scorecard(
        code,
        "03637",
        OCTOBER,
        CardStatus.OK,
        general=2800,
        a=10_000,
        mean=9_667,
        total=9047,
        provisional=Grade.EXCELLENT,
        grade=Grade.GOOD,
        flags=("ky_luat",),
        reasons=(Reason("b", "Hai sản phẩm chưa đạt", 350, ("S3!J9",), "Điều 8"), Reason("d", "")),
    )


def task(code: str, **changes: Any) -> ProgrammeTask:
    given = ProgrammeTask(
        "03637", OCTOBER, code, "Thẩm định hồ sơ", "Tờ trình", "03637-01", date(2026, 10, 20)
    )
    return replace(given, **{"status": TaskStatus.GOING_ON, "carried": 2, **changes})


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
        judged = replace(
            first[1], state=FileState.CHECKED, verdict=Verdict.REMARKED, repairs=(repair,)
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


# The ledger of letters


def test_a_letter_is_written_once_and_revised_when_it_says_something_else(
    book: Book, stamp: Stamp
) -> None:
    with book.writing() as conn:
        assert write_letters(conn, [letter(), letter("SNV")], stamp, domain="x.vn").new == 2
        assert write_letters(conn, [letter(), letter("SNV")], stamp, domain="x.vn").new == 0
        changed = write_letters(conn, [letter(điểm=8000)], stamp, domain="x.vn")
        assert (changed.new, changed.cancelled) == (1, 1)
        first, second, other = ledger(conn, OCTOBER)
    assert (first.state, first.revision) == (LetterState.CANCELLED, 1)
    assert (second.state, second.revision) == (LetterState.WRITTEN, 2)
    assert second.letter == letter(điểm=8000)
    assert len({first.message_id, second.message_id, other.message_id}) == 3
    assert first.message_id.endswith("@x.vn>")


def test_a_letter_follows_its_readers_new_address_while_unsent(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        write_letters(conn, [letter(to="")], stamp)
        queue(conn, OCTOBER, stamp)
        assert ledger(conn, OCTOBER)[0].reason == "Chưa có địa chỉ nhận thư."
        assert write_letters(conn, [letter(to="new@x.vn")], stamp).unchanged == 1
        (held,) = ledger(conn, OCTOBER, state=LetterState.HELD)
        assert held.letter.to == "new@x.vn"
        assert requeue(conn, [held.id], stamp, "Lò Văn Inh") == 1
        assert counts(conn, OCTOBER)[LetterState.QUEUED] == 1


def test_a_letter_goes_from_written_to_sent(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 3)
    with book.writing(beside_others=True) as conn:
        token, mine = claim(conn, 2, 60_000, stamp.at)
        assert [one.state for one in mine] == [LetterState.CLAIMED] * 2
        assert mark_sending(conn, mine[0].id, token, stamp)
        assert not mark_sending(conn, mine[0].id, token, stamp)
        assert finish(conn, mine[0].id, token, Outcome(LetterState.SENT, 250, "queued"), stamp)
        assert release(conn, token, stamp) == 1
    with book.reading() as conn:
        (sent,) = ledger(conn, OCTOBER, state=LetterState.SENT)
        assert (sent.attempts, sent.sent_at, sent.smtp_code) == (1, stamp.at, 250)
        assert [one.outcome for one in attempts_of(conn, sent.id)] == ["sent"]
        assert counts(conn, OCTOBER)[LetterState.QUEUED] == 2


def test_a_busy_relay_makes_a_letter_wait(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 1)
    wait = Outcome(LetterState.QUEUED, 451, "later", not_before=stamp.at + LATER)
    with book.writing(beside_others=True) as conn:
        token, (mine,) = claim(conn, 5, 60_000, stamp.at)
        mark_sending(conn, mine.id, token, stamp)
        finish(conn, mine.id, token, wait, stamp)
        assert claim(conn, 5, 60_000, stamp.at)[1] == []
        assert claim(conn, 5, 60_000, stamp.at + LATER)[1][0].attempts == 1


def test_after_a_crash_what_may_have_left_is_in_doubt_and_the_rest_is_queued(
    book: Book, stamp: Stamp
) -> None:
    queue_letters(book, stamp, 3)
    with book.writing(beside_others=True) as conn:
        token, mine = claim(conn, 2, 60_000, stamp.at)
        mark_sending(conn, mine[0].id, token, stamp)
        assert recover(conn, stamp).requeued == 0  # the lease still runs
    later = Stamp(stamp.at + LATER, "after the crash")
    with book.writing(beside_others=True) as conn:
        found = recover(conn, later)
        assert (found.requeued, found.in_doubt, found.expired) == (1, 1, 0)
        assert recover(conn, later) == replace(found, requeued=0, in_doubt=0)
        assert mine[0].id not in [one.id for one in claim(conn, 9, 60_000, later.at)[1]]


def test_a_sender_that_lost_its_lease_cannot_finish(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 1)
    later = Stamp(stamp.at + LATER, "second sender")
    with book.writing(beside_others=True) as conn:
        token, (mine,) = claim(conn, 1, 60_000, stamp.at)
        mark_sending(conn, mine.id, token, stamp)
        recover(conn, later)
        assert not finish(conn, mine.id, token, Outcome(LetterState.SENT, 250), later)
        assert not finish(conn, mine.id, "of another", Outcome(LetterState.SENT, 250), later)
        (own,) = ledger(conn, OCTOBER)
        assert own.state is LetterState.SENT, "its own sender knows what the server said"
        outcomes = [one.outcome for one in attempts_of(conn, mine.id)]
        assert outcomes == ["in_doubt", "sent", "sent"]
        assert recall_audit(conn, what="letter.lease_lost")[0].subject == str(mine.id)


def test_a_sender_too_slow_to_begin_may_not_begin(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 1)
    with book.writing(beside_others=True) as conn:
        token, (mine,) = claim(conn, 1, 60_000, stamp.at)
        assert not mark_sending(conn, mine.id, token, Stamp(stamp.at + LATER, "slow"))


def test_a_letter_cancelled_after_its_claim_is_not_sent(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 1)
    with book.writing() as conn:
        token, (mine,) = claim(conn, 1, 60_000, stamp.at)
        write_letters(conn, [letter("U0", điểm=1)], stamp)
        assert not mark_sending(conn, mine.id, token, stamp)


def test_a_letter_past_its_time_expires(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        write_letters(conn, [letter()], stamp, expires_at=stamp.at)
        queue(conn, OCTOBER, stamp)
        assert claim(conn, 1, 60_000, stamp.at)[1] == []
        assert recover(conn, stamp).expired == 1


def test_two_claimers_never_get_the_same_letter(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 300)
    ready = threading.Barrier(4)

    def take_all(_worker: int) -> list[int]:
        taken: list[int] = []
        ready.wait()
        while True:
            with book.writing(beside_others=True) as conn:
                _, mine = claim(conn, 7, 60_000, stamp.at)
            if not mine:
                return taken
            taken += [one.id for one in mine]

    with ThreadPoolExecutor(4) as pool:
        taken = [number for part in pool.map(take_all, range(4)) for number in part]
    # A claimer that finds the rest locked may stop early; nobody gets what another has.
    assert len(taken) == len(set(taken)) == 300


def test_writing_the_same_letters_from_two_runs_writes_them_once(book: Book, stamp: Stamp) -> None:
    letters = [letter(f"U{n}") for n in range(50)]

    def write(_worker: int) -> int:
        with book.writing() as conn:
            return write_letters(conn, letters, stamp).new

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == [0, 0, 0, 50]


def queue_letters(book: Book, stamp: Stamp, n: int) -> None:
    with book.writing() as conn:
        write_letters(conn, [letter(f"U{number}") for number in range(n)], stamp)
        assert queue(conn, OCTOBER, stamp) == n


# The digest


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
