"""The month under a real Prefect server: an operator's own, in Chromium; and as a flow elsewhere.

TDKT_PICTURES=docs/screens keeps what the operator sees for the manual (make pictures).
TDKT_DESK_ON=postgresql puts the office's book and Prefect's own on PostgreSQL (make soak).
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from channels.capture import CaptureServer, Faults
from flows.catching_up import missed
from flows.cycle import review_cycle
from flows.deploying import deployments, register
from flows.ordering import end_orphans
from review.alarms import AlarmKind
from review.post import LetterKind, LetterState
from tasks.roster import roster_in
from tdkt_models.beats import beat
from tdkt_models.held_periods import keep_held
from tdkt_models.letter_ledger import counts
from tdkt_models.period_locks import holder
from tests import test_two_machines as two_machines
from tests.desk_month import PICTURES, DeskOffice, Up, holds_a_month
from tests.desk_screen import ENDS, PATIENCE, Api, chromium
from tests.postgres import Postgres
from tests.prefect_pattern import begin_from, keep_as
from tests.province import furnished, surroundings
from tests.small_office import Corner, small_office
from tests.two_workers import begin, two_workers

ROOT = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, prefect_pattern: Path
) -> Iterator[tuple[DeskOffice, Up]]:
    """`tdkt up` on a real office, ended again by its id."""
    url, more = "", {}
    if os.environ.get("TDKT_DESK_ON") == "postgresql":
        databases: Postgres = request.getfixturevalue("postgres")
        url, own = databases.new_database(), databases.new_database()
        more = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": own.replace("+psycopg", "+asyncpg")}
    with DeskOffice.opened(tmp_path_factory.mktemp("desk"), url) as office:
        own_home = office.office.folder / "prefect"
        begin_from(prefect_pattern, own_home)
        with office.served(free_port(), **more) as up:
            keep_as(prefect_pattern, own_home)
            yield office, up


@pytest.fixture(scope="module")
def server(desk: tuple[DeskOffice, Up]) -> Api:
    return Api(desk[1].address)


def test_a_machine_that_was_off_makes_up_for_each_review_once_in_order(
    server: Api, tmp_path: Path
) -> None:
    """From July to November: by the schedules that stand on the server, and not what was held."""
    corner = small_office(tmp_path, units=("SYT",))
    office, stamp = corner.occasion.office, corner.occasion.stamp
    zone = office.settings.zone
    off, on = datetime(2026, 7, 1, tzinfo=zone), datetime(2026, 11, 20, tzinfo=zone)
    with office.book() as book, book.writing() as conn:
        beat(conn, off, stamp, timedelta(hours=1))
        assert beat(conn, on, stamp, timedelta(hours=1))
        keep_held(
            conn, "2026-07", sent=True, stamp=replace(stamp, at=datetime(2026, 9, 1, tzinfo=UTC))
        )
    with temporary_settings({PREFECT_API_URL: f"{server.address}/api"}):
        owed = missed(office, on)
    assert [str(due.period) for due in owed] == [
        "2026-06", "2026-Q2", "2026-08", "2026-09", "2026-Q3", "2026-10"
    ]  # fmt: skip
    assert owed[0].at == datetime(2026, 7, 12, 6, tzinfo=zone)


def test_a_month_by_deployment(desk: tuple[DeskOffice, Up], server: Api) -> None:
    office = desk[0]
    period = office.corner.occasion.period
    office.reports_come(period)
    done = server.run("monthly-review", period=str(period), mode="send")
    assert done["state_type"] == "COMPLETED", done["state"]
    assert "Số liệu khớp" in server.ask(f"/artifacts/tinh-hinh-{period}/latest")["data"]
    told = str(server.ask("/artifacts/filter", {}))
    with office.office.book() as book, book.reading() as conn:
        people = roster_in(conn).cadres
    assert people
    for person in people:
        assert person.code not in told, "nobody's own result is shown on the screen"


@pytest.mark.skipif(chromium() is None, reason="there is no Chromium here")
@pytest.mark.skipif(
    not {"TDKT_DESK_ON", "TDKT_PICTURES"} & os.environ.keys(),
    reason="some minutes: make pictures on SQLite, make soak on PostgreSQL",
)
def test_an_operators_month(desk: tuple[DeskOffice, Up], tmp_path: Path) -> None:
    pictures = Path(os.environ.get("TDKT_PICTURES") or tmp_path)
    holds_a_month(*desk, pictures)
    assert {path.stem for path in pictures.glob("*.png")} == set(PICTURES)


@pytest.fixture(scope="module")
def gone_wrong(desk: tuple[DeskOffice, Up], server: Api) -> Iterator[dict[AlarmKind, str]]:
    """A run that no worker takes, one that says it is at work for eight hours, one that crashes:
    the last starts the watch, by the server's own event (its schedule would come minutes later)."""
    server.ask("/work_pools/", {"name": "khong-ai", "type": "process"})
    flow = server.deployment("remind")
    aside = {"name": "khong-ai", "flow_id": flow["flow_id"], "work_pool_name": "khong-ai"}
    made = server.ask("/deployments/", aside | {"entrypoint": flow["entrypoint"]})["id"]
    due = (datetime.now(UTC) - timedelta(minutes=40)).isoformat()
    wanted = {"state": {"type": "SCHEDULED", "state_details": {"scheduled_time": due}}}
    late = server.ask(f"/deployments/{made}/create_flow_run", wanted)["id"]
    server.until(late, "Late")
    hanging, before = server.running("remind"), {run["id"] for run in server.runs("watch")}
    own = desk[0].office.folder / "prefect" / "prefect.db"
    if own.is_file():  # on PostgreSQL nobody puts the clock back
        with closing(sqlite3.connect(own, timeout=60)) as book, book:
            earlier = "update flow_run set start_time = datetime('now', '-8 hours') where id = ?"
            assert book.execute(earlier, [hanging]).rowcount == 1
    crashed = server.running("remind")
    server.ask(f"/flow_runs/{crashed}/set_state", {"state": {"type": "CRASHED"}, "force": True})
    watch = server.another("watch", than=before)
    assert server.until(watch["id"], *ENDS)["state_type"] == "COMPLETED"
    yield {AlarmKind.LATE: late, AlarmKind.STUCK: hanging, AlarmKind.CRASHED: crashed}
    for run in (late, hanging):
        server.ask(f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLED"}, "force": True})


def test_a_run_that_crashes_is_watched_at_once(
    desk: tuple[DeskOffice, Up], gone_wrong: dict[AlarmKind, str]
) -> None:
    assert desk[0].told_of(AlarmKind.CRASHED, gone_wrong[AlarmKind.CRASHED])
    assert desk[0].letters(LetterKind.DESK_ALARM)


def test_a_run_that_no_worker_takes_is_late_and_the_office_told(
    desk: tuple[DeskOffice, Up], gone_wrong: dict[AlarmKind, str]
) -> None:
    assert desk[0].told_of(AlarmKind.LATE, gone_wrong[AlarmKind.LATE])


@pytest.mark.skipif("TDKT_DESK_ON" in os.environ, reason="the hours are put into SQLite by hand")
def test_a_run_that_hangs_is_told(
    desk: tuple[DeskOffice, Up], gone_wrong: dict[AlarmKind, str]
) -> None:
    assert desk[0].told_of(AlarmKind.STUCK, gone_wrong[AlarmKind.STUCK])


def test_every_deployment_is_registered_in_the_office_time_zone(server: Api) -> None:
    found = server.ask("/deployments/filter", {})
    found = [one for one in found if one["name"] != "khong-ai"]  # a test's own
    assert {d["name"] for d in found} == {"office"} and len(found) >= 3
    zones = {s["schedule"]["timezone"] for d in found for s in d["schedules"]}
    assert zones == {"Asia/Ho_Chi_Minh"}


def test_what_has_not_changed_is_left_as_it_stands(server: Api) -> None:
    """A schedule that was switched off on the screen stays off, also when its flow has changed."""
    flow = server.deployment("remind")
    schedule = f"/deployments/{flow['id']}/schedules/{flow['schedules'][0]['id']}"
    server.ask(schedule, {"active": False}, "PATCH")
    asked = deployments("vi")
    changed = tuple(
        replace(one, asked={**one.asked, "tags": ["khac"]}) if one.flow == "remind" else one
        for one in asked
    )
    at = {PREFECT_API_URL: f"{server.address}/api"}
    with temporary_settings(at), get_client(sync_client=True) as told:
        assert register(told, asked) == ()
        assert register(told, changed) == ("remind",)
        assert register(told, asked) == ("remind",)
        again = server.deployment("remind")
        assert [one["active"] for one in again["schedules"]] == [False]
        assert again["version"] == flow["version"] and again["tags"] == flow["tags"]
    schedule = f"/deployments/{flow['id']}/schedules/{again['schedules'][0]['id']}"
    server.ask(schedule, {"active": True}, "PATCH")


def test_the_server_makes_the_runs_that_the_schedules_want(server: Api) -> None:
    """SQLAlchemy 2.1 under Prefect 3.8 made none, and only the server's own log said so."""
    server.ask(f"/deployments/{server.deployment('monthly-review')['id']}/schedule", {})
    coming = server.runs("monthly-review", "Scheduled")
    assert coming and all(one["auto_scheduled"] for one in coming)


def test_a_run_whose_process_is_gone_is_ended_though_it_held_nothing(
    desk: tuple[DeskOffice, Up], server: Api
) -> None:
    """Killed before its first sign of life: else it is "running" for ever."""
    gone, alive = server.running("remind"), server.running("remind")
    for run, process in ((gone, 4_194_303), (alive, os.getpid())):
        server.ask(f"/flow_runs/{run}", {"infrastructure_pid": str(process)}, "PATCH")
    at = {PREFECT_API_URL: f"{server.address}/api"}
    with temporary_settings(at), get_client(sync_client=True) as told:
        ended = [str(run.id) for run in end_orphans(desk[0].office, told, alone=True)]
    assert gone in ended and alive not in ended
    assert server.ask(f"/flow_runs/{gone}")["state_type"] == "CRASHED"
    server.ask(f"/flow_runs/{alive}/set_state", {"state": {"type": "CANCELLED"}, "force": True})


def test_nobody_was_refused_prefects_own_book(desk: tuple[DeskOffice, Up]) -> None:
    """On SQLite its writers take their turn (docs/decisions/0021): said in the server's own log."""
    log = desk[0].office.folder / "prefect" / "server.log"
    assert "database is locked" not in log.read_text(errors="replace")


def test_a_wrong_period_is_refused_before_anything_runs(server: Api) -> None:
    with pytest.raises(urllib.error.HTTPError):
        server.begin("monthly-review", period="2026-13")


@pytest.mark.skipif(
    "TDKT_DESK_ON" not in os.environ, reason="in make soak; on PostgreSQL and Dask below"
)
def test_the_same_month_on_postgresql(server: Api, tmp_path: Path, postgres: Postgres) -> None:
    with surroundings(TDKT_DATABASE_URL=postgres.new_database()):
        occasion, _ = furnished(tmp_path / "office")
        code = "from flows.reviews import monthly_review as m; m(period='2026-10', mode='send')"
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={
                **os.environ,
                "TDKT_HOME": occasion.office.home,
                "PREFECT_API_URL": f"{server.address}/api",
            },
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
    server: Api, tmp_path: Path, postgres: Postgres, held_digest: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.cluster_month", str(tmp_path / "office")],
        cwd=ROOT,
        env={
            **os.environ,
            "TDKT_DATABASE_URL": postgres.new_database(),
            "PREFECT_API_URL": f"{server.address}/api",
        },
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {"clustered": True, "digest": held_digest}


def test_a_cluster_that_is_not_there_or_goes_away_is_said_in_words(server: Api) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.lost_cluster"],
        cwd=ROOT,
        env={**os.environ, "PREFECT_API_URL": f"{server.address}/api"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert "Không nối được tới cụm máy tcp://127.0.0.1:" in told["absent"]
    assert "[work] cluster" in told["absent"], "what to mend"
    assert "cụm máy tcp://127.0.0.1: bộ điều phối" in told["wrong"], "an address without a port"
    assert "Cụm máy đang làm thì mất" in told["lost"]


def test_the_same_month_by_two_workers_and_postgresql(
    server: Api, tmp_path: Path, postgres: Postgres
) -> None:
    """Both are given the month: one does it, the other is told; the book is that of one on SQLite,
    and each file and letter is there once."""
    with surroundings(TDKT_DATABASE_URL=""):
        alone = two_machines.furnished(tmp_path / "alone")
        review_cycle(replace(alone.occasion, now=datetime.now(UTC)), send=True)
        calm = two_machines.digest(alone)
    slow = Faults(slow_seconds=3.0)  # the first is still sending when the second comes
    with (
        surroundings(TDKT_DATABASE_URL=postgres.new_database()),
        CaptureServer(tmp_path / "mail", faults=slow) as mail,
    ):
        corner = two_machines.furnished(tmp_path / "two")
        period, home = corner.occasion.period_text, corner.occasion.office.home
        env = {**os.environ, "TDKT_HOME": home, "TDKT_SMTP_URL": f"smtp://{mail.host}:{mail.port}"}
        with two_workers(server, env) as deployment:
            first = begin(server, deployment, period)
            held_by(corner, first)
            second = server.until(begin(server, deployment, period), *ENDS)
            mail.keeper.faults = Faults()
            done = server.until(first, *ENDS)
        assert (second["state_type"], done["state_type"]) == ("COMPLETED", "COMPLETED")
        assert "đang có lượt khác làm việc" in second["state"]["message"]
        assert not done["state"]["message"]
        assert two_machines.digest(corner) == calm
        two_machines.each_was_written_once(corner)
        sent = Counter(path.name.rpartition("-")[2] for path in (tmp_path / "mail").glob("*.eml"))
        assert sent and set(sent.values()) == {1}


def held_by(corner: Corner, run: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with corner.occasion.office.book() as book, book.reading() as conn:
            held = holder(conn, corner.occasion.period_text)
        if held and held.worker.run == run:
            return
        time.sleep(0.1)
    raise AssertionError(f"{run} never held the period")
