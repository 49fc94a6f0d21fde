"""A month by deployment: `tdkt up` with its server and worker on PostgreSQL, all of them victims.

served_cycle(stage, "s3", kills=6, rng, gap)
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from soak.api import Api, free_port
from soak.cycles import Cycle, Way, through
from soak.harasser import Harasser
from soak.processes import Process, children_of, python
from soak.servers import Postgres
from soak.stage import PERIOD, Play, Stage

PATTERNS = {  # what a child of `tdkt up` is known by
    "flow": ("flow_engine", "flow-run execute", "prefect.engine"),
    "worker": ("worker start",),
    "server": ("server start", "uvicorn"),
}
OVER = ("FAILED", "CRASHED", "CANCELLED")


def served_cycle(stage: Stage, name: str, kills: int, rng: random.Random, gap: float) -> Cycle:
    assert stage.postgres, "a served soak keeps its books on PostgreSQL"
    postgres = stage.postgres

    def way(play: Play) -> Way:
        desk = Served(play, postgres)
        return Way(
            (desk,), desk.victims, lambda: desk.held, desk.at_work, desk.up.end,
            desk.last_words,
        )  # fmt: skip

    return through(stage, name, Harasser(rng, kills, gap), way, served=True)


class Served:
    """`tdkt up` on an office, its month asked for until a run of it has ended well."""

    def __init__(self, play: Play, postgres: Postgres) -> None:
        port = free_port()
        postgres.database("prefect")
        env = {
            **play.env,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": postgres.url("prefect", "asyncpg"),
            # No run by schedule: what is disturbed is one month, held once.
            "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
        }
        words = python("-m", "cli.main", "up", "--port", str(port), "--home", play.office.home)
        self.up = Process("up", words, env, play.folder / "up.log")
        self._api = Api(port)
        self.held = self._running = False
        self._looked, self._runs = 0.0, list[dict[str, Any]]()

    def tend(self) -> None:
        self.up.tend()
        if time.monotonic() - self._looked > 1.0:
            self._looked, self._running = time.monotonic(), False
            with suppress(OSError, ValueError, KeyError):
                self._ask_for_the_month()

    def _ask_for_the_month(self) -> None:
        made = self._api.ask("/deployments/name/monthly-review/office")
        runs = self._api.ask("/flow_runs/filter", {"sort": "EXPECTED_START_TIME_DESC"})
        self._runs = mine = [run for run in runs if run["deployment_id"] == made["id"]]
        if any(run["state_type"] == "COMPLETED" and not _stood_back(run) for run in mine):
            self.held = True
        elif all(run["state_type"] in OVER or _stood_back(run) for run in mine):
            said = {"parameters": {"period": PERIOD, "mode": "send"}}
            self._api.ask(f"/deployments/{made['id']}/create_flow_run", said)
        self._running = any(run["state_type"] == "RUNNING" for run in mine)

    def at_work(self) -> bool:
        """A run says so, and its process is there: one that was killed goes on saying so."""
        return self._running and "flow" in self.victims()

    def victims(self) -> dict[str, Callable[[], bool]]:
        found: dict[str, Callable[[], bool]] = {"up": self._kill_up}
        children = children_of(self.up.pid) if self.up.running else {}
        for name, patterns in PATTERNS.items():
            pids = [pid for pid, said in children.items() if any(one in said for one in patterns)]
            if pids:
                found[name] = lambda pids=pids: _kill_all(pids)
        return found

    def _kill_up(self) -> bool:
        """It alone: the system ends its children, as a power cut would not."""
        return self.up.running and _kill_all([self.up.pid])

    def last_words(self) -> str:
        runs = [(run["name"], run["state_name"], run["start_time"]) for run in self._runs]
        return f"{runs} {self.up.log.read_text()[-1500:]}"


def _stood_back(run: dict[str, Any]) -> bool:
    """Ended well because another run was at work on the period."""
    return run["state_type"] == "COMPLETED" and bool((run["state"] or {}).get("message"))


def _kill_all(pids: Sequence[int]) -> bool:
    killed = False
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed = True
    return killed
