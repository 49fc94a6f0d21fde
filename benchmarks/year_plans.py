"""`python -m benchmarks.year_plans`: what a year's roll-ups, plans and forecasts cost, by the unit.

A book of so many units of 10 to 40 cadres is laid open with twelve months of results, four
quarters' reports and the year's own; then the year is held on it. Two sizes, each in a process of
its own: twice the units must take twice the time and no more memory, or a nation of 10,000 units
and 250,000 cadres could not be held. Writes benchmarks/YEAR.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.data import CADRES
from cli.history import hand_in, occasion_of
from flows.cycle import settle
from review.cadres import Cadre
from review.period import Cadence, Period
from review.roster import Roster
from review.scorecard import CardStatus, Grade, Scorecard
from sample.generated import generated_roster
from tasks.call_roll import RollCall, call_roll
from tasks.office import Office, make_office
from tasks.roll_up import roll_up
from tasks.roster import keep_roster
from tasks.update_plans import update_plans
from tasks.weigh_plans import weigh_plans
from tdkt_models.base import upgrade
from tdkt_models.scores import keep_cards

OUT = Path(__file__).parent / "YEAR.md"
SIZES = (100, 200)
BATCH = 50
NATION = 10_000
YEAR = Period.parse("2026")
MIB = 1024


def lay_out(office: Office, units: int) -> None:
    """A year before its review: what its months came to, and what its units reported since."""
    make_office(office, name="Sở Nội vụ", demo=True)
    settings = office.folder / "office.toml"
    text = settings.read_text("utf-8").replace("batch = 100", f"batch = {BATCH}")
    settings.write_text(text, "utf-8")
    upgrade(office.database_url)
    roster = generated_roster(units, CADRES)
    about = occasion_of(office, YEAR, "bench")
    with office.book() as book, book.writing() as conn:
        keep_roster(conn, roster, about.stamp)
    for month in YEAR.split(Cadence.MONTH):
        _results(office, month, roster)
    for quarter in YEAR.split(Cadence.QUARTER):
        held = occasion_of(office, quarter, "bench")
        hand_in(held)
        settle(held)
    hand_in(about)


def _results(office: Office, month: Period, roster: Roster) -> None:
    about = occasion_of(office, month, "bench")
    call_roll.fn(about)
    dice = Random(str(month))
    cards = [_card(cadre, month, dice) for cadre in roster.cadres]
    with office.book() as book, book.writing() as conn:
        keep_cards(conn, cards, about.stamp, regulation=about.regulation.code)


def _card(cadre: Cadre, month: Period, dice: Random) -> Scorecard:
    task = dice.randrange(5000, 7001)
    total = task + dice.randrange(2000, 3001)
    grade = Grade.EXCELLENT if total >= 9000 else Grade.GOOD
    return Scorecard(
        cadre.code, cadre.unit, str(month), CardStatus.OK, total - task, task_score=task,
        total=total, provisional=grade, grade=grade,
    )  # fmt: skip


def hold(office: Office) -> dict[str, float]:
    """CPU seconds by stage, and the process's greatest memory in MiB."""
    about = occasion_of(office, YEAR, "bench")
    roll: RollCall = call_roll.fn(about)
    batches = roll.batches(office.settings.work.batch)
    spent: dict[str, float] = {}
    for name, duty in (("roll_up", roll_up), ("update_plans", update_plans)):
        began = time.process_time()
        for batch in batches:
            duty.fn(about, batch)
        spent[name] = time.process_time() - began
    began = time.process_time()
    weigh_plans.fn(about)
    spent["weigh_plans"] = time.process_time() - began
    spent["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    return spent


def measured(units: int, scratch: Path) -> Mapping[str, float]:
    """Laid out in one process and held in another, so that the memory is that of the review."""
    home = scratch / str(units)
    for step in ("lay-out", "hold"):
        command = [sys.executable, "-m", __spec__.name, step, str(home), str(units)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
    shutil.rmtree(home)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


STAGES = {
    "roll_up": "Results of the year from its months",
    "update_plans": "Programme closed, plans proposed and followed up",
    "weigh_plans": "Figures of the province, forecast by simulation",
}


def told(figures: Mapping[int, Mapping[str, float]]) -> Iterator[str]:
    less, more = sorted(figures)
    few, many = figures[less], figures[more]
    yield "# A year's roll-ups, plans and forecasts"
    yield ""
    yield f"`python -m benchmarks.year_plans`: CPU seconds; units of {CADRES[0]} to {CADRES[-1]}"
    yield f"cadres, batches of {BATCH}. Linear is {more / less:.2f}×; the last column is {NATION:,}"
    yield "units (250,000 cadres) by the larger size: reckoned, not run."
    yield ""
    yield f"| | {less} units | {more} units | ratio | ms a unit | {NATION:,} units, min |"
    yield "|---|---|---|---|---|---|"
    for stage, label in STAGES.items():
        each = many[stage] / more
        whole = f"{each * 1000:.1f} | {each * NATION / 60:.1f}"
        ratio = many[stage] / few[stage]
        yield f"| {label} | {few[stage]:.2f} | {many[stage]:.2f} | {ratio:.2f} | {whole} |"
    ratio = many["peak"] / few["peak"]
    yield f"| Peak memory, MiB | {few['peak']:.0f} | {many['peak']:.0f} | {ratio:.2f} | | |"


def main(argv: list[str]) -> None:
    if argv[:1] == ["lay-out"]:
        lay_out(Office.at(argv[1]), int(argv[2]))
    elif argv[:1] == ["hold"]:
        print(json.dumps(hold(Office.at(argv[1]))))
    else:
        compare(argv)


def compare(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=SIZES)
    sizes = parser.parse_args(argv).sizes
    figures: dict[int, Any] = {}
    with tempfile.TemporaryDirectory(prefix="tdkt-year-") as scratch:
        for units in sizes:
            figures[units] = measured(units, Path(scratch))
    text = "\n".join(told(figures)) + "\n"
    OUT.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
