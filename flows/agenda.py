"""How a step of a cycle is carried out: as a Prefect task run inside a flow, as a plain call else.

    step(call_roll, office, period)
    each_batch(validate, office, period, batches)   -> one result a batch, in order

So the same cycle runs under a server, by schedule, and in `tdkt review` with no server at all.
A step that failed raises: nothing is hidden behind a future (house.md, trap 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from prefect import Task, unmapped
from prefect.context import FlowRunContext

from flows.rest import collector_at_rest

Progress = Callable[[str, int, int], None]


def silent(_step: str, _done: int, _of: int) -> None:
    """The progress of a run that nobody watches."""


def in_a_flow() -> bool:
    return FlowRunContext.get() is not None


def step(task: Task[..., Any], *values: Any) -> Any:
    return task(*values) if in_a_flow() else task.fn(*values)


def each_batch(
    task: Task[..., Any],
    *values: Any,
    batches: Sequence[Any],
    at_once: int = 1,
    progress: Progress = silent,
) -> list[Any]:
    """`task(*values, batch)` for every batch, `at_once` of them at a time."""
    results = []
    with collector_at_rest() as tidy, ExitStack() as open_now:
        if in_a_flow():
            futures = task.map(*(unmapped(value) for value in values), list(batches))
            coming: Iterable[Any] = (future.result() for future in futures)
        else:
            pool = open_now.enter_context(ThreadPoolExecutor(max_workers=at_once))
            coming = pool.map(lambda batch: task.fn(*values, batch), batches)
        for result in coming:
            results.append(result)
            progress(task.name, len(results), len(batches))
            tidy()
    return results
