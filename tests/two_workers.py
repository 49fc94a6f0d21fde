"""Two workers of one work pool, as on two machines, and a month that both are given at once.

with two_workers(server, env) as deployment:      the id of a monthly review that either may take
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.desk_screen import Api

ROOT = Path(__file__).resolve().parent.parent
POOL = "hai-may"
SECONDS_TO_END = 30


@contextmanager
def two_workers(server: Api, env: Mapping[str, str]) -> Iterator[str]:
    """Each takes one run at a time, so that two runs at once are two workers'."""
    server.ask("/work_pools/", {"name": POOL, "type": "process"})
    flow = server.deployment("monthly-review")
    made = {
        **{"name": POOL, "flow_id": flow["flow_id"], "entrypoint": flow["entrypoint"]},
        **{"work_pool_name": POOL, "path": str(ROOT), "job_variables": {"working_dir": str(ROOT)}},
    }
    deployment = str(server.ask("/deployments/", made)["id"])
    where = {"PREFECT_API_URL": f"{server.address}/api", "PREFECT_WORKER_QUERY_SECONDS": "1"}
    words = ["worker", "start", "--pool", POOL, "--type", "process", "--limit", "1", "--name"]
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "prefect", *words, name], cwd=ROOT, env={**env, **where}
        )
        for name in ("may-1", "may-2")
    ]
    try:
        yield deployment
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            _end(worker)


def _end(worker: subprocess.Popen[bytes]) -> None:
    """One that is still waiting for an answer of the server is not waited for."""
    try:
        worker.wait(timeout=SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def begin(server: Api, deployment: str, period: str) -> str:
    asked = {"parameters": {"period": period, "mode": "send"}}
    return str(server.ask(f"/deployments/{deployment}/create_flow_run", asked)["id"])
