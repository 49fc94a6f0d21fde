"""`tdkt up`: Prefect's server with its screen, a worker, and every deployment of prefect.yaml.

Everything runs on this machine, on loopback, and ends together with the command.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tasks.office import Office

ROOT = Path(__file__).resolve().parent.parent
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_CLI_PROMPT": "false",
}
SECONDS_TO_START = 90


@click.command()
@click.option("--port", default=4200, show_default=True, help="Cổng của màn hình Prefect.")
@click.option("--home", default=None, help="Thư mục văn phòng; mặc định TDKT_HOME.")
def up(port: int, home: str | None) -> None:
    """Mở màn hình Prefect, chạy lịch và mọi luồng công việc trên máy này. Ctrl-C để dừng tất cả."""
    office = Office.at(home)
    _ = office.settings  # an office that is not there is said before a server is started
    if taken(port):
        raise click.ClickException(
            f"Cổng {port} đang có chương trình khác dùng. "
            f"Hãy chọn cổng khác: tdkt up --port {port + 1}"
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with serving(office, port) as worker:
        click.echo(f"Màn hình vận hành: http://127.0.0.1:{port}   (Ctrl-C để dừng tất cả)")
        try:
            worker.wait()
        except KeyboardInterrupt:
            click.echo("Đang dừng …")


def taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def serving(office: Office, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server, its deployments and a worker; yields the worker, ends all three by their ids."""
    env = environment(office, port)
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(_prefect(env, "server", "start", "--host", "127.0.0.1", "--port", str(port)))
        wait_until_healthy(f"http://127.0.0.1:{port}/api/health", started[0])
        register(env)
        started.append(_prefect(env, "worker", "start", "--pool", "office", "--type", "process"))
        yield started[-1]
    finally:
        for process in reversed(started):
            end(process)


def environment(office: Office, port: int) -> dict[str, str]:
    """What the server, the worker and the flows it starts need to find this office."""
    return {
        **os.environ,
        **QUIET,
        "TDKT_HOME": office.home,
        "PREFECT_HOME": str(office.folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PYTHONPATH": str(ROOT),
    }


def register(env: dict[str, str]) -> None:
    """Makes the work pool and deploys everything in prefect.yaml."""
    for words in (
        ("work-pool", "create", "office", "--type", "process", "--overwrite"),
        ("--no-prompt", "deploy", "--all"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *words], env=env, cwd=ROOT, capture_output=True
        )
        if done.returncode:
            raise click.ClickException(
                "Không đăng ký được các luồng công việc:\n"
                + (done.stderr or done.stdout).decode(errors="replace")[-2000:]
            )


def wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(SECONDS_TO_START * 4):
        if server.poll() is not None:
            raise click.ClickException(f"Máy chủ Prefect tự dừng (mã {server.returncode}).")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    raise click.ClickException(f"Máy chủ Prefect không trả lời sau {SECONDS_TO_START} giây.")


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _prefect(env: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "prefect", *words],
        env=env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
