"""What a command shows: tables and bars on a terminal, JSON for a script.

screen.print(standing_table(standing))
with bars() as progress: review_cycle(occasion, progress=progress)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from review.scorecard import Grade
from review.standing import Standing

screen = Console(highlight=False)


def as_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def bars() -> Iterator[Any]:
    """A bar for each step on a terminal; nothing in a pipe."""
    columns = (
        TextColumn("{task.description:<34}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, disable=not sys.stdout.isatty()) as progress:
        known: dict[str, Any] = {}

        def tell(step: str, done: int, of: int) -> None:
            if step not in known:
                known[step] = progress.add_task(step, total=of)
            progress.update(known[step], completed=done, total=of)

        yield tell


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    made = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
    for at, heading in enumerate(headings):
        numbers = bool(rows) and all(isinstance(row[at], int) for row in rows)
        made.add_column(heading, justify="right" if numbers else "left")
    for row in rows:
        made.add_row(*("" if value is None else str(value) for value in row))
    return made


def roll_table(standing: Standing) -> Table:
    tally = standing.tally
    rows = [
        ("Phải báo cáo", tally.roll),
        ("Đã nộp", tally.received),
        ("  Đạt", tally.accepted),
        ("  Không phát sinh", tally.nil),
        ("  Trả lại để sửa", tally.returned),
        ("  Để riêng chờ xem xét", tally.set_aside),
        ("Chưa nộp", tally.missing),
        ("Nộp muộn", tally.late),
    ]
    return table("Đơn vị", ("", "Số"), rows)


def persons_table(standing: Standing) -> Table:
    persons = standing.persons
    rows = [
        ("Trong danh sách", persons.on_roll),
        ("Đã chấm điểm", persons.scored),
        *((f"  {grade.label}", persons.grades[grade.value]) for grade in Grade),
        ("Chưa đủ dữ liệu", persons.insufficient),
        ("Chấm theo quy định khác", persons.excluded),
    ]
    return table("Cán bộ – xếp loại dự kiến", ("", "Số"), rows)


def letters_table(standing: Standing) -> Table:
    names = {
        "sent": "Đã gửi",
        "written": "Chờ gửi",
        "held": "Tạm giữ",
        "failed": "Không gửi được",
        "in_doubt": "Chưa rõ đã tới chưa",
    }
    return table("Thư", ("", "Số"), [(names[k], standing.letters[k]) for k in names])


def show_standing(standing: Standing) -> None:
    made = Table.grid(padding=(0, 3))
    made.add_row(Group(roll_table(standing), letters_table(standing)), persons_table(standing))
    screen.print(made)
    for fault in standing.faults:
        screen.print(f"[red]Số liệu không khớp:[/red] {fault}")
    if standing.balanced:
        screen.print("[green]Số liệu khớp.[/green]")
