"""The country through what the commands call where bulk is asked: everybody by columns.

laid = laid_out(made)           reports and people put in their places (no sums yet)
by_columns(laid)                -> as benchmarks.whole_country.by_hand gives them
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from benchmarks.country import MONTHS, PERIODS, Country, fields, people_of
from channels.library import newest_regulation
from review.cadres import Cadre
from review.month_columns import score_columns
from review.month_layout import MonthLaid, OfUnit, lay_out
from review.period import Period
from review.quota_lists import draw_lists
from review.result_columns import ResultColumns, again, of_rolls, places_of
from review.rollup import Basis
from review.rollup_columns import UNKNOWN, State
from review.rollup_layout import Figures, Layout, Spread
from review.rollup_people import About, rolls_from
from review.said_columns import BLANK, SaidColumns

YEAR = Period.parse("2026")
ABOUT = About(YEAR, Basis.FINAL, date(2027, 1, 20))


@dataclass(frozen=True)
class Reported:
    """Everybody, what the book has of their months, and each unit's report of each month."""

    everyone: Sequence[Cadre]
    rows: Sequence[tuple[Any, ...]]
    said: Sequence[Sequence[OfUnit]]


@dataclass(frozen=True)
class Laid:
    """Each month's reports, the year's people, and where the one's stand in the other."""

    months: Sequence[MonthLaid]
    codes: Sequence[str]
    units: Sequence[str]
    spread: Spread
    at: np.ndarray[tuple[int], np.dtype[np.int64]]


def laid_out(made: Country) -> Laid:
    return placed(reported(made))


def reported(made: Country) -> Reported:
    people = people_of(made)
    everyone = [cadre for unit in people for cadre in unit]
    rows = [
        (period, one.code, one.unit, int(State.MISSING), *[UNKNOWN] * 4, 0, 0, "")
        for period in PERIODS
        for one in everyone
    ]
    said = [list(_reports(made, people, month)) for month in range(MONTHS)]
    return Reported(everyone, rows, said)


def placed(reported: Reported) -> Laid:
    """What the commands do before they count: each report's lines at their person, each person's
    months at their year."""
    law, everyone = newest_regulation(), reported.everyone
    codes, units = [one.code for one in everyone], [one.unit for one in everyone]
    spread = Spread.of(Layout.of(YEAR), everyone, Figures.from_rows(reported.rows))
    months = [lay_out(reports, law) for reports in reported.said]
    parts = [ResultColumns(period, codes, units, None) for period in PERIODS]  # type: ignore[arg-type]
    return Laid(months, codes, units, spread, places_of(spread, parts))


def by_columns(laid: Laid) -> tuple[int, int, int]:
    law = newest_regulation()
    parts = [
        ResultColumns(period, laid.codes, laid.units, score_columns(month, law))
        for period, month in zip(PERIODS, laid.months, strict=True)
    ]
    changed = again(laid.spread, parts, laid.at)
    year = of_rolls(rolls_from(ABOUT, changed, law.year, law.grades))
    drawn = draw_lists(year.people({}), law.cap)
    points = sum(int(one.scored.total.sum()) for one in parts)
    return points, int(year.scored.total.sum()), len(drawn.excellent)


def _reports(made: Country, people: Sequence[Sequence[Cadre]], month: int) -> Iterator[OfUnit]:
    """What each unit reported of the month, as the reader of reports gives it."""
    first = 0
    for cadres in people:
        here = slice(first, first + len(cadres))
        first += len(cadres)
        yield OfUnit(PERIODS[month], cadres, _said(made, cadres, month, here))


def _said(made: Country, cadres: Sequence[Cadre], month: int, here: slice) -> SaidColumns:
    many, lines = len(cadres), made.coef.shape[-1]
    who, of_lines = np.arange(many), many * lines
    coef, assigned, done, faulty, late = (
        column[month, here].reshape(-1)
        for column in (made.coef, made.assigned, made.done, made.faulty, made.late)
    )
    once = [np.where(units > 0, 1, BLANK) for units in (faulty, late)]
    nothing = np.zeros(of_lines, dtype=np.int64)
    work = [np.repeat(who, lines), nothing, coef, assigned, done, faulty, once[0], late, once[1]]
    heads = np.flatnonzero(made.leads[here])
    terms = [
        heads,
        np.full(len(heads), 100),
        made.dd[month, here][heads],
        made.e[month, here][heads],
    ]
    return SaidColumns(
        tuple(one.code for one in cadres),
        ("TD01",),
        fields(),
        (),
        False,
        np.column_stack([*work, nothing]).astype(np.int32),
        np.column_stack([who, made.marks[month, here]]).astype(np.int32),
        np.column_stack(terms).astype(np.int32),
    )
