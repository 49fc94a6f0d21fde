"""Clerks are called before there is work for them, without taking anything from who is at work."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from flows.agenda import all_hands, each_batch
from review.period import Period
from tasks import reading
from tasks.crew import Crew
from tasks.occasion import Occasion
from tasks.office import Office, make_office
from tests.crew_tasks import whose


def test_clerks_called_early_take_no_desk_away_from_this_process(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    make_office(office, demo=True)
    desks, called = reading.room_of(office), Crew(clerks=1)
    try:
        called.begin(reading_too=False)
        assert reading.room_of(office) is desks
        called.begin()  # the same clerks, who read too from now on
        assert reading.room_of(office) is not desks
    finally:
        called.end()
    assert reading.room_of(office) is desks


def test_the_clerks_of_a_cycle_come_while_its_last_files_are_judged(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    make_office(office, demo=True)
    about = Occasion(
        office, Period.parse("2026-10"), run="test", now=datetime(2026, 11, 12, tzinfo=UTC)
    )

    def judged(then: int) -> list[int]:
        done = each_batch(whose, about, batches=range(3), desks=2, then=then)
        assert {pid for _, pid in done} == {os.getpid()}, (
            "as many desks as this process keeps pace with"
        )
        return [number for number, _ in done]

    with all_hands(office) as hands:
        assert judged(then=1) == [0, 1, 2] and not hands.pids(), "nothing for them to do"
        assert judged(then=3) == [0, 1, 2] and len(hands.pids()) == 1
    with all_hands(office) as others:
        pass
    assert judged(then=3) == [0, 1, 2] and not others.pids(), "between cycles nobody is called"
