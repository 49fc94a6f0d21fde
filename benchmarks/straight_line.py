"""`python -m benchmarks.straight_line`: does reading and checking 10,000 units cost what 1,000 do?

A month of 1,000 units is read and judged ten times over by one room and one process, as `validate`
does: reading, the rules between cells, the rules against the roll. The last thousand is held
against the first: the cost of a unit must be within a tenth, nothing may have grown. CPU of this
process and of its desks, so that neighbours do not count; memory as the system has it.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import PERIOD, month_of
from channels.library import regulation_in_force
from channels.reading_room import ReadingRoom
from review.brief import UnitBrief
from review.checks import findings_of
from review.period import Period

UNITS, TIMES, BATCH = 1000, 10, 100


@dataclass(frozen=True)
class Thousand:
    """What one thousand cost: milliseconds of CPU a unit, and the memory in use after it."""

    unit_ms: float
    mib: float
    desks_mib: float


def thousands(units: int = UNITS, times: int = TIMES) -> list[Thousand]:
    month, law = month_of(units), regulation_in_force(PERIOD)
    roster, period = month.roster, Period.parse(PERIOD)
    briefs = {
        unit.code: UnitBrief(unit, PERIOD, roster.cadres_of(unit.code, period), law.works)
        for unit in roster.active(period)
    }
    found = []
    with ReadingRoom(processes=2) as room:
        room.examine(month.files[:BATCH], law.every_form, PERIOD)  # the desks stand, all is loaded
        for _ in range(times):
            before = _cpu()
            for at in range(0, len(month.files), BATCH):
                for one in room.examine(month.files[at : at + BATCH], law.every_form, PERIOD):
                    findings_of(one, law.forms["month"], briefs.get(one.unit))
            spent = 1000 * (_cpu() - before) / len(month.files)
            found.append(Thousand(spent, _memory(os.getpid()), sum(map(_memory, desks()))))
    return found


def _cpu() -> float:
    tick = os.sysconf("SC_CLK_TCK")
    return sum(sum(times_of(pid)) for pid in (os.getpid(), *desks())) / tick


def times_of(pid: int) -> tuple[int, int]:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]), int(fields[12])


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().split("\n")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def desks() -> list[int]:
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _is_desk(entry)
    ]


def _is_desk(entry: Path) -> bool:
    try:
        parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        return parent == os.getpid() and b"reading_desk" in (entry / "cmdline").read_bytes()
    except OSError:
        return False


def main() -> int:
    found = thousands()
    for n, one in enumerate(found, start=1):
        print(f"{n:3},000 units: {one.unit_ms:6.2f} ms a unit · {one.mib:6.0f} MiB, desks "
              f"{one.desks_mib:6.0f} MiB")  # fmt: skip
    first, last = found[0], found[-1]
    grown = 100 * (last.unit_ms / first.unit_ms - 1)
    more = last.mib + last.desks_mib - first.mib - first.desks_mib
    print(f"a unit of the last thousand: {grown:+.1f} % (at most +10 %); memory {more:+.0f} MiB")
    return 0 if grown <= 10 and more < 64 else 1


if __name__ == "__main__":
    sys.exit(main())
