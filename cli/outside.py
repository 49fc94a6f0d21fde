"""`tdkt outside`: a result that another office sent for a person who came from it."""

from __future__ import annotations

import click

from cli.review import home_option, occasion_for
from cli.screen import screen
from review.points import shown


@click.command()
@click.argument("cadre")
@click.argument("period")
@click.option("--total", required=True, help="Tổng điểm của kỳ ở nơi cũ, ví dụ 88,5.")
@click.option("--document", required=True, help="Văn bản gửi kết quả.")
@click.option("--by", "who", required=True, help="Người nhập.")
@home_option
def outside(cadre: str, period: str, total: str, document: str, who: str, home: str | None) -> int:
    """Nhận kết quả do nơi công tác cũ gửi sang, để tính điểm quý, năm.

    Ví dụ: tdkt outside 03637-01 2026-03 --total 88,5 --document "CV 12/SNV" --by "Lò Văn A"
    """
    from tasks.take_outside import take_outside

    one = take_outside(occasion_for(home, period), cadre, total, document, who)
    screen.print(f"Đã ghi {shown(one.total)} điểm {one.period} của {cadre} theo {one.document}.")
    return 0
