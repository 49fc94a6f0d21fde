"""`python -m benchmarks.year_plans`: what a year's roll-ups, plans and forecasts cost, by the unit.

A book of so many units of 10 to 40 cadres is laid open with twelve months of reports and results,
four quarters' reports, what a person decided of their proposals, and the year's own reports; then
the year is held on it. The nation of 10,000 units and 250,000 cadres and a tenth of it are held
turn about in one process, batch by batch, so that whatever else the machine does slows both alike;
the tenth is also held alone, for its memory. Writes benchmarks/YEAR.md.

`YEAR_UNITS=1000 make bench` (or --units) holds a smaller nation; the file says which it was.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.__main__ import machine
from benchmarks.data import CADRES
from benchmarks.multiplied import multiplied
from cli.history import hand_in, occasion_of, speak
from flows.cycle import settle
from flows.rest import collector_at_rest
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
BLOCK = 100  # units that the product lays out itself
BATCH = 50
NATION = 10_000
YEAR = Period.parse("2026")
MIB = 1024
Found = Mapping[str, float]
Batch = tuple[str, ...]


def lay_out(office: Office) -> None:
    """A block of units, by the product itself: a year before its review, what its months came to,
    what its units reported since, and what a person decided of each quarter's proposals."""
    make_office(office, name="Sở Nội vụ", demo=True)
    settings = office.folder / "office.toml"
    text = settings.read_text("utf-8").replace("batch = 100", f"batch = {BATCH}")
    settings.write_text(text, "utf-8")
    upgrade(office.database_url)
    roster = generated_roster(BLOCK, CADRES)
    about = occasion_of(office, YEAR, "bench")
    with office.book() as book, book.writing() as conn:
        keep_roster(conn, roster, about.stamp)
    for quarter in YEAR.split(Cadence.QUARTER):
        for month in quarter.split(Cadence.MONTH):
            _results(office, month, roster)
        held = occasion_of(office, quarter, "bench")
        hand_in(held)
        settle(held)
        speak(held)
    hand_in(about)


def _results(office: Office, month: Period, roster: Roster) -> None:
    """The month's reports as they came, and results that spread as those of a province do."""
    about = occasion_of(office, month, "bench")
    hand_in(about)
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


def hold(homes: Sequence[str]) -> list[dict[str, float]]:
    """CPU seconds by stage of each office, and the process's greatest memory in MiB."""
    abouts = [occasion_of(Office.at(home), YEAR, "bench") for home in homes]
    spent: list[dict[str, float]] = [defaultdict(float) for _ in abouts]
    batches = []
    for about, mine in zip(abouts, spent, strict=True):
        roll: RollCall = _timed(mine, "call_roll", call_roll.fn, about)
        batches.append(roll.batches(about.office.settings.work.batch))
    with collector_at_rest() as tidy:  # as flows.agenda holds a step's batches
        for name, duty in (("roll_up", roll_up), ("update_plans", update_plans)):
            for which, batch in _turn_about(batches):
                _timed(spent[which], name, duty.fn, abouts[which], batch)
                tidy()
    for about, mine in zip(abouts, spent, strict=True):
        _timed(mine, "weigh_plans", weigh_plans.fn, about)
        mine["peak"] = _peak() / MIB
    return [dict(mine) for mine in spent]


def _peak() -> int:
    """KiB that this program had at most. Not getrusage: that remembers, across exec, how large the
    process was that started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def _timed(spent: dict[str, float], stage: str, duty: Callable[..., Any], *values: Any) -> Any:
    began = time.process_time()
    result = duty(*values)
    spent[stage] += time.process_time() - began
    return result


def _turn_about(batches: Sequence[Sequence[Batch]]) -> Iterator[tuple[int, Batch]]:
    """Each office's batches spread evenly over the whole time."""
    placed = [
        ((at + 0.5) / len(mine), which, batch)
        for which, mine in enumerate(batches)
        for at, batch in enumerate(mine)
    ]
    return ((which, batch) for _, which, batch in sorted(placed))


def measured(units: int, scratch: Path) -> tuple[Found, Found]:
    """The tenth and the whole: laid out in one process and held in others, so that the memory is
    that of the review."""
    block, few, alone, many = (scratch / name for name in ("block", "few", "alone", "many"))
    _in_a_process("lay-out", str(block))
    for home, count in ((few, units // 10), (many, units)):
        shutil.copytree(block, home)
        multiplied(home / "office.db", BLOCK, count // BLOCK - 1)
    shutil.copytree(few, alone)
    (by_itself,) = _in_a_process("hold", str(alone))
    tenth, whole = _in_a_process("hold", str(few), str(many))
    return {**tenth, "peak": by_itself["peak"]}, whole


def _in_a_process(*step: str) -> list[Found]:
    command = [sys.executable, "-m", __spec__.name, *step]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: list[Found] = json.loads(done.stdout.splitlines()[-1])
    return found


STAGES = {
    "call_roll": "Roll called, what ended units leave handed on",
    "roll_up": "Results of the year from its months",
    "update_plans": "Programme closed, plans proposed and followed up",
    "weigh_plans": "Figures of the whole, forecast by simulation",
}
WANTED, ALLOWED = 1.10, 1.25  # of the larger over the smaller, by the unit; of memory


def told(units: int, few: Found, many: Found, on: str) -> Iterator[str]:
    yield "# A year's roll-ups, plans and forecasts"
    yield ""
    yield f"Written by `python -m benchmarks.year_plans` (`make bench`); do not edit. {on}"
    yield ""
    people = f"{CADRES[0]} to {CADRES[-1]} cadres"
    yield f"Held, not reckoned: **{units:,} units, some {units * 25:,} cadres**, and a tenth of"
    yield f"it turn about with it in one process, batches of {BATCH} units. A unit has"
    yield f"{people}, reports of twelve months, four quarters and the year, results of"
    yield "twelve months, and the plan lines a person accepted of each quarter's proposals. One"
    yield "unit in fifty ended on 30 June and was taken over. CPU milliseconds a unit; linear is a"
    yield "growth of 1.00."
    yield ""
    yield f"| | {units // 10:,} units | {units:,} units | Growth | Wanted | | CPU min, all |"
    yield "| --- | ---: | ---: | ---: | --- | --- | ---: |"
    for stage, label in (*STAGES.items(), ("all", "The whole")):
        less, more = (_cost(found, stage) for found in (few, many))
        each, every = less / (units // 10) * 1000, more / units * 1000
        met = _met(every / each, WANTED)
        yield f"| {label} | {each:.2f} | {every:.2f} | {met} | {more / 60:.1f} |"
    met = _met(many["peak"] / few["peak"], ALLOWED)
    yield f"| Peak memory, MiB | {few['peak']:.0f} | {many['peak']:.0f} | {met} | |"


def _cost(found: Found, stage: str) -> float:
    return sum(found[one] for one in STAGES) if stage == "all" else found[stage]


def _met(growth: float, most: float) -> str:
    return f"{growth:.2f} | ≤ {most:.2f} | {'met' if growth <= most else '**not met**'}"


def main(argv: list[str]) -> None:
    if argv[:1] == ["lay-out"]:
        lay_out(Office.at(argv[1]))
        print("[]")
    elif argv[:1] == ["hold"]:
        print(json.dumps(hold(argv[1:])))
    else:
        compare(argv)


def compare(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=int(os.environ.get("YEAR_UNITS", NATION)))
    parser.add_argument("--scratch", help="where the books are laid out (some 7 GiB for 10,000)")
    asked = parser.parse_args(argv)
    began, neighbours = time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="tdkt-year-", dir=asked.scratch) as scratch:
        few, many = measured(asked.units, Path(scratch))
    on = machine(time.monotonic() - began, neighbours)
    text = "\n".join(told(asked.units, few, many, on)) + "\n"
    OUT.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
