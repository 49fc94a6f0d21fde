"""Where the parts of a longer period stand, and what the book has of each for everybody.

layout = Layout.of(Period.parse("2026"))
layout.places["2026-05"], layout.places["2026-Q2"]      -> (4, 7): three months, then the whole
laid = lay_out(Spread.of(layout, cadres, figures), today)
laid.parts.state[0, 1]                                  -> [1, 1, 1, 0]   counted, no whole
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from review.cadres import Cadre
from review.period import Cadence, Period
from review.rollup import MOST, PartState
from review.rollup_columns import UNKNOWN, PartColumns, State, Truth, Whole

WORDS = {part.code: part.value for part in PartState}


@dataclass(frozen=True)
class Figures:
    """What the book has of people in the shorter periods, a column each, in any order. `state` as
    in State; figures in hundredths, -1 where unknown; `source` names the document of a result that
    another office sent, "" for our own."""

    period: Sequence[str] = ()
    cadre: Sequence[str] = ()
    unit: Sequence[str] = ()
    state: Sequence[int] = ()
    total: Sequence[int] = ()
    task: Sequence[int] = ()
    low: Sequence[int] = ()
    high: Sequence[int] = ()
    forced: Sequence[int] = ()
    maternity: Sequence[int] = ()
    source: Sequence[str] = ()

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[Any]]) -> Figures:
        return cls(*zip(*rows, strict=True)) if rows else cls()


@dataclass(frozen=True)
class Layout:
    """The quarters, or the years of a term; behind the months of a quarter, the quarter itself."""

    groups: tuple[tuple[Period, ...], ...]

    @classmethod
    def of(cls, period: Period) -> Layout:
        if period.cadence is Cadence.TERM:
            return cls(tuple((year,) for year in period.split(Cadence.YEAR)))
        quarters = period.split(Cadence.QUARTER)
        return cls(tuple((*quarter.split(Cadence.MONTH), quarter) for quarter in quarters))

    @property
    def has_wholes(self) -> bool:
        return len(self.groups[0]) > 1

    @cached_property
    def places(self) -> Mapping[str, int]:
        parts = [str(part) for group in self.groups for part in group]
        return {text: at for at, text in enumerate(parts)}

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.groups), len(self.groups[0])

    def each(self, of: Callable[[Period], int]) -> Whole:
        return np.array([[of(part) for part in group] for group in self.groups], dtype=np.int64)


@dataclass(frozen=True)
class Laid:
    """All of the shape (people, groups, parts of a group). `units` are numbers into `unit_codes`,
    -1 where nothing was told; `own` the number of each person's own unit."""

    layout: Layout
    parts: PartColumns
    units: Whole
    own: Whole
    unit_codes: Sequence[str]
    forced: Truth
    maternity: Truth
    source: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def any_of(self, what: Truth) -> Truth:
        found: Truth = np.any(what & (self.parts.state > 0), axis=(1, 2))
        return found

    def moved(self) -> Truth:
        """Who worked in another unit for some part."""
        return self.any_of((self.units >= 0) & (self.units != self.own[:, None, None]))

    def parts_in_rows(self) -> Iterator[list[list[Any]]]:
        """A list a person, a list a part; what stands at a part's usual value is left off."""
        people = len(self.own)
        texts = list(self.layout.places)
        months = self.parts.months.reshape(-1).tolist()
        flat = (self.parts.state, self.units, self.parts.score, self.parts.task, self._unusual())
        columns = [column.reshape(people, len(texts)).tolist() for column in flat]
        words, codes = WORDS, (*self.unit_codes, "")
        for person in range(people):
            rows = zip(texts, months, *(column[person] for column in columns), strict=True)
            yield [
                self._in_full(person, at)
                if unusual
                else [text, weight, words[state], codes[unit], score, task]
                for at, (text, weight, state, unit, score, task, unusual) in enumerate(rows)
                if state
            ]

    def _unusual(self) -> Truth:
        unusual = (self.parts.state != State.COUNTED) | (self.parts.task < 0)
        found: Truth = unusual | self.forced | self.maternity
        for person, at in self.source:
            found.reshape(len(found), len(self.layout.places))[person, at] = True
        return found

    def _in_full(self, person: int, at: int) -> list[Any]:
        def told(column: Whole | Truth) -> Any:
            return column.reshape(len(self.own), len(self.layout.places))[person, at].item()

        unit, score, task = told(self.units), told(self.parts.score), told(self.parts.task)
        source = self.source.get((person, at), "")
        where = unit if unit >= 0 or source else int(self.own[person])
        return [
            list(self.layout.places)[at],
            self.parts.months.reshape(-1)[at].item(),
            WORDS[told(self.parts.state)],
            self.unit_codes[where] if where >= 0 else "",
            None if score < 0 else score,
            None if task < 0 else task,
            told(self.parts.low),
            told(self.parts.high),
            told(self.forced),
            told(self.maternity),
            source,
        ]


@dataclass(frozen=True)
class Spread:
    """The columns of the figures, each figure at its person and part: all of the shape (people,
    groups, parts of a group). `people` numbers the codes of `cadres`; `source` the document, by
    person and part, of what another office sent; `since` and `until` days of service."""

    layout: Layout
    cadres: Sequence[Cadre]
    people: Mapping[str, int]
    columns: Mapping[str, Whole]
    unit_codes: Sequence[str]
    own: Whole
    since: Whole
    until: Whole
    source: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def of(cls, layout: Layout, cadres: Sequence[Cadre], figures: Figures) -> Spread:
        """Of two figures of a person and part the later one counts."""
        people = {cadre.code: n for n, cadre in enumerate(cadres)}
        named = sorted({*figures.unit, *(cadre.unit for cadre in cadres)} - {""})
        codes = {unit: n for n, unit in enumerate(named)}
        since = [(cadre.since or date.min).toordinal() for cadre in cadres]
        until = [(cadre.until or date.max).toordinal() for cadre in cadres]
        return cls(
            layout,
            cadres,
            people,
            _columns((len(cadres), *layout.shape), layout, people, figures, codes),
            named,
            np.array([codes[cadre.unit] for cadre in cadres], dtype=np.int64),
            np.array(since, dtype=np.int64),
            np.array(until, dtype=np.int64),
            _sources(layout, people, figures),
        )

    @cached_property
    def sent(self) -> Truth:
        """What came from another office."""
        shape = self.columns["state"].shape
        found = np.zeros((shape[0], shape[1] * shape[2]), dtype=np.bool_)
        for person, at in self.source:
            found[person, at] = True
        return found.reshape(shape)


def lay_out(
    spread: Spread,
    today: date,
    elsewhere: Collection[str] = (),
    quarterly: Mapping[str, Period] = {},  # never written to
) -> Laid:
    """What is known of the parts that had ended before `today`. `elsewhere` are the codes of people
    whom another regulation scores; `quarterly` the units measured by quarters, and since which."""
    layout, raw = spread.layout, spread.columns
    state = _states(spread, today, elsewhere, quarterly)
    waiting = (state == State.MISSING) & (raw["state"] == State.ABSENT)
    parts = PartColumns(
        state,
        layout.each(lambda p: 1 if p.cadence is Cadence.YEAR else p.cadence.months),
        np.where(state == State.COUNTED, raw["total"], UNKNOWN),
        np.where(state == State.COUNTED, raw["task"], UNKNOWN),
        np.where(waiting, 0, np.maximum(raw["low"], 0)),
        np.where(waiting | (raw["high"] < 0), MOST, raw["high"]),
    )
    return Laid(
        layout,
        parts,
        raw["unit"],
        spread.own,
        spread.unit_codes,
        raw["forced"] > 0,
        raw["maternity"] > 0,
        spread.source,
    )


def _columns(
    shape: tuple[int, ...],
    layout: Layout,
    people: Mapping[str, int],
    figures: Figures,
    units: Mapping[str, int],
) -> dict[str, Whole]:
    places = layout.places
    person = np.array([people.get(code, -1) for code in figures.cadre], dtype=np.int64)
    place = np.array([places.get(text, -1) for text in figures.period], dtype=np.int64)
    known = (person >= 0) & (place >= 0)
    at = person[known] * len(places) + place[known]
    columns: dict[str, Sequence[int]] = {
        "state": figures.state, "total": figures.total, "task": figures.task,
        "low": figures.low, "high": figures.high, "forced": figures.forced,
        "maternity": figures.maternity, "unit": [units.get(unit, UNKNOWN) for unit in figures.unit],
    }  # fmt: skip
    nothing = {"state": int(State.ABSENT), "forced": 0, "maternity": 0}
    spread = {}
    for name, column in columns.items():
        flat = np.full(int(np.prod(shape)), nothing.get(name, UNKNOWN), dtype=np.int64)
        flat[at] = np.array(column, dtype=np.int64)[known]
        spread[name] = flat.reshape(shape)
    return spread


def _states(
    spread: Spread,
    today: date,
    elsewhere: Collection[str],
    quarterly: Mapping[str, Period],
) -> Whole:
    """What became of each part: as told, else missing while the person was there."""
    layout, told = spread.layout, spread.columns["state"]
    start, end = (layout.each(f) for f in (_opens, _closes))
    here = (spread.since[:, None, None] <= end) & (start <= spread.until[:, None, None])
    usual = np.full(len(spread.cadres), State.MISSING, dtype=np.int64)
    usual[[spread.people[code] for code in elsewhere]] = State.ELSEWHERE
    state = np.where(told != State.ABSENT, told, np.where(here, usual[:, None, None], State.ABSENT))
    if layout.has_wholes:
        by_quarter = _by_quarter(layout, spread.cadres, quarterly)
        state = _one_way_or_the_other(state, told, by_quarter)
    found: Whole = np.where(end < today.toordinal(), state, State.ABSENT)
    return found.reshape(told.shape)


def _one_way_or_the_other(state: Whole, told: Whole, by_quarter: Truth) -> Whole:
    """Each quarter by its months, or as a whole: where it was scored so, or where the unit is
    measured by quarters and no month of it was told."""
    no_month = (told[:, :, :-1] == State.ABSENT).all(axis=2)
    whole = (told[:, :, -1] == State.COUNTED) | (by_quarter & no_month)
    months = np.where(whole[:, :, None], State.ABSENT, state[:, :, :-1])
    return np.concatenate((months, np.where(whole, state[:, :, -1], State.ABSENT)[:, :, None]), 2)


def _by_quarter(layout: Layout, cadres: Sequence[Cadre], quarterly: Mapping[str, Period]) -> Truth:
    firsts = np.array([group[-1].first for group in layout.groups], dtype=np.int64)
    if not quarterly:
        return np.zeros((len(cadres), len(firsts)), dtype=np.bool_)
    never = firsts.max() + 1
    since = np.array(
        [quarterly[c.unit].first if c.unit in quarterly else never for c in cadres], dtype=np.int64
    )
    found: Truth = firsts >= since[:, None]
    return found


def _opens(period: Period) -> int:
    return period.start.toordinal()


def _closes(period: Period) -> int:
    return period.end.toordinal()


def _sources(
    layout: Layout, people: Mapping[str, int], figures: Figures
) -> dict[tuple[int, int], str]:
    places = layout.places
    return {
        (people[code], places[text]): source
        for code, text, source in zip(figures.cadre, figures.period, figures.source, strict=True)
        if source and code in people and text in places
    }
