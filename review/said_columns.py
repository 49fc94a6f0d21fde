"""What a report says that points are made of, as columns of whole numbers, by no regulation yet.

    said = said_columns(submission)
    said.lines[0]           -> [0, 0, 50, 20, 18, 2, 1, 3, 1, 0], as LINE names them

So that a month of everybody can be scored at once (review/month_columns.py). None where columns
would not tell all of it: marks on slips, figures out of reason, columns that are not there; such a
report is scored card by card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from review.rubric import AUTHORITY, FROM_SLIPS
from review.submission import Submission, Table

Figures = npt.NDArray[np.int32]
BLANK = -(2**31)  # missing is not zero
FARTHEST = 10**6  # a figure beyond it is left to the cards, whose numbers have no end
LINE = ("cadre", "work", "coef", "assigned", "done", "faulty", "fault_times", "late", "late_times")
FAULT_CLAIMED, DELAY_CLAIMED, PROVEN = 1, 2, 4  # bits of what stands behind a line


@dataclass(frozen=True)
class SaidColumns:
    """`cadres` and `works` are what the numbers in the columns stand for. `lines`: LINE and the
    bits of excuses; `marks`: a cadre and the authority's mark for each of `fields`; `terms`: a
    cadre and d, đ, e in percent; `changes`: cadre, event, first and last day (0 where open)."""

    cadres: tuple[str, ...]
    works: tuple[str, ...]
    fields: tuple[str, ...]
    changes: tuple[tuple[int, str, int, int], ...]
    nil: bool
    lines: Figures
    marks: Figures
    terms: Figures


def said_columns(submission: Submission) -> SaidColumns | None:
    if len(submission.tables.get(FROM_SLIPS, ())):
        return None
    cadres, works = _Numbers(), _Numbers()
    try:
        lines = list(_lines(_rows(submission, "work", (*LINE, *EXCUSES)), cadres, works))
        fields, marks = _marks(submission.tables.get("general"), cadres)
        terms = _terms(_rows(submission, "leaders", ("cadre", "d", "dd", "e")), cadres)
        changes = tuple(
            (cadres[cadre], event, _day(on), _day(until))
            for cadre, event, on, until in _rows(submission, "changes", CHANGE)
        )
        width = len(LINE) + 1, len(fields) + 1, 4
        columns = [_table(w, rows) for w, rows in zip(width, (lines, marks, terms), strict=True)]
    except (LookupError, ValueError, TypeError):
        return None
    return SaidColumns(tuple(cadres), tuple(works), fields, changes, submission.nil, *columns)


EXCUSES = ("fault_excused", "late_excused", "proof")
CHANGE = ("cadre", "event", "on", "until")


class _Numbers(dict[str, int]):
    """Numbers given to words in the order they are met."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


def _rows(submission: Submission, key: str, names: Sequence[str]) -> Iterator[list[Any]]:
    table = submission.tables.get(key)
    if table is not None:
        at = [1 + table.columns.index(name) for name in names]
        for row in table.rows:
            yield [row[n] for n in at]


def _lines(
    rows: Iterator[list[Any]], cadres: _Numbers, works: _Numbers
) -> Iterator[tuple[int, ...]]:
    for cadre, work, coef, assigned, done, faulty, times, late, late_times, fx, lx, proof in rows:
        if not work and assigned is None and done is None:
            continue  # a pre-filled line that nobody used
        bits = FAULT_CLAIMED * (fx == "co") | DELAY_CLAIMED * (lx == "co")
        if bits and proof.strip():
            bits |= PROVEN
        figures = (coef, assigned, done, faulty, times, late, late_times)
        yield cadres[cadre], works[work], *map(_figure, figures), bits


def _figure(value: int | None) -> int:
    if value is None:
        return BLANK
    if not -FARTHEST <= value <= FARTHEST:
        raise ValueError(value)
    return value


def _marks(table: Table | None, cadres: _Numbers) -> tuple[tuple[str, ...], list[tuple[int, ...]]]:
    """The first row of each cadre that the competent authority marked."""
    if table is None:
        return (), []
    cadre, rater = (1 + table.columns.index(name) for name in ("cadre", "rater"))
    first: dict[str, tuple[Any, ...]] = {}
    for row in table.rows:
        if row[rater] == AUTHORITY:
            first.setdefault(row[cadre], row)
    at = [
        n
        for n in range(1, 1 + len(table.columns))
        if all(row[n] is None or type(row[n]) is int for row in first.values())
    ]
    fields = tuple(table.columns[n - 1] for n in at)
    return fields, [(cadres[who], *(_figure(row[n]) for n in at)) for who, row in first.items()]


def _terms(rows: Iterator[list[Any]], cadres: _Numbers) -> list[tuple[int, ...]]:
    """The last row of each."""
    told = {cadre: terms for cadre, *terms in rows}
    return [
        (cadres[who], *(BLANK if term is None else int(term) for term in terms))
        for who, terms in told.items()
    ]


def _day(day: date | None) -> int:
    return day.toordinal() if day else 0


def _table(width: int, rows: Sequence[Sequence[int]]) -> Figures:
    return np.array(rows, dtype=np.int32).reshape(-1, width)
