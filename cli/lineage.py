"""`tdkt lineage`: what became of a unit, and its results as they were and on today's map."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
from sqlalchemy import Connection

from cli.review import as_of_option, home_option, json_option, moment
from cli.screen import as_json, screen, table
from tasks.office import Office


@click.command()
@click.argument("code")
@home_option
@as_of_option
@json_option
def lineage(code: str, home: str | None, as_of: str | None, in_json: bool) -> int:
    """Đơn vị sáp nhập, chia tách, đổi tên ra sao; kết quả như đã có và theo bản đồ hôm nay.

    Ví dụ: tdkt lineage 03637
    """
    office = Office.at(home)
    today = moment(office, as_of).astimezone(office.settings.zone).date()
    with office.book() as book, book.reading() as conn:
        found = _found(conn, code, today)
    if in_json:
        as_json(found)
        return 0
    screen.print(f"[bold]{found['name']}[/bold] ({code}): {found['says']}")
    for title, key in (("Như đã có", "as_it_was"), ("Theo bản đồ hôm nay", "on_todays_map")):
        rows = [(f["period"], f["unit"], f["persons"], f["mean"]) for f in found[key]]
        screen.print(table(title, ("Kỳ", "Đơn vị", "Người", "Điểm bình quân"), rows))
    _show_what_ended(found)
    return 0


def _show_what_ended(found: dict[str, Any]) -> None:
    """What nobody took over; nothing where the unit has heirs."""
    duties, lines = found["closed_with_it"], found["struck_with_it"]
    if duties:
        rows = [(one["period"], one["code"], one["content"]) for one in duties]
        title = "Việc đã đóng vì không có đơn vị kế thừa"
        screen.print(table(title, ("Kỳ", "Mã việc", "Nội dung"), rows))
    if lines:
        rows = [(one["period"], one["plan"], one["content"]) for one in lines]
        title = "Dòng kế hoạch đã bỏ vì không có đơn vị kế thừa"
        screen.print(table(title, ("Kỳ", "Kế hoạch", "Nội dung"), rows))


def _found(conn: Connection, code: str, today: date) -> dict[str, Any]:
    from tasks.lineage import lineage_of

    seen = lineage_of(conn, code, today)
    if seen is None:
        raise click.ClickException(f"Không có đơn vị mang mã {code}.")
    return seen.as_json()
