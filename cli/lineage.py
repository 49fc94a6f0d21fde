"""`tdkt lineage`: what became of a unit, and its results as they were and on today's map."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import Connection

from cli.review import home_option, json_option
from cli.screen import as_json, screen, table
from tasks.office import Office


@click.command()
@click.argument("code")
@home_option
@json_option
def lineage(code: str, home: str | None, in_json: bool) -> int:
    """Đơn vị sáp nhập, chia tách, đổi tên ra sao; kết quả như đã có và theo bản đồ hôm nay.

    Ví dụ: tdkt lineage 03637
    """
    with Office.at(home).book() as book, book.reading() as conn:
        found = _found(conn, code)
    if in_json:
        as_json(found)
        return 0
    screen.print(f"[bold]{found['name']}[/bold] ({code}): {found['says']}")
    for title, key in (("Như đã có", "as_it_was"), ("Theo bản đồ hôm nay", "on_todays_map")):
        rows = [(f["period"], f["unit"], f["persons"], f["mean"]) for f in found[key]]
        screen.print(table(title, ("Kỳ", "Đơn vị", "Người", "Điểm bình quân"), rows))
    return 0


def _found(conn: Connection, code: str) -> dict[str, Any]:
    from tasks.lineage import lineage_of

    seen = lineage_of(conn, code)
    if seen is None:
        raise click.ClickException(f"Không có đơn vị mang mã {code}.")
    return seen.as_json()
