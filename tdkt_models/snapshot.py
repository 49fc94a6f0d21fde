"""A whole book as lines of text, the same for either engine, and back into an empty one.

with book.snapshot() as conn:                 the book as it is at one moment; others go on writing
    for line in lines_of(conn, table): …      b'["code","name"]', then one JSON list a row
restore_tables(url, "0015", lines_by_table)   makes the tables of that step, fills them, upgrades

Values are what JSON has: dates and instants are ISO text, JSON and pressed columns nested. So a
book kept on SQLite comes back on PostgreSQL, and an older program's under a newer one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import JSON, Column, Connection, LargeBinary, MetaData, Table, inspect, select, text

from tdkt_models.base import instant_text
from tdkt_models.engine import as_json, engine_for
from tdkt_models.errors import BookError, parsed, said_plainly
from tdkt_models.packed import packed
from tdkt_models.restoring import TABLE as MARKED
from tdkt_models.restoring import is_marked, mark, unmark
from tdkt_models.schema import downgrade, knows, upgrade
from tdkt_models.tables import all_tables

WayIn = Callable[[Any], Any]

AT_ONCE = 1000
KEPT_BY_STEPS = "alembic_version"
UNFINISHED = (KEPT_BY_STEPS, MARKED)


def tables_to_copy() -> list[Table]:
    """Every table of today's book, those first that others point to."""
    return all_tables()


def must_know_every_table(conn: Connection) -> None:
    """Raises BookError where the book has a table that would not be copied."""
    known = {table.name for table in all_tables()} | {KEPT_BY_STEPS}
    if strange := set(inspect(conn).get_table_names()) - known:
        raise BookError(
            f"Sổ có bảng mà chương trình không biết: {', '.join(sorted(strange))}. Chưa sao lưu; "
            "hãy chuyển các bảng ấy sang cơ sở dữ liệu khác hoặc cài đúng phiên bản chương trình."
        )


def lines_of(conn: Connection, table: Table) -> Iterator[bytes]:
    """The names of the columns, then each row."""
    columns = list(table.columns)
    yield orjson.dumps([column.name for column in columns]) + b"\n"
    query = select(*columns).order_by(*table.primary_key.columns)
    for row in conn.execute(query, execution_options={"yield_per": AT_ONCE}):
        yield orjson.dumps([_plain(value) for value in row]) + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def restore_tables(
    url: str,
    step: str,
    lines: Mapping[str, Callable[[], Iterable[bytes]]],
    expected: Mapping[str, int],
) -> None:
    """Fills an empty book, or one that a killed restore had begun to fill, with so many rows by
    table and brings it up to date; it stays marked (restoring.py). Raises BookError, or what
    `lines` raise; then the book is as empty as before."""
    if not knows(step):
        raise BookError(
            f"Bản sao lưu do phiên bản chương trình mới hơn lập (bước {step}). "
            "Hãy cài phiên bản mới rồi khôi phục."
        )
    if _begun_before(url):
        downgrade(url, "base")
    mark(url)
    try:
        upgrade(url, step)
        if _filled(url, lines) != dict(expected):
            raise BookError("Số dòng trong bản sao lưu không đúng như đã ghi.")
        upgrade(url)
    except BaseException:
        _empty(url)  # what was empty before is emptied again, and nothing else ever
        raise


def _empty(url: str) -> None:
    downgrade(url, "base")
    engine = engine_for(parsed(url))
    try:
        with said_plainly(engine), engine.begin() as conn:
            unmark(conn)
    finally:
        engine.dispose()


def _filled(url: str, lines: Mapping[str, Callable[[], Iterable[bytes]]]) -> dict[str, int]:
    engine = engine_for(parsed(url), foreign_keys=False)
    try:
        with said_plainly(engine), engine.begin() as conn:
            return {table.name: _fill(conn, table, said) for table, said in _matched(conn, lines)}
    finally:
        engine.dispose()


def _begun_before(url: str) -> bool:
    """Whether a restore that was killed had begun to fill it. Raises BookError where it is not
    empty for any other reason."""
    engine = engine_for(parsed(url))
    try:
        if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").is_file():
            return False
        with said_plainly(engine), engine.connect() as conn:
            there, begun = set(inspect(conn).get_table_names()), is_marked(conn)
    finally:
        engine.dispose()
    if there - {KEPT_BY_STEPS} and not begun:
        raise BookError(
            "Sổ dữ liệu đích không trống. Chỉ khôi phục vào một sổ trống: đổi TDKT_DATABASE_URL, "
            "hoặc chuyển sổ cũ đi nơi khác."
        )
    return begun


def _matched(
    conn: Connection, lines: Mapping[str, Callable[[], Iterable[bytes]]]
) -> Iterator[tuple[Table, Callable[[], Iterable[bytes]]]]:
    """The tables of the book at this step, in an order that their keys allow."""
    there = MetaData()
    there.reflect(conn)
    unknown = set(lines) - {table.name for table in there.sorted_tables}
    if unknown:
        raise BookError(f"Bản sao lưu có bảng lạ: {', '.join(sorted(unknown))}.")
    for table in there.sorted_tables:
        if table.name not in UNFINISHED and table.name in lines:
            yield table, lines[table.name]


def _fill(conn: Connection, table: Table, lines: Callable[[], Iterable[bytes]]) -> int:
    rows = iter(lines())
    names: list[str] = orjson.loads(next(rows))
    if set(names) != {column.name for column in table.columns}:
        raise BookError(f"Bảng {table.name} trong bản sao lưu không có đúng các cột của nó.")
    ways = [(at, way) for at, name in enumerate(names) if (way := _way_in(table.columns[name]))]
    write = _copied if conn.dialect.name == "postgresql" else _inserted
    count = 0
    with write(conn, table.name, names) as take:
        for line in rows:
            take(_row(orjson.loads(line), ways))
            count += 1
    if conn.dialect.name == "postgresql" and "id" in names:
        _go_on_numbering(conn, table.name)
    return count


def _way_in(column: Column[Any]) -> WayIn | None:
    """How a nested value is kept at this step: as text, or pressed (every column of bytes is)."""
    if isinstance(column.type, JSON):
        return as_json
    return packed if isinstance(column.type, LargeBinary) else None


def _row(values: list[Any], ways: Sequence[tuple[int, WayIn]]) -> list[Any]:
    for at, way in ways:
        if values[at] is not None:
            values[at] = way(values[at])
    return values


class _inserted:
    """On SQLite: a thousand rows a statement."""

    def __init__(self, conn: Connection, table: str, names: Sequence[str]) -> None:
        marks = ", ".join("?" * len(names))
        quoted = ", ".join(f'"{name}"' for name in names)
        self._sql = f'insert into "{table}" ({quoted}) values ({marks})'
        self._conn, self._rows = conn, list[tuple[Any, ...]]()

    def __enter__(self) -> Callable[[list[Any]], None]:
        return self._take

    def _take(self, row: list[Any]) -> None:
        self._rows.append(tuple(row))
        if len(self._rows) == AT_ONCE:
            self._write()

    def _write(self) -> None:
        if self._rows:
            self._conn.exec_driver_sql(self._sql, self._rows)
        self._rows = []

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self._write()


class _copied:
    """On PostgreSQL: one COPY."""

    def __init__(self, conn: Connection, table: str, names: Sequence[str]) -> None:
        quoted = ", ".join(f'"{name}"' for name in names)
        driver: Any = conn.connection.driver_connection
        self._cursor = driver.cursor()
        self._copy = self._cursor.copy(f'copy "{table}" ({quoted}) from stdin')

    def __enter__(self) -> Callable[[list[Any]], None]:
        take: Callable[[list[Any]], None] = self._copy.__enter__().write_row
        return take

    def __exit__(self, *wrong: Any) -> None:
        self._copy.__exit__(*wrong)
        self._cursor.close()


def _go_on_numbering(conn: Connection, table: str) -> None:
    own = conn.execute(text("select pg_get_serial_sequence(:t, 'id')"), {"t": table}).scalar()
    if own:
        last = conn.exec_driver_sql(f'select max(id) from "{table}"').scalar()
        there = last is not None
        conn.execute(
            text("select setval(cast(:own as regclass), :last, :there)"),
            {"own": own, "last": last if there else 1, "there": there},
        )
