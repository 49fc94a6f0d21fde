"""`tdkt roster`: units and cadres, in and out of the book."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import click

from cli.review import home_option
from cli.screen import screen, table
from tasks.office import Office


@click.group()
def roster() -> None:
    """Danh bạ đơn vị và cán bộ."""


@roster.command("import")
@click.argument("file", type=click.Path(exists=True))
@click.option("--dry-run", is_flag=True, help="Chỉ xem sẽ thay đổi gì, không ghi.")
@home_option
def import_roster(file: str, dry_run: bool, home: str | None) -> int:
    """Nhập danh bạ từ xlsx hoặc csv và báo những gì thay đổi.

    Ví dụ: tdkt roster import danh-ba.xlsx --dry-run
    """
    from tasks.roster import import_roster as take_in

    run = f"tdkt-{uuid4().hex[:12]}"
    report = take_in.fn(Office.at(home), Path(file), run, datetime.now(UTC), dry_run)
    if report.findings:
        rows = [(f.place, f.value, f.says, f.fix) for f in report.findings]
        screen.print(table("Cần xem lại", ("Ô", "Giá trị", "Lỗi", "Cách sửa"), rows))
    screen.print(report.changes or "Không có gì thay đổi.", markup=False)
    if report.refused:
        screen.print("Danh bạ còn lỗi phải sửa: chưa ghi gì vào sổ.")
        return 1
    if dry_run:
        screen.print("Chạy thử: chưa ghi gì vào sổ.")
    return 0


@roster.command()
@click.argument("file", type=click.Path())
@home_option
def export(file: str, home: str | None) -> int:
    """Xuất danh bạ ra xlsx (hoặc thư mục csv). Ví dụ: tdkt roster export danh-ba.xlsx"""
    from tasks.roster import export_roster

    count = export_roster.fn(Office.at(home), Path(file))
    screen.print(f"Đã ghi {count} đơn vị vào {file}")
    return 0
