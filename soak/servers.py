"""A PostgreSQL and a relay that lose nothing when they are killed, each a process of its own.

with Postgres(folder) as postgres:      fsync on; kill() is kill -9 of the postmaster, tend() starts
    postgres.database("book")           -> an SQLAlchemy URL
with Relay(folder) as relay:            real SMTP on loopback; letters are on disk before the 250
    relay.url, relay.message_ids()
"""

from __future__ import annotations

import email
import email.policy
import os
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from soak.processes import Process, python
from tests.postgres import _binaries, _run, _unprivileged

SECONDS_TO_START = 60
SAFE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=60")


class _Server:
    """Started by tend(), killed at random, waited for when somebody needs it."""

    process: Process

    @property
    def name(self) -> str:
        return self.process.name

    @property
    def running(self) -> bool:
        return self.process.running

    def tend(self) -> None:
        self.process.tend()

    def kill(self) -> bool:
        return self.process.kill()

    def answers(self) -> bool:
        raise NotImplementedError

    def wait(self) -> None:
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            self.tend()
            if self.answers():
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} did not start: {self.process.log.read_text()[-2000:]}")

    def __enter__(self) -> Self:
        self.wait()
        return self

    def __exit__(
        self, _k: type[BaseException] | None, _w: BaseException | None, _t: TracebackType | None
    ) -> None:
        self.process.end()


class Postgres(_Server):
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._sockets, data, binaries = folder, folder / "data", _binaries()
        self._user = _unprivileged(folder)
        options = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        _run([binaries / "initdb", "-D", data, *options], self._user)
        flags = [flag for setting in SAFE for flag in ("-c", setting)]
        command = [str(binaries / "postgres"), "-D", str(data), "-k", str(folder), "-h", "", *flags]
        self.process = _AsUser("postgres", command, dict(os.environ), folder / "log", self._user)

    def answers(self) -> bool:
        try:
            psycopg.connect(self._conninfo, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def database(self, name: str, template: str = "") -> str:
        """Made anew, as a copy of another where one is named. By files, with a checkpoint: of
        a copy by its log PostgreSQL forgets in a crash how far its sequences had come."""
        self.wait()
        like = f" template {template} strategy file_copy" if template else ""
        with psycopg.connect(self._conninfo, autocommit=True) as conn:
            conn.execute(f"drop database if exists {name} with (force)".encode())
            conn.execute(f"create database {name}{like}".encode())
        return self.url(name)

    def url(self, name: str, driver: str = "psycopg") -> str:
        return f"postgresql+{driver}://postgres@/{name}?host={self._sockets}"

    @property
    def _conninfo(self) -> str:
        return f"host={self._sockets} user=postgres dbname=postgres"


class _AsUser(Process):
    """PostgreSQL does not run as root; its children go a moment after their postmaster."""

    def __init__(
        self, name: str, command: list[str], env: Mapping[str, str], log: Path, user: dict[str, Any]
    ) -> None:
        super().__init__(name, command, env, log)
        self._user = user

    def tend(self) -> None:
        if self.running or time.monotonic() < self._rest:
            return
        self._rest = time.monotonic() + 0.5
        self.started += 1
        with self.log.open("ab") as out:
            self._popen = subprocess.Popen(
                self.command, stdout=out, stderr=out, cwd=self.log.parent, **self._user,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> bool:
        if self._popen is None or not self.running:
            return False
        self._popen.kill()  # the postmaster alone: its children must find out by themselves
        self._popen.wait()
        return True


class Relay(_Server):
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self.folder, self.url = folder / "mail", f"smtp://127.0.0.1:{self._port}"
        command = python("-m", "soak.relay", str(self._port), str(self.folder))
        self.process = Process("relay", command, dict(os.environ), folder / "log")

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def message_ids(self) -> list[str]:
        return [_id_of(path) for path in sorted(self.folder.glob("*.eml"))]


def _id_of(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return str(message["Message-ID"])
