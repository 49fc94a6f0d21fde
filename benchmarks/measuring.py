"""Runs every measurement several times, turn about, each in a process of its own.

figures = measured(1_000, repeats=3, scratch)
figures.floor[2].wall           -> seconds, the quickest of three
figures.floor[2].middle         -> seconds, the median of three
figures.product[1].stages       -> {"collect": …, "validate": …, "score": …}

A neighbour on the same host only ever makes a run slower, and not each run as much: of several the
quickest is the nearest to what the program takes; the median, beside it, is what one may expect.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.cells import Cells, counted
from benchmarks.data import HERE, month_of
from benchmarks.shared_floor import SharedFloor

PROCESSES = (1, 2)
# Prefect's settings of the person at this machine must not decide what is measured.
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PYTHONUTF8": "1",
}

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """Of the quickest repeat: `wall` and `cpu` seconds, seconds by stage. Of all: `middle`, the
    median of the walls, `peak` MiB of the largest process, `spread`, the slowest over the
    quickest."""

    wall: float
    middle: float
    cpu: float
    peak: float
    stages: Mapping[str, float]
    spread: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All of one size. `shared` and `shared_cells` are None where shared/floor is not there;
    `floor`, `product`, `shared` by number of processes; `one_core` is the product with one desk,
    kept to one core as the yardstick's one process is; `month` the seconds by stage of the whole
    month called plainly."""

    units: int
    repeats: int
    cells: Cells
    bare: Figure
    checked: Figure
    floor: Mapping[int, Figure]
    product: Mapping[int, Figure]
    one_core: Figure
    plain: Figure
    flow: Figure
    back: Figure
    tasks: Figure
    month: Mapping[str, float]
    shared: Mapping[int, Figure] | None
    shared_cells: Cells | None


def measured(units: int, repeats: int, scratch: Path, tell: Tell = print) -> Figures:
    """Everything for so many units; `scratch` is a folder for databases and offices."""
    month, shared = month_of(units), SharedFloor.found()
    shared_files = shared.files(units) if shared else []
    taken: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for turn in range(repeats):
        tell(f"{units} units: round {turn + 1} of {repeats}")
        for kind, processes in _order(turn):
            answer = _once(kind, units, processes, scratch, turn)
            taken.setdefault((kind, processes), []).append(answer)
        for processes in PROCESSES if shared else ():
            answer = shared.measured(units, processes, scratch) if shared else {}
            taken.setdefault(("shared", processes), []).append(answer)
    tell(f"{units} units: with and without Prefect")
    ways = _child("benchmarks.orchestration", str(units), str(repeats), str(scratch))
    return Figures(
        units,
        repeats,
        counted(month.files),
        _figure(taken["bare", 1]),
        _figure(taken["checked", 1]),
        {n: _figure(taken["floor", n]) for n in PROCESSES},
        {n: _figure(taken["product", n]) for n in PROCESSES},
        _figure(taken["product_on_one_core", 1]),
        _figure([{"wall": seconds} for seconds in ways["plain"]]),
        _figure([{"wall": seconds} for seconds in ways["flow"]]),
        _figure([{"wall": seconds} for seconds in ways["back"]]),
        _figure([{"wall": seconds} for seconds in ways["tasks"]]),
        min(ways["stages"], key=lambda stages: sum(stages.values())),
        {n: _figure(taken["shared", n]) for n in PROCESSES} if shared else None,
        counted(shared_files) if shared else None,
    )


def _order(turn: int) -> list[tuple[str, int]]:
    """A and B side by side, and changing places, so that a busy neighbour hits both."""
    pairs = [
        ("bare", 1),
        ("checked", 1),
        ("floor", 1),
        ("product", 1),
        ("product_on_one_core", 1),
        ("floor", 2),
        ("product", 2),
    ]
    return pairs[::-1] if turn % 2 else pairs


def _once(kind: str, units: int, processes: int, scratch: Path, turn: int) -> dict[str, Any]:
    return _child("benchmarks.once", kind, *map(str, (units, processes, scratch, turn)))


def _child(module: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", module, *arguments]
    environment = os.environ | QUIET
    told = subprocess.run(
        command, cwd=HERE.parent, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return answer


def _figure(answers: list[dict[str, Any]]) -> Figure:
    walls = [answer["wall"] for answer in answers]
    quickest = min(answers, key=lambda answer: answer["wall"])
    return Figure(
        quickest["wall"],
        median(walls),
        quickest.get("cpu", 0.0),
        max(answer.get("peak", 0.0) for answer in answers),
        quickest.get("stages", {}),
        max(walls) / min(walls),
    )
