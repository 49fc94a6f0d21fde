"""Batches are carried out here and by clerks beside: the same book, whoever did them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from channels.errors import ChannelRefused
from tasks import crew as crews
from tasks.crew import Crew
from tests.crew_tasks import dies_once, refused, whose

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def hands() -> Crew:
    os.environ["TDKT_TEST_PARENT"] = str(os.getpid())
    made = Crew(clerks=1)
    made.begin()
    made.pids()  # waits until they stand
    yield made
    made.end()


def test_a_clerk_that_dies_is_replaced_and_its_batch_done_again(
    hands: Crew, tmp_path: Path
) -> None:
    """First of all, while the clerk, who joined last, is surely the next to be asked."""
    before = hands.pids()
    assert hands.carry_out(dies_once, str(tmp_path), 5) == 5
    assert (tmp_path / "5").exists() and hands.pids() != before


def test_work_is_done_here_and_beside(hands: Crew) -> None:
    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(lambda n: hands.carry_out(whose, None, n), range(8)))
    assert [number for number, _ in done] == list(range(8))
    assert {pid for _, pid in done} == {os.getpid(), *hands.pids()}


def test_what_a_step_raises_is_raised_here(hands: Crew) -> None:
    with pytest.raises(ChannelRefused, match="Lượt 3 không làm được"):
        hands.carry_out(refused, None, 3)


def test_what_is_to_be_done_afterwards_is_done_for_work_done_here(hands: Crew) -> None:
    tidied = list[int]()

    def carried_out(number: int) -> tuple[int, int]:
        after = partial(tidied.append, number)
        done: tuple[int, int] = hands.carry_out(whose, None, number, afterwards=after)
        return done

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(carried_out, range(8)))
    here = [number for number, who in done if who == os.getpid()]
    assert sorted(tidied) == here and 0 < len(here) < 8, "a clerk tidies up by itself"


def test_few_batches_need_no_clerks() -> None:
    assert not Crew(clerks=3).worth_it(crews.LEAST_BATCHES - 1)
    assert not Crew(clerks=0).worth_it(100)


@pytest.mark.parametrize("program", ["tasks.clerk", "channels.reading_desk", "channels.side_desk"])
def test_who_was_called_by_a_process_that_was_killed_goes_without_a_word(program: str) -> None:
    """Its first word finds nobody: that is the end of it, and no fault to be shown."""
    here, there = socket.socketpair()
    here.close()
    with there:
        command = [sys.executable, "-m", program, str(there.fileno()), "512"]
        done = subprocess.run(command, pass_fds=[there.fileno()], capture_output=True, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
