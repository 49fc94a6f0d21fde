"""`tdkt clusters`: units scored by the table of their cluster, ranked; agencies' own grades."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import click

from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from review.points import shown, written


@click.command()
@click.argument("period")
@click.option("--table", "key", default="khoi", show_default=True, help="khoi, hoặc co_quan.")
@click.option(
    "--figures",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Nhận số liệu từ tệp CSV: unit, measure, actual, target, own, reviewed, proof, source.",
)
@click.option("--unit", default="", help="Chỉ xem một đơn vị, từng tiêu chí.")
@home_option
@json_option
def clusters(
    period: str, key: str, figures: Path | None, unit: str, home: str | None, in_json: bool
) -> int:
    """Điểm và thứ hạng của đơn vị trong khối, cụm thi đua; xếp loại của cơ quan.

    Ví dụ: tdkt clusters 2026 --figures so-lieu.csv · tdkt clusters 2026 --unit 03637
    """
    from tasks.clusters import standings, take_figures

    occasion = occasion_for(home, period)
    if figures:
        taken = take_figures(occasion, key, rows_of(figures))
        if not in_json:
            screen.print(f"Đã nhận {taken} số liệu từ {figures}.")
    with occasion.office.book() as book, book.reading() as conn:
        found = standings(conn, occasion, key)
    if unit:
        found = {c: [s for s in those if s.unit.code == unit] for c, those in found.items()}
    if in_json:
        as_json([_told(cluster, one) for cluster, those in found.items() for one in those])
        return 0
    for cluster, those in found.items():
        if those:
            rows = [_row(one) for one in those]
            headings = (
                "Hạng",
                "Mã",
                "Đơn vị",
                "Tự chấm",
                "Thẩm định",
                "Tính từ số liệu",
                "Điểm",
                "",
            )
            screen.print(table(f"{cluster} – {occasion.period.label}", headings, rows))
    if unit:
        for those in found.values():
            for one in those:
                parts = [
                    (
                        p.measure,
                        p.name,
                        _points(p.own),
                        _points(p.reviewed),
                        _points(p.computed),
                        p.says,
                    )
                    for p in one.score.parts
                ]
                heads = ("", "Tiêu chí", "Tự chấm", "Thẩm định", "Tính", "Vì sao")
                screen.print(table(one.unit.name, heads, parts))
    return 0


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file. Raises ClickException where it is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [
                {str(k): v or "" for k, v in row.items() if k} for row in csv.DictReader(stream)
            ]
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise click.ClickException(f"{path} không phải CSV (UTF-8): {wrong}.") from wrong


def _row(one: Any) -> tuple[Any, ...]:
    score = one.score
    low, high = score.bounds
    total = shown(low) if low == high else f"{shown(low)} – {shown(high)}"
    grade = one.grade.label if one.grade else ""
    columns = (_points(score.own), _points(score.reviewed), _points(score.computed), total, grade)
    return (one.place or "chưa xếp", one.unit.code, one.unit.name, *columns)


def _points(value: int | None) -> str:
    return "" if value is None else shown(value)


def _told(cluster: str, one: Any) -> dict[str, Any]:
    low, high = one.score.bounds
    figures = {name: getattr(one.score, name) for name in ("own", "reviewed", "computed", "total")}
    return {
        "cluster": cluster,
        "unit": one.unit.code,
        "place": one.place,
        **{name: None if value is None else written(value) for name, value in figures.items()},
        "low": written(low),
        "high": written(high),
        "grade": one.grade,
        "parts": [
            {"measure": p.measure, "name": p.name, "low": written(p.low), "high": written(p.high),
             "says": p.says, "source": p.source}
            for p in one.score.parts
        ],
    }  # fmt: skip
