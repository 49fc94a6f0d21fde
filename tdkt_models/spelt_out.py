"""The condition that a column holds one of a list of words, as SQLite checks it fastest.

lists_spelt_out(of_a_table)    "state" in ('a', 'b')  ->  ("state" = 'a' or "state" = 'b')
spell_out(conn)                the same for the tables of a book that is there already

SQLite makes a list of three words or more anew for each statement that writes such a column: of
writing a card that was a third. PostgreSQL keeps the list as it is.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.base import SQLiteDDLCompiler
from sqlalchemy.schema import CheckConstraint

WORD = r"'(?:[^']|'')*'"
LIST = re.compile(rf'("\w+") in \(({WORD}(?:, {WORD})*)\)')  # as base.one_of writes them


def lists_spelt_out(condition: str) -> str:
    return LIST.sub(_spelt_out, condition)


def _spelt_out(found: re.Match[str]) -> str:
    words = re.findall(WORD, found[2])
    return "(" + " or ".join(f"{found[1]} = {word}" for word in words) + ")"


class SpellsOut(SQLiteDDLCompiler):
    """Makes the tables of a new book so."""

    def visit_check_constraint(self, constraint: CheckConstraint, **options: object) -> str:
        condition = super().visit_check_constraint(constraint, **options)  # type: ignore[no-untyped-call]
        return lists_spelt_out(condition)


def spell_out(conn: Connection) -> None:
    """As SQLite's own manual has it for conditions (lang_altertable, section 7): only the text of
    the tables is another, not a row is touched, and whoever has the book open reads it anew."""
    tables = "select name, sql from sqlite_master where type = 'table' and sql like '% in (%'"
    found = conn.exec_driver_sql(tables).tuples().all()
    version = conn.exec_driver_sql("pragma schema_version").scalar_one()
    conn.exec_driver_sql("pragma writable_schema = on")
    for name, sql in found:
        change = "update sqlite_master set sql = ? where type = 'table' and name = ?"
        conn.exec_driver_sql(change, (lists_spelt_out(sql), name))
    conn.exec_driver_sql(f"pragma schema_version = {version + 1}")
    conn.exec_driver_sql("pragma writable_schema = off")
