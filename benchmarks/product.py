"""The product on the same workbooks: an office with the generated roster, and its steps in order.

    office = furnished(month, Path("office"), processes=2)     set up, not timed
    take(office, inbox).stages["validate"]                     -> seconds, plain functions
    with prefect_test_harness(): take_in_a_flow(…)             -> the same as Prefect task runs

The steps are those of flows/cycle.py from the roll to the letters written; how fast letters leave
is set by the relay.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from benchmarks.data import PERIOD, Month
from flows.agenda import all_hands, call_hands, each_batch, keeps_pace, step
from flows.lots import lots_of
from review.period import Period
from tasks.call_roll import call_roll
from tasks.collect import collect, waiting
from tasks.occasion import Occasion
from tasks.office import Office, make_office
from tasks.reading import reading_here
from tasks.report import report
from tasks.roster import keep_roster
from tasks.score import score
from tasks.update_plans import update_plans
from tasks.validate import validate
from tdkt_models.base import upgrade

HELD = datetime(2026, 11, 12, tzinfo=UTC)
COLLECT_TO_STORE = ("collect", "validate", "score")  # what the yardstick does too
MOST_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds: of the whole, of each stage; and until the call came back, where that was later."""

    wall: float
    stages: dict[str, float]
    back: float = 0.0

    @property
    def collect_to_store(self) -> float:
        return sum(self.stages[stage] for stage in COLLECT_TO_STORE)


def furnished(month: Month, folder: Path, processes: int) -> Office:
    """A fresh office that knows the month's roster; made once beside it and copied from then on."""
    shutil.copytree(prepare(month, folder.parent), folder)
    settings = folder / "office.toml"
    text = settings.read_text("utf-8").replace("processes = 2", f"processes = {processes}")
    settings.write_text(text, "utf-8")
    return Office.at(folder)


def prepare(month: Month, folder: Path) -> Path:
    """The office in `folder` that others of this month are copies of."""
    pattern = folder / f"pattern-{month.units}"
    if not pattern.exists():
        _furnish(month, Office.at(pattern))
    return pattern


def _furnish(month: Month, office: Office) -> None:
    make_office(office, name="Sở Nội vụ", demo=True)
    upgrade(office.database_url)
    with office.book() as book, book.writing() as conn:
        keep_roster(conn, month.roster, occasion_in(office).stamp)


def occasion_in(office: Office) -> Occasion:
    return Occasion(office, Period.parse(PERIOD), run=f"bench-{uuid4().hex[:8]}", now=HELD)


def take(office: Office, inbox: Path, *, letters: bool = False) -> Took:
    """The month as plain functions (`task.fn`): to the score, or to the letters written."""
    with inbox_at(inbox):
        began = time.perf_counter()
        stages = steps(occasion_in(office), letters=letters)
        return Took(time.perf_counter() - began, stages)


def take_in_a_flow(office: Office, inbox: Path) -> Took:
    """The month as task runs of a Prefect flow; a server must be running. The whole ends when the
    server holds the run as completed."""
    with inbox_at(inbox):
        began = time.perf_counter()
        stages = month_in_a_flow(office.home)  # the letters written too
        back = time.perf_counter() - began
        return Took(_completed.pop() - began, stages, back)


_completed: list[float] = []


def _note_completed(_flow: Any, _run: Any, _state: Any) -> None:
    _completed.append(time.perf_counter())


@flow(
    name="benchmark",
    task_runner=ThreadPoolTaskRunner(max_workers=MOST_AT_ONCE),  # type: ignore[arg-type]
    on_completion=[_note_completed],
)
def month_in_a_flow(home: str) -> dict[str, float]:
    return steps(occasion_in(Office(home)), letters=True)


def steps(occasion: Occasion, *, letters: bool) -> dict[str, float]:
    """The steps of flows/cycle.py one after the other, to the score or to the letters written, with
    the seconds that each took."""
    with all_hands(occasion.office):
        return _steps(occasion, letters)


def _steps(occasion: Occasion, letters: bool) -> dict[str, float]:
    clock = _Clock()
    work = occasion.office.settings.work
    roll = clock.time("call_roll", step, call_roll, occasion)
    then = len(roll.batches(work.batch) if letters else lots_of(score, roll, work))
    call_hands(then)
    with reading_here(keeps_pace(work.processes)):
        clock.time("collect", step, collect, occasion)
        files = clock.time("collect", step, waiting, occasion)
    those = {"batches": files, "desks": work.processes, "then": then}
    clock.time("validate", each_batch, validate, occasion, **those)
    duties = {"score": score, "update_plans": update_plans, "report": report}
    for name, duty in duties.items() if letters else [("score", score)]:
        clock.time(name, each_batch, duty, occasion, batches=lots_of(duty, roll, work))
    return clock.seconds


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, stage: str, work: Any, *values: Any, **more: Any) -> Any:
        began = time.perf_counter()
        result = work(*values, **more)
        self.seconds[stage] = self.seconds.get(stage, 0) + time.perf_counter() - began
        return result


@contextmanager
def inbox_at(folder: Path) -> Iterator[None]:
    before = os.environ.get("TDKT_INBOX")
    os.environ["TDKT_INBOX"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["TDKT_INBOX"]
        else:
            os.environ["TDKT_INBOX"] = before
