"""One run at a time on a period: the lock in our own book, kept alive while the work goes on.

    with holding(occasion, Work.REVIEW) as mine:     raises AtWork if another run is at it
        review_cycle(mine)

A second run waits for short work (taking files in) and stops, saying who is there, at a whole
review. A holder that died is noticed at once on the same machine, elsewhere when its lease ends; so
is one of this process that is over and could not write so.
"""

from __future__ import annotations

import getpass
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Event, Lock, Thread

from prefect.runtime import flow_run

from channels.errors import ChannelBusy
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.whereabouts import here, is_gone, machine_of
from tdkt_models.base import BookError, Stamp
from tdkt_models.period_locks import Fence, Held, Worker, give_back, holder, renew, take

LEASE, BEAT = timedelta(seconds=120), 20.0  # seconds between two signs of life
LOOK = 0.5  # seconds between two looks at a lock that is held
SHORT_WORK = 900.0  # seconds that a review waits for files to be taken in


_runs_here: Counter[str] = Counter()  # of this process
_noting = Lock()


class Work(StrEnum):
    REVIEW = "review"
    INTAKE = "intake"
    DECISION = "decision"

    @property
    def label(self) -> str:
        return {
            "review": "chạy kỳ đánh giá",
            "intake": "nhận báo cáo, mở kỳ hay nhắc hạn",
            "decision": "ghi quyết định",
        }[self]

    def waits_for(self, other: Work) -> float:
        """Seconds to wait for work that goes on; a whole review is waited for by nobody."""
        if self is Work.INTAKE or other is Work.REVIEW:
            return 0.0
        return SHORT_WORK


class AtWork(ChannelBusy):
    """Another run is at work on the period: who, since when, on what."""


@contextmanager
def holding(occasion: Occasion, work: Work, *, patience: float | None = None) -> Iterator[Occasion]:
    """The same occasion with the lock in hand; whatever is written under it is fenced. Raises
    AtWork after `patience` seconds (by default what the work of both asks for)."""
    office, period = occasion.office, occasion.period_text
    with _at_work_here(occasion.run):
        fence = _taken(occasion, work, patience)
        done = Event()
        keeper = Thread(target=_keep, args=(office, fence, occasion.run, done), daemon=True)
        keeper.start()
        try:
            yield replace(occasion, office=replace(office, fence=fence))
        finally:
            done.set()
            keeper.join(timeout=BEAT)
            with office.book() as book, book.writing() as conn:
                give_back(conn, Fence(period, fence.token), _stamp(occasion.run))


@contextmanager
def _at_work_here(run: str) -> Iterator[None]:
    """Noted before the lock is taken, and until it was given back or that could not be written."""
    with _noting:
        _runs_here[run] += 1
    try:
        yield
    finally:
        with _noting:
            _runs_here[run] -= 1
            if not _runs_here[run]:
                del _runs_here[run]


def _left_behind(worker: Worker) -> bool:
    """Whether a lock is of a run of this very process that is over: on a full disk nobody could
    write that it was given back."""
    with _noting:
        return worker.place == here() and worker.run not in _runs_here


def _taken(occasion: Occasion, work: Work, patience: float | None) -> Fence:
    worker = Worker(work, _who(), here(), occasion.run)
    began, seen, dead = time.monotonic(), None, None
    with occasion.office.book() as book:
        while True:
            with book.writing() as conn:
                stamp = _stamp(occasion.run)
                fence = take(conn, occasion.period_text, worker, stamp, LEASE, over=dead)
                other = None if fence else holder(conn, occasion.period_text)
            if fence:
                return fence
            if other is None:
                continue
            gone = _left_behind(other.worker) or is_gone(other.worker.place)
            dead = other.fence if gone else None
            if gone:
                continue
            seen = seen or other
            alive = gone is False or other.until > seen.until
            enough = work.waits_for(Work(other.worker.work)) if patience is None else patience
            if alive and time.monotonic() - began >= enough:
                raise AtWork(_said(occasion, other))
            time.sleep(LOOK)


def _keep(office: Office, fence: Fence, run: str, done: Event) -> None:
    """Signs of life until the work is done; a book that is busy for once is asked again."""
    while not done.wait(BEAT):
        try:
            with office.book() as book, book.writing(beside_others=True) as conn:
                if not renew(conn, fence, _stamp(run), LEASE):
                    return  # taken over: the fence tells the work itself
        except BookError:
            continue


def _said(occasion: Occasion, other: Held) -> str:
    zone, worker = occasion.office.settings.zone, other.worker
    since = other.since.astimezone(zone)
    return (
        f"{occasion.period.title} đang có lượt khác làm việc: {worker.who} trên máy "
        f"{machine_of(worker.place)}, {Work(worker.work).label}, từ {since:%H:%M ngày %d/%m/%Y}. "
        "Không cần chạy thêm; khi lượt ấy xong thì xem kết quả của nó."
    )


def _who() -> str:
    return f"lượt “{flow_run.name}”" if flow_run.id else f"người dùng {_login()}"


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "không rõ"


def _stamp(run: str) -> Stamp:
    return Stamp(at=datetime.now(UTC), run=run)
