"""`tdkt status`: where a period stands, unit by unit."""

from __future__ import annotations

import click

from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, show_standing, table
from review.points import shown
from review.punctuality import Punctuality
from tasks.occasion import Occasion


@click.command()
@click.argument("period")
@home_option
@json_option
def status(period: str, home: str | None, in_json: bool) -> int:
    """Kỳ này đang ở đâu: ai đã nộp, bị trả lại, còn nợ. Ví dụ: tdkt status 2026-10 --json"""
    from tasks.punctual import punctual
    from tasks.take_stock import take_stock

    occasion = occasion_for(home, period)
    standing, rates = take_stock.fn(occasion), punctual.fn(occasion)
    if in_json:
        as_json({**standing.as_json(), "punctuality": rates.as_json()})
    else:
        show_roll(occasion)
        show_rates(occasion, rates)
        show_standing(standing)
    return 0 if standing.balanced else 1


def show_rates(occasion: Occasion, rates: Punctuality) -> None:
    """Completeness and timeliness in the year: the province, each cluster, the worst units."""
    worst = [rate for rate in rates.units if rate.in_time < rate.due][:10]
    rows = [
        (rate.name, rate.due, _percent(rate.completeness), _percent(rate.timeliness))
        for rate in (rates.province, *rates.clusters, *worst)
    ]
    headings = ("Toàn tỉnh, cụm, đơn vị chậm nhất", "Phải nộp", "Đầy đủ", "Đúng hạn")
    title = f"Tỷ lệ nộp từ đầu năm {occasion.period.start.year}"
    screen.print(table(title, headings, rows))


def _percent(share: int | None) -> str:
    return "–" if share is None else f"{shown(share)}%"


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
