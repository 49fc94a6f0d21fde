"""`tdkt file`: what the office does to a unit's file; `tdkt lock`, `tdkt reopen`: to a period."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from cli.review import as_of_option, home_option, occasion_for
from cli.screen import screen
from review.acts import ActKind

by_option = click.option("--by", "who", required=True, help="Người quyết định, ghi vào nhật ký.")
note_option = click.option("--note", required=True, help="Lý do, ghi vào nhật ký và thư.")
file_option = click.option("--file", type=int, help="Số của tệp; mặc định: tệp mới nhất.")


@click.group()
def file() -> None:
    """Tệp của một đơn vị: trả lại, rút lại, để riêng, tính lại. Không tệp nào bị xóa."""


def _act(kind: ActKind) -> Callable[..., int]:
    def run(
        unit: str, period: str, note: str, who: str, file: int | None, home: str | None,
        as_of: str | None,
    ) -> int:  # fmt: skip
        from tasks.acts import act_on_file

        act = act_on_file.fn(occasion_for(home, period, as_of), kind, unit, note, who, file)
        until = f", sửa và gửi lại trước {act.until:%H:%M ngày %d/%m/%Y}" if act.until else ""
        screen.print(f"{kind.label}: tệp số {act.file} của {unit}{until}.")
        return 0

    return run


def _command(name: str, kind: ActKind, help_: str) -> None:
    run: Any = _act(kind)
    for option in (as_of_option, home_option, file_option, by_option, note_option):
        run = option(run)
    for argument in ("period", "unit"):
        run = click.argument(argument)(run)
    file.add_command(click.command(name, help=help_)(run))


_command(
    "return",
    ActKind.RETURNED,
    "Trả lại tệp đã nhận, kèm hạn sửa mới.\n\n"
    'Ví dụ: tdkt file return 03637 2026-10 --note "Thiếu chữ ký" --by "Lò Văn A"',
)
_command("recall", ActKind.RECALLED, "Đơn vị rút lại tệp đã gửi; bản trước (nếu có) lại được tính.")
_command("set-aside", ActKind.SET_ASIDE, "Để riêng một tệp gửi nhầm hoặc chưa rõ, không làm mất.")
_command("restore", ActKind.RESTORED, "Tính lại tệp đã trả lại, rút lại hoặc để riêng.")


@click.command()
@click.argument("period")
@note_option
@by_option
@home_option
@as_of_option
def lock(period: str, note: str, who: str, home: str | None, as_of: str | None) -> int:
    """Khóa một kỳ: từ đây không nhận thay đổi. Ví dụ: tdkt lock 2026-10 --by … --note …"""
    from tasks.acts import lock_period

    occasion = occasion_for(home, period, as_of)
    since = lock_period.fn(occasion, note, who).astimezone(occasion.office.settings.zone)
    screen.print(f"{occasion.period.title} khóa từ {since:%H:%M ngày %d/%m/%Y}.")
    return 0


@click.command()
@click.argument("period")
@click.option("--unit", default="", help="Chỉ mở cho một đơn vị (mã); để trống: mở cả kỳ.")
@note_option
@by_option
@home_option
@as_of_option
def reopen(period: str, unit: str, note: str, who: str, home: str | None, as_of: str | None) -> int:
    """Mở lại một kỳ đã khóa, cho một đơn vị hoặc cho tất cả."""
    from tasks.acts import reopen as open_again

    occasion = occasion_for(home, period, as_of)
    open_again.fn(occasion, unit, note, who)
    screen.print(f"Đã mở lại {occasion.period.label} cho {unit or 'tất cả đơn vị'}.")
    return 0
