"""The processes of `tdkt up`: Prefect's server, a worker, and what both need to find the office.

    with serving(office, Door("127.0.0.1", 4200)) as desk:
        desk.keep_running()        until a signal; a worker that dies is started again, and said

Whatever is started here ends with it: on the signal, or, on Linux, when this process is killed.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click

from tasks.office import Office

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"https?://(\[[0-9a-f:]+\]|[^/?#@:\[\]\s]+)(:\d+)?(?=[/?#]|$)")
SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",  # a step finds its place in the book, nowhere else
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",  # older than 90 days
    # Twenty changes of task runs in one statement: a run costs the server 17 ms, one by one 44.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "20",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "20",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
}
DEFAULTS = {"PREFECT_WORKER_QUERY_SECONDS": "5"}
SECONDS_TO_START, SECONDS_TO_END = 300, 20
RUNS_AT_ONCE = 4
SERVER = ("cli.prefect_server", "server", "start")
WORKER = ("worker", "start", "--pool", "office", "--type", "process")
LOG_MOST, LAST_WORDS = 5 << 20, 20_000
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True, slots=True)
class Door:
    """Where the screen is served."""

    host: str
    port: int

    @property
    def near(self) -> str:
        """The address to ask from this machine."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    @property
    def screen(self) -> str:
        return f"http://{f'[{self.near}]' if ':' in self.near else self.near}:{self.port}"

    def origins(self, told: Iterable[str]) -> tuple[str, ...]:
        """Whose pages may ask the server: its own, by each name that this machine has here, and by
        the addresses that the office has told."""
        here = f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}"
        found = (ADDRESS.match(one.lower()) for one in told)
        theirs = (one[0] for one in found if one)
        return tuple(dict.fromkeys((self.screen.lower(), *here, *theirs)))

    def hosts(self, told: Iterable[str]) -> tuple[str, ...]:
        """The names by which the server may be asked: those of its origins. None, which is any,
        where other machines come to it by names of theirs: there it wants a password."""
        if not _is_of_this_machine(self.host):
            return ()
        names = (urlsplit(one).hostname or "" for one in self.origins(told))
        return tuple(dict.fromkeys((*names, "::1")))

    @property
    def taken(self) -> bool:
        try:
            with socket.create_connection((self.near, self.port), timeout=2):
                return True
        except OSError:
            return False


def _is_of_this_machine(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass
class Process:
    """One of the processes, with the log that says why it ended."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def ended(self) -> bool:
        return self.popen.poll() is not None

    def end(self) -> None:
        """By its own id: asked first, then made to."""
        if not self.ended:
            os.killpg(self.popen.pid, signal.SIGTERM)
            try:
                self.popen.wait(timeout=SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()

    def last_words(self) -> str:
        """What it said at last, without the traceback: that stays in its log."""
        if not self.log.is_file():
            return ""
        lines = self.log.read_text(errors="replace")[-LAST_WORDS:].splitlines()
        said = [one for one in lines if one.strip() and not one.startswith((" ", "Traceback"))]
        return "\n".join(said[-3:])


@dataclass
class Desk:
    """The server and the worker at work."""

    office: Office
    door: Door
    env: dict[str, str]
    say: Callable[[str], None]
    order: Callable[[], None]
    stopping: Callable[[], bool]
    processes: list[Process] = field(default_factory=list)

    def start(self, name: str, *words: str) -> Process:
        log = self.office.folder / "prefect" / f"{name}.log"
        started = Process(name, _started(self.env, log, *words), log)
        self.processes.append(started)
        return started

    def start_worker(self) -> Process:
        limit = ("--limit", str(RUNS_AT_ONCE))
        return self.start("worker", "prefect", *WORKER, *limit)

    def wait_until_healthy(self, server: Process) -> None:
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and not self.stopping():
            if server.ended:
                why = _ended_by_itself("Máy chủ Prefect", server)
                raise click.ClickException(f"{why}\n{server.last_words()}")
            try:
                with urllib.request.urlopen(f"{self.door.screen}/api/health", timeout=2):
                    return
            except urllib.error.HTTPError:
                return  # it answers, and asks for the password
            except OSError:
                time.sleep(0.25)
        if not self.stopping():
            raise click.ClickException(
                f"Máy chủ Prefect không trả lời sau {SECONDS_TO_START} giây; nhật ký: {server.log}"
            )

    def keep_running(self, minute: Callable[[], None]) -> None:
        """Until it is to stop; `minute` is called once a minute. Raises ClickException if the
        server ends by itself."""
        next_minute = time.monotonic() + 60
        while not self.stopping():
            server, worker = self.processes[0], self.processes[-1]
            if server.ended:
                raise click.ClickException(_ended_by_itself("Máy chủ Prefect", server))
            if worker.ended:
                self.say(_ended_by_itself("Tiến trình chạy việc (worker)", worker))
                self.processes.remove(worker)
                self.order()
                self.start_worker()
                self.say("Đã mở lại tiến trình chạy việc.")
            if time.monotonic() >= next_minute:
                next_minute = time.monotonic() + 60
                minute()
            time.sleep(0.5)


def _ended_by_itself(what: str, process: Process) -> str:
    return f"{what} tự dừng (mã {process.popen.returncode}); nhật ký: {process.log}"


@contextmanager
def serving(
    office: Office,
    door: Door,
    say: Callable[[str], None],
    prepare: Callable[[], Callable[[], None]],
    order: Callable[[], None],
    stopping: Callable[[], bool],
) -> Iterator[Desk]:
    """A server with its deployments, put in order, and a worker; all of them end with the block.
    `prepare` is called while the server comes up, and returns what registers the deployments."""
    desk = Desk(office, door, environment(office, door), say, order, stopping)
    (office.folder / "prefect").mkdir(parents=True, exist_ok=True)
    try:
        where = ("--host", door.host, "--port", str(door.port))
        server = desk.start("server", *SERVER, *where)
        register = prepare()
        desk.wait_until_healthy(server)
        for step in (register, order, desk.start_worker):
            if not stopping():
                step()
        yield desk
    finally:
        for process in reversed(desk.processes):
            process.end()


def environment(office: Office, door: Door) -> dict[str, str]:
    """What the server, the worker and the flows it starts need to find this office. One password
    for both sides, where one is set. Raises OfficeMissing or SettingsError."""
    told = [os.environ.get(name, "") for name in ("PREFECT_SERVER_UI_API_URL", "TDKT_SCREEN")]
    told.append(office.settings.desk.screen)
    env = {
        **DEFAULTS,
        **os.environ,
        **SETTINGS,
        "TDKT_HOME": office.home,
        "TDKT_LANG": office.settings.lang,
        "TDKT_SCREEN": os.environ.get("TDKT_SCREEN") or door.screen,
        "PREFECT_HOME": str(office.folder / "prefect"),
        "PREFECT_API_URL": f"{door.screen}/api",
        "PYTHONPATH": str(ROOT),
        # Prefect lets the pages of any site that is open in a browser here ask it, and answers.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ",".join(door.origins(told)),
        "TDKT_SCREEN_HOSTS": " ".join(door.hosts(told)),
    }
    password = env.get("PREFECT_SERVER_API_AUTH_STRING")
    if password:
        env["PREFECT_API_AUTH_STRING"] = password
        env["PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED"] = "true"
    return env


def _started(env: dict[str, str], log: Path, *words: str) -> subprocess.Popen[bytes]:
    """`python -m` these words."""
    if log.is_file() and log.stat().st_size > LOG_MOST:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            env=env,
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_ends_with_parent if sys.platform == "linux" else None,
        )


def _ends_with_parent() -> None:
    """In the child: the system asks it to end when `tdkt up` is killed and cannot."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
