"""A month costs in the tenth year what it cost in the first.

Every statement that a month makes is asked how it would be carried out: none may go through the
whole of a table that grows with the years, on either engine. And on SQLite the work itself is
counted, in steps of its machine: the same month on an empty book and on one of nine years.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import Engine

from flows.cycle import review_cycle
from tasks.remind import remind
from tdkt_models.bounces import bounce
from tdkt_models.tables import all_tables
from tests.postgres import Postgres
from tests.province import surroundings
from tests.small_office import Corner, small_office
from tests.test_answering import bad

UNITS = ("SYT", "SNV", "STC")
# Every table but those that grow with the number of units and persons only.
STAYS_SMALL = {
    *("units", "unit_contacts", "cadres", "cycles", "held_periods", "period_locks", "beats"),
    *("approvers", "armings", "mail_relays", "regulation_seals", "outages", "plan_versions"),
    *("suppressed_addresses", "postings", "titles_given", "footings"),
}
LIMIT = re.compile(r"\bLIMIT \S+", re.IGNORECASE)
YEARS = range(2016, 2025)
STEPS = 100  # of SQLite's machine, between two counts
_CHANGES = re.compile(r"^\s*(select|update|delete|with)\b", re.IGNORECASE)


class Asked:
    """The statements of a block, each once, with the values it was first given."""

    def __init__(self) -> None:
        self.statements: dict[str, Any] = {}

    def note(self, _c: Any, _cursor: Any, statement: str, values: Any, _x: Any, many: bool) -> None:
        if _CHANGES.match(statement):
            self.statements.setdefault(statement, values[0] if many and values else values)


@contextmanager
def asked() -> Iterator[Asked]:
    found = Asked()
    event.listen(Engine, "before_cursor_execute", found.note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", found.note)


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Steps of SQLite's machine, on whatever connection is opened in the block."""
    done: Counter[str] = Counter()

    def step() -> int:
        done["steps"] += STEPS
        return 0

    def opened(driver: Any, _record: Any) -> None:
        if isinstance(driver, sqlite3.Connection):
            driver.set_progress_handler(step, STEPS)

    event.listen(Engine, "connect", opened)
    try:
        yield done
    finally:
        event.remove(Engine, "connect", opened)


def a_month(corner: Corner) -> None:
    """Two reports, one returned, one unit that owes; answered, reviewed, sent, reminded; a letter
    that came back, and none of ours."""
    corner.sends("SYT", corner.report("SYT"), day=3)
    corner.sends("SNV", corner.report("SNV", bad), day=3)
    corner.takes_in()
    review_cycle(corner.occasion, send=True)
    remind.fn(corner.occasion)
    with corner.occasion.office.book() as book, book.writing() as conn:
        assert bounce(conn, "<cua-ai-khac@lai.example>", corner.occasion.stamp) is None


def growing() -> set[str]:
    return {table.name for table in all_tables()} - STAYS_SMALL


def scans_on_sqlite(conn: Connection, statement: str, values: Any) -> list[str]:
    plan = conn.exec_driver_sql(f"explain query plan {statement}", values)
    return re.findall(r"SCAN (\w+)", " ".join(str(row[3]) for row in plan))


def scans_on_postgresql(conn: Connection, statement: str, values: Any) -> list[str]:
    """Without the choice of going through the table: an index is gone through in its place, which
    shows by its having no condition."""
    plan = conn.exec_driver_sql(f"explain {statement}", values)
    lines = [str(row[0]) for row in plan]
    found = []
    for at, line in enumerate(lines):
        if scan := re.search(r"(Seq Scan|Index (?:Only )?Scan) .*?on (\w+)", line):
            rest = lines[at + 1 : at + 2]
            if scan[1] == "Seq Scan" or not any("Index Cond" in one for one in rest):
                found.append(scan[2])
    return found


@dataclass
class Held:
    """A month that was held: its office, what was asked of the book, in how many steps."""

    corner: Corner
    statements: dict[str, Any]
    steps: int


def held(folder: Path, years: range | None = None, source: Path | None = None) -> Held:
    folder.mkdir(exist_ok=True)
    corner = small_office(folder, UNITS)
    if years and source:
        assert history(corner, source, years) > 8_000
    with asked() as found, counted() as done:
        a_month(corner)
    return Held(corner, found.statements, done["steps"])


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    folder = tmp_path_factory.mktemp("first")
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{folder / 'office' / 'office.db'}"):
        yield held(folder)


def test_no_statement_on_sqlite_goes_through_a_growing_table(first: Held) -> None:
    with first.corner.occasion.office.book() as book, book.reading() as conn:
        assert gone_through(conn, first.statements, scans_on_sqlite) == {}


def test_what_names_units_or_readers_is_found_by_them(first: Held) -> None:
    """A batch of a hundred units must not walk through a period's quarter of a million lines. (What
    nearly no unit has stays few: ratings, appeals, trial files.)"""
    walked = set()
    with first.corner.occasion.office.book() as book, book.reading() as conn:
        for statement, values in first.statements.items():
            plan = conn.exec_driver_sql(f"explain query plan {statement}", values)
            by_period = re.findall(r"SEARCH (\w+) .*?\(period=\?\)", "\n".join(r[3] for r in plan))
            walked |= {
                t for t in by_period if re.search(rf"\b{t}\.(unit|person) IN \(\?", statement)
            }
    assert walked <= {"ratings", "received_files"}


def test_no_statement_on_postgresql_goes_through_a_growing_table(
    tmp_path: Path, postgres: Postgres
) -> None:
    with surroundings(TDKT_DATABASE_URL=postgres.new_database()):
        month = held(tmp_path)
        with month.corner.occasion.office.book() as book, book.reading() as conn:
            conn.execute(text("set local enable_seqscan = off"))
            assert gone_through(conn, month.statements, scans_on_postgresql) == {}


def gone_through(conn: Connection, statements: dict[str, Any], look: Any) -> dict[str, set[str]]:
    """By table, the statements that go through all of it."""
    assert len(statements) > 100
    wrong: dict[str, set[str]] = {}
    for statement, values in statements.items():
        if "_new" in statement or "temp" in statement.lower():
            continue  # tables of one transaction
        if LIMIT.search(statement) and " WHERE " not in statement:
            continue  # the newest, by an index: it stops after so many
        for table in set(look(conn, statement, values)) & growing():
            wrong.setdefault(table, set()).add(" ".join(statement.split())[-300:])
    return wrong


def test_the_same_month_takes_as_many_steps_after_nine_years(first: Held, tmp_path: Path) -> None:
    source = first.corner.occasion.office.folder / "office.db"
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'office' / 'office.db'}"):
        tenth = held(tmp_path, YEARS, source)
    assert first.steps > 20_000
    assert tenth.steps <= 1.1 * first.steps, (first.steps, tenth.steps)


def history(corner: Corner, source: Path, years: range) -> int:
    """The month of another office, written down again for each month of these years."""
    tables = [table for table in all_tables() if table.name in growing() | {"cycles"}]
    months = [f"{year}-{month:02}" for year in years for month in range(1, 13)]
    book = sqlite3.connect(corner.occasion.office.folder / "office.db")
    with closing(book):
        book.execute("attach database ? as past", (str(source),))
        done = [book.execute(_copied(t, n, m)) for n, m in enumerate(months, 1) for t in tables]
        book.commit()
    return sum(one.rowcount for one in done)


NUMBERS = {"file", "submission", "letter", "counted", "explanation", "corrects"}
UNIQUE = {"channel_id", "message_id", "sha256", "digest", "link", "payload_sha"}


def _copied(table: Any, n: int, month: str) -> str:
    names, values = [], []
    for column in table.columns:
        name = f'"{column.name}"'
        names.append(name)
        if column.name in ("period", "review", "source"):
            values.append(f"'{month}'")
        elif (
            column.name == "id"
            or (table.name, column.name) == ("audit", "n")
            or (column.name in NUMBERS and column.type.python_type is int)
        ):
            values.append(f"{name} + {n * 100_000}")
        elif column.name in UNIQUE:
            values.append(f"{name} || '-{n}'")
        else:
            values.append(name)
    listed = ", ".join(names)
    return (
        f'insert or ignore into main."{table.name}" ({listed}) '
        f'select {", ".join(values)} from past."{table.name}"'
    )
