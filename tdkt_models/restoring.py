"""A mark in a book that is being filled from a backup: it is no one's yet and may be emptied again.

mark(url)               before the first table is made
is_marked(conn)         -> True: the filling goes on, or was killed
unmark(conn)            in the transaction that first calls the book an office's
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from tdkt_models.engine import engine_for
from tdkt_models.errors import parsed, said_plainly

TABLE = "being_restored"


def mark(url: str) -> None:
    engine = engine_for(parsed(url))
    try:
        with said_plainly(engine), engine.begin() as conn:
            conn.execute(text(f"create table if not exists {TABLE} (since text)"))
    finally:
        engine.dispose()


def is_marked(conn: Connection) -> bool:
    return inspect(conn).has_table(TABLE)


def unmark(conn: Connection) -> None:
    conn.execute(text(f"drop table if exists {TABLE}"))
