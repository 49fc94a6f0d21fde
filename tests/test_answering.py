"""What becomes of files after they are judged: held lines, worse files, what a person does."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from channels.errors import ChannelRefused
from review.acts import ActKind
from review.findings import Severity, Verdict
from review.partial import settle
from review.post import LetterKind, LetterState
from review.roll import RollState
from review.verdicts import mend_by
from sample.entries import Entries
from tasks.acts import act_on_file, lock_period, reopen
from tasks.extend import extend_due, extend_owing
from tasks.find_resent import find_resent
from tasks.finishing import Finisher
from tasks.gate import Judged, judge, open_gate
from tasks.report import report, report_to_office
from tasks.score import score
from tdkt_models.audit import recall_audit
from tdkt_models.letter_ledger import ledger
from tdkt_models.submissions import recall_submissions
from tests.small_office import Corner, small_office
from tests.test_checks import DESK, HANOI, first_work

WHY, WHO = "Lý do của cơ quan", "Lò Văn A"


@pytest.fixture
def corner(tmp_path: Path) -> Corner:
    return small_office(tmp_path, ("SYT", "STC"))


def bad(entries: Entries) -> None:
    entries["work"][0].update(assigned="ba", done=1)


def bad_task(entries: Entries) -> None:
    entries["programme"][0].update(status="xong", finished=None)


def letters(corner: Corner, unit: str) -> dict[LetterKind, dict]:
    report.fn(corner.occasion, [unit])
    with corner.occasion.office.book() as book, book.reading() as conn:
        kept = ledger(conn, corner.occasion.period_text, person=unit)
    live = [one for one in kept if one.state is not LetterState.CANCELLED]
    return {one.letter.kind: dict(one.letter.payload) for one in live}


def gate(corner: Corner) -> Judged:
    score.fn(corner.occasion, ["STC", "SYT"])
    report.fn(corner.occasion, ["SYT"])
    with corner.occasion.office.book() as book, book.reading() as conn:
        written = ledger(conn, corner.occasion.period_text, state=LetterState.WRITTEN)
        finisher = Finisher(corner.occasion.office, book)
        gate = open_gate(conn, corner.occasion)
        return judge(conn, corner.occasion, gate, written, finisher)


def test_good_lines_count_and_bad_ones_are_held_where_the_form_allows_it(corner: Corner) -> None:
    corner.sends("SYT", corner.report("SYT", bad_task), day=3)
    corner.takes_in()
    entry = corner.entry("SYT")
    assert (entry.state, entry.verdict) == (RollState.ACCEPTED, Verdict.PARTIAL)
    with corner.occasion.office.book() as book, book.reading() as conn:
        (said,) = recall_submissions(conn, "2026-10", ["SYT"])
    whole = DESK.entries()["programme"]
    assert len(list(said.rows("programme"))) == len(whole) - 1
    letter = letters(corner, "SYT")[LetterKind.UNIT_RESULT]
    assert letter["verdict"] == "partial" and letter["findings"]["counts"]["must_fix"] == 1

    corner.sends("SYT", corner.report("SYT"), day=4, note="_b")
    corner.takes_in()
    assert corner.entry("SYT").verdict is Verdict.ACCEPTED


def test_a_fault_on_any_other_sheet_returns_the_whole(corner: Corner) -> None:
    def both(entries: Entries) -> None:
        bad(entries)
        bad_task(entries)

    corner.sends("SYT", corner.report("SYT", both), day=3)
    corner.takes_in()
    assert corner.entry("SYT").verdict is Verdict.RETURNED
    assert settle(None, corner.findings("SYT"), DESK.form).verdict is Verdict.RETURNED


def test_a_worse_file_gets_a_letter_that_says_the_older_stands(corner: Corner) -> None:
    corner.sends("SYT", corner.report("SYT"), day=3)
    corner.takes_in()
    assert LetterKind.UNIT_RETURNED not in letters(corner, "SYT")
    corner.sends("SYT", corner.report("SYT", bad), day=4, note="_b")
    corner.takes_in()
    assert corner.entry("SYT").state is RollState.ACCEPTED
    told = letters(corner, "SYT")
    assert set(told) == {LetterKind.UNIT_RESULT, LetterKind.UNIT_RETURNED}
    letter = told[LetterKind.UNIT_RETURNED]
    assert letter["stands"].startswith("2026-11-03T09:00")
    assert letter["deadline"].startswith("2026-11-09T17:00")  # three working days after the 4th
    assert letter["findings"]["counts"]["must_fix"] == 1
    assert gate(corner).faults == () and not gate(corner).held, "its figures are the book's"

    corner.sends("SYT", corner.report("SYT", first_work(assigned=5, done=5)), day=5, note="_c")
    corner.takes_in()
    assert LetterKind.UNIT_RETURNED not in letters(corner, "SYT")


def test_a_returned_report_gets_its_own_due_date_before_the_lock() -> None:
    locks = datetime(2026, 11, 16, 17, tzinfo=HANOI)
    from review.calendar import WorkingDays

    def until(day: int) -> datetime:
        came = datetime(2026, 11, day, 22, tzinfo=HANOI)
        return mend_by(came, locks, 3, WorkingDays())

    assert until(5) == datetime(2026, 11, 10, 17, tzinfo=HANOI)
    assert until(13) == locks
    assert until(20) == datetime(2026, 11, 25, 17, tzinfo=HANOI)


def test_a_recalled_file_no_longer_counts_and_the_older_one_does(corner: Corner) -> None:
    corner.sends("SYT", corner.report("SYT"), day=3)
    corner.takes_in()
    corner.sends("SYT", corner.report("SYT", first_work(assigned=5, done=5)), day=4, note="_b")
    corner.takes_in()
    second = corner.entry("SYT").counted
    act_on_file.fn(corner.occasion, ActKind.RECALLED, "SYT", WHY, WHO)
    entry = corner.entry("SYT")
    assert entry.state is RollState.ACCEPTED and entry.counted != second
    act_on_file.fn(corner.occasion, ActKind.RECALLED, "SYT", WHY, WHO)
    entry = corner.entry("SYT")
    assert entry.state is RollState.RETURNED and entry.counted is None
    assert "Đơn vị rút lại" in entry.reason
    letter = letters(corner, "SYT")[LetterKind.UNIT_RETURNED]
    assert letter["act"] == {"kind": "recalled", "reason": WHY}
    assert gate(corner).faults == ()
    with pytest.raises(ChannelRefused, match="không có tệp nào"):
        act_on_file.fn(corner.occasion, ActKind.RECALLED, "SYT", WHY, WHO)
    act_on_file.fn(corner.occasion, ActKind.RESTORED, "SYT", WHY, WHO)
    assert corner.entry("SYT").counted == second


def test_the_office_returns_and_sets_aside_with_its_reason_in_the_audit(corner: Corner) -> None:
    corner.sends("SYT", corner.report("SYT"), day=3)
    corner.takes_in()
    act = act_on_file.fn(corner.occasion, ActKind.RETURNED, "SYT", WHY, WHO)
    assert act.until == datetime(2026, 11, 11, 17, tzinfo=HANOI)
    assert corner.entry("SYT").state is RollState.RETURNED
    letter = letters(corner, "SYT")[LetterKind.UNIT_RETURNED]
    assert letter["deadline"].startswith("2026-11-11T17:00") and letter["act"]["reason"] == WHY
    act_on_file.fn(corner.occasion, ActKind.RESTORED, "SYT", WHY, WHO)
    assert corner.entry("SYT").state is RollState.ACCEPTED
    act_on_file.fn(corner.occasion, ActKind.SET_ASIDE, "SYT", WHY, WHO)
    assert corner.entry("SYT").state is RollState.SET_ASIDE
    with corner.occasion.office.book() as book, book.reading() as conn:
        audit = [(entry.what, entry.who) for entry in recall_audit(conn, subject="SYT")]
    assert audit[-3:] == [
        ("unit.returned", WHO), ("unit.restored", WHO), ("unit.set_aside", WHO),
    ]  # fmt: skip


def test_an_act_needs_a_reason_and_a_name(corner: Corner) -> None:
    for reason, who in (("", WHO), (WHY, " ")):
        with pytest.raises(ChannelRefused, match="lý do"):
            lock_period.fn(corner.occasion, reason, who)


def test_a_locked_period_is_reopened_for_one_unit_only(corner: Corner) -> None:
    for unit in ("SYT", "STC"):
        corner.sends(unit, corner.report(unit), day=3)
    corner.takes_in()
    corner.at(day=17)
    lock_period.fn(corner.occasion, WHY, WHO)
    corner.at(day=18)
    reopen.fn(corner.occasion, "SYT", WHY, WHO)
    more = first_work(assigned=6, done=6)
    for unit in ("SYT", "STC"):
        corner.sends(unit, corner.report(unit, more), day=19, note="_b")
    corner.takes_in()
    assert "SUA_SAU_KHOA" not in corner.checks("SYT")
    assert "SUA_SAU_KHOA" in corner.checks("STC")
    reopen.fn(corner.occasion, "", WHY, WHO)
    with pytest.raises(ChannelRefused, match="chưa khóa"):
        reopen.fn(corner.occasion, "", WHY, WHO)


def test_all_that_still_owe_get_more_time_at_once(corner: Corner) -> None:
    corner.sends("SYT", corner.report("SYT"), day=3)
    corner.takes_in()
    assert extend_owing.fn(corner.occasion, 5, WHY, WHO) == ("STC",)
    zone = corner.occasion.office.settings.zone
    assert corner.entry("STC").due.astimezone(zone).date() == date(2026, 11, 10)
    corner.takes_in()
    assert corner.entry("STC").due.astimezone(zone).date() == date(2026, 11, 10)


def test_more_time_does_not_make_a_unit_late_whose_first_file_came_in_time(corner: Corner) -> None:
    corner.sends("SYT", corner.report("SYT", bad), day=4)
    corner.sends("STC", corner.report("STC"), day=9)
    corner.takes_in()
    corner.at(day=17)
    corner.sends("SYT", corner.report("SYT"), day=16, note="_b")
    corner.takes_in()
    assert corner.entry("SYT").late_days == 0 and corner.entry("STC").late_days == 2
    for unit in ("SYT", "STC"):
        extend_due.fn(corner.occasion, unit, 1, WHY, WHO)
    assert corner.entry("SYT").late_days == 0 and corner.entry("STC").late_days == 1


def test_a_workbook_of_too_many_people_does_not_go_with_the_digest(corner: Corner) -> None:
    corner.sends("SYT", corner.report("SYT"), day=3)
    corner.takes_in()
    score.fn(corner.occasion, ["STC", "SYT"])

    def digest() -> dict:
        report_to_office.fn(corner.occasion)
        with corner.occasion.office.book() as book, book.reading() as conn:
            kept = ledger(conn, corner.occasion.period_text, state=LetterState.WRITTEN)
        return next(
            dict(one.letter.payload) for one in kept if one.letter.kind is LetterKind.OFFICE_DIGEST
        )

    assert digest()["papers"] and "noted" not in digest()
    toml = corner.occasion.office.folder / "office.toml"
    toml.write_text(toml.read_text("utf-8").replace("digest_people = 10000", "digest_people = 1"))
    told = digest()
    assert told["papers"] == []
    assert "tdkt report 2026-10 --to" in told["noted"][0]


def test_a_second_version_is_noted_whatever_order_they_are_read_in(corner: Corner) -> None:
    corner.sends("SYT", corner.report("SYT", seed=2), day=4, note="_ban2")
    corner.takes_in()
    assert "NOP_LAI" not in corner.checks("SYT")
    corner.sends("SYT", corner.report("SYT"), day=2)
    corner.takes_in()
    (note,) = [finding for finding in corner.findings("SYT") if finding.check == "NOP_LAI"]
    assert note.severity is Severity.NOTE and "lúc 09:00 ngày 02/11/2026" in note.says
    assert find_resent.fn(corner.occasion) == 0, "said once"
