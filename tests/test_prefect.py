"""The month under a real Prefect server: by deployment on SQLite, and as a flow on PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from review.post import LetterState
from tdkt_models.letters import counts
from tests.postgres import Postgres
from tests.province import furnished, surroundings

ROOT = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    def __init__(self, port: int, home: Path) -> None:
        self.url, self.home = f"http://127.0.0.1:{port}/api", home

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data=data, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def run(self, deployment: str, **parameters: str) -> Any:
        """Starts a deployment and waits for its end."""
        made = self.ask(f"/deployments/name/{deployment}")
        flow_run = self.ask(
            f"/deployments/{made['id']}/create_flow_run", {"parameters": parameters}
        )
        for _ in range(240):
            found = self.ask(f"/flow_runs/{flow_run['id']}")
            if found["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
                return found
            time.sleep(0.5)
        raise AssertionError("the run did not end within two minutes")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`tdkt up` on a furnished demo office, ended again by its id."""
    home = tmp_path_factory.mktemp("up") / "office"
    furnished(home)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "up", "--port", str(port), "--home", str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "Màn hình vận hành" in said, said + process.stdout.read()
        yield Server(port, home)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def test_every_deployment_is_registered_in_the_office_time_zone(server: Server) -> None:
    found = server.ask("/deployments/filter", {})
    assert {d["name"] for d in found} == {"office"} and len(found) >= 3
    zones = {s["schedule"]["timezone"] for d in found for s in d["schedules"]}
    assert zones == {"Asia/Ho_Chi_Minh"}


def test_a_month_by_deployment(server: Server) -> None:
    done = server.run("monthly-review/office", period="2026-10", mode="send")
    assert done["state_type"] == "COMPLETED", done["state"]
    artifacts = server.ask("/artifacts/filter", {})
    words = [a["data"] for a in artifacts if a["key"] == "tinh-hinh-2026-10"]
    assert words and "Đơn vị phải báo cáo | 60" in words[0] and "Số liệu khớp" in words[0]
    assert "03637-01" not in json.dumps(artifacts), "nobody's own result is shown on the screen"


def test_a_wrong_period_is_refused_before_anything_runs(server: Server) -> None:
    made = server.ask("/deployments/name/monthly-review/office")
    with pytest.raises(urllib.error.HTTPError):
        server.ask(
            f"/deployments/{made['id']}/create_flow_run", {"parameters": {"period": "2026-13"}}
        )


def test_the_same_month_on_postgresql(server: Server, tmp_path: Path, postgres: Postgres) -> None:
    with surroundings(TDKT_DATABASE_URL=postgres.new_database()):
        occasion, _ = furnished(tmp_path / "office")
        code = "from flows.reviews import monthly_review as m; m(period='2026-10', mode='send')"
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "TDKT_HOME": occasion.office.home, "PREFECT_API_URL": server.url},
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        with occasion.office.book() as book, book.reading() as conn:
            standing = counts(conn, "2026-10")
    assert standing[LetterState.SENT] > 100
    assert sum(standing.values()) == standing[LetterState.SENT]


def test_the_same_month_on_a_dask_cluster_and_postgresql(
    server: Server, tmp_path: Path, postgres: Postgres, held_digest: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.cluster_month", str(tmp_path / "office")],
        cwd=ROOT,
        env={
            **os.environ,
            "TDKT_DATABASE_URL": postgres.new_database(),
            "PREFECT_API_URL": server.url,
        },
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {"clustered": True, "digest": held_digest}
