"""How many cells a set of workbooks has: those that stand in the file, and those with a value.

counted(files)     -> Cells(written=3410.2, filled=2105.0), means a workbook
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

_CELL = re.compile(rb"<c [^>]*?(/?)>")
SAMPLED = 50


@dataclass(frozen=True, slots=True)
class Cells:
    """`written` cells stand in the XML, styled or filled: a parser meets each; `filled` have a
    value."""

    written: float
    filled: float


def counted(files: Sequence[Path]) -> Cells:
    """Means of up to SAMPLED workbooks, taken evenly."""
    some = files[:: max(1, len(files) // SAMPLED)]
    each = [_of(path) for path in some]
    return Cells(mean(cells.written for cells in each), mean(cells.filled for cells in each))


def _of(path: Path) -> Cells:
    written = filled = 0
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                ends = _CELL.findall(package.read(name))
                written += len(ends)
                filled += ends.count(b"")
    return Cells(written, filled)
