"""Many rows at once, at the speed of the driver, inside the transaction that is open.

    pour(conn, table_of(UnitRow), rows, stamp)            writes over rows of the same natural key
    pour_new(conn, table_of(WorkLineRow), rows, stamp)    rows known to be new
    replace(conn, table, "file", file_ids, rows, stamp)   all rows of those files, anew

A row is a tuple in the order of `poured(table)`: the table's columns without a numbering `id`,
without `at` and `run`. SQLite gets an executemany of dozens of rows a statement, PostgreSQL a COPY
(lab/ingest.md 5: ten times what SQLAlchemy's own insert reaches). A row whose content is unchanged
keeps its `at` and `run`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Table, UniqueConstraint, select

from tdkt_models.base import Instant, Stamp, by_index, instant_text
from tdkt_models.engine import as_json
from tdkt_models.packed import Packed, packed
from tdkt_models.witness import rows_changed, stamped, touches

Row = tuple[Any, ...]
EMPTY = as_json([])
# Each run of a statement costs about what two rows do. With fewer rows making the longer statement
# costs more than that.
MOST_VALUES = 999  # in one statement, as every SQLite takes them
LEAST_STATEMENTS = 4
# What longer and later periods are made from: a change there is noted with its period.
STOOD_ON = frozenset(
    {"submissions", "scorecards", "period_scores", "programme_tasks", "plan_lines"}
)


@cache
def poured(table: Table) -> tuple[str, ...]:
    """The columns that a row gives, in order."""
    return tuple(c.name for c in table.columns if c.name not in ("id", "at", "run"))


@cache
def natural_key(table: Table) -> tuple[str, ...]:
    """What identifies a row to people: the unique constraint "natural", else the primary key."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and str(constraint.name).endswith("_natural"):
            return tuple(column.name for column in constraint.columns)
    return tuple(column.name for column in table.primary_key.columns)


def pour(
    conn: Connection, table: Table, rows: Sequence[Row], stamp: Stamp, *, written: bool = False
) -> None:
    """Writes rows; where the natural key is there already, the later content wins. `written` rows
    have their days, instants and documents as texts and bytes already, as drivers take them."""
    if not rows:
        return
    columns = poured(table)
    key = [columns.index(name) for name in natural_key(table)]
    # Sorted, because two writers that lock shared keys in different orders deadlock PostgreSQL.
    rows = sorted(rows if written else ready(table, rows), key=itemgetter(*key))
    stamped(conn, stamp)
    before = rows_changed(conn, table.name)
    if conn.dialect.name == "postgresql":
        _copy_over(conn, table, rows, stamp)
    else:
        _executemany(conn, table, rows, stamp, _on_conflict(table, "is not"))
    if rows_changed(conn, table.name) > before:
        _touch(conn, table, rows)


def pour_new(conn: Connection, table: Table, rows: Iterable[Row], stamp: Stamp) -> None:
    """Writes rows that are not there yet."""
    rows = ready(table, rows)
    stamped(conn, stamp)
    if conn.dialect.name == "postgresql":
        _copy(conn, table.name, _names(table), rows, stamp)
        stamped(conn, stamp, table.name, len(rows))  # a COPY passes by SQLAlchemy's events
    else:
        _executemany(conn, table, rows, stamp, "")
    _touch(conn, table, rows)


def _touch(conn: Connection, table: Table, rows: Sequence[Row]) -> None:
    if table.name in STOOD_ON:
        at = poured(table).index("period")
        touches(conn, {row[at] for row in rows})


def replace(
    conn: Connection,
    table: Table,
    column: str,
    owners: Collection[Any],
    rows: Iterable[Row],
    stamp: Stamp,
) -> None:
    """Makes `rows` the only ones of these owners."""
    clear(conn, table, (column,), [(owner,) for owner in owners])
    pour_new(conn, table, rows, stamp)


def clear(conn: Connection, table: Table, columns: Sequence[str], keys: Sequence[Row]) -> None:
    """Deletes the rows that have one of these values in these columns."""
    if keys:
        mark = "%s" if conn.dialect.name == "postgresql" else "?"
        where = " and ".join(f'"{name}" = {mark}' for name in columns)
        conn.exec_driver_sql(f'delete from "{table.name}" where {where}', sorted(keys))


def take_out_others(
    conn: Connection,
    table: Table,
    only_for: Mapping[str, Collection[str]] | None,
    kept: Collection[Row],
) -> None:
    """Deletes what the units of `only_for` ({period: units}) have there under another natural key
    than those `kept`. The table has the columns `period` and `unit`."""
    key = natural_key(table)
    columns = [table.columns[name] for name in key]
    for period, units in (only_for or {}).items():
        query = select(*columns).where(table.c.period == period, table.c.unit.in_(units))
        if any(tuple(index.columns.keys()) == ("period", "unit") for index in table.indexes):
            query = by_index(query, table, "period", "unit")
        there = {tuple(row) for row in conn.execute(query)}
        gone = list(there.difference(kept))
        clear(conn, table, key, gone)
        if gone and table.name in STOOD_ON:
            touches(conn, [period])


def _names(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in (*poured(table), "at", "run"))


def _on_conflict(table: Table, differs: str) -> str:
    key = natural_key(table)
    rest = [name for name in poured(table) if name not in key]
    target = ", ".join(f'"{name}"' for name in key)
    if not rest:
        return f" on conflict ({target}) do nothing"
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in (*rest, "at", "run"))
    changed = " or ".join(f'"{table.name}"."{n}" {differs} excluded."{n}"' for n in rest)
    return f" on conflict ({target}) do update set {changes} where {changed}"


def _executemany(conn: Connection, table: Table, rows: list[Row], stamp: Stamp, end: str) -> None:
    stamped = (instant_text(stamp.at), stamp.run)
    many = MOST_VALUES // (len(poured(table)) + len(stamped))
    whole = len(rows) // many * many if len(rows) >= LEAST_STATEMENTS * many else 0
    rows = [row + stamped for row in rows]
    if whole:
        joined = [tuple(chain(*rows[at : at + many])) for at in range(0, whole, many)]
        conn.exec_driver_sql(_insert(table, many, end), joined)
    if whole < len(rows):
        conn.exec_driver_sql(_insert(table, 1, end), rows[whole:])


@cache
def _insert(table: Table, rows: int, end: str) -> str:
    marks = ", ".join("?" * (len(poured(table)) + 2))
    values = ", ".join([f"({marks})"] * rows)
    return f'insert into "{table.name}" ({_names(table)}) values {values}{end}'


def _copy_over(conn: Connection, table: Table, rows: list[Row], stamp: Stamp) -> None:
    poured_into, names = f"_{table.name}", _names(table)
    conn.exec_driver_sql(f'drop table if exists pg_temp."{poured_into}"')
    conn.exec_driver_sql(
        f'create temp table "{poured_into}" on commit drop as select {names} from "{table.name}" '
        "with no data"
    )
    _copy(conn, poured_into, names, rows, stamp)
    key = ", ".join(f'"{name}"' for name in natural_key(table))
    conn.exec_driver_sql(
        f'insert into "{table.name}" ({names}) select {names} from "{poured_into}" order by {key}'
        + _on_conflict(table, "is distinct from")
    )


def _copy(conn: Connection, name: str, names: str, rows: list[Row], stamp: Stamp) -> None:
    driver: Any = conn.connection.driver_connection
    stamped = (instant_text(stamp.at), stamp.run)
    with driver.cursor() as cursor, cursor.copy(f'copy "{name}" ({names}) from stdin') as copy:
        for row in rows:
            copy.write_row(row + stamped)


@cache
def _writers(table: Table) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """The columns whose values the drivers do not know how to write, and how to."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for at, name in enumerate(poured(table)):
        kind = table.columns[name].type
        if isinstance(kind, Instant):
            found.append((at, instant_text))
        elif isinstance(kind, Date):
            found.append((at, date.isoformat))
        elif isinstance(kind, Boolean):
            found.append((at, int))
        elif isinstance(kind, Packed):
            found.append((at, packed))
        elif kind.__visit_name__ == "JSON":
            found.append((at, _json))
    return tuple(found)


def _json(value: Any) -> str:
    return EMPTY if value == [] else as_json(value)  # most cards have neither flags nor reasons


def ready(table: Table, rows: Iterable[Row]) -> list[Row]:
    """Rows as `pour(…, written=True)` takes them: much of the work of writing many, done before
    anybody waits for the transaction."""
    writers = _writers(table)
    return [_written(row, writers) for row in rows] if writers else list(rows)


def _written(row: Row, writers: tuple[tuple[int, Callable[[Any], Any]], ...]) -> Row:
    values = list(row)
    for at, write in writers:
        if values[at] is not None:
            values[at] = write(values[at])
    return tuple(values)
