"""`tdkt extend`: more time for one unit, or for all that still owe their report."""

from __future__ import annotations

import click

from cli.proof import proven
from cli.review import home_option, occasion_for
from cli.screen import screen
from review.powers import Power

EVERYONE = "tat-ca"


@click.command()
@click.argument("unit")
@click.argument("period")
@click.option("--days", type=click.IntRange(1, 60), required=True, help="Thêm mấy ngày.")
@click.option("--reason", required=True, help="Lý do, ghi vào sổ.")
@click.option("--by", "who", required=True, help="Người cho gia hạn.")
@home_option
def extend(unit: str, period: str, days: int, reason: str, who: str, home: str | None) -> int:
    """Gia hạn cho một đơn vị (UNIT là mã), hoặc cho mọi đơn vị chưa nộp đạt (UNIT là tat-ca).

    Ví dụ: tdkt extend 03637 2026-10 --days 3 --reason "Lũ quét" --by "Lò Văn A"
    """
    from tasks.extend import extend_due, extend_owing

    occasion = occasion_for(home, period)
    who = proven(occasion.office, Power.EXTEND, who)
    if unit == EVERYONE:
        units = extend_owing.fn(occasion, days, reason, who)
        screen.print(f"Đã gia hạn {days} ngày cho {len(units)} đơn vị: {', '.join(units)}")
        return 0
    due = extend_due.fn(occasion, unit, days, reason, who)
    screen.print(f"Hạn mới của {unit}: {due:%H giờ %M ngày %d/%m/%Y}")
    return 0
