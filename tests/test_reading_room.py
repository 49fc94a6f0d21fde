"""A file may kill its reader: that costs this file, and nobody else."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from channels.desk_process import LENGTH, MOST_ANSWERED, Answer, Answers, Named, length_of
from channels.desk_process import Desk as ReadingDesk
from channels.errors import ChannelRefused
from channels.read_ahead import HANDFUL, MOST_AHEAD, MOST_LATE, Ahead, Given
from channels.reading import read_and_examine
from channels.reading_line import heard, told
from channels.reading_room import ReadingRoom
from channels.side_room import Overtaxed, SideRoom, marked
from review.document import written
from review.findings import Verdict
from tests.drawer import HOSTILE, PAST_THE_GUARD, PERIOD, Desk, work_sheet

DESK = Desk()
DEADLY = PAST_THE_GUARD["o xa giau sau dau cach"](DESK)
GOOD = DESK.good()


@pytest.fixture(scope="module")
def room() -> Iterator[ReadingRoom]:
    with ReadingRoom(2) as room:
        yield room


def verdicts(room: ReadingRoom, files: list[bytes | Path | str]) -> list[Verdict]:
    return [one.verdict for one in room.examine(files, DESK.forms, PERIOD)]


def test_answers_come_in_the_order_of_the_files(room: ReadingRoom) -> None:
    found = verdicts(room, [GOOD, b"", GOOD, b"%PDF", GOOD])
    good, bad = Verdict.ACCEPTED, Verdict.UNREADABLE
    assert found == [good, bad, good, bad, good]


def test_a_file_that_kills_its_reader_costs_only_itself(room: ReadingRoom) -> None:
    answers = room.examine([GOOD, DEADLY, GOOD, GOOD, DEADLY, GOOD], DESK.forms, PERIOD)
    bad = [at for at, one in enumerate(answers) if one.verdict is Verdict.UNREADABLE]
    assert bad == [1, 4]
    (finding,) = answers[1].findings
    assert finding.check in ("HOSTILE_FILE", "TOO_LARGE") and finding.fix


def test_the_first_file_of_a_new_room_may_be_the_deadly_one() -> None:
    with ReadingRoom(1) as fresh:
        assert verdicts(fresh, [DEADLY, GOOD]) == [Verdict.UNREADABLE, Verdict.ACCEPTED]


def test_a_file_that_takes_too_long_is_given_up() -> None:
    rows = b"".join(b'<row r="%d">%b</row>' % (n, b"<c><v>1</v></c>" * 18) for n in range(90, 9900))
    slow = work_sheet(GOOD, rows)
    with ReadingRoom(1, seconds=0.15) as hasty:
        verdicts(hasty, [GOOD])
        began = time.perf_counter()
        (answer, after) = hasty.examine([slow, GOOD], DESK.forms, PERIOD)
        assert time.perf_counter() - began < 5
    assert [finding.check for finding in answer.findings] == ["TOO_SLOW"]
    assert after.verdict is Verdict.ACCEPTED


def test_every_hostile_file_in_one_batch_with_good_ones(room: ReadingRoom) -> None:
    files: list[bytes | Path | str] = []
    for make, _ in HOSTILE.values():
        files += [make(DESK), GOOD]
    answers = room.examine(files, DESK.forms, PERIOD)
    codes = [one.findings[0].check for one in answers[::2]]
    assert codes == [code for _, code in HOSTILE.values()]
    assert {one.verdict for one in answers[1::2]} == {Verdict.ACCEPTED}


def test_what_was_read_ahead_is_the_answer_when_it_is_asked_for(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    good.write_bytes(GOOD)
    bad.write_bytes(b"%PDF")
    with ReadingRoom(1) as room:  # one desk: both are in one handful
        room.open()
        room.read_ahead([good, bad], DESK.forms, PERIOD)
        ahead = [room.examine_one(good, DESK.forms, PERIOD)]  # by then both are read
        good.write_bytes(b"")
        bad.unlink()
        ahead.append(room.examine_one(bad, DESK.forms, PERIOD))
        assert [one.verdict for one in ahead] == [Verdict.ACCEPTED, Verdict.UNREADABLE]
        assert ahead[1].findings[0].check == "NOT_A_WORKBOOK"
        again = room.examine_one(good, DESK.forms, PERIOD)  # given out once, then read as it lies
        assert again.findings[0].check == "EMPTY"


def test_of_too_many_files_the_first_are_read_ahead_and_all_are_answered(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.xlsx" for n in range(MOST_AHEAD + 5)]
    for path in paths:
        path.write_bytes(b"%PDF")
    with ReadingRoom(2) as room:
        room.read_ahead(paths, DESK.forms, PERIOD)
        room.read_ahead(paths, DESK.forms, "2026-11")  # no place is left for these
        found = room.examine(paths, DESK.forms, PERIOD)
    assert {one.findings[0].check for one in found} == {"NOT_A_WORKBOOK"}
    assert len(found) == len(paths)


def test_the_next_in_line_are_read_as_soon_as_answers_are_taken(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.xlsx" for n in range(MOST_AHEAD + 5)]
    for path in paths:
        path.write_bytes(b"%PDF")
    with ReadingRoom(1) as room:
        room.read_ahead(paths, DESK.forms, PERIOD)
        room.examine(paths[:50], DESK.forms, PERIOD)
        _wait_until_all_are_read(room)
        for path in paths[MOST_AHEAD:]:
            path.unlink()
        found = room.examine(paths[50:], DESK.forms, PERIOD)
    assert [one.findings[0].check for one in found] == ["NOT_A_WORKBOOK"] * (len(paths) - 50)


def _wait_until_all_are_read(room: ReadingRoom) -> None:
    until = time.monotonic() + 60
    while room._ahead._line or room._ahead._unread:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_is_asked_for_now_does_not_wait_behind_what_is_to_come(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.xlsx" for n in range(40 * HANDFUL)]
    for path in paths:
        path.write_bytes(GOOD)
    with ReadingRoom(1) as room:
        room.expect(paths, DESK.forms, PERIOD)
        assert verdicts(room, [GOOD]) == [Verdict.ACCEPTED]
        assert len(room._ahead._line) >= 20 * HANDFUL, "most of them are still to come"
        assert verdicts(room, paths[-3:]) == [Verdict.ACCEPTED] * 3
        room.expect(paths[:2], DESK.forms, PERIOD)  # of the others nobody will ask
        _wait_until_all_are_read(room)
        assert {asked[0] for asked in room._ahead._begun} <= set(paths[:2])


def test_a_report_comes_with_the_bytes_that_the_book_keeps(room: ReadingRoom) -> None:
    (one,) = room.examine([GOOD], DESK.forms, PERIOD)
    assert one.submission is not None and one.written is not None
    assert one.written == written(one.submission)
    here = read_and_examine(GOOD, DESK.forms, PERIOD)
    assert one == here and here.written is None


def test_what_no_sound_desk_says_is_refused_and_no_more() -> None:
    found, _, document = told(read_and_examine(GOOD, DESK.forms, PERIOD)).partition(b"\n")
    assert heard(found + b"\n" + document).submission is not None
    more = document.replace(b'"rows":[[', b'"rows":[[1,', 1)  # a value beyond the columns
    far = re.sub(rb'"dates":\[[\d,]*\]', b'"dates":[99]', document, count=1)
    for other in (
        more,
        far,
        b"",
        b"[]",
        b"3",
        b'{"cover":[]}',
        b'{"cover":{}}',
        b'{"cover":7}',
        b"{",
    ):
        with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
            heard(found + b"\n" + other)
    for odd in (b"[]", b"null", b"7", b'{"cover":[]}'):
        said = re.sub(rb'"places":\{.*?\},"substance"', b'"places":' + odd + b',"substance"', found)
        with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
            heard(said + b"\n" + document)
    assert length_of(LENGTH.pack(20_000)) == 20_000
    for length in (-1, MOST_ANSWERED + 1, 2**31 - 1):
        with pytest.raises(ValueError, match="longer than any report"):
            length_of(LENGTH.pack(length))


def test_a_desk_that_says_what_no_sound_desk_says_is_done_away_with() -> None:
    desk, answers = ReadingDesk(512), Answers()
    desk.knows(0, DESK.forms)
    try:
        assert desk.read([GOOD], 0, PERIOD, 10.0, answers) is None
        (answer,) = answers
        assert isinstance(answer, Answer)
        assert answer.opened() == read_and_examine(GOOD, DESK.forms, PERIOD)
        assert Answer(desk, b'{"unit":1}\n{').opened() is None
        assert desk.read([GOOD], 0, PERIOD, 10.0, answers) is not None, "nobody is there any more"
    finally:
        desk.end()


def test_what_such_a_desk_was_asked_is_asked_of_a_fresh_one() -> None:
    others = set(_children())
    with ReadingRoom(1) as room:
        room.examine([GOOD], DESK.forms, PERIOD)
        (before,) = set(_children()) - others
        room._ahead._begun[GOOD, 0, PERIOD] = _said(Answer(_desk_of(room), b"{"))
        (found,) = room.examine([GOOD], DESK.forms, PERIOD)
        assert found.verdict is Verdict.ACCEPTED
        assert verdicts(room, [GOOD, b""]) == [Verdict.ACCEPTED, Verdict.UNREADABLE]
        assert before not in _children()


def _desk_of(room: ReadingRoom) -> ReadingDesk:
    desk = room._desks.get()
    room._desks.put(desk)
    assert desk is not None
    return desk


def _said(answer: Answer) -> Given:
    done = Future[Answers]()
    done.set_result([answer])
    return done, 0


class Desks:
    """What would be read, in the order in which it was given out."""

    def __init__(self) -> None:
        self.given: list[Named] = []
        self.ahead = Ahead(self._give_out)

    def _give_out(
        self, files: Sequence[Named], _forms: int, _period: str | None
    ) -> Iterator[Given]:
        self.given += files
        done = Future[Answers]()
        done.set_result([])
        return iter([(done, at) for at in range(len(files))])

    def take(self, names: Sequence[Path]) -> list[bool]:
        """Whether each had been begun."""
        return [self.ahead.take((name, 0, PERIOD)) is not None for name in names]


def test_files_are_read_in_the_order_in_which_they_will_be_asked_for() -> None:
    names = [Path(f"{n}.xlsx") for n in range(MOST_AHEAD + 10 * HANDFUL)]
    in_order = [(name, 0, PERIOD) for name in names]
    desks = Desks()
    desks.ahead.line_up(in_order[::-1])  # as they came: begun as far as there is room
    assert desks.given == names[::-1][:MOST_AHEAD]
    desks.ahead.put_in_order(in_order)
    late = names[::-1][: len(names) - MOST_AHEAD]  # asked for after so many others
    assert len(late) <= MOST_LATE and desks.given[MOST_AHEAD:] == names[: len(late)]
    assert all(desks.take(names[:MOST_AHEAD])), "nothing is left for the last moment"
    desks.ahead.go_on()
    assert sorted(desks.given) == sorted(names), "each once"


def test_two_threads_share_a_room(room: ReadingRoom) -> None:
    with ThreadPoolExecutor(4) as threads:
        batches = list(threads.map(lambda _: verdicts(room, [GOOD] * 7), range(6)))
    assert batches == [[Verdict.ACCEPTED] * 7] * 6


def test_a_path_is_read_by_the_desk_itself(room: ReadingRoom, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(GOOD)
    found = room.examine([tmp_path / "a.xlsx", tmp_path / "b.xlsx"], DESK.forms, PERIOD)
    assert [one.verdict for one in found] == [Verdict.ACCEPTED, Verdict.UNREADABLE]
    assert found[1].findings[0].check == "NOT_THERE"


def test_a_desk_knows_neither_the_office_nor_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TDKT_SMTP_URL", "smtps://office:canary@relay")
    before = set(_children())
    with ReadingRoom(1) as own:
        own.examine([GOOD], DESK.forms, PERIOD)
        (process,) = set(_children()) - before
        environment = Path(f"/proc/{process}/environ").read_bytes()
        mapped = Path(f"/proc/{process}/maps").read_text()
    assert b"canary" not in environment and b"TDKT" not in environment
    assert not any(word in mapped for word in ("sqlalchemy", "pydantic", "numpy", "psycopg"))


def test_a_unit_s_workbook_is_marked_at_a_desk_of_its_own() -> None:
    from channels.marked import marked as here

    found = read_and_examine(GOOD, DESK.forms, "2026-11").findings
    before = set(_children())
    with SideRoom(512, 10.0) as room:
        assert room.does("marked", GOOD, found) == here(GOOD, found)
        (process,) = set(_children()) - before
        mapped = Path(f"/proc/{process}/maps").read_text()
        assert "sqlalchemy" not in mapped and "psycopg" not in mapped
        with pytest.raises(ChannelRefused, match="Chỉ đánh dấu được"):
            room.does("marked", b"%PDF", found)
        assert room.does("marked", GOOD, ()) == here(GOOD, ())
    assert set(_children()) == before
    with SideRoom(512, 0.001) as hasty, pytest.raises(Overtaxed):
        hasty.does("marked", GOOD, found)
    assert marked(GOOD, found) == here(GOOD, found)


def test_a_closed_room_leaves_no_process_behind() -> None:
    before = set(_children())
    room = ReadingRoom(2)
    verdicts(room, [GOOD, GOOD, DEADLY])
    assert set(_children()) > before
    room.close()
    room.close()
    assert set(_children()) == before
    with pytest.raises(RuntimeError, match="closed"):
        room.examine([GOOD], DESK.forms, PERIOD)


def test_a_desk_never_holds_more_than_its_memory(room: ReadingRoom) -> None:
    verdicts(room, [HOSTILE["20 MiB toàn byte 0"][0](DESK), DEADLY, GOOD])
    for process in _children():
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        peak = next(line for line in lines if line.startswith("VmHWM"))
        assert int(peak.split()[1]) < 512 * 1024


def _children() -> list[int]:
    """The desks that this very process started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if parent == os.getpid() and b"_desk" in command:
                found.append(int(entry.name))
    return found
