"""Nothing goes wrong in silence: alarms told once, schedules that stop, files that wait."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from test_post_office import Desk, a_real_office, keep, reminder

from channels.capture import CaptureServer
from cli.main import main
from flows.catching_up import Due, is_held
from review.alarms import Alarm, AlarmKind, caught_up, run_ended, silent
from review.period import Period
from review.post import LetterState
from tasks.house_letters import post_house_letters, tell_office
from tasks.watch import expect_beats, look_for_waiting_files, note_beat, silence
from tdkt_models.alarms import over, recall_alarms, tell, was_told
from tdkt_models.base import Book, Stamp
from tdkt_models.beats import Outage, beat, last_beat, recall_outages
from tdkt_models.files import FileState, ReceivedFile, keep_files
from tdkt_models.held_periods import HeldReview, keep_held, recall_held
from tdkt_models.letter_ledger import ledger
from tests.small_office import Corner, small_office

OCTOBER, HOUR = "2026-10", timedelta(hours=1)
CRASHED = run_ended(AlarmKind.CRASHED, "run-1/1", "Đánh giá tháng 10/2026", "mất điện")


def test_an_alarm_is_told_once_while_it_lasts(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        first = tell(conn, CRASHED, OCTOBER, stamp)
        assert first and tell(conn, CRASHED, OCTOBER, stamp) is None
        later = replace(stamp, at=stamp.at + HOUR)
        assert tell(conn, CRASHED, OCTOBER, later, again=2 * HOUR) is None
        assert tell(conn, CRASHED, OCTOBER, later, again=HOUR) == first
        assert was_told(conn, AlarmKind.CRASHED, "run-1/1")
        assert over(conn, AlarmKind.CRASHED, later) == 1
        assert recall_alarms(conn, lasting=True) == []
        anew = tell(conn, CRASHED, OCTOBER, later)
        assert anew and anew != first, "what comes back is told anew"
        assert [one.number for one in recall_alarms(conn)] == [anew, first]


def test_a_gap_between_scheduled_runs_is_an_outage(book: Book, stamp: Stamp) -> None:
    at, gap = stamp.at, timedelta(minutes=45)
    with book.writing() as conn:
        assert beat(conn, at, stamp, gap) is None, "the first one has nothing before it"
        assert beat(conn, at + gap, stamp, gap) is None
        back = at + gap + 3 * HOUR
        assert beat(conn, back, stamp, gap) == Outage(at + gap, back)
        assert beat(conn, back - HOUR, stamp, gap) is None, "a clock set back makes none"
        assert last_beat(conn) == back
        assert recall_outages(conn) == [Outage(at + gap, back)]


def test_a_review_is_held_for_a_schedule_only_if_it_ended_after_it(
    book: Book, stamp: Stamp
) -> None:
    with book.writing() as conn:
        keep_held(conn, OCTOBER, sent=True, stamp=stamp)
        held = recall_held(conn)
    assert held == {OCTOBER: HeldReview(stamp.at, True)}
    month = Period.parse(OCTOBER)
    assert is_held(held, Due(stamp.at - HOUR, month))
    assert not is_held(held, Due(stamp.at + HOUR, month))
    assert not is_held(held, Due(stamp.at - HOUR, month.next()))


def mails(server: CaptureServer) -> list:
    parser = BytesParser(policy=policy.default)
    return [parser.parsebytes(path.read_bytes()) for path in server.letters]


def test_the_office_hears_of_it_although_its_mail_is_not_armed(tmp_path: Path) -> None:
    with (
        CaptureServer(tmp_path / "kept") as server,
        a_real_office(tmp_path / "office", f"smtp://127.0.0.1:{server.port}") as desk,
    ):
        keep(desk, reminder(desk.occasion))
        assert tell_office(desk.occasion, [CRASHED]) == 1
        assert tell_office(desk.occasion, [CRASHED]) == 0
        (mail,) = mails(server)
        assert "Lượt chạy dừng đột ngột" in mail["Subject"]
        text = mail.get_body(("plain",)).get_content()
        assert text.startswith("Lượt “Đánh giá tháng 10/2026” dừng đột ngột: đề nghị xem lý do")
        assert "mất điện" in text and "không thư nào gửi hai lần" in text
        states = {one.letter.kind.value: one.state for one in _letters(desk)}
        assert states["desk_alarm"] is LetterState.SENT
        assert states["unit_reminder"] is LetterState.WRITTEN, "nobody else is written to"


def test_an_alarm_waits_for_a_relay_that_is_away_and_stops_nobody(tmp_path: Path) -> None:
    with CaptureServer(tmp_path / "gone") as server:
        port = server.port
    with a_real_office(tmp_path / "office", f"smtp://127.0.0.1:{port}") as desk:
        assert tell_office(desk.occasion, [CRASHED]) == 1
        assert [one.state for one in _letters(desk)] == [LetterState.QUEUED]
        assert post_house_letters(desk.occasion) == 0


def _letters(desk: Desk) -> list:
    with desk.book.reading() as conn:
        return ledger(conn, OCTOBER)


def aside(n: int, at: datetime, state: FileState) -> ReceivedFile:
    return ReceivedFile("inbox", f"f{n}.xlsx", "0" * 64, f"f{n}.xlsx", 10, at, f"x/{n}",
                        period=OCTOBER, unit="SYT", state=state)  # fmt: skip


def test_files_that_wait_are_told_with_how_many_and_of_which_period(tmp_path: Path) -> None:
    corner: Corner = small_office(tmp_path, units=("SYT",))
    now = datetime.now(UTC)
    with corner.occasion.office.book() as book, book.writing() as conn:
        fresh = aside(1, now, FileState.WAITING)
        keep_files(conn, [fresh], corner.occasion.stamp)
    assert look_for_waiting_files.fn(corner.occasion) is None
    with corner.occasion.office.book() as book, book.writing() as conn:
        old = [
            aside(2, now - 2 * HOUR, FileState.WAITING),
            aside(3, now - 2 * HOUR, FileState.SET_ASIDE),
        ]
        keep_files(conn, old, corner.occasion.stamp)
    alarm = look_for_waiting_files.fn(corner.occasion)
    assert alarm and alarm.facts == (
        "1 tệp để riêng, chờ người xem (kỳ 2026-10).",
        "1 tệp đã nhận nhưng chưa kiểm tra (kỳ 2026-10).",
    )


def test_silence_of_the_schedules_is_heard_from_outside(tmp_path: Path) -> None:
    occasion = small_office(tmp_path, units=("SYT",)).occasion
    office, now = occasion.office, datetime.now(UTC)
    assert silence(office) is None, "no schedule was ever started here"
    assert note_beat(occasion) is None
    assert silence(office) is None
    alarm = silence(office, now + HOUR)
    assert alarm and alarm.kind is AlarmKind.SILENT and "45 phút" in alarm.facts[0]


def test_schedules_that_never_began_a_run_are_heard_too(tmp_path: Path) -> None:
    office, now = small_office(tmp_path, units=("SYT",)).occasion.office, datetime.now(UTC)
    expect_beats(office)
    assert silence(office) is None and silence(office, now + HOUR)
    with office.book() as book, book.reading() as conn:
        first = last_beat(conn)
    expect_beats(office)
    with office.book() as book, book.reading() as conn:
        assert last_beat(conn) == first, "opening the screen again is no sign of a schedule"


def heartbeat(home: str, capsys: pytest.CaptureFixture[str]) -> tuple[object, bool]:
    """The command's exit code, and whether the schedules are alive."""
    with pytest.raises(SystemExit) as end:
        main(["heartbeat", "--json", "--home", home])
    return end.value.code, json.loads(capsys.readouterr().out)["alive"]


def test_heartbeat_says_so_once_and_exits_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    occasion = small_office(tmp_path, units=("SYT",)).occasion
    office, long_ago = occasion.office, datetime.now(UTC) - 5 * HOUR
    with office.book() as book, book.writing() as conn:
        beat(conn, long_ago, occasion.stamp, HOUR)
    for _ in range(2):
        assert heartbeat(office.home, capsys) == (1, False)
    assert len(list((office.folder / "outbox").glob("*.eml"))) == 1
    assert note_beat(occasion), "the schedules are back"
    assert heartbeat(office.home, capsys) == (0, True)
    with office.book() as book, book.reading() as conn:
        assert recall_alarms(conn, lasting=True) == []


def test_one_message_says_what_is_made_up_for() -> None:
    alarm: Alarm = caught_up(
        "17:00 ngày 01/08/2026", "08:00 ngày 02/11/2026", ["tháng 7", "tháng 8"]
    )
    assert alarm.facts == ("Chạy bù: tháng 7", "Chạy bù: tháng 8") and "theo thứ tự" in alarm.do
    assert "không lỡ kỳ" in caught_up("a", "b", []).facts[0]
    assert silent("x", 45).key == "x", "each silence is an alarm of its own"
