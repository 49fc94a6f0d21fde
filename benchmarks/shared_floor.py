"""shared/floor's own script on its own workbooks, in the same run: the measure of our yardstick.

shared = SharedFloor.found()        -> None where the folder is not on this machine
shared.measured(1_000, processes=1, scratch)["wall"]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.data import DATA, HERE

PLACES = (HERE.parent.parent / "shared" / "floor", Path("/work/shared/floor"))


@dataclass(frozen=True, slots=True)
class SharedFloor:
    folder: Path

    @classmethod
    def found(cls) -> SharedFloor | None:
        there = (place for place in PLACES if (place / "floor.py").is_file())
        return next(map(cls, there), None)

    def files(self, units: int) -> list[Path]:
        """Its workbooks for so many units, made now if they are not kept."""
        data = self._data(units)
        if not (data / "truth.json").is_file():
            self._run("generate.py", "--units", str(units), "--out", str(data), "--procs", "2")
        return sorted(data.glob("*.xlsx"))

    def measured(self, units: int, processes: int, scratch: Path) -> dict[str, Any]:
        self.files(units)
        db, told = scratch / "shared.db", scratch / "shared.json"
        where = ["--src", str(self._data(units)), "--db", str(db), "--json", str(told)]
        self._run("floor.py", *where, "--procs", str(processes))
        answer = json.loads(told.read_text("utf-8"))
        return {"wall": answer["wall"], "stages": answer["stages"], "peak": answer["peak_mb"]}

    def _data(self, units: int) -> Path:
        return DATA / f"shared-{units}"

    def _run(self, script: str, *arguments: str) -> None:
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, str(self.folder / script), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
