"""The connection to the book, set so that two writers never lose each other's work.

    engine = engine_for("sqlite:////srv/tdkt/office.db")
    reading = engine.execution_options(reading=True)
    durable = engine.execution_options(durable=True)

On SQLite a write begins with BEGIN IMMEDIATE: with the driver's own late BEGIN, two runs that read
and then write lost 344 of 800 changes without an error (lab/ingest.md 5).

A commit outlives the death of any process. A power cut may undo the last ones of SQLite, which is
harmless where the work is simply done again and not where something left the house: a `durable`
transaction is on the disk when it has committed, and with it all that was committed before.
"""

from __future__ import annotations

import contextlib
import os
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL

from tdkt_models.spelt_out import SpellsOut
from tdkt_models.witness import watch

# The cache in KiB, as much as is needed: what a batch writes is not to go out of it, come back and
# go out again (decision 0033).
PRAGMAS = ("journal_mode=wal", "synchronous=normal", "busy_timeout=30000", "cache_size=-16384")
SYNCHRONOUS = "synchronous"  # of a connection of the pool, as it was last set
WRITER_LOCK = 0x7464_6B74  # "tdkt": the advisory lock that makes PostgreSQL take writers in turn
CONNECT_SECONDS = 10
WAIT_SECONDS = 60  # for another writer on PostgreSQL; SQLite's 30 seconds are in its pragmas


def from_json(said: Any) -> Any:
    """Most cards have neither flags nor reasons: nothing is taken apart for them."""
    return [] if said == "[]" else orjson.loads(said)


def as_json(value: object) -> str:
    # Vietnamese is kept readable: with \u escapes SQLite filters on text would find nothing.
    return orjson.dumps(value).decode()


def engine_for(url: URL, *, foreign_keys: bool = True) -> Engine:
    """An engine; `foreign_keys` is off only while SQLite tables are being rebuilt."""
    # Parameters are people's data: they stay out of every error text.
    options: dict[str, Any] = {
        "json_serializer": as_json,
        "json_deserializer": from_json,
        "hide_parameters": True,
    }
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, **options)
        engine.dialect.statement_compiler = _WithHints
        engine.dialect.ddl_compiler = SpellsOut
        _set_up_sqlite(engine, foreign_keys)
    else:
        options["connect_args"] = {"connect_timeout": CONNECT_SECONDS}
        engine = create_engine(url, **options)
    watch(engine)
    return engine


class _WithHints(SQLiteCompiler):
    """SQLAlchemy writes a query's hint (tdkt_models/base.py: by_index) behind the table only for
    databases of which it knows that they take one; SQLite takes INDEXED BY there."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text


def _set_up_sqlite(engine: Engine, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def _configure(driver: Any, _record: object) -> None:
        driver.isolation_level = None
        for pragma in (*PRAGMAS, f"foreign_keys={'on' if foreign_keys else 'off'}"):
            driver.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        options = conn.get_execution_options()
        wanted = "full" if options.get("durable", False) else "normal"
        if conn.info.get(SYNCHRONOUS, "normal") != wanted:  # not to be changed once it has begun
            conn.exec_driver_sql(f"pragma synchronous={wanted}")
            conn.info[SYNCHRONOUS] = wanted
        conn.exec_driver_sql("BEGIN" if options.get("reading", False) else "BEGIN IMMEDIATE")


def outlive_a_power_cut(conn: Connection) -> None:
    """On PostgreSQL, whatever the server is set to; SQLite was told before the transaction."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("set local synchronous_commit = on"))


def settle_on_disk(engine: Engine) -> None:
    """Waits until what SQLite has committed is on the disk: only in a transaction does one learn
    that it must be, and then it is too late to tell SQLite so."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return
    for name in (f"{engine.url.database}-wal", engine.url.database):
        with contextlib.suppress(FileNotFoundError):
            number = os.open(name, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


def take_turn(conn: Connection) -> None:
    """Waits until this is the only writer, as SQLite does by itself; held until the commit.

    A writer that holds the book for longer than WAIT_SECONDS makes the others BookBusy.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"set local lock_timeout = '{WAIT_SECONDS}s'"))
        conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": WRITER_LOCK})
