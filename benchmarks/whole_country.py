"""`python -m benchmarks.whole_country`: 250,000 cadre-months scored, rolled up, ranked and capped.

Two ways in one process, turn about: columns (review/marks_columns.py, rollup_columns.py,
quota_cut.py), and the same sums written by hand on integer arrays (the yardstick; lab/ingest.md
section 4 found numpy the fastest engine). The commands roll up and cut on those columns but score a
month card by card, with each person's parts and names: their path is measured beside, and what it
costs over the sums alone is said as it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np

from benchmarks.whole_country_cards import by_commands
from channels.library import newest_regulation
from review.marks_columns import PeopleColumns, Whole, WorkColumns, score_columns
from review.quota_cut import Fate, Lists, Standing, cut
from review.rollup_columns import PartColumns, State, roll_up_columns

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
    total, task = (column.reshape(-1, 4, 3) for column in (scored.total, scored.task))
    state = np.where(total >= 0, State.COUNTED, State.LEAVE)
    ones, most = np.ones_like(total), np.full_like(total, 10_000)
    rolled = roll_up_columns(PartColumns(state, ones, total, task, ones, most), law.year.rule)
    year, nobody = rolled.score, np.zeros(len(made.units), dtype=np.bool_)
    many = int(made.units[-1]) + 1
    good = np.bincount(made.units[year >= law.grades.good], minlength=many)
    rated = np.bincount(made.units[year >= 0], minlength=many)
    lists = Lists(np.full(many, law.cap.percent), good, rated)
    excellent = year >= law.grades.excellent
    people = Standing(made.units, year, rolled.task, excellent, nobody, nobody, rolled.high, nobody)
    fates = cut(lists, people, law.cap.reading)
    return int(scored.total.sum()), int(year.sum()), int((fates == Fate.IN).sum())


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


def seconds(way: Callable[[Country], object], made: Country) -> float:
    began = time.process_time()
    way(made)
    return time.process_time() - began


def main() -> None:
    made = country(PERSONS, 2026)
    assert by_columns(made) == by_hand(made)
    ways = (by_hand, by_columns)
    taken: dict[str, list[float]] = {way.__name__: [] for way in ways}
    for turn in range(REPEATS):
        for way in ways[:: -1 if turn % 2 else 1]:
            taken[way.__name__].append(seconds(way, made))
    hand, columns = median(taken["by_hand"]), median(taken["by_columns"])
    half = country(PERSONS // 2, 2026)
    path, of_half = by_commands(made), by_commands(half)
    assert path.sums == by_hand(made)
    print(f"{PERSONS * 12:,} cadre-months of {PERSONS:,} people, {LINES} lines each")
    print(f"yardstick, integer arrays by hand   {hand:7.3f} s")
    print(f"product, by columns                 {columns:7.3f} s  {columns / hand:5.2f}× (≤ 3)")
    print(f"product, half of them               {seconds(by_columns, half):7.3f} s  (linear: half)")
    print(
        f"the commands' own path, from reports {path.whole:6.3f} s  {path.whole / hand:5.2f}× (≤ 3)"
    )
    print("  " + ", ".join(f"{stage} {taken:.3f} s" for stage, taken in path.seconds.items()))
    print(f"the same, half of them              {of_half.whole:7.3f} s  (linear: half)")


if __name__ == "__main__":
    main()
