"""The yardstick: what a hand-written script needs for a month of our workbooks, with no framework.

    python -m benchmarks.floor_month --units 150 --procs 2
    run(month.files, db, people, processes=2)  -> Ran(wall, stages, rows)

    read -> guard -> parse -> validate -> score -> store

Every worker owns whole workbooks from the bytes to the commit, so rows never cross a process.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from benchmarks.data import PERIOD, Month, month_of
from benchmarks.floor_cells import Refused, guard, text
from benchmarks.floor_rules import (
    CARD_LABELS,
    CHANGES,
    COEFS,
    COVER,
    FORM,
    GENERAL,
    HEADINGS,
    LEADERS,
    PROGRAMME,
    WORK,
    Findings,
    check_changes,
    check_cover,
    check_general,
    check_leaders,
    check_programme,
    check_work,
)
from benchmarks.floor_score import score
from benchmarks.floor_store import Done, connect, create, known_hashes, people_of, store

clock = time.perf_counter
STAGES = ("read", "guard", "parse", "validate", "score", "store")
WANTED = (COVER, WORK, GENERAL, LEADERS, CHANGES, PROGRAMME, "_META")
CHUNK = 50

Seconds = dict[str, float]
People = Mapping[str, Mapping[str, str]]
Pages = dict[str, Any]  # a sheet: rows of str, float, bool, date …


@dataclass(frozen=True, slots=True)
class Ran:
    """`wall` seconds; `stages` seconds summed over the workers; rows stored."""

    wall: float
    stages: Seconds
    rows: int


def people_from(month: Month) -> dict[str, dict[str, str]]:
    people: dict[str, dict[str, str]] = {unit.code: {} for unit in month.roster.units}
    for cadre in month.roster.cadres:
        people[cadre.unit][cadre.code] = cadre.role.value
    return people


def run(files: Sequence[Path], db: Path, people: People, processes: int = 1) -> Ran:
    """Takes a month into a fresh database at `db`."""
    create(db, people)
    began = clock()
    jobs = [(list(files[at : at + CHUNK]), db) for at in range(0, len(files), CHUNK)]
    if processes == 1:
        parts = [_chunk(job) for job in jobs]
    else:
        with ProcessPoolExecutor(processes) as pool:
            parts = list(pool.map(_chunk, jobs))
    wall = clock() - began
    stages = {name: sum(spent[name] for spent, _ in parts) for name in STAGES}
    return Ran(wall, stages, sum(rows for _, rows in parts))


def _chunk(job: tuple[Sequence[Path], Path]) -> tuple[Seconds, int]:
    files, db = job
    spent = dict.fromkeys(STAGES, 0.0)
    began = clock()
    con = connect(db)
    units = [path.name.split("_")[0] for path in files]
    people, known = people_of(con, units), known_hashes(con, PERIOD, units)
    spent["store"] += clock() - began
    done = []
    for path, unit in zip(files, units, strict=True):
        one = _one(path, unit, people[unit], known.get(unit, ""), spent)
        if one is not None:
            done.append(one)
    began = clock()
    rows = store(con, PERIOD, done, known)
    con.close()
    spent["store"] += clock() - began
    return spent, rows


def _one(
    path: Path, unit: str, people: Mapping[str, str], known: str, spent: Seconds
) -> Done | None:
    t0 = clock()
    data = path.read_bytes()
    sha = hashlib.sha256(data).hexdigest()
    t1 = clock()
    spent["read"] += t1 - t0
    if sha == known:
        return None
    err = Findings()
    rows: dict[str, list[tuple[object, ...]]] = {}
    cover: tuple[object, ...] = (None,) * 9
    try:
        guard(data)
        t2 = clock()
        spent["guard"] += t2 - t1
        pages = parse(data)
        t3 = clock()
        spent["parse"] += t3 - t2
        cover, rows = _checked(pages, unit, people, err)
        spent["validate"] += clock() - t3
    except Refused as refused:
        err("", "", refused.code, refused)
    except CalamineError as wrong:
        err("", "", "file.corrupt", wrong)
    if err:
        returned = (sha, path.name, "returned", len(err), *(None,) * 9)
        return Done(unit, {"submission": [returned]}, err)
    t4 = clock()
    cards = score(people, rows["work"], rows["general"], rows["leader"], rows["change"], COEFS)
    rows["card"] = list(cards)
    rows["submission"] = [(sha, path.name, "accepted", 0, *cover)]
    spent["score"] += clock() - t4
    return Done(unit, rows, ())


def parse(data: bytes) -> Pages:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        lack = set(WANTED).difference(book.sheet_names)
        if lack:
            raise Refused("form.sheets", "Thiếu trang: " + ", ".join(sorted(lack)))
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in WANTED
        }


def _checked(
    pages: Pages, unit: str, people: Mapping[str, str], err: Findings
) -> tuple[tuple[object, ...], dict[str, list[tuple[object, ...]]]]:
    _identity(pages, unit)
    changes = check_changes(pages[CHANGES][5:], 6, err)
    cover = check_cover(pages[COVER], changes, err)
    return cover, {
        "work": check_work(pages[WORK][5:], 6, people, err),
        "general": check_general(pages[GENERAL][5:], 6, people, err),
        "leader": check_leaders(pages[LEADERS][5:], 6, people, err),
        "change": changes,
        "programme": check_programme(pages[PROGRAMME][5:], 6, people, err),
    }


def _identity(pages: Pages, unit: str) -> None:
    meta = {row[0]: row[1] for row in pages["_META"][:4]}
    found = meta.get("unit"), meta.get("period"), meta.get("form"), meta.get("version")
    if found != (unit, PERIOD, FORM.code, FORM.version):
        raise Refused("form.identity", f"Sai mẫu, kỳ hoặc đơn vị: {found}")
    for name, headings in HEADINGS.items():
        page = pages[name]
        if len(page) < 5 or [text(value) for value in page[4][: len(headings)]] != headings:
            raise Refused("form.headings", f"Trang {name}: tiêu đề cột đã bị sửa.")
    labels = [text(row[0]) for row in pages[COVER][4 : 4 + len(CARD_LABELS)]]
    if labels != CARD_LABELS:
        raise Refused("form.headings", f"Trang {COVER}: tên ô đã bị sửa.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=150)
    parser.add_argument("--procs", type=int, default=1)
    given = parser.parse_args()
    month = month_of(given.units)
    with tempfile.TemporaryDirectory() as folder:
        ran = run(month.files, Path(folder) / "floor.db", people_from(month), given.procs)
    stages = ", ".join(f"{name} {seconds:.2f}" for name, seconds in ran.stages.items())
    print(f"{given.units} workbooks, {ran.rows} rows, {ran.wall:.2f} s ({stages})")


if __name__ == "__main__":
    main()
