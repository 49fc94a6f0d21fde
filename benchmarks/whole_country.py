"""`python -m benchmarks.whole_country`: 250,000 cadre-months scored, rolled up, ranked and capped.

Three ways in one process, turn about: the product's columns (review/whole_country.py), the same
sums written by hand on integer arrays (the yardstick; lab/ingest.md section 4 found numpy the
fastest engine), and the product one card at a time (review/marks.py, rollup.py, quota_lists.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np

from channels.library import newest_regulation
from review.marks import Line, leader_marks, staff_marks, sums_of
from review.quota_lists import Rated, draw_lists
from review.rollup import Basis, Part, PartState, Rolled, roll_up
from review.whole_country import (
    PeopleColumns,
    Whole,
    WorkColumns,
    cap_columns,
    score_columns,
    year_columns,
)

PERSONS = 250_000 // 12
LINES = 4
REPEATS = 5


@dataclass(frozen=True)
class Country:
    work: WorkColumns
    people: PeopleColumns
    units: Whole


def country(persons: int, seed: int) -> Country:
    """Twelve months of so many people, about twenty to a unit, one in eight leading."""
    dice = np.random.default_rng(seed)
    months = persons * 12
    owner = np.repeat(np.arange(months), LINES)
    many = len(owner)
    assigned = dice.integers(0, 12, many)
    done = np.maximum(0, assigned - (dice.random(many) < 0.2) + (dice.random(many) < 0.05))
    work = WorkColumns(
        owner,
        dice.choice(np.array([25, 50, 75, 100, 150, 300]), many),
        assigned,
        done,
        np.where(dice.random(many) < 0.1, np.minimum(done, 1) * 25, 0),
        np.where(dice.random(many) < 0.1, np.minimum(done, 2) * 25, 0),
    )
    leads = np.repeat(dice.random(persons) < 0.125, 12)
    dde = np.where(leads, dice.choice(np.array([300, 250, 200]), months), 0)
    general = dice.integers(2400, 3001, months)
    return Country(work, PeopleColumns(general, leads, dde), np.arange(persons) // 20)


def by_columns(made: Country) -> tuple[int, int, int]:
    law = newest_regulation()
    scored = score_columns(made.work, made.people, law)
    year = year_columns(scored.total.reshape(-1, 12))
    task = np.maximum(year_columns(scored.task.reshape(-1, 12)), 0)
    _, kept = cap_columns(made.units, year, task, law)
    return int(scored.total.sum()), int(year.sum()), int(kept.sum())


def by_hand(made: Country) -> tuple[int, int, int]:
    """The yardstick: no names, no checks, no regulation; the decree's figures written in."""
    work, people = made.work, made.people
    shape = (-1, LINES)
    coef, assigned, done = (c.reshape(shape) for c in (work.coef, work.assigned, work.done))
    full = (100 * coef * assigned).sum(axis=1)
    a = np.minimum((100 * coef * done).sum(axis=1), full)
    b = np.minimum((coef * (100 * done - work.fault_loss.reshape(shape))).sum(axis=1), full)
    c = np.minimum((coef * (100 * done - work.late_loss.reshape(shape))).sum(axis=1), full)
    share, below = a + b + c, np.where(people.leads, 600, 3) * full
    share = np.where(people.leads, 100 * share + people.dde * full, share)
    safe = np.maximum(below, 1)
    total = np.where(
        full > 0, (2 * (people.general * safe + 7000 * share) + safe) // (2 * safe), -1
    )
    task = np.where(full > 0, (2 * 7000 * share + safe) // (2 * safe), -1)
    means = []
    for figures in (total.reshape(-1, 12), task.reshape(-1, 12)):
        known = figures >= 0
        n, s = known.sum(axis=1), np.where(known, figures, 0).sum(axis=1)
        means.append(np.where(n > 0, (2 * s + n) // np.maximum(2 * n, 1), -1))
    year, tasks = means[0], np.maximum(means[1], 0)
    seats = np.bincount(made.units[year >= 7000], minlength=made.units[-1] + 1) * 2000 // 12_000
    order = np.lexsort((-tasks, -year, made.units))
    unit, y, t = made.units[order], year[order], tasks[order]
    new = np.r_[True, (unit[1:] != unit[:-1]) | (y[1:] != y[:-1]) | (t[1:] != t[:-1])]
    starts = np.flatnonzero(new)
    ends = np.r_[starts[1:], len(y)]
    begins = np.searchsorted(unit, np.arange(unit[-1] + 1))
    last = np.repeat(ends, ends - starts) - begins[unit]
    return int(total.sum()), int(year.sum()), int(((last <= seats[unit]) & (y >= 9000)).sum())


def one_by_one(made: Country) -> tuple[int, int, int]:
    """A card, a year and a list for each, as the office's own tasks make them."""
    law = newest_regulation()
    columns = (c.tolist() for c in vars(made.work).values())
    lines = [Line(*line) for _, *line in zip(*columns, strict=True)]
    general, leads, dde = (c.tolist() for c in vars(made.people).values())
    months = []
    for at in range(len(general)):
        sums = sums_of(lines[at * LINES : at * LINES + LINES])
        if not sums.full:
            months.append((-1, -1))
        elif leads[at]:
            marks = leader_marks(sums, dde[at], general[at], law.points.results_max)
            months.append((marks.total, marks.task))
        else:
            marks = staff_marks(sums, general[at], law.points.results_max)
            months.append((marks.total, marks.task))
    texts = [f"2026-{n:02}" for n in range(1, 13)]
    years, rated = 0, []
    for person, unit in enumerate(made.units.tolist()):
        parts = [
            Part(text, 1, PartState.COUNTED, "", total)
            for text, (total, _) in zip(texts, months[12 * person : 12 * person + 12], strict=True)
            if total >= 0
        ]
        whose = Rolled(str(person), str(unit), "2026", Basis.FINAL)
        made_year = roll_up(whose, parts, law.year, law.grades)
        years += -1 if made_year.score is None else made_year.score
        rated.append(Rated(made_year.as_card()))
    drawn = draw_lists(rated, law.cap)
    return sum(total for total, _ in months), years, len(drawn.excellent)


def seconds(way: Callable[[Country], object], made: Country) -> float:
    began = time.perf_counter()
    way(made)
    return time.perf_counter() - began


def main() -> None:
    made = country(PERSONS, 2026)
    assert by_columns(made) == by_hand(made)
    ways = (by_hand, by_columns)
    taken: dict[str, list[float]] = {way.__name__: [] for way in ways}
    for turn in range(REPEATS):
        for way in ways[:: -1 if turn % 2 else 1]:
            taken[way.__name__].append(seconds(way, made))
    hand, columns = median(taken["by_hand"]), median(taken["by_columns"])
    cards = seconds(one_by_one, made)
    half = country(PERSONS // 2, 2026)
    print(f"{PERSONS * 12:,} cadre-months of {PERSONS:,} people, {LINES} lines each")
    print(f"yardstick, integer arrays by hand   {hand:7.3f} s")
    print(f"product, by columns                 {columns:7.3f} s  {columns / hand:5.2f}× (≤ 3)")
    print(f"product, one card at a time         {cards:7.3f} s  {cards / hand:5.1f}×")
    print(f"one card at a time, half of them    {seconds(one_by_one, half):7.3f} s  (linear: half)")


if __name__ == "__main__":
    main()
