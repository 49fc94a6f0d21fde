"""The quota on excellent grades, list by list: who is in, who is displaced and why.

    drawn = draw_lists(People.of(rated), regulation.cap, QuotaSettings(outstanding=("A",)))
    drawn.lists[0].seats                -> 5
    drawn.final(card)                   -> Grade.GOOD, with drawn.why["A-07"]

Each group of similar duties within an agency is cut first, then the agency as a whole on those the
groups leave: so neither limit is ever exceeded. A tie across a cut is left to a person, whose
choice is given back as `choices`; who may still be overtaken by someone without a result is not
placed at all. Nothing here is applied before someone approves it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

import numpy as np

from review.points import brief, shown
from review.quota import SMALL_GROUP, CapReading, CapRules
from review.quota_cut import Fate, Lists, Standing, Truth, Whole, cut, seats_of
from review.quota_people import People
from review.scorecard import Grade, Scorecard

WAITING = "CON_NGUOI_CHUA_CO_KET_QUA"
WHOLE_ROLL = "TOAN_TINH"


class Scope(StrEnum):
    """Article 20.5: within each group of similar duties, and within the agency."""

    DUTIES = "nhom"
    AGENCY = "co_quan"

    @property
    def label(self) -> str:
        return {"nhom": "Nhóm nhiệm vụ tương đồng", "co_quan": "Cơ quan, đơn vị"}[self]


@dataclass(frozen=True, slots=True)
class QuotaSettings:
    """`outstanding` units may go to the higher percent; `merged` joins the small groups of all
    units, and all units, into one list each (an office of two cannot have a fifth of itself);
    `not_awaited` are people without a result for whom someone decided not to wait."""

    outstanding: Collection[str] = ()
    merged: bool = False
    not_awaited: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class QuotaList:
    """One group or agency that has candidates. `rated` and `good` (good or better) are heads;
    `percent` hundredths; `chosen`, `tied`, `displaced` are codes in order of merit; `unsettled`
    those whom the result of someone in `waiting` may still bring in or push out."""

    scope: Scope
    name: str
    reading: CapReading
    percent: int
    rated: int
    good: int
    candidates: int
    seats: int
    chosen: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    displaced: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    seats_by_reading: Mapping[str, int] = field(default_factory=dict)

    @property
    def open_seats(self) -> int:
        return self.seats - len(self.chosen)


@dataclass(frozen=True)
class Cut:
    """One scope of one drawing: the lists by name, each person's row among them and fate there, and
    for whose result the lists wait."""

    scope: Scope
    names: tuple[str, ...]
    at: Whole
    lists: Lists
    fates: Whole
    waiting: Truth


@dataclass(frozen=True)
class Drawn:
    """All lists under one reading. `excellent` keep their grade, `ties` are open until a person
    chooses, `unsettled` until the missing results are there, `displaced` become good."""

    reading: CapReading
    people: People
    cuts: tuple[Cut, ...]
    fates: Whole
    preferred: Collection[str] = ()

    def _with(self, fate: Fate) -> tuple[str, ...]:
        codes = self.people.codes
        return tuple(sorted(codes[row] for row in np.flatnonzero(self.fates == fate)))

    @cached_property
    def excellent(self) -> tuple[str, ...]:
        return self._with(Fate.IN)

    @cached_property
    def ties(self) -> tuple[str, ...]:
        return self._with(Fate.TIED)

    @cached_property
    def unsettled(self) -> tuple[str, ...]:
        return self._with(Fate.OPEN)

    @cached_property
    def displaced(self) -> tuple[str, ...]:
        return self._with(Fate.OUT)

    @cached_property
    def _out(self) -> frozenset[str]:
        return frozenset(self.displaced)

    @property
    def needs_decision(self) -> bool:
        return bool(self.ties or self.unsettled)

    def final(self, card: Scorecard) -> Grade | None:
        """The grade after the quota: whoever is displaced becomes good; the points stay."""
        return Grade.GOOD if card.cadre in self._out else card.grade

    @cached_property
    def lists(self) -> tuple[QuotaList, ...]:
        """The lists that have candidates, the groups first, by name."""
        return tuple(one for drawn in self.cuts for one in _lists(drawn, self.people, self.reading))

    @cached_property
    def why(self) -> Mapping[str, str]:
        """Why each candidate is in, out, or to be decided; the list that decides speaks."""
        found: dict[str, str] = {}
        rows = {code: row for row, code in enumerate(self.people.codes)}
        total, task, deciding = self.people.total, self.people.task, self.fates
        for one in self.lists:
            merit = {code: (int(total[rows[code]]), int(task[rows[code]])) for code in one.chosen}
            best = sorted(merit.values(), reverse=True)
            for fate, codes in _by_fate(one):
                for code in codes:
                    if code not in found or deciding[rows[code]] == fate:
                        place = best.index(merit[code]) + 1 if fate is Fate.IN else 0
                        words = _in_words(one, fate, code, place, code in self.preferred)
                        found[code] = f"{shown(int(total[rows[code]]))} điểm, {words}"
        return found


def draw_lists(
    people: People,
    rules: CapRules,
    settings: QuotaSettings = QuotaSettings(),
    choices: Collection[str] = (),
) -> Drawn:
    """Both cuts, in order. `choices` are those whom a person preferred in a tie."""
    preferred = people.among(choices)
    waiting = people.waiting & ~people.among(settings.not_awaited)
    candidate, undecided = people.excellent, np.zeros(len(people.codes), dtype=np.bool_)
    fates = np.where(candidate, Fate.IN, Fate.NONE).astype(np.int64)
    cuts = []
    for scope in Scope:
        names, at = _groups(scope, people, settings)
        lists = _heads(people, at, len(names), rules, settings)
        standing = Standing(
            at, people.total, people.task, candidate, undecided, waiting, people.high,
            preferred,
        )  # fmt: skip
        here = cut(lists, standing, rules.reading)
        cuts.append(Cut(scope, names, at, lists, here, waiting))
        fates = _together(fates, here)
        candidate = candidate & (fates != Fate.OUT)
        undecided = (fates == Fate.TIED) | (fates == Fate.OPEN)
    return Drawn(rules.reading, people, tuple(cuts), fates, frozenset(choices))


def other_readings(
    people: People,
    rules: CapRules,
    settings: QuotaSettings = QuotaSettings(),
    choices: Collection[str] = (),
) -> Mapping[CapReading, Drawn]:
    """What the readings not in force would do, to be shown beside."""
    return {
        reading: draw_lists(people, replace(rules, reading=reading), settings, choices)
        for reading in CapReading
        if reading is not rules.reading
    }


def _together(before: Whole, here: Whole) -> Whole:
    """Out of one list is out; else a tie is to be broken first, and what is open stays open."""
    order = (Fate.OUT, Fate.TIED, Fate.OPEN)
    found: Whole = np.select([(before == f) | (here == f) for f in order], order, before)
    return found


def _groups(scope: Scope, people: People, settings: QuotaSettings) -> tuple[tuple[str, ...], Whole]:
    """The lists of a scope by name, and each person's row among them, -1 where in none."""
    units = [WHOLE_ROLL] * len(people.units) if settings.merged else people.units
    if scope is Scope.AGENCY:
        keys: list[str] = list(units)
    else:
        pairs = zip(units, people.duties, strict=True)
        keys = [f"{unit} · {duties}" if duties else "" for unit, duties in pairs]
    names = tuple(sorted({key for key in keys if key}))
    rows = {name: row for row, name in enumerate(names)}
    return names, np.array([rows.get(key, -1) for key in keys], dtype=np.int64)


def _heads(people: People, at: Whole, many: int, rules: CapRules, settings: QuotaSettings) -> Lists:
    def counted(those: Truth) -> Whole:
        found: Whole = np.bincount(at[those & (at >= 0)], minlength=many)
        return found

    named = frozenset(settings.outstanding)
    usual = np.array([unit not in named for unit in people.units], dtype=np.bool_)
    percent = np.where(counted(usual) == 0, rules.outstanding, rules.percent).astype(np.int64)
    return Lists(percent, counted(people.good), counted(people.rated))


def _lists(drawn: Cut, people: People, reading: CapReading) -> Iterator[QuotaList]:
    rows = np.flatnonzero((drawn.fates != Fate.NONE) & (drawn.at >= 0))
    codes = np.array(people.codes, dtype=object)
    rows = rows[np.lexsort((codes[rows], -people.task[rows], -people.total[rows], drawn.at[rows]))]
    seats = {r: seats_of(drawn.lists, r) for r in CapReading}
    waiting = _waiting_by_list(drawn, people)
    bounds = np.flatnonzero(np.diff(drawn.at[rows], prepend=-1, append=-1))
    for first, end in pairwise(bounds):
        row = int(drawn.at[rows[first]])
        by_fate = {fate: tuple(codes[r] for r in rows[first:end] if drawn.fates[r] == fate)
                   for fate in Fate}  # fmt: skip
        due, good = waiting.get(row, ()), int(drawn.lists.good[row])
        small = good and not seats[reading][row]
        yield QuotaList(
            drawn.scope,
            drawn.names[row],
            reading,
            int(drawn.lists.percent[row]),
            int(drawn.lists.rated[row]),
            good,
            int(end - first),
            int(seats[reading][row]),
            by_fate[Fate.IN],
            by_fate[Fate.TIED],
            by_fate[Fate.OUT],
            due,
            by_fate[Fate.OPEN],
            ((SMALL_GROUP,) if small else ()) + ((WAITING,) if due else ()),
            {r.value: int(those[row]) for r, those in seats.items()},
        )


def _waiting_by_list(drawn: Cut, people: People) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for row in np.flatnonzero(drawn.waiting & (drawn.at >= 0)):
        at = int(drawn.at[row])
        found[at] = (*found.get(at, ()), people.codes[row])
    return found


def _by_fate(one: QuotaList) -> Sequence[tuple[Fate, tuple[str, ...]]]:
    return (
        (Fate.IN, one.chosen),
        (Fate.TIED, one.tied),
        (Fate.OPEN, one.unsettled),
        (Fate.OUT, one.displaced),
    )


def _in_words(one: QuotaList, fate: Fate, code: str, place: int, preferred: bool) -> str:
    limit = f"chỉ tiêu {one.seats} ({_basis(one)}) của {one.name}"
    if fate is Fate.IN:
        by = "; chọn theo quyết định khi bằng điểm" if preferred else ""
        ordered = "" if one.unsettled else f"thứ {place} "  # nobody is placed across an overlap
        return f"{ordered}trong {limit}{by}."
    if fate is Fate.TIED:
        others = ", ".join(other for other in one.tied if other != code)
        return (
            f"bằng {others} ở vạch cắt; còn {one.open_seats} chỗ trong {limit}: người có thẩm "
            "quyền quyết định."
        )
    if fate is Fate.OPEN:
        due = ", ".join(one.waiting[:5]) + (" …" if len(one.waiting) > 5 else "")
        who = f"của {due} " if due else "ở nhóm khác "
        return f"chưa xếp được trong {limit}: kết quả còn thiếu {who}có thể làm thay đổi thứ tự."
    return f"ngoài {limit}: xếp “hoàn thành tốt nhiệm vụ”."


def _basis(one: QuotaList) -> str:
    base = {
        CapReading.GOOD_ONLY: f"số xếp “tốt” trong {one.good} người từ tốt trở lên",
        CapReading.GOOD_OR_BETTER: f"{one.good} người từ tốt trở lên",
        CapReading.ALL_RATED: f"{one.rated} người được xếp loại",
    }[one.reading]
    return f"{brief(one.percent)}% {base}"
