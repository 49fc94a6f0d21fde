"""Where in a workbook a figure stands, as a person reads it.

Places(form).at("work", 9, "faulty", "proof")
    -> ("S3 Công việc – sản phẩm!J9", "S3 Công việc – sản phẩm!P9")
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from review.form import Form


class Places:
    """Turns a field and an Excel row into "S3 Công việc – sản phẩm!J9". The same few thousand cells
    are named for a whole country: each is spelled out once."""

    def __init__(self, form: Form | None) -> None:
        sheets = form.sheets if form else ()
        self._columns = {
            (sheet.key, name): f"{sheet.name}!{sheet.cell(name, 0)}".removesuffix("0")
            for sheet in sheets
            if sheet.kind == "table"
            for name in sheet.columns
        }
        self.at = lru_cache(maxsize=16_384)(self._at)
        self.each = lru_cache(maxsize=4_096)(self._each)
        self.across = lru_cache(maxsize=4_096)(self._across)

    def column(self, key: str, name: str) -> str:
        """The sheet and column of a field; "" where the form lacks it."""
        return self._columns.get((key, name), "")

    def _at(self, key: str, line: int, *names: str) -> tuple[str, ...]:
        """The cells of these fields of a table on that row; none where the form lacks them."""
        found = []
        for name in names:
            if column := self._columns.get((key, name)):
                found.append(f"{column}{line}")
        return tuple(found)

    def _each(self, key: str, line: int, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """By field, its cell on that row: as `at`, one after the other."""
        return tuple(self._at(key, line, name) for name in names)

    def _across(self, key: str, line: int, names: Sequence[str]) -> tuple[str, ...]:
        """The range from the first of these fields to the last, as "S4 Tiêu chí chung!E6:N6"."""
        cells = self.at(key, line, names[0], names[-1])
        return (f"{cells[0]}:{cells[1].rpartition('!')[2]}",) if len(cells) == 2 else ()
