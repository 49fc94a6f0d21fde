"""The book: what every table has in common, and the one place where a transaction begins.

    book = Book.open("sqlite:////srv/tdkt/office.db")
    with book.writing() as conn:
        keep_units(conn, units, Stamp(at=now, run="2026-10:collect:7"))
    with book.reading() as conn:
        recall_units(conn)                      -> the same units

Rows never leave this floor: `keep…` takes and `recall…` gives the frozen values of `review/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from tdkt_models.engine import engine_for, outlive_a_power_cut, settle_on_disk, take_turn
from tdkt_models.errors import (
    BookBusy,
    BookError,
    BookMissing,
    BookNotMigrated,
    missing,
    parsed,
    said_plainly,
)
from tdkt_models.schema import downgrade, heads, is_current, require_current, upgrade
from tdkt_models.witness import Witness, begin, ended

__all__ = [
    "Base",
    "Book",
    "BookBusy",
    "BookError",
    "BookMissing",
    "BookNotMigrated",
    "Stamp",
    "downgrade",
    "heads",
    "is_current",
    "upgrade",
]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When (with a time zone) and by which run a row is written."""

    at: datetime
    run: str

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"a stamp needs a time zone, got {self.at.isoformat()}")


@lru_cache(maxsize=1_000)  # of thousands of letters one moment: when they expire
def instant_text(moment: datetime) -> str:
    """UTC in ISO form and always of one width, so that texts sort as the instants do."""
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs a time zone, got {moment.isoformat()}")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(maxsize=1_000)  # what one run wrote, it wrote at one moment
def _instant_of(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """A moment: UTC text on SQLite, timestamptz on PostgreSQL; always UTC with a zone outside."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return _instant_of(value)
        return None if value is None else value.astimezone(UTC)


Whole = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers only INTEGER keys by itself
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """Every row says when and by which run it was written; a digest of the book leaves both out."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(constraint_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map = {
        str: Text(),
        int: Whole,
        date: Date(),
        datetime: Instant(),
        dict[str, Any]: Json,
        list[Any]: Json,
    }

    at: Mapped[datetime] = mapped_column(sort_order=98)
    run: Mapped[str] = mapped_column(sort_order=99)


def table_of(row: type[Base]) -> Table:
    return cast(Table, row.__table__)


def by_index(query: Select[Any], table: Table, *columns: str) -> Select[Any]:
    """The query, which SQLite is to carry out by the index that begins with these columns: of a
    column and a list it knows no numbers, takes the column alone for choosy, and would walk through
    a country's whole period for twenty of its units. PostgreSQL counts its tables and chooses by
    itself."""
    many = len(columns)
    (index,) = (one for one in table.indexes if tuple(one.columns.keys())[:many] == columns)
    return query.with_hint(table, f"INDEXED BY {index.name}", "sqlite")


def one_of(column: str, words: type[StrEnum]) -> str:
    """The condition of a CHECK that a column holds one of the words of an enumeration."""
    allowed = ", ".join(repr(word.value) for word in words)
    return f'"{column}" in ({allowed})'


@dataclass(frozen=True, slots=True)
class Book:
    """An open book. Threads may share it; a child process opens its own. `guard` is asked at the
    start of each transaction that writes, and raises to forbid it."""

    engine: Engine
    guard: Callable[[Connection], None] | None = None

    @classmethod
    def open(cls, url: str, guard: Callable[[Connection], None] | None = None) -> Book:
        """The book at an SQLAlchemy URL. Raises BookMissing, BookNotMigrated or BookError."""
        parts = parsed(url)
        if _names_no_file(parts.get_backend_name(), parts.database):
            raise missing(parts)
        book = cls(_engine(parts), guard)
        try:
            with book.reading() as conn:
                require_current(conn)
        except BookError:
            book.close()
            raise
        return book

    def close(self) -> None:
        """Closes its connections; one that another thread is using closes when it is done."""
        self.engine.dispose()

    @contextmanager
    def writing(
        self, *, beside_others: bool = False, durable: bool = False
    ) -> Iterator[Connection]:
        """One transaction that writes: all of it is kept, or nothing.

        Writers take turns, so what was read in it is still true when it commits. `beside_others`
        lets PostgreSQL run several at once: only for single guarded statements, as the ledger's.
        `durable` waits for the disk, so that a power cut cannot undo it; so does whatever a person
        did, since that person is told that it is done.
        What it changed without a line in the audit gets one as it ends.
        """
        engine = self.engine.execution_options(durable=True) if durable else self.engine
        with self._begun(engine) as conn:
            if durable:
                outlive_a_power_cut(conn)
            if not beside_others:
                take_turn(conn)
                if self.guard:
                    self.guard(conn)
            seen = begin(conn)
            yield conn
            _note_touched(conn, seen)
            if unsaid := ended(conn):
                _note_in_audit(conn, unsaid)
            if seen.by_person:
                outlive_a_power_cut(conn)
        if seen.by_person and not durable:
            settle_on_disk(self.engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads, and never waits for a writer."""
        with self._begun(self.engine.execution_options(reading=True)) as conn:
            yield conn

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One transaction that sees the whole book as it is now, however long it reads."""
        options: dict[str, Any] = {"reading": True}
        if self.engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        with self._begun(self.engine.execution_options(**options)) as conn:
            if "isolation_level" in options:
                conn.exec_driver_sql("set transaction read only")
            yield conn

    @contextmanager
    def _begun(self, engine: Engine) -> Iterator[Connection]:
        with said_plainly(engine):
            try:
                conn = engine.connect()
            except OperationalError:
                raise missing(engine.url) from None
            with conn, conn.begin():
                yield conn


def _note_touched(conn: Connection, seen: Witness) -> None:
    from tdkt_models.footings import (
        OF_THE_ROSTER,
        ROSTER,
        keep_touched,
    )  # it stands on this floor's ground

    touched = seen.periods | ({ROSTER} if OF_THE_ROSTER & seen.rows.keys() else set())
    if touched:
        keep_touched(conn, sorted(touched), seen.stamp or Stamp(datetime.now(UTC), ""))


def _note_in_audit(conn: Connection, unsaid: Witness) -> None:
    from tdkt_models.audit import (
        WRITTEN,
        AuditEntry,
        keep_audit,
    )  # it stands on this floor's ground

    stamp = unsaid.stamp or Stamp(datetime.now(UTC), "")
    keep_audit(conn, [AuditEntry("tdkt", WRITTEN, "", unsaid.detail)], stamp)


@lru_cache(maxsize=8)
def _engine(url: URL) -> Engine:
    """One engine a book for as long as the process lives: a batch opens the book anew, and would
    otherwise compile every statement anew, a third of a millisecond for each unit."""
    return engine_for(url)


def _names_no_file(backend: str, database: str | None) -> bool:
    return backend == "sqlite" and not (database and Path(database).is_file())
