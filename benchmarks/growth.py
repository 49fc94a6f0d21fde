"""`python -m benchmarks.growth`: does a unit cost at 10,000 what it costs at 1,000, and how much
memory? Writes benchmarks/GROWTH.md.

The whole month but the sending (roll, collect, check, score, plans, letters written), plain calls,
two processes, each size in a process of its own on a fresh SQLite book. The workbooks of 10,000
units are made once (some minutes, 550 MB in benchmarks/data/).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.__main__ import machine
from benchmarks.data import HERE

RESULTS = HERE / "GROWTH.md"
SIZES = (1_000, 10_000)
PROCESSES = 2
MOST_GROWTH, MOST_MEMORY, MOST_MIB = 1.10, 1.5, 2048
STAGES = ("call_roll", "collect", "validate", "score", "update_plans", "report")

HEAD = """\
# A month of ten thousand

Written by `python -m benchmarks.growth` (`make bench`); do not edit. {machine}

Wall clock and CPU of one unit, in milliseconds, roll to letters written, two processes. CPU is of
all processes of the run; peak is of the largest single one.

| | {sizes} | Growth | Wanted | |
| --- | {rules} ---: | ---: | --- |
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    began, neighbours = time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="tdkt-growth-") as scratch:
        found = {size: _month(size, scratch) for size in map(int, given.sizes.split(","))}
    page = written(found, machine(time.monotonic() - began, neighbours))
    given.out.write_text(page, "utf-8")
    print(page)


def _month(units: int, scratch: str) -> dict[str, Any]:
    _once("prepared", units, scratch)
    return _once("month", units, scratch)


def _once(kind: str, units: int, scratch: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.once", kind, str(units), str(PROCESSES), scratch]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    answer: dict[str, Any] = json.loads(told.splitlines()[-1])
    return answer


def written(found: Mapping[int, Mapping[str, Any]], on: str) -> str:
    """The page: a line a stage, then the whole, CPU, memory, the book."""
    small, large = found
    heads = " | ".join(f"{size:,} units" for size in found)
    lines = [HEAD.format(machine=on, sizes=heads, rules="---: | " * len(found)).rstrip() + "\n"]
    for name, values, most in _rows(found):
        growth = values[1] / values[0] if values[0] else 1.0
        shown = " | ".join(f"{value:,.2f}" for value in values)
        wanted = f"≤ {most:.2f}" if most else ""
        met = ("met" if growth <= most else "**not met**") if most else ""
        lines.append(f"| {name} | {shown} | {growth:.2f} | {wanted} | {met} |\n")
    peak = found[large]["peak"]
    kept = "met" if peak < MOST_MIB else "**not met**"
    lines.append(f"\nLargest process at {large:,}: {peak:,.0f} MiB, under {MOST_MIB:,} wanted: ")
    lines.append(f"{kept}. Everything at {large:,}: {found[large]['wall'] / 60:.1f} minutes, ")
    lines.append(f"at {small:,}: {found[small]['wall']:.0f} seconds.\n")
    return "".join(lines)


def _rows(
    found: Mapping[int, Mapping[str, Any]],
) -> list[tuple[str, list[float], float | None]]:
    def each(value: Any) -> list[float]:
        return [value(answer, units) for units, answer in found.items()]

    rows: list[tuple[str, list[float], float | None]] = [
        (stage, each(lambda a, n, stage=stage: 1000 * a["stages"][stage] / n), MOST_GROWTH)
        for stage in STAGES
    ]
    rows.append(("The whole, wall ms a unit", each(lambda a, n: 1000 * a["wall"] / n), MOST_GROWTH))
    rows.append(("CPU ms a unit", each(lambda a, n: 1000 * a["cpu"] / n), MOST_GROWTH))
    rows.append(("Peak MiB of a process", each(lambda a, n: a["peak"]), MOST_MEMORY))
    rows.append(("Book, KiB a unit", each(lambda a, n: a["book"] / 1024 / n), None))
    return rows


if __name__ == "__main__":
    main()
