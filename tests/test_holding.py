"""One run at a time on a period, on both engines: who holds it is said, the dead give way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Timer

import pytest

from flows.holding import AtWork, Work, holding
from review.period import Period
from tasks.call_roll import call_roll
from tasks.occasion import Occasion
from tasks.whereabouts import here, is_gone
from tdkt_models.base import Stamp
from tdkt_models.period_locks import Held, LockLost, Worker, holder, take
from tests.province import surroundings
from tests.small_office import small_office

LEASE = timedelta(minutes=2)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office_open(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Occasion]:
    """One office on each engine for all tests of this file."""
    folder = tmp_path_factory.mktemp("holding")
    url = f"sqlite:///{folder / 'office.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    with surroundings(TDKT_DATABASE_URL=url):
        yield small_office(folder, units=("SYT",)).occasion


@pytest.fixture
def occasion(office_open: Occasion) -> Occasion:
    """A month that no other test has touched."""
    return replace(office_open, period=next(MONTHS), run=f"run-{next(NUMBERS)}")


MONTHS = iter(Period.parse("2026..2030").split("month"))
NUMBERS = count(1)


def lock_of(occasion: Occasion) -> Held | None:
    with occasion.office.book() as book, book.reading() as conn:
        return holder(conn, occasion.period_text)


def put(occasion: Occasion, place: str, since: datetime, work: Work = Work.REVIEW) -> None:
    """A lock as a run elsewhere took it."""
    worker = Worker(work, "lượt “sớm mai”", place, "another")
    with occasion.office.book() as book, book.writing() as conn:
        assert take(conn, occasion.period_text, worker, Stamp(since, "another"), LEASE)


def test_the_second_run_is_told_who_is_at_work(occasion: Occasion) -> None:
    with holding(occasion, Work.REVIEW):
        with pytest.raises(AtWork) as told, holding(replace(occasion, run="2"), Work.REVIEW):
            pass
        assert occasion.period.label in str(told.value).casefold() and "chạy kỳ đánh giá" in str(
            told.value
        )
        held = lock_of(occasion)
        assert held and held.worker.place == here()
    assert lock_of(occasion) is None


def test_two_periods_are_worked_on_at_once(occasion: Occasion) -> None:
    with (
        holding(occasion, Work.REVIEW),
        holding(replace(occasion, period=next(MONTHS), run="2"), Work.REVIEW),
    ):
        pass


def test_taking_files_in_gives_way_to_a_review(occasion: Occasion) -> None:
    other = replace(occasion, run="2")
    with (
        holding(occasion, Work.REVIEW),
        pytest.raises(AtWork),
        holding(other, Work.INTAKE),
    ):
        pass


def test_a_review_waits_for_files_to_be_taken_in(occasion: Occasion) -> None:
    began, end = Event(), Event()

    def take_in() -> None:
        with holding(replace(occasion, run="intake"), Work.INTAKE):
            began.set()
            end.wait(30)

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(take_in)
        assert began.wait(30)
        Timer(1.0, end.set).start()
        with holding(occasion, Work.REVIEW):
            held = lock_of(occasion)
            assert held and held.worker.run == occasion.run and end.is_set()
        other.result()


def test_a_run_that_was_killed_gives_way_at_once(occasion: Occasion) -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    place = here().rpartition(" ")[0]
    began = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19]
    put(occasion, f"{place} {process.pid}/{began}", datetime.now(UTC))
    with pytest.raises(AtWork), holding(occasion, Work.REVIEW):
        pass
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with holding(occasion, Work.REVIEW) as mine:
        assert mine.office.fence and mine.office.fence.token == 2


def test_what_ran_before_the_machine_was_switched_off_is_gone() -> None:
    machine, boot, process = here().split()
    space = boot.partition("/")[2]
    assert is_gone(f"{machine} 00000000-0000/{space} {process}") is True
    assert is_gone(f"elsewhere {boot} {process}") is None
    assert is_gone(here()) is False


def test_a_run_on_another_machine_gives_way_when_its_lease_is_over(occasion: Occasion) -> None:
    put(occasion, "elsewhere x/1 7/7", datetime.now(UTC) - LEASE + timedelta(seconds=1))
    began = time.monotonic()
    with holding(occasion, Work.REVIEW) as mine:
        assert mine.office.fence and mine.office.fence.token == 2
    assert time.monotonic() - began < LEASE.total_seconds()


def test_a_run_that_was_taken_for_dead_keeps_nothing_more(occasion: Occasion) -> None:
    with ExitStack() as held:
        slow = held.enter_context(holding(occasion, Work.REVIEW))
        with occasion.office.book() as book, book.writing() as conn:
            worker = Worker(Work.REVIEW, "khác", here(), "another")
            over = slow.office.fence
            now = Stamp(datetime.now(UTC), "another")
            take(conn, occasion.period_text, worker, now, LEASE, over=over)
        with pytest.raises(LockLost, match="tiếp quản"):
            call_roll.fn(slow)
    held_now = lock_of(occasion)
    assert held_now and held_now.worker.run == "another", "the loser does not give it back"


def test_the_same_run_started_again_takes_its_own_lock_back(occasion: Occasion) -> None:
    put(occasion, here(), datetime.now(UTC))
    with holding(replace(occasion, run="another"), Work.REVIEW) as mine:
        assert mine.office.fence and mine.office.fence.token == 2
