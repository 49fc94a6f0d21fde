"""One cycle: a month held while its processes are killed at random, until it is done.

    plain_cycle(stage, "c7", kills=8, rng)      a review and two posters beside it, no server
    served_cycle(stage, "s3", kills=6, rng)     by deployment: `tdkt up`, server, worker, flow

Whoever is killed is started again at once, as systemd does; a flow run that came to nothing is
started anew. A Dask worker will be one more victim of `served_cycle`: a name for `_victims`, and a
pattern of its command line in PATTERNS.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from soak.processes import Process, children_of, python
from soak.servers import Postgres
from soak.stage import PERIOD, Play, Stage
from soak.verdict import verdict

PATIENCE = 1800.0  # seconds for one cycle, on a machine that others use
LOOK = 0.05
OFTEN = 0.6  # of an undisturbed month: the longest time between two kills, if none is given
PATTERNS = {  # what a child of `tdkt up` is known by
    "flow": ("flow_engine", "flow-run execute", "prefect.engine"),
    "worker": ("worker start",),
    "server": ("server start", "uvicorn"),
}
WEIGHTS = {"flow": 5, "poster": 2, "relay": 1, "postgres": 2, "server": 2, "worker": 2, "up": 1}


@dataclass
class Cycle:
    """What was done to it and what came of it; `faults` must be empty."""

    name: str
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    in_doubt: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Harasser:
    """Kills somebody now and then: `gap` seconds at most between two of them."""

    rng: random.Random
    kills: int
    gap: float
    done: Counter[str] = field(default_factory=Counter)
    _next: float = 0.0

    def strike(self, victims: dict[str, Callable[[], bool]]) -> None:
        now = time.monotonic()
        if not self._next:
            self._next = now + self.rng.uniform(0.3, self.gap)
        if now < self._next or self.done.total() >= self.kills or not victims:
            return
        names = sorted(victims)
        (name,) = self.rng.choices(names, [WEIGHTS[one] for one in names])
        if victims[name]():
            self.done[name] += 1
            self._next = now + self.rng.uniform(0.3, self.gap)


def plain_cycle(stage: Stage, name: str, kills: int, rng: random.Random, gap: float) -> Cycle:
    cycle, began = Cycle(name), time.monotonic()
    calm = stage.undisturbed()
    with stage.copy(name) as play:
        review, posters = play.review(), [play.poster(1), play.poster(2)]
        servers = [play.relay, *_given(stage.postgres)]
        harasser = Harasser(rng, kills, gap or stage.seconds * OFTEN)
        victims: dict[str, Callable[[], bool]] = {
            "flow": review.kill,
            "poster": lambda: rng.choice(posters).kill(),
            **{server.name: server.kill for server in servers},
        }
        try:
            while not review.ended_well and time.monotonic() - began < PATIENCE:
                for one in (*servers, review, *posters):
                    one.tend()
                harasser.strike(victims)
                time.sleep(LOOK)
        finally:
            for one in (review, *posters):
                one.end()
        if not review.ended_well:
            cycle.faults.append(f"the month did not end: {review.log.read_text()[-1500:]}")
        _judge(cycle, stage, play, harasser, calm)
    cycle.seconds = time.monotonic() - began
    return cycle


def served_cycle(stage: Stage, name: str, kills: int, rng: random.Random, gap: float) -> Cycle:
    cycle, began = Cycle(name), time.monotonic()
    assert stage.postgres, "a served soak keeps its books on PostgreSQL"
    calm = stage.undisturbed(served=True)
    with stage.copy(name) as play:
        desk = Served(play, stage.postgres)
        servers = [play.relay, stage.postgres]
        harasser = Harasser(rng, kills, gap or stage.seconds * OFTEN)
        try:
            while not desk.held and time.monotonic() - began < PATIENCE:
                for server in servers:
                    server.tend()
                desk.tend()
                if desk.began:  # while nothing has begun there is nobody to disturb
                    harasser.strike(desk.victims() | {one.name: one.kill for one in servers})
                time.sleep(LOOK)
        finally:
            desk.up.end()
        if not desk.held:
            cycle.faults.append(f"the month did not end: {desk.up.log.read_text()[-1500:]}")
        _judge(cycle, stage, play, harasser, calm)
    cycle.seconds = time.monotonic() - began
    return cycle


class Served:
    """`tdkt up` on an office, its month asked for until a run of it has ended well."""

    def __init__(self, play: Play, postgres: Postgres) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        env = {
            **play.env,
            "PREFECT_API_DATABASE_CONNECTION_URL": postgres.url("prefect", "asyncpg"),
            # No run by schedule: what is disturbed is one month, held once.
            "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
        }
        postgres.database("prefect")
        words = python("-m", "cli.main", "up", "--port", str(port), "--home", play.office.home)
        self.up = Process("up", words, env, play.folder / "up.log")
        self._api = f"http://127.0.0.1:{port}/api"
        self.began = self.held = False
        self._looked = 0.0

    def tend(self) -> None:
        self.up.tend()
        if time.monotonic() - self._looked > 1.0:
            self._looked = time.monotonic()
            with suppress(OSError, ValueError, KeyError):
                self._ask_for_the_month()

    def _ask_for_the_month(self) -> None:
        made = self._ask("/deployments/name/monthly-review/office")
        runs = self._ask("/flow_runs/filter", {"sort": "EXPECTED_START_TIME_DESC"})
        mine = [run for run in runs if run["deployment_id"] == made["id"]]
        over = ("FAILED", "CRASHED", "CANCELLED")
        if any(run["state_type"] == "COMPLETED" and not self._stood_back(run) for run in mine):
            self.held = True
        elif all(run["state_type"] in over or self._stood_back(run) for run in mine):
            said = {"parameters": {"period": PERIOD, "mode": "send"}}
            self._ask(f"/deployments/{made['id']}/create_flow_run", said)
        self.began = self.began or any(run["state_type"] == "RUNNING" for run in mine)

    @staticmethod
    def _stood_back(run: dict[str, Any]) -> bool:
        """Ended well because another run was at work on the period."""
        return run["state_type"] == "COMPLETED" and bool((run["state"] or {}).get("message"))

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._api + path, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

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


def _kill_all(pids: Sequence[int]) -> bool:
    killed = False
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed = True
    return killed


def _given(postgres: Postgres | None) -> list[Postgres]:
    return [postgres] if postgres else []


def _judge(cycle: Cycle, stage: Stage, play: Play, harasser: Harasser, calm: Any) -> None:
    for server in (play.relay, *_given(stage.postgres)):
        server.wait()
    cycle.kills = harasser.done
    cycle.in_doubt, faults = verdict(play, calm)
    cycle.faults += faults
    for log in sorted(play.folder.glob("*.log")):
        said = log.read_text(errors="replace")
        if "Traceback" in said:
            cycle.faults.append(f"{log.name}: {said[said.rindex('Traceback') :][:1500]}")
