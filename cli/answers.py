"""`tdkt answers`: the marked workbook, and that of the bad lines only, of each unit with faults."""

from __future__ import annotations

from pathlib import Path

import click

from cli.review import home_option, occasion_for
from cli.screen import screen


@click.command()
@click.argument("period")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--unit", "units", multiple=True, help="Chỉ các đơn vị này (mã); ghi được nhiều lần.")
@home_option
def answers(period: str, folder: Path, units: tuple[str, ...], home: str | None) -> int:
    """Ghi tệp đánh dấu chỗ sai và tệp chỉ gồm các dòng cần sửa của từng đơn vị.

    Ví dụ: tdkt answers 2026-10 --to tra-lai
    """
    from tasks.corrections import write_answers

    written = write_answers.fn(occasion_for(home, period), folder, units or None)
    screen.print(f"{len(written)} tệp trong {folder}")
    return 0
