"""`python -m benchmarks.growth`: does a unit cost at 10,000 what it costs at 1,000, and how much
memory? Writes benchmarks/GROWTH.md.

The whole month but the sending (roll, collect, check, score, plans, letters written), plain calls,
two processes, each size in a process of its own on a fresh SQLite book: 1,000 and 10,000 in turn,
twice (the quickest counts), the yardstick's whole month beside each, and 10,000 twice more as a
Prefect flow against plain calls. The workbooks of 10,000 units are made once (some
minutes, 550 MB in benchmarks/data/).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.__main__ import machine, scratch_place
from benchmarks.data import HERE

RESULTS = HERE / "GROWTH.md"
SIZES = (1_000, 10_000)
PROCESSES = 2
REPEATS = 2
ROOM = 6 << 30  # originals and book of 10,000 units, of one run at a time
MOST_GROWTH, MOST_MEMORY, MOST_MIB = 1.10, 1.5, 2048
MOST_OVER, MOST_PREFECT = 1.25, 1.05
ROSTER = {"units", "unit_contacts", "cadres", "postings"}
STAGES = ("call_roll", "collect", "validate", "score", "update_plans", "report")
# The desks read what is taken in, while more is taken in; the second process begins as the last
# files are judged: a second, once.
TOGETHER = (("collect", "validate"), ("score", "update_plans"))

BESIDE = """
## The whole month beside the yardstick

The yardstick (benchmarks/floor_whole.py) is a script by hand with no framework: the same files in;
roll, reading, checks, points, programme, proposals, tallies, letters and digest out, by as many
processes, every file kept under its hash. Made by both, counted below. The product also keeps an
audit, a card of whoever has no result, and tallies of units whose report went back, and opens files
in processes that can be killed. The quickest of each, run turn about; every workbook is read once
before a run begins, so that neither pays for the disk.

| | Product | Yardstick | Ratio | Wanted | |
| --- | ---: | ---: | ---: | --- | --- |
"""
HEAD = """\
# A month of ten thousand

Written by `python -m benchmarks.growth` (`make bench`); do not edit. {machine}

Wall clock and CPU of one unit, in milliseconds, roll to letters written, two processes. CPU is of
all processes of the run; peak is of the largest single one. The desks begin to read while files are
still taken in, at most 1,500 ahead: of 10,000 files a smaller part than of 1,000, so collect and
validate are held to the bound together. The second process is called while the last files are
judged, where a step after has three batches for it. Its start is a second, once, and part of
it may fall to score: score and update_plans are held to the bound together too.

| | {sizes} | Growth | Wanted | |
| --- | {rules} ---: | ---: | --- |
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    began, neighbours = time.monotonic(), os.getloadavg()[0]
    small, large = map(int, given.sizes.split(","))
    place = scratch_place(ROOM)
    with tempfile.TemporaryDirectory(prefix="tdkt-growth-", dir=place) as scratch:
        ran = _turn_about(small, large, scratch)
        ways = _ways(large, scratch)
    found = {size: _quickest(ran["month", size]) for size in (small, large)}
    yard = {size: _quickest(ran["whole", size]) for size in (small, large)}
    on = machine(time.monotonic() - began, neighbours)
    page = written(found, on) + beside(found, yard) + with_prefect(ways, large)
    page += by_table(found[large]["tables"], large)
    given.out.write_text(page, "utf-8")
    print(page)


def _turn_about(small: int, large: int, scratch: str) -> dict[tuple[str, int], list[Any]]:
    """The small month and the large one in turn, the yardstick beside the product each time and
    first every other turn: a neighbour who comes or goes is seen in both."""
    ran: dict[tuple[str, int], list[Any]] = {}
    for size in (small, large):
        _once("prepared", size, scratch)
    for turn, size in enumerate((small, large) * REPEATS):
        kinds = ("month", "whole")
        for kind in kinds if turn % 4 < 2 else kinds[::-1]:
            ran.setdefault((kind, size), []).append(_once(kind, size, scratch))
    return ran


def _quickest(answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of the quickest run; the largest peak of all."""
    best = dict(min(answers, key=lambda answer: float(answer["wall"])))
    return best | {"peak": max(answer["peak"] for answer in answers)}


def _ways(units: int, scratch: str) -> dict[str, list[float]]:
    """The large month called plainly and as a Prefect flow, in turn and turned round, on one
    server."""
    command = [sys.executable, "-m", "benchmarks.orchestration", str(units), str(REPEATS), scratch]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        return {}  # what went wrong stands on the screen; hours of measuring are not thrown away
    answer: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def beside(found: Mapping[int, Mapping[str, Any]], yard: Mapping[int, Mapping[str, Any]]) -> str:
    """The product beside the yardstick, whole months: time, and what each of them made."""
    lines = [BESIDE]
    for size in found:
        for name, unit in (("wall", "s"), ("cpu", "s of CPU")):
            mine, its = found[size][name], yard[size][name]
            most = MOST_OVER if name == "wall" and size == max(found) else None
            met = "" if most is None else "met" if mine / its <= most else "**not met**"
            wanted = "" if most is None else f"≤ {most:.2f}"
            lines.append(f"| {size:,} units, {unit} | {mine:.2f} | {its:.2f} | {mine / its:.2f} ")
            lines.append(f"| {wanted} | {met} |\n")
    large = max(found)
    lines.append(f"\n| Made at {large:,} | Product | Yardstick |\n| --- | ---: | ---: |\n")
    for name, its in yard[large]["counted"].items():
        lines.append(f"| {name} | {found[large]['counted'][name]:,} | {its:,} |\n")
    return "".join(lines)


def with_prefect(ways: Mapping[str, Sequence[float]], units: int) -> str:
    if not ways:
        return f"\n## Prefect at {units:,} units\n\n**Not measured: the run failed.**\n"
    plain, flow = min(ways["plain"]), min(ways["flow"])
    met = "met" if flow / plain <= MOST_PREFECT else "**not met**"
    cpu = min(ways["flow cpu"]) / min(ways["plain cpu"])
    return (
        f"\n## Prefect at {units:,} units\n\nQuickest of {len(ways['plain'])} each: plain calls "
        f"{plain:.1f} s, as a flow {flow:.1f} s: {flow / plain:.3f} "
        f"(≤ {MOST_PREFECT:.2f} wanted: {met}); CPU without the server's {cpu:.3f}.\n"
    )


def by_table(tables: Mapping[str, int], units: int) -> str:
    """What a month adds to the book, by table with its indexes; the roster stands there anyway."""
    if not tables:
        return ""
    kib = {name: size / 1024 / units for name, size in tables.items() if name not in ROSTER}
    month = sum(kib.values())
    lines = [f"\n## The book at {units:,} units, a month\n\n"]
    lines.append("| Table with its indexes | KiB a unit and month |\n| --- | ---: |\n")
    for name, size in sorted(kib.items(), key=lambda one: -one[1])[:10]:
        lines.append(f"| {name} | {size:.1f} |\n")
    lines.append(f"| All | {month:.1f} |\n\n")
    lines.append(f"Book, KiB a unit and month: {month:.1f}; a year of twelve such months ")
    lines.append(f"{month * 12 / 1024:.2f} MiB a unit, ten years {month * 120 / 1024:.1f} MiB.\n")
    return "".join(lines)


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

    def spent(stage: str) -> list[float]:
        return each(lambda answer, units: 1000 * answer["stages"][stage] / units)

    rows: list[tuple[str, list[float], float | None]] = []
    for stage in STAGES:
        pair = next((pair for pair in TOGETHER if stage in pair), ())
        rows.append((stage, spent(stage), None if pair else MOST_GROWTH))
        if pair and stage == pair[-1]:
            both = [sum(some) for some in zip(*map(spent, pair), strict=True)]
            rows.append((" and ".join(pair), both, MOST_GROWTH))
    rows.append(("The whole, wall ms a unit", each(lambda a, n: 1000 * a["wall"] / n), MOST_GROWTH))
    rows.append(("CPU ms a unit", each(lambda a, n: 1000 * a["cpu"] / n), MOST_GROWTH))
    rows.append(("Peak MiB of a process", each(lambda a, n: a["peak"]), MOST_MEMORY))
    rows.append(("Book, KiB a unit", each(lambda a, n: a["book"] / 1024 / n), None))
    return rows


if __name__ == "__main__":
    main()
