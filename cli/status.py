"""`tdkt status`: where a period stands, unit by unit."""

from __future__ import annotations

import click

from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, show_standing, table
from tasks.occasion import Occasion


@click.command()
@click.argument("period")
@home_option
@json_option
def status(period: str, home: str | None, in_json: bool) -> int:
    """Kỳ này đang ở đâu: ai đã nộp, bị trả lại, còn nợ. Ví dụ: tdkt status 2026-10 --json"""
    from tasks.take_stock import take_stock

    occasion = occasion_for(home, period)
    standing = take_stock.fn(occasion)
    if in_json:
        as_json(standing.as_json())
    else:
        show_roll(occasion)
        show_standing(standing)
    return 0 if standing.balanced else 1


def show_roll(occasion: Occasion) -> None:
    """The units that somebody must still do something about."""
    from review.roll import RollState
    from tdkt_models.roll import recall_roll
    from tdkt_models.units import recall_units

    with occasion.office.book() as book, book.reading() as conn:
        units = recall_units(conn)
        entries = recall_roll(conn, occasion.period_text)
    rows = [
        (
            entry.unit,
            units[entry.unit].name,
            entry.state.label,
            f"{entry.late_days} ngày" if entry.late_days else "",
            entry.reason,
        )
        for entry in entries
        if entry.state not in (RollState.ACCEPTED, RollState.NIL) or entry.late_days
    ]
    headings = ("Mã", "Đơn vị", "Trạng thái", "Muộn", "Lý do")
    screen.print(table(f"Cần theo dõi – {occasion.period.label}", headings, rows))
