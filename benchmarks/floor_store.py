"""The yardstick's book: six tables in SQLite, WAL, upserts by executemany, one commit a chunk.

create(path, people)            people: {unit: {cadre: role}}
store(con, "2026-10", done)     BEGIN IMMEDIATE … COMMIT
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

MARKS = [f"c{n}" for n in range(1, 11)]
TABLES: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "submission": (
        ["sha256", "file", "status", "findings", "nil", "nil_reason", "head_open", "head_close",
         "prepared_by", "phone", "prepared_on", "approved_by", "note"], (),
    ),
    "work": (
        ["line", "cadre", "name", "work", "content", "coef", "due", "assigned", "done", "faulty",
         "fault_times", "fault_excused", "late", "late_times", "late_excused", "proof", "programme",
         "note"], ("line",),
    ),
    "general": (["line", "cadre", "name", "rater", *MARKS, "total", "note"], ("line",)),
    "leader": (["line", "cadre", "name", "d", "dd", "e", "evidence"], ("line",)),
    "change": (
        ["line", "event", "cadre", "name", "birth", "grp", "engagement", "share", "since", "until",
         "document", "note"], ("line",),
    ),
    "programme": (
        ["line", "code", "month", "content", "product", "owner", "due", "status", "finished",
         "parent", "note"], ("line",),
    ),
    "card": (
        ["cadre", "status", "general", "a", "b", "c", "d", "dd", "e", "mean", "task", "total",
         "grade"], ("cadre",),
    ),
}  # fmt: skip
PRAGMAS = ("journal_mode=wal", "synchronous=normal", "cache_size=-65536", "temp_store=memory")
FINDING = "insert into finding values(?,?,?,?,?,?)"


class Done(NamedTuple):
    """What one workbook came to: a table's rows by its name, and its findings."""

    unit: str
    rows: Mapping[str, Sequence[Sequence[Any]]]
    findings: Sequence[Sequence[Any]]


def _upsert(table: str) -> str:
    columns, keys = TABLES[table]
    names = ",".join(columns)
    sets = ",".join(f"{c}=excluded.{c}" for c in columns if c not in keys)
    marks = ",".join("?" * (len(columns) + 2))
    target = ",".join(("period", "unit", *keys))
    return (
        f"insert into {table}(period,unit,{names}) values({marks}) "
        f"on conflict({target}) do update set {sets}"
    )


UPSERTS = {table: _upsert(table) for table in TABLES}


def connect(path: Path) -> sqlite3.Connection:
    con = sqlite3.connect(path, isolation_level=None, timeout=60)
    for pragma in (
        "journal_mode=wal",
        "synchronous=normal",
        "cache_size=-65536",
        "temp_store=memory",
    ):
        con.execute("pragma " + pragma)
    return con


def create(path: Path, people: Mapping[str, Mapping[str, str]]) -> None:
    con = connect(path)
    for table, (columns, keys) in TABLES.items():
        primary = ",".join(("period", "unit", *keys))
        con.execute(
            f"create table {table}(period text not null,unit text not null,{','.join(columns)},"
            f"primary key({primary})) without rowid"
        )
    con.execute("create table finding(period,unit,sheet,cell,rule,value)")
    con.execute("create index finding_unit on finding(period,unit)")
    con.execute("create table person(unit,cadre,role,primary key(unit,cadre)) without rowid")
    con.execute("begin immediate")
    rows = [(unit, code, role) for unit, staff in people.items() for code, role in staff.items()]
    con.executemany("insert into person values(?,?,?)", rows)
    con.execute("commit")
    con.close()


def people_of(con: sqlite3.Connection, units: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {unit: {} for unit in units}
    marks = ",".join("?" * len(units))
    for unit, code, role in con.execute(
        f"select unit,cadre,role from person where unit in ({marks})", units
    ):
        found[unit][code] = role
    return found


def known_hashes(con: sqlite3.Connection, period: str, units: Sequence[str]) -> dict[str, str]:
    marks = ",".join("?" * len(units))
    query = f"select unit,sha256 from submission where period=? and unit in ({marks})"
    return dict(con.execute(query, (period, *units)).fetchall())


def store(
    con: sqlite3.Connection, period: str, done: Sequence[Done], known: Collection[str]
) -> int:
    """Writes a chunk in one transaction; units that were there before are cleared first."""
    con.execute("begin immediate")
    for one in done:
        if one.unit in known:
            for table in (*TABLES, "finding"):
                con.execute(f"delete from {table} where period=? and unit=?", (period, one.unit))
    count = 0
    for table, upsert in UPSERTS.items():
        rows = [(period, one.unit, *row) for one in done for row in one.rows.get(table, ())]
        con.executemany(upsert, rows)
        count += len(rows)
    findings = [(period, one.unit, *finding) for one in done for finding in one.findings]
    con.executemany(FINDING, findings)
    con.execute("commit")
    return count + len(findings)
