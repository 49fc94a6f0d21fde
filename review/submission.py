"""What one workbook says, once read: clean values that know which line they came from.

    submission.cover.prepared_by            -> "Lò Văn Inh"
    for work in submission.rows("work"):    work.cadre, work.done, work.line

Clean values: text "" when blank; numbers int hundredths, whole numbers int, dates datetime.date,
choices their key; None where a number, date or choice was left blank (missing is not zero).
A row is a named tuple made from the form's columns, `line` (the Excel row) first.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from operator import itemgetter
from typing import Any


@cache
def row_type(key: str, columns: tuple[str, ...]) -> Any:
    """The named tuple of a sheet's rows: `line` and then the form's columns."""
    return namedtuple(f"{key.title()}Row", ("line", *columns))


@cache
def _maker(key: str, columns: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    """What makes a named row of a plain one: `_make` without counting its values, in a third of the
    time: whoever makes a table has seen to that (review/document.py)."""
    return partial(tuple.__new__, row_type(key, columns))


@cache
def _taker(columns: tuple[str, ...], names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return itemgetter(*(1 + columns.index(name) for name in names))


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a sheet as plain tuples (line, *values), so that they cross a process cheaply.

    `places` says where each column stood in the file (letters; whole addresses in a card), empty
    where it stood as the form has it. `idle` are prefilled lines in which nothing was written.
    """

    key: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    places: tuple[str, ...] = ()
    idle: tuple[tuple[Any, ...], ...] = ()

    def __iter__(self) -> Iterator[Any]:
        return self.named(self.rows)

    def named(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """Rows of this table as named tuples."""
        return map(_maker(self.key, self.columns), rows)

    def values(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Of each row what stands in these columns, two or more: without a name for all the others,
        in a quarter of the time."""
        return map(_taker(self.columns, names), self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Submission:
    """One unit's report of one period. `period` is canonical text ("2026-10")."""

    unit: str
    period: str
    form: str
    version: str
    tables: Mapping[str, Table]

    def rows(self, key: str) -> Iterator[Any]:
        """The rows of a table, or nothing where the form has no such sheet."""
        return iter(self.tables[key]) if key in self.tables else iter(())

    @property
    def cover(self) -> Any:
        return next(iter(self.tables["cover"]))

    @property
    def nil(self) -> bool:
        """Whether the unit declares that nothing happened in the period."""
        return getattr(self.cover, "nil", None) == "co"
