"""How a step of a cycle is carried out: as a Prefect task run inside a flow, as a plain call else.

    step(call_roll, office, period)
    each_batch(validate, occasion, batches=…)       -> one result a batch, in order

So the same cycle runs under a server, by schedule, and in `tdkt review` with no server at all.
A step that failed raises: nothing is hidden behind a future (house.md, trap 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from prefect import Task, unmapped
from prefect.context import FlowRunContext
from prefect.utilities.annotations import quote

from channels.errors import disks_said_plainly
from flows.prompt import prompt_threads
from flows.rest import collector_at_rest
from flows.runners import cluster_said_plainly, on_a_cluster
from tasks.crew import Crew
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.reading import desks_are_free

Progress = Callable[[str, int, int], None]

LAST_BATCHES = 8  # of a step: what the desks have read by then is judged in about a clerk's start
KEEPS_PACE = 2  # desks: reading a report costs about twice what judging and storing it does


def silent(_step: str, _done: int, _of: int) -> None:
    """The progress of a run that nobody watches."""


def in_a_flow() -> bool:
    return FlowRunContext.get() is not None


def step(task: Task[..., Any], *values: Any) -> Any:
    with disks_said_plainly():
        return task(*values) if in_a_flow() else task.fn(*values)


_at_hand: ContextVar[Crew | None] = ContextVar("crew", default=None)


@contextmanager
def all_hands(office: Office) -> Iterator[Crew]:
    """The crew of a cycle: its clerks are called when there is enough for them to do, and stay to
    the end, since each step has batches again."""
    if (known := _at_hand.get()) is not None:
        yield known
        return
    hands = Crew(office.settings.work.processes - 1)
    token = _at_hand.set(hands)
    try:
        yield hands
    finally:
        _at_hand.reset(token)
        hands.end()


def call_hands(batches: int) -> None:
    """The clerks of a cycle, where so many batches are coming and they will read too: they find
    their places while what came is collected. Between cycles nobody is called for what may be
    nothing."""
    hands = _at_hand.get()
    if hands is not None and hands.size > KEEPS_PACE:
        _call(hands, batches, reading_too=True)


def _call(hands: Crew, batches: int, *, reading_too: bool) -> None:
    """On a cluster others do the work."""
    if hands.worth_it(batches) and not on_a_cluster():
        hands.begin(reading_too=reading_too)


def keeps_pace(desks: int) -> bool:
    """Whether this process judges by itself what so many desks read."""
    return 0 < desks <= KEEPS_PACE and not on_a_cluster()


def each_batch(
    task: Task[..., Any],
    occasion: Occasion,
    *,
    batches: Sequence[Any],
    desks: int = 0,
    then: int = 0,
    progress: Progress = silent,
) -> list[Any]:
    """`task(occasion, batch)` for every batch, in order: by the crew where there are many, else
    here. Where `desks` of the reading room do most of a step's work and are few, this process keeps
    pace with them: one batch is judged while they read the next, and no clerk is needed. `then` is
    how many batches the steps after it will have, in a cycle: their clerks are called while the
    last of these are judged, once the desks have nothing left to read."""
    results = []
    in_a_cycle = _at_hand.get() is not None
    with (
        disks_said_plainly(),
        collector_at_rest() as tidy,
        all_hands(occasion.office) as hands,
    ):
        work, threads, serving = task.fn, 1 if keeps_pace(desks) else desks + 1, False
        alone = not hands.worth_it(len(batches)) or keeps_pace(desks) or on_a_cluster()
        if not alone:
            hands.begin(reading_too=desks > 0)
            work = partial(hands.carry_out, task, afterwards=tidy)
            threads, serving = hands.size, not desks
        with prompt_threads(serving):
            for result in _coming(task, work, occasion, batches, threads):
                results.append(result)
                progress(task.name, len(results), len(batches))
                if alone:  # else each place tidies up after itself, with nothing else in hand
                    tidy()
                few = len(batches) - len(results) <= LAST_BATCHES
                if in_a_cycle and alone and few and desks_are_free(occasion.office):
                    _call(hands, then, reading_too=False)
    return results


def _coming(
    task: Task[..., Any],
    work: Callable[..., Any],
    occasion: Occasion,
    batches: Sequence[Any],
    threads: int,
) -> Iterator[Any]:
    """The results in order, each as soon as those before it are there."""
    # Quoted: Prefect would look at each of a batch's hundred codes, twice, for futures. A cluster's
    # runner takes no quotes off.
    some = list(map(quote, batches)) if in_a_flow() and not on_a_cluster() else list(batches)
    if threads == 1 and not on_a_cluster():
        yield from (step(task, occasion, batch) for batch in some)
    elif in_a_flow():
        with cluster_said_plainly():
            futures = _run(task, work).map(unmapped(occasion), some)
            yield from (future.result() for future in futures)
    else:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            yield from pool.map(lambda batch: work(occasion, batch), some)


def _run(task: Task[..., Any], work: Callable[..., Any]) -> Task[..., Any]:
    """The task as Prefect shows it, whoever does the work."""
    if work is task.fn:
        return task

    def carried_out(occasion: Occasion, batch: Any) -> Any:
        return work(occasion, batch)

    return Task(fn=carried_out, name=task.name)
