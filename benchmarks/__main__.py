"""`python -m benchmarks`: every figure of benchmarks/RESULTS.md, anew."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.data import HERE
from benchmarks.measuring import measured
from benchmarks.report import targets, written

RESULTS = HERE / "RESULTS.md"
REPEATS = {150: 8}
USUAL_REPEATS = 6  # an even number: each order, each core as often
MEMORY, ROOM = Path("/dev/shm"), 4 << 30
IDLE = 0.25  # load of a core below which nobody else is at work


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--units", default="150,1000", help="sizes, with commas between")
    parser.add_argument("--repeats", type=int, help="of each measurement; default 8 and 6")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--scratch", type=Path, default=scratch_place(), help="books, originals")
    given = parser.parse_args()
    began, sizes, neighbours = time.monotonic(), [], os.getloadavg()[0]
    for units in map(int, given.units.split(",")):
        repeats = given.repeats or REPEATS.get(units, USUAL_REPEATS)
        with tempfile.TemporaryDirectory(prefix="tdkt-bench-", dir=given.scratch) as scratch:
            sizes.append(measured(units, repeats, Path(scratch), tell))
        given.out.write_text(written(sizes, machine(time.monotonic() - began, neighbours)), "utf-8")
    for figures in sizes:
        print(f"\n{figures.units} units")
        print(*(target.line for target in targets(figures)), sep="\n")
    print(f"\n{given.out}")


def scratch_place(room: int = ROOM) -> Path | None:
    """Memory, where there is enough: to make a file costs 10 µs there, and on a crowded disk up to
    a millisecond, which would be the disk's speed and not the program's."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > room:
        return MEMORY
    return None


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def machine(seconds: float, neighbours: float) -> str:
    """What it ran on; `neighbours` is the load average before anything was started."""
    cores = os.cpu_count() or 1
    said = (
        f"{time.strftime('%Y-%m-%d')}: {_processor()}, {cores} cores, {platform.system()}, Python "
        f"{platform.python_version()}; {seconds:.0f} s in all."
    )
    if neighbours > IDLE * cores:
        said += (
            f"\n**Others were at work on this machine (load {neighbours:.1f} before the start):** "
            "wall clock, and what two processes gain, are worse than they would be alone."
        )
    return said


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


if __name__ == "__main__":
    main()
