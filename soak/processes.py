"""Processes of the soak: started, killed with all that they started, started again.

review = Process("flow", command, env, until=(0, 1))
review.tend()        starts it if it is not running and has not come to a good end
review.kill()        kill -9, the whole group
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_END = 20


def python(*words: str) -> list[str]:
    return [sys.executable, *words]


@dataclass
class Process:
    """`until` are the exit codes of a good end, after which it is not started again; () never."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    until: tuple[int, ...] = ()
    started: int = 0
    _popen: subprocess.Popen[bytes] | None = None
    _rest: float = field(default=0.0)

    @property
    def running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def ended_well(self) -> bool:
        return self._popen is not None and self._popen.poll() in self.until

    @property
    def pid(self) -> int:
        return self._popen.pid if self._popen else 0

    def tend(self) -> None:
        """What ended by itself and not well is given a moment before it is tried again."""
        if self.running or self.ended_well or time.monotonic() < self._rest:
            return
        self._rest = time.monotonic() + 1.0
        self.started += 1
        with self.log.open("ab") as out:
            self._popen = subprocess.Popen(
                self.command,
                env=dict(self.env),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> bool:
        """True if there was something to kill."""
        if self._popen is None or not self.running:
            return False
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        return True

    def end(self) -> None:
        if self._popen is not None and self.running:
            with suppress(ProcessLookupError):
                os.killpg(self._popen.pid, signal.SIGTERM)
            try:
                self._popen.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                self.kill()


def children_of(pid: int) -> dict[int, str]:
    """Every process below `pid`, with its command line."""
    parents: dict[int, list[int]] = {}
    said: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, IndexError):
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                parents.setdefault(int(stat[1]), []).append(int(folder.name))
                said[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    below, found = [pid], {}
    while below:
        for child in parents.get(below.pop(), ()):
            found[child] = said.get(child, "")
            below.append(child)
    return found
