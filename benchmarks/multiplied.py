"""A book of many units made of a book of few: each block of units once more under codes of its own.

multiplied(Path("office.db"), 100, 99)     100 units and 99 blocks like them: 10,000

What the product itself lays out for a hundred units in a minute would take it an hour and a half
for ten thousand. A row speaks of no unit but its own, so the unit's code is written over wherever
it stands in the row: in a column by itself, in a text, or in packed sheets. One unit in fifty ends
on 30 June, and the next takes it over.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from isal import isal_zlib

from tdkt_models.packed import pressed

CODE = re.compile(r"(?<!\d)9\d{4}(?!\d)")
NOT_OF_UNITS = {"audit", "plan_measures"}  # a chain, and the province's own
LOOKED_AT = 3_000  # rows by which it is told what a column holds
NAMED_APART = """update units set name = name || ' (' || code || ')',
    cluster = cluster || '.' || (code - 90000) / ?"""
TAKEN_OVER = """update units set until = '2026-06-30', successor = cast(code + 1 as text)
    where code % 50 = 7"""
GONE_WITH_THEM = "update cadres set until = '2026-06-30' where substr(unit, 1, 5) % 50 = 7"
Copy = Callable[[dict[str, int], int], str]


def multiplied(book: Path, units: int, times: int) -> None:
    with closing(sqlite3.connect(book, isolation_level=None)) as conn:
        conn.execute("pragma synchronous = off")
        conn.execute("pragma cache_size = -200000")
        conn.create_function("moved_sheets", 3, _moved_sheets, deterministic=True)
        tables = [n for (n,) in conn.execute("select name from sqlite_master where type='table'")]
        copies = list(_copies(conn, tables))
        numbers = {table: _last_number(conn, table) for table in tables if _numbered(conn, table)}
        (last,) = conn.execute("select max(code) from units").fetchone()
        for block in range(1, times + 1):
            conn.execute("begin")
            for copy in copies:
                conn.execute(copy(numbers, block), {"shift": block * units, "last": f"{last}~"})
            conn.execute("commit")
        conn.execute(NAMED_APART, (units,))
        conn.execute(TAKEN_OVER)
        conn.execute(GONE_WITH_THEM)
        conn.execute("analyze")


def _copies(conn: sqlite3.Connection, tables: list[str]) -> Iterator[Copy]:
    """For each table of units' rows a statement that copies the first block's."""
    for table in _parents_first(conn, tables):
        columns = [row[1] for row in conn.execute(f'pragma table_info("{table}")')]
        owner = next((c for c in ("unit", "code") if c in columns), "")
        if owner and table not in NOT_OF_UNITS:
            yield _copy(conn, table, columns, owner)


def _copy(conn: sqlite3.Connection, table: str, columns: list[str], owner: str) -> Copy:
    refers = {row[3]: row[2] for row in conn.execute(f'pragma foreign_key_list("{table}")')}
    holds = {column: _holds(conn, table, column, owner) for column in columns}
    names = ", ".join(f'"{column}"' for column in columns)

    def said(numbers: dict[str, int], block: int) -> str:
        def value(column: str) -> str:
            numbered = table if column == "id" else refers.get(column, "")
            on = block * numbers.get(numbered, 0)
            return f'"{column}" + {on}' if on else holds[column]

        values = ", ".join(map(value, columns))
        where = f"\"{owner}\" between '9' and :last"
        return f'insert into "{table}" ({names}) select {values} from "{table}" where {where}'

    return said


def _holds(conn: sqlite3.Connection, table: str, column: str, owner: str) -> str:
    """How a column is copied, by what it holds."""
    query = f'select "{column}" from "{table}" where "{column}" is not null limit {LOOKED_AT}'
    values = [value for (value,) in conn.execute(query)]
    if any(isinstance(value, bytes) for value in values):
        return f'moved_sheets("{column}", "{owner}", :shift)'
    if any(isinstance(value, str) and CODE.search(value) for value in values):
        return f'replace("{column}", "{owner}", cast("{owner}" + :shift as text))'
    return f'"{column}"'


def _moved_sheets(sheets: bytes | None, unit: str, shift: int) -> bytes | None:
    if sheets is None:
        return None
    said: bytes = isal_zlib.decompress(sheets)
    return pressed(said.replace(unit.encode(), str(int(unit) + shift).encode()))


def _numbered(conn: sqlite3.Connection, table: str) -> bool:
    return any(row[1] == "id" for row in conn.execute(f'pragma table_info("{table}")'))


def _last_number(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f'select coalesce(max(id), 0) from "{table}"').fetchone()[0])


def _parents_first(conn: sqlite3.Connection, tables: list[str]) -> list[str]:
    found: list[str] = []
    while left := [table for table in tables if table not in found]:
        for table in left:
            parents = {row[2] for row in conn.execute(f'pragma foreign_key_list("{table}")')}
            if parents - {table} <= set(found):
                found.append(table)
    return found
