"""Bare reading, and reading with every check: one process each, the same sheets of the same files.

bare(month.files)      -> seconds to have every cell of the sheets as Python values, no more
checked(month.files)   -> seconds of what a desk of the reading room does with them
"""

from __future__ import annotations

import gc
import io
import time
from collections.abc import Sequence
from pathlib import Path

from python_calamine import CalamineWorkbook

from benchmarks.data import PERIOD
from channels.library import regulation_in_force
from channels.reading import read_and_examine
from channels.workbook import names_in
from review.form import META_SHEET

IN_HAND = 25  # a desk collects its youngest garbage once for so many files


def bare(files: Sequence[Path]) -> float:
    wanted = [*names_in(regulation_in_force(PERIOD).forms), META_SHEET]
    gc.disable()
    began = time.perf_counter()
    for path in files:
        with CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())) as book:
            names = set(book.sheet_names)
            for name in wanted:
                if name in names:
                    book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return time.perf_counter() - began


def checked(files: Sequence[Path]) -> float:
    forms = regulation_in_force(PERIOD).forms
    gc.disable()
    gc.freeze()
    began = time.perf_counter()
    for number, path in enumerate(files):
        read_and_examine(path, forms, PERIOD)
        if number % IN_HAND == IN_HAND - 1:
            gc.collect(0)
    return time.perf_counter() - began
