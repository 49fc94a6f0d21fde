"""`python -m soak`: cycles until so many kills were survived; the figures, and 1 if one was not.

python -m soak --kills 200 --write docs/reliability.md
python -m soak --kills 20 --only sqlite
python -m soak --kills 200 --minutes 60        no cycle begins after its way's share of the hour
python -m soak --kills 60 --only dask --keep dask.json         its cycles kept, to be told later
python -m soak --kills 0 --told dask.json --told rest.json --write docs/reliability.md
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

from soak.clustered import clustered_cycle
from soak.cycles import Cycle, plain_cycle
from soak.served import served_cycle
from soak.servers import Postgres
from soak.stage import Stage

BEGIN, END = "<!-- soak: begin -->", "<!-- soak: end -->"
VICTIMS = {
    "flow": "lượt chạy (flow)",
    "poster": "tiến trình gửi thư",
    "relay": "máy chủ thư",
    "postgres": "PostgreSQL",
    "server": "máy chủ Prefect",
    "worker": "worker của Prefect",
    "up": "tdkt up",
    "dask": "worker của Dask",
    "scheduler": "bộ chia việc của Dask",
}
WAYS = {
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "served": "`tdkt up`: Prefect + PostgreSQL",
    "dask": "Prefect + cụm Dask hai worker + PostgreSQL",
}
HOLD = {
    "sqlite": plain_cycle,
    "postgresql": plain_cycle,
    "served": served_cycle,
    "dask": clustered_cycle,
}


def main() -> int:
    asked = _asked()
    folder = Path(tempfile.mkdtemp(prefix="tdkt-soak-"))
    found = dict[str, list[Cycle]]()
    runs = [_command(asked)] if asked.kills else []
    for path in asked.told:
        told = json.loads(path.read_text("utf-8"))
        runs += told["runs"]
        for way, cycles in told["cycles"].items():
            found.setdefault(way, []).extend(_recalled(one) for one in cycles)
    try:
        ways = (asked.only or list(WAYS)) if asked.kills else []
        began = time.monotonic()
        for n, way in enumerate(ways):
            kills = -(-asked.kills // len(ways))
            until = began + 60 * asked.minutes * (n + 1) / len(ways)
            for cycle in _cycles(way, kills, asked, folder / way, until):
                found.setdefault(way, []).append(cycle)
                if asked.keep:
                    _keep(asked.keep, found, runs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    told = table(found, runs)
    print(told)
    if asked.write:
        _write(asked.write, told)
    return 1 if any(one.faults for cycles in found.values() for one in cycles) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m soak")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--a-cycle", type=int, default=8, help="kills a cycle at most")
    parser.add_argument("--gap", type=float, default=0.0, help="seconds between two kills at most")
    parser.add_argument("--units", type=int, default=0, help="of the sample's 60; 0: all")
    parser.add_argument("--minutes", type=float, default=inf, help="for all of it, about")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", choices=list(WAYS), action="append")
    parser.add_argument("--keep", type=Path, help="the cycles as JSON, for --told")
    parser.add_argument("--told", type=Path, action="append", default=[])
    parser.add_argument("--write", type=Path)
    return parser.parse_args()


def _command(asked: argparse.Namespace) -> str:
    only = "".join(f" --only {way}" for way in asked.only or ())
    return (
        f"python -m soak --units {asked.units} --kills {asked.kills} --a-cycle {asked.a_cycle} "
        f"--gap {asked.gap:g}{only} --seed {asked.seed}"
    )


def _keep(path: Path, found: dict[str, list[Cycle]], runs: list[str]) -> None:
    cycles = {way: [vars(one) for one in those] for way, those in found.items()}
    path.write_text(json.dumps({"runs": runs, "cycles": cycles}, ensure_ascii=False), "utf-8")


def _recalled(kept: dict[str, Any]) -> Cycle:
    return Cycle(**kept | {"kills": Counter(kept["kills"])})


def _cycles(
    way: str, kills: int, asked: argparse.Namespace, folder: Path, until: float
) -> Iterator[Cycle]:
    cycles: list[Cycle] = []
    # A short path: the socket of PostgreSQL lies below it.
    short = Path(tempfile.mkdtemp(prefix="sk", dir="/tmp"))
    short.chmod(0o755)
    with nullcontext() if way == "sqlite" else Postgres(short / "pg") as postgres:
        stage = Stage(folder, postgres, asked.units)
        while (left := kills - sum(one.kills.total() for one in cycles)) > 0:
            rng = random.Random(f"{asked.seed}:{way}:{len(cycles)}")
            cycle = HOLD[way](stage, f"c{len(cycles)}", min(left, asked.a_cycle), rng, asked.gap)
            cycles.append(cycle)
            print(
                f"{way} {cycle.name}: {dict(cycle.kills)} killed, {cycle.in_doubt} in doubt, "
                f"{cycle.seconds:.0f} s, {cycle.faults or 'the same book'}",
                file=sys.stderr,
                flush=True,
            )
            yield cycle
            if time.monotonic() > until or (not cycle.kills and len(cycles) > 20):
                break
    shutil.rmtree(short, ignore_errors=True)


def table(found: dict[str, list[Cycle]], runs: list[str]) -> str:
    commands = "; ".join(f"`{one}`" for one in runs)
    lines = [
        f"Chạy ngày {date.today():%d/%m/%Y}, Python {platform.python_version()}: {commands}.",
        "",
        "| Cách chạy | Kỳ | Lần bị kill -9 | Kỳ khác sổ | Tệp mất, nhận trùng | Thư mất, gửi trùng "
        "| Thư phải hỏi máy chủ thư |",
        "|---|---|---|---|---|---|---|",
    ]
    for way, cycles in found.items():
        said = [" ".join(one.faults) for one in cycles]
        wrong = [sum(any(word in one for word in words) for one in said) for words in WORDS]
        killed, doubt = (
            sum(one.kills.total() for one in cycles),
            sum(one.in_doubt for one in cycles),
        )
        row = (WAYS[way], len(cycles), killed, *wrong, doubt)
        lines.append(f"| {' | '.join(map(str, row))} |")
    kills: Counter[str] = sum((c.kills for cycles in found.values() for c in cycles), Counter())
    each = ", ".join(f"{VICTIMS[name]} {n}" for name, n in kills.most_common())
    lost = sum(bool(one.faults) for cycles in found.values() for one in cycles)
    lines += ["", f"Tổng cộng {kills.total()} lần: {each}. Kỳ không qua được: **{lost}**."]
    return "\n".join(lines)


WORDS = (("digest", "standing", "states", "audit", "did not end"), ("taken", "original", "files:"))
WORDS = (*WORDS, ("letters", "arrived"))


def _write(path: Path, told: str) -> None:
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    path.write_text(f"{head}{BEGIN}\n{told}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
