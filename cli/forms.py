"""`tdkt forms`: the blank, pre-filled workbook of each unit."""

from __future__ import annotations

from pathlib import Path

import click

from cli.review import home_option, occasion_for
from cli.screen import screen


@click.command()
@click.argument("period")
@click.option(
    "--to", "folder", required=True, type=click.Path(file_okay=False), help="Thư mục ghi mẫu."
)
@click.option(
    "--unit", "only", multiple=True, help="Chỉ làm mẫu cho mã đơn vị này (dùng được nhiều lần)."
)
@click.option(
    "--draft",
    is_flag=True,
    help="Làm mẫu của đợt thử: tệp gửi về được kiểm tra và trả lời nhưng không tính gì.",
)
@click.option(
    "--kind",
    type=click.Choice(["xlsx", "csv", "json"]),
    default="xlsx",
    help="xlsx (mặc định); csv, json cho đơn vị dùng phần mềm riêng.",
)
@home_option
def forms(
    period: str, folder: str, only: tuple[str, ...], draft: bool, kind: str, home: str | None
) -> int:
    """Làm mẫu Excel trống, điền sẵn, cho từng đơn vị. Ví dụ: tdkt forms 2026-11 --to mau/"""
    from tasks.issue_forms import issue_forms

    issued = issue_forms.fn(occasion_for(home, period), only or None, Path(folder), draft, kind)
    screen.print(f"Đã làm {len(issued)} mẫu{' thử' if draft else ''} trong {folder}")
    return 0
