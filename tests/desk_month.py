"""An office at its desk for a month: `tdkt up`, a mail server of ours, a browser, a person.

with DeskOffice.opened(folder, url) as office, office.served(port) as up:
    holds_a_month(office, up, pictures)

Seven units: five of the sample report, one owes, and one has a year in which two people are level.
The month worked by hand is the last but one that has closed, so that the schedule, which takes the
last one that has closed, comes to the next.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

from channels.capture import CaptureServer
from flows.holding import Work
from review.alarms import AlarmKind
from review.period import Cadence, Period
from review.post import LetterKind
from review.powers import Power
from sample.entries import Entries
from tasks.cards import Card, issue_card
from tasks.occasion import Occasion
from tasks.office import Office, make_office
from tasks.roster import keep_roster
from tdkt_models.alarms import recall_alarms
from tdkt_models.base import upgrade
from tdkt_models.period_locks import holder
from tests.desk_screen import PATIENCE, Screen, Value
from tests.province import surroundings
from tests.score_office import card, keep_people, keep_scored, person
from tests.small_office import Corner, roster_of

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ROOT / "docs" / "screens"
PICTURES = (
    "danh-sach",
    "sai-ky",
    "chuong-trinh",
    "bang-diem",
    "bang-diem-hoi-lai",
    "phe-duyet",
    "gui-thu",
    "thu",
    "chay-tiep",
)
REPORTING = ("SNV", "STC", "STP", "SXD", "SYT")
OWING = "03637"
INH = "Lò Văn Inh"
# The server's event starts the watch at once; where the event is lost, its schedule does.
UNTIL_THE_NEXT_WATCH = 700.0
YEAR_STAFF = [person(f"A-{n:02}", duties="") for n in range(1, 13)]  # twelve people: two seats
YEAR_POINTS = (9600, 9300, 9300, 9100, *[8000] * 8)


class Up:
    """`tdkt up` as a person started it, and what it says."""

    def __init__(self, office: Office, port: int, **env: str) -> None:
        self.address, self.said = f"http://127.0.0.1:{port}", []
        self._lines: Queue[str] = Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "up", "--port", str(port), "--home", office.home],
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def says(self, words: str) -> None:
        """Waits until it says so."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                self.said.append(self._lines.get(timeout=1))
            except Empty:
                assert self.process.poll() is None, "".join(self.said)
                continue
            if words in self.said[-1]:
                return
        raise AssertionError(f"{words!r} was never said: {''.join(self.said)}")

    def worker(self) -> int:
        """The process that carries out the runs."""
        for child in _under(self.process.pid):
            if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                return child
        raise AssertionError("no worker")

    def kill_worker(self) -> None:
        """With all that it runs, as when the machine's memory is used up."""
        for process in reversed([self.worker(), *_under(self.worker())]):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def _under(process: int) -> list[int]:
    """The processes that a process has started, and they, and so on."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *_under(child)]
    return found


@dataclass
class DeskOffice:
    """A real office (it has to be armed), whose relay is a server of ours on loopback."""

    corner: Corner
    mail: CaptureServer
    inh: Card
    env: dict[str, str]

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, url: str = "") -> Iterator[DeskOffice]:
        with CaptureServer(folder / "mail") as mail:
            office = Office.at(folder / "office")
            env = {
                "TDKT_DATABASE_URL": url or f"sqlite:///{office.folder / 'office.db'}",
                "TDKT_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
                "TDKT_HOME": office.home,
                "TDKT_INBOX": "",
                "PREFECT_WORKER_QUERY_SECONDS": "1",
            }
            # What `tdkt up` is given stays with it: other tests of this server have their offices.
            with surroundings(TDKT_DATABASE_URL=url):
                make_office(
                    office,
                    name="Sở Nội vụ tỉnh Lai Châu",
                    province="Lai Châu",
                    short="Sở Nội vụ",
                    email="tdkt@laichau.example",
                    digest_to="phong.tdkt@laichau.example",
                )
                upgrade(office.database_url)
                now = datetime.now(UTC)
                closed = office.settings.closed_by(now, Cadence.MONTH)
                corner = Corner(Occasion(office, closed.previous(), run="test", now=now))
                with office.book() as book, book.writing() as conn:
                    keep_roster(conn, roster_of((*REPORTING, OWING)), corner.occasion.stamp)
                keep_people(office, YEAR_STAFF)
                keep_scored(office, [
                    card(one.code, str(closed.start.year), points)
                    for one, points in zip(YEAR_STAFF, YEAR_POINTS, strict=True)
                ])  # fmt: skip
                may = set(Power)
                inh = issue_card(office, INH, "inh@laichau.example", may, "Sùng Thị Mỷ")
                yield cls(corner, mail, inh, env)

    @property
    def office(self) -> Office:
        return self.corner.occasion.office

    @contextmanager
    def served(self, port: int, **more: str) -> Iterator[Up]:
        up = Up(self.office, port, **self.env, **more)
        try:
            up.says("Màn hình vận hành")
            yield up
        finally:
            up.end()

    def reports_come(self, period: Period) -> None:
        """From all but one unit, on the second day after the month."""
        self.corner.in_period(str(period))
        day = period.end + timedelta(days=2)
        for unit in REPORTING:
            wrong = _above_the_highest if unit == "STC" else None
            data = self.corner.report(unit, wrong)
            self.corner.sends(unit, data, day.day, month=day.month, year=day.year)

    def holds(self, period: Period) -> None:
        """Waits until a review is at work on the period."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with self.office.book() as book, book.reading() as conn:
                held = holder(conn, str(period))
            if held and held.worker.work == Work.REVIEW:
                return
            time.sleep(0.05)
        raise AssertionError(f"nobody is at work on {period}")

    def alarms(self) -> set[AlarmKind]:
        """What the office was told of."""
        with self.office.book() as book, book.reading() as conn:
            return {one.kind for one in recall_alarms(conn)}

    def told_of(self, kind: AlarmKind, run: str) -> bool:
        with self.office.book() as book, book.reading() as conn:
            return any(one.kind is kind and one.key.startswith(run) for one in recall_alarms(conn))

    def letters(self, kind: LetterKind) -> list[str]:
        """To whom letters of a kind have come on the mail server."""
        heads = BytesHeaderParser(policy=policy.default)
        found = [heads.parsebytes(path.read_bytes()) for path in self.mail.letters]
        return [str(one["To"]) for one in found if one["X-TDKT-Letter"] == kind.value]


def _above_the_highest(entries: Entries) -> None:
    """What a unit has to mend: a mark above the highest."""
    entries["general"][0]["c1"] = 6


def holds_a_month(office: DeskOffice, up: Up, pictures: Path) -> None:
    """All of it, in the order of a month."""
    with Screen.open(up.address) as screen:
        month = DeskMonth(office, screen, up, pictures)
        month.opens_the_period()
        month.holds_the_review()
        month.reads_the_boards()
        month.decides_a_tie()
        month.approves_after_the_worker_was_killed()
        month.lets_the_letters_leave()
        month.the_schedule_goes_on()
        assert screen.abroad == [], "the operator's browser told somebody else"


class DeskMonth:
    """What a person does at the desk in a month; each step ends with what they see."""

    def __init__(self, office: DeskOffice, screen: Screen, up: Up, pictures: Path) -> None:
        self.of, self.screen, self.up, self.pictures = office, screen, up, pictures
        self.period = office.corner.occasion.period
        self.api = screen.api

    @property
    def text(self) -> str:
        return str(self.period)

    def keep(self, name: str) -> None:
        self.screen.picture(self.pictures / f"{name}.png")

    def board(self, key: str, period: Period | None = None) -> str:
        return self.api.artifact(f"{key}-{period or self.period}")

    def waiting(self, flow: str) -> str:
        """The one run of a flow that waits for a person, or will in a moment."""
        run = self.api.runs(flow)[0]
        return str(self.api.until(run["id"], "Suspended")["id"])

    def opens_the_period(self) -> None:
        run = self.screen.start("open-period", {"Kỳ đánh giá": self.text})
        self.api.until(run, "COMPLETED")
        said = self.board("danh-sach")
        assert OWING in said and "Chưa nộp" in said
        self.of.reports_come(self.period)
        self.api.run("collect", period=self.text)
        self.screen.see_artifact(f"danh-sach-{self.text}")

    def holds_the_review(self) -> None:
        """The form filled in wrongly once, then rightly."""
        wrong = {"Kỳ đánh giá": "tháng chín"}
        self.screen.refused("monthly-review", wrong, "kỳ viết như 2026-10, hoặc để trống")
        self.keep("sai-ky")
        given = {"Kỳ đánh giá": self.text, "Chế độ gửi thư": "send"}
        run = self.screen.start("monthly-review", given)
        self.api.until(run, "COMPLETED")

    def reads_the_boards(self) -> None:
        said = self.board("tinh-hinh")
        assert "| Đơn vị phải báo cáo | 8 |" in said and "Số liệu khớp." in said
        for key in ("chuong-trinh", "loi", "xep-loai", "thu", "can-doi"):
            assert self.board(key)
        said = str(self.api.ask("/artifacts/filter", {}))
        for one in roster_of((*REPORTING, OWING)).cadres:
            assert one.code not in said, "nobody's own result is shown"
            assert one.name == INH or one.name not in said, "but who may decide is named"
        for key in ("danh-sach", "chuong-trinh"):
            self.screen.see_artifact(f"{key}-{self.text}")
            self.keep(key)

    def decides_a_tie(self) -> None:
        year = str(self.period.start.year)
        run = self.screen.start("choose-ties", {"Kỳ đánh giá": year})
        self.api.until(run, "Suspended")
        self.screen.open_answer(run)
        self.keep("bang-diem")
        self._answers(run, {"Chọn những ai": ["A-02", "A-03"]}, "Vì sao chọn")
        self.api.until(run, "RUNNING")
        self.api.until(run, "Suspended")
        again = self.screen.open_answer(run)
        again.get_by_text("cần chọn đúng 1 người, đã chọn 2").first.wait_for()
        self.keep("bang-diem-hoi-lai")
        self._answers(run, {"Chọn những ai": ["A-03"]}, "Vì sao chọn")
        self.api.until(run, "COMPLETED")

    def approves_after_the_worker_was_killed(self) -> None:
        run = self.waiting("approve-results")
        self.up.kill_worker()
        self.up.says("Đã mở lại tiến trình chạy việc.")
        self.screen.open_answer(run)
        self.keep("phe-duyet")
        self._answers(run, {"Quyết định": "Phê duyệt"})
        self.api.until(run, "COMPLETED")

    def lets_the_letters_leave(self) -> None:
        assert not self.of.letters(LetterKind.CADRE_RESULT), "nothing leaves before it is armed"
        assert "inh@laichau.example" in self.of.letters(LetterKind.DECISION_ASKED)
        run = self.waiting("arm-mail")
        self.screen.open_answer(run)
        self.keep("gui-thu")
        self._answers(run, {"Quyết định": "Cho phép gửi trong 4 giờ"}, "Ý kiến")
        self.api.until(run, "COMPLETED")
        assert len(self.of.letters(LetterKind.CADRE_RESULT)) >= len(REPORTING) - 1
        self.screen.see_artifact(f"thu-{self.text}")
        self.keep("thu")

    def the_schedule_goes_on(self) -> None:
        """By itself, for the next period; the worker is killed midway: it is said, and goes on."""
        coming = self.period.next()
        self.of.reports_come(coming)
        by_hand = {one["id"] for one in self.api.runs("monthly-review")}
        self.api.schedule_soon("monthly-review")
        self.of.holds(coming)
        self.up.kill_worker()
        self.up.says("đã dừng đột ngột")
        (run,) = (
            one["id"]
            for one in self.api.runs("monthly-review")
            if one["id"] not in by_hand and one["start_time"]
        )
        done = self.api.until(run, "COMPLETED", through="CRASHED", patience=UNTIL_THE_NEXT_WATCH)
        assert done["auto_scheduled"] and done["run_count"] == 2
        assert "| Đơn vị phải báo cáo |" in self.board("tinh-hinh", coming)
        assert AlarmKind.CRASHED in self.of.alarms()
        assert self.of.letters(LetterKind.DESK_ALARM)
        self.screen.go(f"/runs/flow-run/{run}")
        self.keep("chay-tiep")

    def _answers(self, run: str, given: Mapping[str, Value], note: str = "Ý kiến, lý do") -> None:
        """With the number of the card that the form asks for."""
        form = self.screen.open_answer(run)
        asked = re.search(rf"{INH}: mã số (\d+)", form.inner_text())
        assert asked, form.inner_text()
        code = self.of.inh.codes[int(asked[1]) - 1]
        proof = {"Người quyết định": INH, "Mã xác nhận": code, note: "Đã xem"}
        self.screen.answer(form, {**given, **proof})
