"""`tdkt remind`: who still owes a report is reminded, each stage once."""

from __future__ import annotations

import click

from cli.review import as_of_option, home_option, json_option, occasion_for
from cli.screen import as_json, screen


@click.command()
@click.argument("period", required=False)
@click.option(
    "--send/--rehearse", default=False, help="Cho gửi thật, hay chỉ viết vào sổ thư để xem trước."
)
@home_option
@as_of_option
@json_option
def remind(
    period: str | None, send: bool, home: str | None, as_of: str | None, in_json: bool
) -> int:
    """Nhắc các đơn vị còn nợ báo cáo; quá hạn lâu thì báo cấp trên. Ví dụ: tdkt remind 2026-10

    Ngày nhắc đặt ở [answers] trong office.toml. Mã thoát 1: có đơn vị chưa có địa chỉ.
    """
    from tasks.call_roll import call_roll
    from tasks.remind import remind as remind_task

    occasion = occasion_for(home, period, as_of)
    call_roll.fn(occasion)
    done = remind_task.fn(occasion, send)
    if in_json:
        as_json({"letters": done.letters, "new": done.new, "unreachable": done.unreachable})
    else:
        screen.print(f"{done.letters} thư nhắc hợp ngày hôm nay, {done.new} thư mới viết.")
        if done.unreachable:
            screen.print(f"[yellow]{done.unreachable} đơn vị chưa có địa chỉ nhận thư.[/]")
    return 1 if done.unreachable else 0
