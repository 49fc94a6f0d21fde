"""A workbook as it lies in the file, before anybody has asked what it means.

raw.sheets["S4 Tiêu chí chung"][5][4]   -> 4.5      (row and column count from 0)
raw.meta["period"]                      -> "2026-10"
raw.marks[0].text                       -> "#DIV/0!"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Rows = Sequence[Sequence[Any]]


class MarkKind(StrEnum):
    """What makes a cell's value unknown although something stands in it."""

    ERROR = "error"  # #DIV/0!, #N/A …: readers give an empty cell for it
    UNCACHED = "uncached"  # a formula whose result was never stored


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell whose value a reader cannot know. `text` is what a person sees in it."""

    sheet: str
    cell: str
    kind: MarkKind
    text: str


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """`sheets` maps the name of each sheet that was read to its rows (text, float, int, bool, date,
    datetime, "" for an empty cell); `names` are all sheets of the file in order; `meta` is what the
    hidden sheet says of itself (unit, period, form, version)."""

    sheets: Mapping[str, Rows]
    names: tuple[str, ...]
    meta: Mapping[str, str]
    marks: tuple[Mark, ...] = ()
