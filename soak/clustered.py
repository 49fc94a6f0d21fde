"""A month on a Dask cluster: the flow's batches are done by two workers, all of them victims.

clustered_cycle(stage, "d3", kills=17, rng, gap)

Prefect's server, the scheduler and the workers are processes of their own, as on several machines;
the book and Prefect's own are on PostgreSQL. The flow finds the cluster by its setting.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from soak.api import Api, free_port
from soak.cycles import Cycle, Way, through
from soak.harasser import Harasser
from soak.processes import Process, python
from soak.servers import Postgres
from soak.stage import PERIOD, Play, Stage

WORKERS = 2


def clustered_cycle(stage: Stage, name: str, kills: int, rng: random.Random, gap: float) -> Cycle:
    assert stage.postgres, "machines that work together keep their book on PostgreSQL"
    postgres = stage.postgres

    def way(play: Play) -> Way:
        cluster = Cluster(play, postgres, rng)
        return Way(
            (cluster,), cluster.victims, lambda: cluster.flow.ended_well, lambda: cluster.ready,
            cluster.end, cluster.last_words,
        )  # fmt: skip

    return through(stage, name, Harasser(rng, kills, gap), way, served=True)


class Cluster:
    """Prefect's server, a scheduler, two workers, and the flow once these can be reached."""

    def __init__(self, play: Play, postgres: Postgres, rng: random.Random) -> None:
        self._rng, self._api, port = rng, Api(free_port()), free_port()
        address, folder = f"tcp://127.0.0.1:{port}", play.folder
        postgres.database("prefect")
        env = {
            **play.env,
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": self._api.url,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": postgres.url("prefect", "asyncpg"),
            "PREFECT_LOGGING_LEVEL": "WARNING",
            "TDKT_CLUSTER": address,
        }
        serve = ("-m", "cli.prefect_server", "server", "start", "--port", str(self._api.port))
        self.server = Process("server", python(*serve), env, folder / "server.out")
        dask, here = ("-m", "dask"), ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
        schedule = python(*dask, "scheduler", *here, "--port", str(port))
        self.scheduler = Process("scheduler", schedule, env, folder / "scheduler.out")
        work = ("worker", address, *here, "--no-nanny", "--nthreads", "1")
        scratch = ("--local-directory", str(folder))
        self.workers = [
            Process("dask", python(*dask, *work, *scratch), env, folder / f"worker{n}.out")
            for n in range(WORKERS)
        ]
        month = python("-m", "soak.month", PERIOD)
        self.flow = Process("flow", month, env, folder / "flow.out", until=(0,))
        self.ready = False

    def tend(self) -> None:
        for one in (self.server, self.scheduler, *self.workers):
            one.tend()
        self.ready = self.ready or self._api.healthy
        if self.ready:
            self.flow.tend()

    def victims(self) -> dict[str, Callable[[], bool]]:
        return {
            "flow": self.flow.kill,
            "dask": lambda: self._rng.choice(self.workers).kill(),
            "scheduler": self.scheduler.kill,
            "server": self.server.kill,
        }

    def end(self) -> None:
        for one in (self.flow, *self.workers, self.scheduler, self.server):
            one.end()

    def last_words(self) -> str:
        return self.flow.log.read_text()[-1500:]
