"""What a command shows: tables and bars on a terminal, JSON for a script.

screen.print(standing_table(standing))
with bars() as progress: review_cycle(occasion, progress=progress)
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import Any

import click
from rich.console import Console, Group
from rich.errors import MarkupError
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from review.scorecard import Grade
from review.standing import Standing

COLOUR = re.compile(r"(\[/?(?:bold|dim|(?:bold )?(?:red|green|yellow|cyan))?\])")


class Screen(Console):
    """A terminal that speaks the language asked for; while it is `recorded` it keeps what is shown
    as plain values instead."""

    told: Callable[[str], str] = staticmethod(str)
    kept: list[Any] | None = None

    def print(self, *objects: Any, **options: Any) -> None:
        if self.kept is None:
            super().print(*(self._in_words(one) for one in objects), **options)
        else:
            self.kept.extend(_plainly(one) for one in objects)

    def _in_words(self, one: Any) -> Any:
        """A line whole, with its colours; else what stands between them, piece by piece."""
        if not isinstance(one, str):
            return one
        whole = self.told(one)
        pieces = COLOUR.split(one) if whole == one else [whole]
        return coloured("".join(map(self.told, pieces)) if len(pieces) > 1 else whole)


screen = Screen(highlight=False)


def harmless(text: str) -> str:
    """What a terminal would obey is left out: a file's name, a cell or a mail may hold it."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c.isprintable() or c in "\n\t\xa0\u200b")


def coloured(text: str) -> Text:
    """A line with the colours of this house; whatever else stands in brackets is only text."""
    pieces = COLOUR.split(harmless(text))
    try:
        return Text.from_markup("".join(p if COLOUR.fullmatch(p) else escape(p) for p in pieces))
    except MarkupError:  # a colour that none of ours opened
        return Text("".join(piece for piece in pieces if not COLOUR.fullmatch(piece)))


@contextmanager
def recorded() -> Iterator[list[Any]]:
    """What is shown meanwhile: texts, and tables as {"title": …, "rows": [{heading: cell}]}."""
    said: list[Any] = []
    printed = io.StringIO()
    screen.kept = said
    try:
        with redirect_stdout(printed):
            yield said
    finally:
        screen.kept = None
        said += printed.getvalue().splitlines()


def _plainly(one: Any) -> Any:
    if isinstance(one, Table):
        heads = [str(column.header) for column in one.columns]
        cells = zip(*(column.cells for column in one.columns), strict=True)
        rows = [dict(zip(heads, map(str, row), strict=True)) for row in cells]
        return {"title": str(one.title or ""), "rows": rows}
    return coloured(one).plain if isinstance(one, str) else str(one)


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


CODES = ("Mã", "Mã đơn vị")  # a code is never cut: it is what one types next


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    told = screen.told
    titled = Text(harmless(told(title)), "bold")
    made = Table(title=titled, title_justify="left", header_style="dim")
    for at, heading in enumerate(headings):
        numbers = bool(rows) and all(isinstance(row[at], int) for row in rows)
        codes = heading in CODES and bool(rows)
        widest = max((len(str(row[at])) for row in rows), default=0) if codes else None
        made.add_column(
            told(heading), justify="right" if numbers else "left", no_wrap=codes, min_width=widest
        )
    for row in rows:
        made.add_row(*(Text("" if value is None else harmless(told(str(value)))) for value in row))
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
    for late in standing.out_of_date:
        screen.print(f"[yellow]Chưa theo kịp:[/yellow] {late}")
    if standing.balanced:
        screen.print("[green]Số liệu khớp.[/green]")
