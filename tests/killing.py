"""Commands killed at a chosen moment of their work: each in a process of its own, by SIGKILL.

    with Killer(folder) as killer:
        killer.moments("backup", "t10.tdkt")            -> ["write …", "commit", "rename …", …]
        killer.run("backup", "t10.tdkt", die_at=7)      -> None: it was killed before its 7th step
        killer.run("backup", "t10.tdkt")                -> 0, the exit code

A moment is where a kill can tell: before a commit, and before a file below `folder` is written,
renamed, linked or removed. The program is loaded once, in a process that lies ready, and each
command is a fork of that.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent
CHANGES = {"os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir"}
WRITES = os.O_WRONLY | os.O_RDWR


@dataclass
class Killer:
    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    _ready: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._ready = subprocess.Popen(
            [sys.executable, "-m", "tests.killing", str(self.folder)],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __exit__(
        self, _k: type[BaseException] | None, _w: BaseException | None, _t: TracebackType | None
    ) -> None:
        assert self._ready is not None
        self._ready.communicate()

    def moments(self, *words: str) -> list[str]:
        """It is carried out, to its end."""
        told = self._asked(words, 0)
        assert told["code"] in (0, 1), told
        return list(told["moments"])

    def run(self, *words: str, die_at: int = 0) -> int | None:
        """The exit code, or None if it was killed."""
        told = self._asked(words, die_at)
        assert told["code"] != 3, told
        return None if told["code"] == -signal.SIGKILL else int(told["code"])

    @property
    def said(self) -> str:
        """What the last command said."""
        return (self.folder / ".said").read_text(errors="replace")

    def _asked(self, words: tuple[str, ...], die_at: int) -> dict[str, Any]:
        assert self._ready is not None and self._ready.stdin and self._ready.stdout
        env = {k: v for k, v in {**os.environ, **self.env}.items() if k.startswith("TDKT_")}
        line = json.dumps({"words": words, "die_at": die_at, "env": env})
        self._ready.stdin.write(f"{line}\n")
        self._ready.stdin.flush()
        told: dict[str, Any] = json.loads(self._ready.stdout.readline())
        return told


def main(folder: Path) -> None:
    """In the process that lies ready."""
    import tasks.archive
    import tasks.backup
    import tasks.erase_person
    import tasks.restore
    import tasks.seals
    import tasks.slips  # noqa: F401
    from cli.main import main as tdkt

    seen = folder / ".moments"
    for line in sys.stdin:
        asked = json.loads(line)
        seen.write_text("")
        child = os.fork()
        if not child:
            _carry_out(tdkt, folder, seen, asked)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps({"code": code, "moments": seen.read_text().splitlines()}), flush=True)


def _carry_out(
    tdkt: Callable[[list[str]], Any], folder: Path, seen: Path, asked: dict[str, Any]
) -> None:
    os.environ.update(asked["env"])
    number = os.open(seen, os.O_WRONLY | os.O_APPEND)
    os.dup2(os.open(folder / ".said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.dup2(1, 2)
    count = 0

    def moment(name: str) -> None:
        nonlocal count
        count += 1
        os.write(number, f"{name}\n".encode())
        if count == asked["die_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    def look(event: str, given: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = given
            if not flags & WRITES or not str(path).startswith(str(folder)):
                return
        elif event not in CHANGES:
            return
        moment(f"{event} {Path(os.fsdecode(given[0])).name if given else ''}")

    from sqlalchemy import Engine, event

    event.listen(Engine, "commit", lambda _conn: moment("commit"))
    sys.addaudithook(look)
    code = 3
    with contextlib.suppress(BaseException):
        try:
            code = int(tdkt(asked["words"]) or 0)
        except SystemExit as ended:
            code = int(ended.code or 0)
        moment("end")
    os._exit(code)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
