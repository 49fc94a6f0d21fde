"""`tdkt extend`: more time for one unit."""

from __future__ import annotations

import click

from cli.review import home_option, occasion_for
from cli.screen import screen


@click.command()
@click.argument("unit")
@click.argument("period")
@click.option("--days", type=click.IntRange(1, 60), required=True, help="Thêm mấy ngày.")
@click.option("--reason", required=True, help="Lý do, ghi vào sổ.")
@click.option("--by", "who", required=True, help="Người cho gia hạn.")
@home_option
def extend(unit: str, period: str, days: int, reason: str, who: str, home: str | None) -> int:
    """Gia hạn cho một đơn vị.

    Ví dụ: tdkt extend 03637 2026-10 --days 3 --reason "Lũ quét" --by "Lò Văn A"
    """
    from tasks.extend import extend_due

    due = extend_due.fn(occasion_for(home, period), unit, days, reason, who)
    screen.print(f"Hạn mới của {unit}: {due:%H giờ %M ngày %d/%m/%Y}")
    return 0
