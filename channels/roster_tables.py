"""The tables in a roster file: which part each holds, where its columns stand, its rows.

    for table in tables_in(Path("danh-sach.xlsx")): print(table.part, len(table.rows))

A table is known by its headings, whatever its sheet is called and whatever title stands above.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from channels.csv_cells import unguarded
from channels.errors import ChannelRefused, why
from channels.plain_text import plain_text
from channels.roster_cells import clean
from channels.side_room import rows_of
from review.roster_checks import Layout, letter_of
from review.roster_columns import COLUMNS, Column, Part

CSV_NAMES = {Part.UNITS: "units.csv", Part.CADRES: "cadres.csv"}
LARGEST = 50 * 1024 * 1024  # bytes; 250,000 cadres are some 40 MB of csv
HEADING_ROWS = 20  # how far down the headings may stand

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """One part of a roll: its rows of cells, and under which index each column stands."""

    part: Part
    sheet: str
    places: Mapping[str, int]
    rows: Sequence[tuple[int, Sequence[Any]]] = field(default_factory=tuple)

    @property
    def layout(self) -> Layout:
        letters = {name: letter_of(index) for name, index in self.places.items()}
        return Layout(self.sheet, [number for number, _ in self.rows], letters)


def tables_in(path: Path) -> Iterator[Table]:
    """The parts of a roll in a file. Raises ChannelRefused, also when a part stands in it twice."""
    seen: dict[Part, str] = {}
    sheets = dict(_sheets(path))
    for sheet, rows in sheets.items():
        table = _table(sheet, rows)
        if table is None:
            continue
        if table.part in seen:
            raise ChannelRefused(
                f"{path.name}: “{table.part.value}” có ở hai nơi, “{seen[table.part]}” và "
                f"“{sheet}”; chỉ giữ một."
            )
        seen[table.part] = sheet
        yield table
    if not seen:
        raise ChannelRefused(
            f"{path.name} không phải danh sách đơn vị hay cán bộ: không tìm thấy dòng tiêu đề có "
            "“Mã đơn vị”, “Tên đơn vị” hoặc “Mã cán bộ”, “Họ và tên”."
        )


def _sheets(path: Path) -> Iterator[tuple[str, Rows]]:
    if path.is_dir():
        files = [path / name for name in CSV_NAMES.values() if (path / name).is_file()]
        yield from ((file.name, _csv_rows(file)) for file in files)
    elif not path.is_file():
        raise ChannelRefused(f"Không thấy tệp {path}.")
    elif path.stat().st_size > LARGEST:
        raise ChannelRefused(f"{path.name} lớn hơn {LARGEST // 1024**2} MB.")
    elif path.suffix.lower() in (".csv", ".txt", ".tsv"):
        yield path.name, _csv_rows(path)
    else:
        yield from _workbook_rows(path)


def _workbook_rows(path: Path) -> Iterator[tuple[str, Rows]]:
    """At a desk that can be killed: whoever sent the roll, its bytes are a stranger's."""
    try:
        yield from rows_of(_bytes_of(path))
    except ChannelRefused as wrong:
        raise ChannelRefused(
            f"Không đọc được {path.name}: không phải bảng tính xlsx, tệp bị hỏng hoặc có mật khẩu."
        ) from wrong


def _csv_rows(path: Path) -> Rows:
    text = _decoded(path)
    top = "\n".join(text.split("\n", HEADING_ROWS)[:HEADING_ROWS])
    delimiter = max(";,\t", key=top.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as wrong:
        raise ChannelRefused(f"{path.name} không phải csv đúng cách: {wrong}.") from wrong
    return [[unguarded(cell) for cell in row] for row in rows]


def _decoded(path: Path) -> str:
    """Text of a csv, of whatever coding; see channels/plain_text.py."""
    read = plain_text(_bytes_of(path))
    if read is None:
        raise ChannelRefused(f"{path.name} không phải tệp văn bản (csv).")
    return read.text


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise ChannelRefused(f"Không đọc được {path.name}: {why(wrong)}.") from wrong


def _table(sheet: str, rows: Rows) -> Table | None:
    """The part that a sheet holds, or None; the headings may stand under a title."""
    for above, row in enumerate(rows[:HEADING_ROWS]):
        headings = [_folded(cell) for cell in row]
        for part, columns in COLUMNS.items():
            code, name = (_folded(column.heading) for column in _telling(columns))
            if code in headings and name in headings:
                body = enumerate(rows[above + 1 :], start=above + 2)
                kept = [(n, cells) for n, cells in body if any(map(_folded, cells))]
                return Table(part, sheet, _places(sheet, columns, headings), kept)
    return None


def _telling(columns: Sequence[Column]) -> tuple[Column, Column]:
    """The two headings that tell which part it is."""
    code = columns[0]
    return code, next(column for column in columns if column.name == "name")


def _places(sheet: str, columns: Sequence[Column], headings: Sequence[str]) -> dict[str, int]:
    places = {}
    for column in columns:
        heading = _folded(column.heading)
        if headings.count(heading) > 1:
            raise ChannelRefused(f"{sheet}: cột “{column.heading}” có hai lần; chỉ giữ một.")
        if heading in headings:
            places[column.name] = headings.index(heading)
        elif column.required:
            near = get_close_matches(heading, [h for h in headings if h], n=1, cutoff=0.7)
            hint = f" Có phải là cột “{near[0]}”?" if near else ""
            raise ChannelRefused(f"{sheet}: thiếu cột “{column.heading}”.{hint}")
    return places


def _folded(cell: Any) -> str:
    return "" if cell is None or cell != cell else clean(str(cell)).casefold()
