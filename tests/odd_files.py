"""A folder of odd spreadsheets of other people's, each put before `tdkt check`: none may crash it.

python -m tests.odd_files FOLDER [EVERY]     counts, the slowest, the largest

Every file is read twice at the desks that the command uses: as it is, and by a form whose sheets
bear the names of the file's own, so that its cells go through all the reading and checking. Every
EVERY th file (25 if not said) goes through the command itself, measured with its children.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from channels.library import newest_regulation
from channels.reading_room import ReadingRoom
from review.examine import Examined
from review.form import Form

SECONDS, MEMORY_MIB = 10.0, 512  # contract.md, for one file of up to 20 MiB
FRESH_AFTER = 200  # files by which a room has met enough forms
KINDS = {
    *(".xlsx", ".xlsm", ".xltx", ".xls", ".xlt", ".xlw", ".xlsb", ".ods", ".ots", ".fods", ".et"),
    *(".csv", ".json", ".slk", ".dif", ".gnumeric"),
}
OURS = {"READER_FAULT"}  # a defect of the program, however well it was caught
_NAMED = re.compile("“([^”]*)”")


@dataclass(slots=True)
class Met:
    """What the files were answered with."""

    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    commands: int = 0
    slowest_command: tuple[float, str] = (0.0, "")
    busiest_command: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")


def files_in(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in KINDS)


def read_all(files: Sequence[Path], met: Met) -> None:
    forms = newest_regulation().every_form
    for at in range(0, len(files), FRESH_AFTER):
        with ReadingRoom(processes=1, seconds=SECONDS) as room:
            for path in files[at : at + FRESH_AFTER]:
                found = _timed(room, path, forms, met)
                met.answers[_word(found)] += 1
                if forced := _form_for(found, forms["month"]):
                    _timed(room, path, {"month": forced}, met)


def _timed(room: ReadingRoom, path: Path, forms: dict[str, Form], met: Met) -> Examined:
    began = time.monotonic()
    found = room.examine_one(path, forms)
    met.slowest = max(met.slowest, (time.monotonic() - began, path.name))
    if OURS.intersection(finding.check for finding in found.findings):
        met.faults.append(f"{path}: {found.findings[0].says}")
    return found


def _word(found: Examined) -> str:
    first = found.findings[0].check if found.findings else ""
    return f"{found.verdict} {first}".strip()


def _form_for(found: Examined, form: Form) -> Form | None:
    """A form whose sheets are called as those of the file, as far as its answer names them."""
    names = _NAMED.findall(found.findings[0].says) if found.findings else []
    if not found.readable or not names:
        return None
    sheets = tuple(replace(s, name=n) for s, n in zip(form.sheets, names, strict=False))
    return replace(form, sheets=sheets)


# A child's own rusage begins with what its parent had, so it says itself how large it grew.
TOLD_WITH_ITS_PEAK = """
import atexit, re, resource, runpy, sys
def peak():
    own = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
    desk = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stderr.write(f"\\n{max(own, desk)}")
atexit.register(peak)
runpy.run_module("cli.main", run_name="__main__", alter_sys=True)
"""


def check_all(files: Sequence[Path], met: Met) -> None:
    """The command itself: an answer in JSON, in time and within its memory, and no traceback."""
    program = [sys.executable, "-c", TOLD_WITH_ITS_PEAK]
    for path in files:
        began = time.monotonic()
        child = subprocess.Popen(
            [*program, "check", str(path), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        out, said = child.stdout, child.stderr
        assert out is not None and said is not None
        told, (complaint, peak) = out.read(), said.read().rsplit("\n", 1)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        met.commands += 1
        met.slowest_command = max(met.slowest_command, (time.monotonic() - began, path.name))
        busy = used.ru_utime + used.ru_stime
        met.busiest_command = max(met.busiest_command, (busy, path.name))
        met.largest = max(met.largest, (int(peak) // 1024, path.name))
        if child.returncode not in (0, 1) or "Traceback" in complaint:
            met.faults.append(f"{path}: exit {child.returncode}: {complaint[-300:]}")
        elif json.loads(told)["verdict"] not in ("accepted", "remarked", "partial", "returned",
                                                 "unreadable"):  # fmt: skip
            met.faults.append(f"{path}: {told[:200]}")


def lines(met: Met) -> Iterator[str]:
    yield f"{sum(met.answers.values())} files read, {met.commands} of them by the command"
    yield from (f"  {count:6} {word}" for word, count in met.answers.most_common())
    yield f"slowest reading {met.slowest[0]:.2f} s: {met.slowest[1]}"
    yield f"slowest command {met.slowest_command[0]:.2f} s: {met.slowest_command[1]}"
    yield f"busiest command {met.busiest_command[0]:.2f} s of CPU: {met.busiest_command[1]}"
    yield f"largest process {met.largest[0]} MiB: {met.largest[1]}"
    yield from (f"FAULT {fault}" for fault in met.faults)


def main() -> int:
    files = files_in(Path(sys.argv[1]))
    every = int(sys.argv[2]) if len(sys.argv) > 2 else 25
    met = Met()
    read_all(files, met)
    check_all(files[::every], met)
    print("\n".join(lines(met)))
    return 1 if met.faults else 0


if __name__ == "__main__":
    sys.exit(main())
