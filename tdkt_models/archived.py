"""What fills the book of a period and is hardly ever read again: out of it, and back.

contents_of(conn, "2020-10")["submissions"]      [(12, {"cover": …}), …]: by number
put_away(conn, "2020-10", "archive/2020-10.tdkt")  a mark stands in their place; figures stay
put_back(conn, contents)

Figures, results, findings and the audit stay in the book: reviews, charts and proofs go on. Whoever
asks for contents that are away is told which file to open (`must_be_here`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from review.keeping import AWAY
from tdkt_models.errors import BookError
from tdkt_models.tables import table_named

CONTENTS = {"submissions": "sheets", "letters": "payload", "papers": "payload"}


class ContentsAway(BookError):
    """The contents of a period were put into its archive file."""


def must_be_here(said: Mapping[str, Any], what: str, period: str) -> None:
    """Raises ContentsAway where only the mark is left."""
    if AWAY in said:
        raise ContentsAway(
            f"{what} của kỳ {period} đã chuyển ra tệp lưu trữ {said[AWAY]}. Cần xem lại thì mở: "
            f"tdkt archive open {period} --by HỌ-TÊN"
        )


def contents_of(conn: Connection, period: str) -> dict[str, list[tuple[int, Any]]]:
    return {name: list(_rows(conn, name, period)) for name in CONTENTS}


def _rows(conn: Connection, name: str, period: str) -> Iterable[tuple[int, Any]]:
    table = table_named(name)
    query = select(table.c.id, table.c[CONTENTS[name]]).where(table.c.period == period)
    return ((number, said) for number, said in conn.execute(query.order_by(table.c.id)).tuples())


def is_away(conn: Connection, period: str) -> bool:
    return any(AWAY in said for name in CONTENTS for _number, said in _rows(conn, name, period))


def put_away(conn: Connection, period: str, file: str) -> dict[str, int]:
    """Gives how many rows of each table lost their contents."""
    return {
        name: conn.execute(
            update(table_named(name))
            .where(table_named(name).c.period == period)
            .values({CONTENTS[name]: {AWAY: file}})
        ).rowcount
        for name in CONTENTS
    }


def put_back(conn: Connection, contents: Mapping[str, Iterable[tuple[int, Any]]]) -> dict[str, int]:
    back = {}
    for name, rows in contents.items():
        table, column = table_named(name), CONTENTS[name]
        step = update(table).where(table.c.id == bindparam("number"))
        values = [{"number": number, "said": said} for number, said in rows]
        if values:
            conn.execute(
                step.values({column: bindparam("said", type_=table.c[column].type)}), values
            )
        back[name] = len(values)
    return back


def places_of(conn: Connection, period: str) -> list[str]:
    """Where the originals lie that no file of another period shares."""
    files = table_named("received_files")
    own = select(files.c.stored_path).where(files.c.period == period)
    others = select(files.c.stored_path).where(func.coalesce(files.c.period, "") != period)
    return sorted(set(conn.scalars(own)) - set(conn.scalars(others)) - {""})


def message_ids_of(conn: Connection, period: str) -> list[str]:
    letters = table_named("letters")
    return list(conn.scalars(select(letters.c.message_id).where(letters.c.period == period)))
