"""What the tests of every floor share: a book on each engine, and one moment to write at.

def test_something(book: Book, stamp: Stamp) -> None:     runs on SQLite and on PostgreSQL

Heavy imports stand inside the fixtures, so that tests of review/ stay quick.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tdkt_models.base import Book, Stamp
    from tests.postgres import Postgres
    from tests.province import HeldMonth

# The same examples every time: what is green stays green. `make soak` draws others.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=500, deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One real PostgreSQL server for the session."""
    from tests.postgres import running_postgres

    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes URLs of books that are still empty."""
    if request.param == "sqlite":
        numbers = iter(range(1000))
        yield lambda: f"sqlite:///{tmp_path / f'office{next(numbers)}.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    made: list[str] = []

    def make() -> str:
        made.append(server.new_database())
        return made[-1]

    yield make
    for url in made:
        server.drop(url)


@pytest.fixture(scope="session")
def sqlite_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with all its tables: the steps are taken once, every test has a copy."""
    from tdkt_models.base import upgrade

    path = tmp_path_factory.mktemp("pattern") / "office.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_pattern: Path, tmp_path: Path) -> str:
    """The URL of a book with all its tables, on SQLite."""
    return f"sqlite:///{shutil.copy(sqlite_pattern, tmp_path / 'book.db')}"


@pytest.fixture(scope="session")
def postgres_pattern(postgres: Postgres) -> str:
    """The name of a database with all tables."""
    from tdkt_models.base import upgrade
    from tests.postgres import name_in

    url = postgres.new_database()
    upgrade(url)
    return name_in(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def book_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a book with all its tables, on each engine."""
    if request.param == "sqlite":
        yield str(request.getfixturevalue("sqlite_url"))
        return
    pattern = request.getfixturevalue("postgres_pattern")
    server: Postgres = request.getfixturevalue("postgres")
    url = server.new_database(pattern)
    yield url
    server.drop(url)


@pytest.fixture
def book(book_url: str) -> Iterator[Book]:
    """An open book, on each engine."""
    from tdkt_models.base import Book

    opened = Book.open(book_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def held_month(tmp_path_factory: pytest.TempPathFactory) -> HeldMonth:
    """October 2026 of the sample province, held once on SQLite. Tests that look at it without
    changing it stand in the xdist group "held-month"; the environment is theirs to set."""
    from tests.province import HeldMonth

    held = HeldMonth.hold(tmp_path_factory.mktemp("held") / "office")
    _tell_all_workers(_told_digest(tmp_path_factory), held.digest)
    return held


def _told_digest(temporary: pytest.TempPathFactory) -> Path:
    return _shared(temporary, "held-month.digest")


def _shared(temporary: pytest.TempPathFactory, name: str) -> Path:
    """A file that the workers of one run of the tests share."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return temporary.getbasetemp().parent / f"{run}-{name}"


@pytest.fixture(scope="session")
def prefect_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Prefect's own book, with all its tables, is kept for the next server, if it is."""
    return _shared(tmp_path_factory, "prefect.db")


def _tell_all_workers(file: Path, words: str) -> None:
    whole = file.with_suffix(f".{os.getpid()}")
    whole.write_text(words)
    whole.replace(file)


@pytest.fixture(scope="session")
def held_digest(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What that month's book comes to, for tests that need no more of it: another worker may have
    held it already."""
    told = _told_digest(tmp_path_factory)
    if not told.exists():
        request.getfixturevalue("held_month")
    return told.read_text()


@pytest.fixture
def stamp() -> Stamp:
    from tdkt_models.base import Stamp

    return Stamp(at=datetime(2026, 11, 2, 1, 30, tzinfo=UTC), run="2026-10:test")
