"""One measurement in a process of its own, so that memory and caches are nobody else's.

    python -m benchmarks.once product 150 2 SCRATCH     -> {"wall": …, "cpu": …, "peak": …, …}
    python -m benchmarks.once product_on_one_core 150 1 SCRATCH 3   the fourth turn

`wall` seconds of the work alone, `cpu` seconds of it and its children, `peak` MiB of the largest
single process, `stages` seconds by stage.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.data import Month, month_of

Answer = dict[str, Any]
Kind = Callable[[int, int, Path], Answer]


def read_before(month: Month) -> Month:
    """The month, its workbooks in the system's memory: else whoever comes first pays the disk."""
    for path in month.files:
        path.read_bytes()
    return month


def bare(units: int, _processes: int, _scratch: Path) -> Answer:
    from benchmarks.reading import bare as run

    return {"wall": run(read_before(month_of(units)).files)}


def checked(units: int, _processes: int, _scratch: Path) -> Answer:
    from benchmarks.reading import checked as run

    return {"wall": run(read_before(month_of(units)).files)}


def floor(units: int, processes: int, scratch: Path) -> Answer:
    from benchmarks.floor_month import people_from, run

    month = read_before(month_of(units))
    people, db = people_from(month), scratch / f"floor-{uuid4().hex[:8]}.db"
    before = cpu()
    ran = run(month.files, db, people, processes)
    return {"wall": ran.wall, "cpu": cpu() - before, "stages": ran.stages, "rows": ran.rows}


def product(units: int, processes: int, scratch: Path) -> Answer:
    from benchmarks.product import furnished, take

    month = read_before(month_of(units))
    office = furnished(month, folder := scratch / f"office-{uuid4().hex[:8]}", processes)
    before = cpu()
    took = take(office, month.inbox)
    end_children()
    shutil.rmtree(folder)
    return {"wall": took.collect_to_store, "cpu": cpu() - before, "stages": took.stages}


def product_on_one_core(units: int, processes: int, scratch: Path) -> Answer:
    """The product and its desk together on the core that this process is kept to, as the
    yardstick's one process is."""
    return product(units, processes, scratch)


def prepared(units: int, _processes: int, scratch: Path) -> Answer:
    """Makes what `month` stands on: generating a roster of 250,000 takes more than the month."""
    from benchmarks.product import prepare

    prepare(month_of(units), scratch)
    return {}


def month(units: int, processes: int, scratch: Path) -> Answer:
    """Everything but the sending, in what was `prepared`; `book` is its size in bytes."""
    from benchmarks.product import furnished, take

    made = read_before(month_of(units))
    office = furnished(made, folder := scratch / f"office-{uuid4().hex[:8]}", processes)
    before = cpu()
    took = take(office, made.inbox, letters=True)
    end_children()
    spent = cpu() - before
    book = sum(path.stat().st_size for path in office.folder.glob("office.db*"))
    answer = {"wall": took.wall, "cpu": spent, "stages": took.stages, "book": book}
    answer |= {"counted": counted(office), "tables": table_bytes(office)}
    shutil.rmtree(folder)
    return answer


COUNTED = {
    "roll": "roll_entries where period = '2026-10'", "cards": "scorecards where status = 'OK'",
    "tasks": "programme_tasks", "proposals": "plan_changes", "tallies": "plan_tallies",
    "letters": "letters", "findings": "findings",
}  # fmt: skip


def counted(office: Any) -> dict[str, int]:
    """Rows and letters by what they are, to be held beside the yardstick's; the office's digest,
    which is no batch's, is written first."""
    from benchmarks.product import occasion_in
    from tasks.report import report_to_office

    report_to_office.fn(occasion_in(office))
    with closing(sqlite3.connect(office.folder / "office.db")) as conn:
        found = {name: f"select count(*) from {some}" for name, some in COUNTED.items()}
        return {name: conn.execute(query).fetchone()[0] for name, query in found.items()}


def table_bytes(office: Any) -> dict[str, int]:
    """What each table takes in the book with its indexes, where SQLite can tell."""
    with closing(sqlite3.connect(office.folder / "office.db")) as conn:
        conn.execute("pragma wal_checkpoint(truncate)")
        query = (
            "select m.tbl_name, sum(s.pgsize) from dbstat s join sqlite_master m "
            "on m.name = s.name where s.aggregate = true group by 1"
        )
        try:
            return dict(conn.execute(query).fetchall())
        except sqlite3.OperationalError:  # built without dbstat
            return {}


def whole(units: int, processes: int, scratch: Path) -> Answer:
    """The yardstick's whole month."""
    from benchmarks.floor_whole import lay_out, run

    folder = scratch / f"whole-{uuid4().hex[:8]}"
    folder.mkdir()
    made, db = read_before(month_of(units)), folder / "whole.db"
    lay_out(made, db)
    before = cpu()
    ran = run(made, db, processes)
    answer = {"wall": ran.wall, "cpu": cpu() - before, "stages": ran.stages}
    answer |= {"counted": ran.counted, "book": db.stat().st_size}
    shutil.rmtree(folder)
    return answer


def keep_to_one_core(turn: int) -> None:
    """This process and all that it starts: to another core every second turn (the order of a round
    changes each turn), for one of them has the machine's own errands to run, and which is not
    known."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[turn // 2 % len(cores)]})


def cpu() -> float:
    own, theirs = (resource.getrusage(who) for who in WHO)
    return own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime


def peak() -> float:
    return max(resource.getrusage(who).ru_maxrss for who in WHO) / 1024


def end_children() -> None:
    """Desks are counted once they have ended."""
    from tasks.reading import reading_room

    for processes in PROCESSES:
        reading_room(processes).close()


PROCESSES = (1, 2)
WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
KINDS: dict[str, Kind] = {
    "bare": bare,
    "checked": checked,
    "floor": floor,
    "product": product,
    "product_on_one_core": product_on_one_core,
    "prepared": prepared,
    "month": month,
    "whole": whole,
}

ON_ONE_CORE = {("floor", "1"), ("product_on_one_core", "1")}


def main() -> None:
    kind, units, processes, scratch, *turn = sys.argv[1:]
    if (kind, processes) in ON_ONE_CORE:
        keep_to_one_core(int(turn[0]) if turn else 0)
    before = cpu()
    answer = KINDS[kind](int(units), int(processes), Path(scratch))
    answer.setdefault("cpu", cpu() - before)
    print(json.dumps(answer | {"peak": peak()}))


if __name__ == "__main__":
    main()
