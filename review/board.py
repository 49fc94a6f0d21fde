"""A board: what the desk sees of a period on one screen, as values that any screen can render.

    Board("danh-sach", "Đơn vị nộp báo cáo – tháng 10/2026", (Table(…), Bars(…)))

A board holds figures, names of units and states; whose result is whose stands on none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `heading` stands above it, or above nothing."""

    text: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """Lines of a list, in order; `none` is said where there is no line."""

    lines: tuple[str, ...]
    none: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below headings; a column whose cells are whole numbers stands to the right. `left_out`
    counts the rows that are not shown."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heading: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart: one bar a line, with its figure and, where given, the whole it is a part of."""

    heading: str
    lines: tuple[tuple[str, int], ...]
    of: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Where to go from here: words and an address each (a path where no address leads there)."""

    lines: tuple[tuple[str, str], ...]
    heading: str = ""


Block = Words | Items | Table | Bars | Links


@dataclass(frozen=True, slots=True)
class Board:
    """`key` says which board it is in every period."""

    key: str
    title: str
    blocks: tuple[Block, ...]


def cut(
    headings: Sequence[str], rows: Sequence[tuple[Cell, ...]], most: int, heading: str = ""
) -> Table:
    """A table of the first rows that still can be read on a screen."""
    return Table(tuple(headings), tuple(rows[:most]), heading, max(0, len(rows) - most))
