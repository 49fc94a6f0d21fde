"""A flow on a Dask cluster that is not there, or whose scheduler dies while it works.

    python -m tests.lost_cluster            prints how each flow run ended, as JSON

Prefect's server is that of the environment (PREFECT_API_URL).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial

from prefect import flow, task
from prefect.client.orchestration import get_client

from soak.api import free_port

HERE = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
DASK = (sys.executable, "-m", "dask")
NO_WAIT = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s"}


@task
def batch(number: int) -> int:
    time.sleep(60)
    return number


def lost(scheduler: int = 0) -> str:
    """The message of the state in which the run ended; `scheduler` is killed by its number."""
    from flows.runners import cluster_said_plainly, runner

    @flow(name="lost-cluster", task_runner=runner())
    def month() -> None:
        with cluster_said_plainly():
            futures = batch.map([1, 2])
            _wait_until_running()
            os.kill(scheduler, signal.SIGKILL)
            for future in futures:
                future.result()

    return str(month(return_state=True).message)


def _wait_until_running() -> None:
    with get_client(sync_client=True) as client:
        for _ in range(300):
            ours = (run for run in client.read_task_runs() if run.name.startswith("batch"))
            if any(run.state_name == "Running" for run in ours):
                return
            time.sleep(0.1)


def _wait_until_there(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)


def main() -> None:
    os.environ |= NO_WAIT
    os.environ["TDKT_CLUSTER"] = "tcp://127.0.0.1"
    wrong = lost()
    port = free_port()
    os.environ["TDKT_CLUSTER"] = address = f"tcp://127.0.0.1:{port}"
    quiet = partial(subprocess.Popen, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    absent = lost()
    scheduler = quiet([*DASK, "scheduler", *HERE, "--port", str(port)])
    _wait_until_there(port)
    worker = quiet([*DASK, "worker", address, *HERE, "--no-nanny", "--nthreads", "1"])
    try:
        print(json.dumps({"wrong": wrong, "absent": absent, "lost": lost(scheduler.pid)}))
    finally:
        for process in (worker, scheduler):
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
