"""The yardstick's whole month: roll, reading, checks, points, plans, letters, the office's digest.

    run(month, db, processes=2)   -> Ran(wall, cpu…, stages, counted={"letters": 24682, …})

What benchmarks/floor_month.py does, and all that the product does after the score: the programme
closed and carried on, needs proposed with what they rest on, a tally a unit, one letter a unit and
one a person with a result, the digest; every file is kept under its hash, on the disk before the
book names it. A worker owns whole workbooks from the bytes to the commit;
the same kinds and numbers of rows and letters (`counted`), with no framework.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.data import PERIOD, Month
from benchmarks.floor_letters import (
    HEAD,
    Person,
    cadre_letter,
    returned_letter,
    told_of,
    unit_letter,
)
from benchmarks.floor_month import CHUNK, STAGES, Seconds, _one, clock, people_from
from benchmarks.floor_plans import needs_of, programme
from benchmarks.floor_rules import REGULATION
from benchmarks.floor_store import Done, connect, create, store

MORE = (*STAGES, "plans", "letters", "keep")
TABLES = (
    "roll(period,unit,state,received,primary key(period,unit)) without rowid",
    "reader(unit,code,name,post,role,email,primary key(unit,code)) without rowid",
    "task(period,unit,code,content,product,owner,due,status,finished,parent,carried,"
    "primary key(period,unit,code)) without rowid",
    "plan_change(id integer primary key,period,unit,key,says,evidence,line,state,"
    "unique(period,unit,key))",
    "tally(period,unit,tallies,primary key(period,unit)) without rowid",
    "letter(id integer primary key,period,kind,person,revision,address,about,payload blob,sha,"
    "message_id unique,state,unique(period,kind,person,revision))",
)
COUNTED = {
    "roll": "roll", "cards": "card", "tasks": "task", "proposals": "plan_change",
    "tallies": "tally", "letters": "letter", "findings": "finding",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ran:
    wall: float
    stages: Seconds
    counted: dict[str, int]


def lay_out(month: Month, db: Path) -> None:
    """The book with its roster, as the product has one before the month begins."""
    create(db, people_from(month))
    con = connect(db)
    for table in TABLES:
        con.execute(f"create table {table}")
    roster = month.roster
    rows = [(u.code, "", u.name, "", "", u.letter_to) for u in roster.units]
    rows += [(c.unit, c.code, c.name, c.post, c.role.value, c.email) for c in roster.cadres]
    con.execute("begin immediate")
    con.executemany("insert into reader values(?,?,?,?,?,?)", rows)
    con.execute("commit")
    con.close()


def run(month: Month, db: Path, processes: int) -> Ran:
    """In a book that was laid out."""
    files = month.files
    began = clock()
    con = connect(db)
    con.execute("begin immediate")
    units = [(PERIOD, unit) for (unit,) in con.execute("select unit from reader where code=''")]
    con.executemany("insert into roll values(?,?,'missing',null)", units)
    con.execute("commit")
    jobs = [(files[at : at + CHUNK], db) for at in range(0, len(files), CHUNK)]
    if processes == 1:
        parts = [_chunk(job) for job in jobs]
    else:
        with ProcessPoolExecutor(processes) as pool:
            parts = list(pool.map(_chunk, jobs))
    _digest(con)
    wall = clock() - began
    stages = {name: sum(spent[name] for spent in parts) for name in MORE}
    counted = {
        name: con.execute(f"select count(*) from {table}").fetchone()[0]
        for name, table in COUNTED.items()
    }
    con.close()
    return Ran(wall, stages, counted)


def _chunk(job: tuple[Sequence[Path], Path]) -> Seconds:
    files, db = job
    spent = dict.fromkeys(MORE, 0.0)
    con = connect(db)
    done = []
    readers = _readers(con, [path.name.split("_")[0] for path in files])
    began = clock()
    _keep_originals(files, db.with_suffix(".received"))
    spent["keep"] += clock() - began
    for path in files:
        unit = path.name.split("_")[0]
        roles = {one.code: one.role for one in readers[unit][1].values()}
        one = _one(path, unit, roles, "", spent)
        if one is not None:
            done.append(one)
    began = clock()
    plans = {one.unit: _planned(one, readers[one.unit][1]) for one in done if not one.findings}
    spent["plans"] += clock() - began
    began = clock()
    letters = [row for one in done for row in _letters(one, *readers[one.unit], plans)]
    spent["letters"] += clock() - began
    began = clock()
    store(con, PERIOD, done, ())
    _keep(con, done, plans, letters)
    con.close()
    spent["keep"] += clock() - began
    return spent


def _keep_originals(files: Sequence[Path], folder: Path) -> None:
    for path in files:
        data = path.read_bytes()
        sha = hashlib.sha256(data).hexdigest()
        final = folder / sha[:2] / sha
        final.parent.mkdir(parents=True, exist_ok=True)
        half = final.with_suffix(".half")
        half.write_bytes(data)
        half.replace(final)
    number = os.open(folder, os.O_RDONLY)
    ctypes.CDLL(None).syncfs(number)
    os.close(number)


Unit = tuple[str, str, str]  # code, name, address
Planned = tuple[Sequence[Any], Sequence[Any], Sequence[Any], str]


def _readers(
    con: sqlite3.Connection, units: Sequence[str]
) -> dict[str, tuple[Unit, dict[str, Person]]]:
    marks = ",".join("?" * len(units))
    found: dict[str, tuple[Unit, dict[str, Person]]] = {}
    query = f"select * from reader where unit in ({marks}) order by unit, code"
    for unit, code, name, post, role, email in con.execute(query, units):
        if not code:
            found[unit] = ((unit, name, email), {})
        else:
            found[unit][1][code] = Person(code, name, post, role, email)
    return found


def _planned(one: Done, people: Mapping[str, Person]) -> Planned:
    return (*programme(one.rows["programme"]), *needs_of(people, one.rows))


def _letters(
    one: Done, unit: Unit, people: Mapping[str, Person], plans: Mapping[str, Planned]
) -> Iterator[tuple[Any, ...]]:
    sha, file = one.rows["submission"][0][:2]
    if one.findings:
        letter = returned_letter(unit[:2], one.findings, file)
        yield _row("unit_returned", unit[0], unit[2], [unit[0], *people], letter)
        return
    closed, following, *_ = plans[one.unit]
    cards = one.rows["card"]
    letter = unit_letter(unit[:2], people, cards, closed, following)
    yield _row("unit_result", unit[0], unit[2], [unit[0], *people], letter)
    trace = {
        "regulation": REGULATION.code, "version": REGULATION.digest[:12],
        "title": REGULATION.title, "file": file, "sha": sha,
    }  # fmt: skip
    told = told_of(one.rows, people)
    for card in cards:
        person = people[card[0]]
        if card[1] == "ok" and person.email:
            letter = cadre_letter(unit[:2], person, card, told[card[0]], trace)
            yield _row("cadre_result", person.code, person.email, [person.code], letter)


def _row(
    kind: str, person: str, to: str, about: list[str], payload: dict[str, Any]
) -> tuple[Any, ...]:
    said = json.dumps(payload, ensure_ascii=False).encode()
    name = hashlib.sha256(f"{PERIOD}:{kind}:{person}:r1".encode()).hexdigest()[:32]
    sha, small = hashlib.sha256(said).hexdigest(), zlib.compress(said, 1)
    values = (PERIOD, kind, person, 1, to, json.dumps(about), small, sha)
    return (*values, f"<{name}@localhost>", "written")


def _keep(
    con: sqlite3.Connection,
    done: Sequence[Done],
    plans: Mapping[str, Planned],
    letters: Sequence[tuple[Any, ...]],
) -> None:
    con.execute("begin immediate")
    states = [("returned" if one.findings else "accepted", PERIOD, one.unit) for one in done]
    con.executemany("update roll set state=?, received=1 where period=? and unit=?", states)
    tasks = [
        (period, unit, row[1], *row[3:10], carried)
        for unit, (closed, following, *_) in plans.items()
        for period, some in ((PERIOD, closed), ("2026-11", following))
        for row in some
        for carried in (row[10] if period != PERIOD else 0,)
    ]
    con.executemany(f"insert into task values({','.join('?' * 11)})", tasks)
    changes = [("2026-11", unit, *row) for unit, one in plans.items() for row in one[2]]
    con.executemany(
        "insert into plan_change(period,unit,key,says,evidence,line,state) "
        "values(?,?,?,?,?,?,'proposed')",
        changes,
    )
    tallies = [(PERIOD, unit, one[3]) for unit, one in plans.items()]
    con.executemany("insert into tally values(?,?,?)", tallies)
    con.executemany(
        "insert into letter(period,kind,person,revision,address,about,payload,sha,message_id,state)"
        " values(?,?,?,?,?,?,?,?,?,?)",
        letters,
    )
    con.execute("commit")


def _digest(con: sqlite3.Connection) -> None:
    """The month in one page: states, grades, faults, tasks, by one question each."""
    asked = {
        "roll": "select state,count(*) from roll group by 1",
        "grades": "select grade,count(*) from card group by 1",
        "frequent": "select rule,count(*),count(distinct unit) from finding group by 1",
        "programme": f"select status,count(*) from task where period='{PERIOD}' group by 1",
        "carried": "select carried,count(*) from task where period='2026-11' group by 1",
        "letters": "select kind,count(*) from letter group by 1",
    }
    payload = HEAD | {name: con.execute(query).fetchall() for name, query in asked.items()}
    con.execute("begin immediate")
    row = _row("office_digest", "office", "tdkt@localhost", [], payload)
    con.execute(
        "insert into letter(period,kind,person,revision,address,about,payload,sha,message_id,state)"
        " values(?,?,?,?,?,?,?,?,?,?)",
        row,
    )
    con.execute("commit")
