"""A workbook as it lies in the file, before anybody has asked what it means.

raw.sheets["S4 Tiêu chí chung"][5][4]   -> 4.5      (row and column count from 0)
raw.meta["period"]                      -> "2026-10"
raw.marks[0].text                       -> "#DIV/0!"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from review.findings import Repair

Rows = Sequence[Sequence[Any]]


class MarkKind(StrEnum):
    """What is to be known of a cell besides its value."""

    ERROR = "error"  # #DIV/0!, #N/A …: readers give an empty cell for it
    UNCACHED = "uncached"  # a formula whose result was never stored
    FORMULA = "formula"  # its value is the result of a formula
    LINK = "link"  # … of one that looks into another workbook
    HIDDEN = "hidden"  # its whole line is out of sight


# The value cannot be known although something stands there.
UNKNOWN = frozenset({MarkKind.ERROR, MarkKind.UNCACHED})


class Mark(NamedTuple):
    """One cell of which something is to be known; of a hidden line its first cell. `text` is what
    a person sees in it."""

    sheet: str
    cell: str
    kind: MarkKind
    text: str


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """`sheets` maps the name of each sheet that was read to its rows (text, float, int, bool, date,
    datetime, "" for an empty cell); `names` are all sheets of the file in order, those of the form
    by the form's names; `meta` is what the hidden sheet says of itself (unit, period, form,
    version); `mended` what had to be changed before the cells could be read, `hidden` the sheets
    that are out of sight."""

    sheets: Mapping[str, Rows]
    names: tuple[str, ...]
    meta: Mapping[str, str]
    marks: tuple[Mark, ...] = ()
    mended: tuple[Repair, ...] = ()
    hidden: frozenset[str] = frozenset()
