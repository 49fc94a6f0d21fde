"""Lines among the data that are none: sums and signatures below, headings again, column numbers.

    is_stray(["", "", "Tổng cộng", "", 12.0], (0, 1, 2, 3, 4), form.sheet("work"))  -> True

Only lines in which something is amiss are looked at (review/sheet_reading.py), and only what cannot
be a line of a report is passed over; it is said as a repair.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from review.cells import folded
from review.form import FieldType, Sheet

_WORDS = re.compile(
    r"(?:tổng(?: cộng| số)?|cộng|người lập(?: biểu| báo cáo)?|thủ trưởng(?: đơn vị| cơ quan)?"
    r"|(?:t/m|tm\.?|kt\.?|tl\.?) [\w ,./–-]{1,60}|\(?ký[\w ,./()–-]{0,60}\)?"
    r"|xác nhận của[\w ,./–-]{1,60}"
    r"|(?:[\w ]{1,30}, ?)?ngày[ .…\d]{1,12}tháng[ .…\d]{1,12}năm[ .…\d]{0,12}) ?:?"
)
_NUMBER = re.compile(r"\(?(\d{1,2})\)?")
LEAST_NUMBERS = 4


def is_stray(row: Sequence[Any], places: Sequence[int | None], sheet: Sheet) -> bool:
    """`row` as it lies in the file, `places` the column of each field."""
    filled = [(at, folded(_plain(cell))) for at, cell in enumerate(row) if folded(cell)]
    if not filled:
        return False
    labels = {folded(field.label) for field in sheet.fields}
    if 2 * sum(text in labels for _, text in filled) > len(filled):
        return True
    return _is_numbering([text for _, text in filled]) or (
        _names_nobody(row, places, sheet) and any(_WORDS.fullmatch(text) for _, text in filled)
    )


def _plain(cell: Any) -> Any:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _is_numbering(texts: Sequence[str]) -> bool:
    """(1) (2) (3) … or A B 1 2 … as printed below the headings of official tables."""
    numbers = [_NUMBER.fullmatch(text) for text in texts]
    told = [int(found[1]) for found in numbers if found]
    letters = [text for text, found in zip(texts, numbers, strict=True) if not found]
    in_turn = all(b - a == 1 for a, b in pairwise(told))
    return len(told) >= LEAST_NUMBERS and in_turn and all(len(text) == 1 for text in letters)


def _names_nobody(row: Sequence[Any], places: Sequence[int | None], sheet: Sheet) -> bool:
    """None of the codes and choices that tell whose or which line it is."""
    for name in sheet.row_key:
        field, place = sheet.field(name), places[sheet.at(name)]
        told = folded(row[place]) if place is not None and place < len(row) else ""
        if told and field.type in (FieldType.CODE, FieldType.CHOICE, FieldType.DATE):
            return bool(_WORDS.fullmatch(told))
    return True
