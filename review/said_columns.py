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
    cadres, works = Numbers(), Numbers()
    try:
        lines = _lines(submission.tables.get("work"), cadres, works)
        fields, marks = _marks(submission.tables.get("general"), cadres)
        terms = _terms(_rows(submission, "leaders", ("cadre", "d", "dd", "e")), cadres)
        changes = tuple(
            (cadres[cadre], event, _day(on), _day(until))
            for cadre, event, on, until in _rows(submission, "changes", CHANGE)
        )
    except (LookupError, ValueError, TypeError, OverflowError):
        return None
    said = tuple(cadres), tuple(works), fields, changes, submission.nil
    return SaidColumns(*said, lines, marks, terms)


EXCUSES = ("fault_excused", "late_excused", "proof")
CHANGE = ("cadre", "event", "on", "until")


class Numbers(dict[str, int]):
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


def _lines(table: Table | None, cadres: Numbers, works: Numbers) -> Figures:
    if table is None:
        return _together([[]] * (len(LINE) + 1))
    names = (*LINE, *EXCUSES)
    cadre, work, *figures, fx, lx, proof = [1 + table.columns.index(name) for name in names]
    assigned, done = figures[1:3]
    rows = [  # a pre-filled line that nobody used is no line
        row for row in table.rows if row[work] or row[assigned] is not None or row[done] is not None
    ]
    bits = [
        FAULT_CLAIMED * (row[fx] == "co")
        + DELAY_CLAIMED * (row[lx] == "co")
        + PROVEN * bool(row[proof].strip())
        if row[fx] == "co" or row[lx] == "co"
        else 0
        for row in rows
    ]
    who, what = [cadres[row[cadre]] for row in rows], [works[row[work]] for row in rows]
    return _together([who, what, *(_column(rows, at) for at in figures), bits])


def _column(rows: Sequence[Sequence[Any]], at: int) -> list[int]:
    return [BLANK if row[at] is None else row[at] for row in rows]


def _together(columns: Sequence[Sequence[int]]) -> Figures:
    """The columns beside each other. Raises ValueError for a figure that is left to the cards."""
    found = np.array(columns, dtype=np.int64)
    if ((found != BLANK) & (np.abs(found) > FARTHEST)).any():
        raise ValueError(FARTHEST)
    return np.ascontiguousarray(found.T, dtype=np.int32)


def _marks(table: Table | None, cadres: Numbers) -> tuple[tuple[str, ...], Figures]:
    """The first row of each cadre that the competent authority marked."""
    if table is None:
        return (), _together([[]])
    cadre, rater = (1 + table.columns.index(name) for name in ("cadre", "rater"))
    first: dict[str, Sequence[Any]] = {}
    for row in table.rows:
        if row[rater] == AUTHORITY:
            first.setdefault(row[cadre], row)
    rows = list(first.values())
    kinds = [{type(row[n]) for row in rows} for n in range(1, 1 + len(table.columns))]
    at = [n for n, kind in enumerate(kinds, 1) if kind <= {int, type(None)}]
    fields = tuple(table.columns[n - 1] for n in at)
    who = [cadres[code] for code in first]
    return fields, _together([who, *(_column(rows, n) for n in at)])


def _terms(rows: Iterator[list[Any]], cadres: Numbers) -> Figures:
    """The last row of each."""
    told = {cadre: [BLANK if one is None else int(one) for one in terms] for cadre, *terms in rows}
    columns = zip(*told.values(), strict=True) if told else [[], [], []]
    return _together([[cadres[who] for who in told], *map(list, columns)])


def _day(day: date | None) -> int:
    return day.toordinal() if day else 0
