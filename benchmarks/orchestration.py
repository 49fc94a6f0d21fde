"""What Prefect adds: the same steps called plainly and as task runs of a flow, turn about.

    python -m benchmarks.orchestration 150 3 SCRATCH
        -> {"plain": [seconds…], "flow": [seconds…], "back": [seconds…], "tasks": [seconds…], …}
           "stages": seconds by stage of each plain run

One ephemeral server, set as `tdkt up` sets it, runs all the while (its start is not timed), one run
of each goes before.
"flow" is from the call until the server holds the run as completed, "back" until the call returns:
up to a second later, for Prefect waits for its heartbeat thread, which sleeps by the second.
"tasks" is the flow without its beginning and end.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.data import month_of
from benchmarks.once import cpu, read_before
from benchmarks.straight_line import desks, times_of
from cli.serving import SETTINGS

PROCESSES = 2
WARM_UP = 12  # units of the runs that go before


def compared(units: int, repeats: int, scratch: Path) -> dict[str, list[Any]]:
    os.environ.update(SETTINGS)
    from prefect.testing.utilities import prefect_test_harness

    from benchmarks.product import furnished, take, take_in_a_flow

    ways = {"plain": partial(take, letters=True), "flow": take_in_a_flow}
    names = (*ways, "back", "tasks", "stages", *(f"{way} cpu" for way in ways))
    seconds: dict[str, list[Any]] = {name: [] for name in names}
    with prefect_test_harness(server_startup_timeout=120):
        logging.getLogger("prefect").setLevel(logging.WARNING)
        for turn in range(-1, repeats):
            month = read_before(month_of(units if turn >= 0 else WARM_UP))
            # Turn about, and not always in one order: the second finds warmer caches.
            for name in sorted(ways, reverse=bool(turn % 2)):
                folder = scratch / f"office-{uuid4().hex[:8]}"
                office = furnished(month, folder, PROCESSES)
                before = _spent()
                took = ways[name](office, month.inbox)
                shutil.rmtree(folder)
                if turn >= 0:
                    seconds[name].append(took.wall)
                    seconds[f"{name} cpu"].append(_spent() - before)
                    if name == "flow":
                        seconds["back"].append(took.back)
                        seconds["tasks"].append(sum(took.stages.values()))
                    else:
                        seconds["stages"].append(took.stages)
    return seconds


def _spent() -> float:
    """CPU seconds of this process, of clerks that have ended and of the desks that stand; not the
    server's, which waits beside."""
    ticks = sum(sum(times_of(pid)) for pid in desks())
    return cpu() + ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    units, repeats, scratch = sys.argv[1:4]
    print(json.dumps(compared(int(units), int(repeats), Path(scratch))))


if __name__ == "__main__":
    main()
