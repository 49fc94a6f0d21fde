"""Which periods a longer one is made of for one person, and what is known of each.

    parts_of(Period.parse("2026"), cadre, known, regulation, today, quarterly=False)
        -> twelve parts: counted, missing, on leave, …

A quarter that was scored as a whole stands for its months; an office, or a unit, may have moved
from months to quarters in the middle of a year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from review.cadres import Cadre
from review.period import Cadence, Period
from review.rollup import NOT_TOLD, Part, PartState
from review.scorecard import ON_LEAVE, CardStatus

MATERNITY_LEAVE = "THAI_SAN"  # the form's event, as a card's flag names it


@dataclass(frozen=True, slots=True)
class Figure:
    """What the book has of a person in one period, without its reasons. `source` names the
    document when another office sent the result."""

    period: str
    cadre: str
    unit: str
    status: CardStatus
    total: int | None = None
    low: int | None = None
    high: int | None = None
    forced: bool = False
    flags: tuple[str, ...] = ()
    source: str = ""


def parts_of(
    period: Period,
    cadre: Cadre,
    known: Mapping[str, Figure],
    today: date,
    *,
    scored: bool,
    quarterly: bool,
) -> Iterator[Part]:
    """The parts of a quarter, half-year, year or term that had ended before `today`.

    `known` holds the person's figures by period; `scored` tells whether the regulation scores this
    person's group now, `quarterly` whether the unit is measured by quarters only.
    """
    if period.cadence is Cadence.TERM:
        parts = period.split(Cadence.YEAR)
        yield from _parts(parts, cadre, known, today, scored)
        return
    for quarter in period.split(Cadence.QUARTER):
        whole = known.get(str(quarter))
        if whole is not None and whole.status is CardStatus.OK:
            yield from _parts((quarter,), cadre, known, today, scored)
            continue
        months = quarter.split(Cadence.MONTH)
        by_quarter = quarterly and not any(str(month) in known for month in months)
        yield from _parts((quarter,) if by_quarter else months, cadre, known, today, scored)


def _parts(
    periods: tuple[Period, ...],
    cadre: Cadre,
    known: Mapping[str, Figure],
    today: date,
    scored: bool,
) -> Iterator[Part]:
    for period in periods:
        if period.end >= today:
            continue
        figure = known.get(str(period))
        if figure is not None:
            yield _told(period, figure)
        elif cadre.active_in(period.start, period.end):
            state = PartState.MISSING if scored else PartState.ELSEWHERE
            yield Part(str(period), _weight(period), state, cadre.unit, None, *NOT_TOLD)


def _told(period: Period, figure: Figure) -> Part:
    low, high = (figure.low or 0), (100_00 if figure.high is None else figure.high)
    return Part(
        str(period),
        _weight(period),
        _state(figure),
        figure.unit,
        figure.total,
        low,
        high,
        figure.forced,
        MATERNITY_LEAVE in figure.flags,
        figure.source,
    )


def _state(figure: Figure) -> PartState:
    if figure.status is CardStatus.OK:
        return PartState.COUNTED
    if figure.status is CardStatus.INSUFFICIENT:
        return PartState.MISSING
    return PartState.LEAVE if ON_LEAVE in figure.flags else PartState.ELSEWHERE


def _weight(period: Period) -> int:
    """Months; a year of a term weighs one: no source says more of terms [POLICY]."""
    return 1 if period.cadence is Cadence.YEAR else period.cadence.months
