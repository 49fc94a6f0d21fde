"""`python -m benchmarks.whole_country`: 250,000 cadre-months scored, rolled up, ranked and capped.

Two ways in one process, turn about, from the same integer arrays: what `tdkt rehearse-rule` and the
quota's other readings call (review/month_columns.py, result_columns.py, rollup_columns.py,
quota_lists.py), and the same sums written by hand (the yardstick; lab/ingest.md section 4 found
numpy the fastest engine). What stands before the sums, putting reports and people in their places,
is measured beside; and so is the other product, a month's own cards, each with its parts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from benchmarks.country import LINES, Country, country
from benchmarks.whole_country_cards import by_cards
from benchmarks.whole_country_columns import Laid, by_columns, laid_out, placed, reported

PERSONS = 250_000 // 12
REPEATS = 5
Sums = tuple[int, int, int]


def by_hand(made: Country) -> Sums:
    """The yardstick: no names, no checks, no regulation, nothing missing; the decree's figures
    written in."""
    coef, assigned, done = made.coef, made.assigned, made.done
    full = (100 * coef * assigned).sum(axis=-1)
    a = np.minimum((100 * coef * done).sum(axis=-1), full)
    b = np.minimum((coef * (100 * done - 25 * made.faulty)).sum(axis=-1), full)
    c = np.minimum((coef * (100 * done - 25 * made.late)).sum(axis=-1), full)
    share, general = a + b + c, made.marks.sum(axis=-1)
    staff = (2 * (3 * general * full + 7000 * share) + 3 * full) // (6 * full)
    least = np.minimum.reduceat(np.where(made.leads, 10_000, staff), made.starts, axis=1)
    d = np.where(least < 5000, 50, 100)[:, made.units]
    lead = 100 * share + (d + made.dd + made.e) * full
    heads = (2 * (600 * general * full + 7000 * lead) + 600 * full) // (1200 * full)
    total = np.where(made.leads, heads, staff)
    task = np.where(made.leads, lead, 200 * share)
    task = (2 * 7000 * task + 600 * full) // (1200 * full)
    year, tasks = ((2 * figures.sum(axis=0) + 12) // 24 for figures in (total, task))
    seats = np.bincount(made.units[year >= 7000], minlength=len(made.starts)) * 2000 // 12_000
    order = np.lexsort((-tasks, -year, made.units))
    unit, y, t = made.units[order], year[order], tasks[order]
    new = np.r_[True, (unit[1:] != unit[:-1]) | (y[1:] != y[:-1]) | (t[1:] != t[:-1])]
    starts = np.flatnonzero(new)
    ends = np.r_[starts[1:], len(y)]
    last = np.repeat(ends, ends - starts) - made.starts[unit]
    return int(total.sum()), int(year.sum()), int(((last <= seats[unit]) & (y >= 9000)).sum())


def seconds(way: Callable[[Any], object], made: Any) -> float:
    began = time.process_time()
    way(made)
    return time.process_time() - began


def turn_about(made: Country, laid: Laid) -> tuple[float, float]:
    """The medians of both ways, by CPU."""
    hand, columns = list[float](), list[float]()
    for turn in range(2 * REPEATS):
        if turn % 2:
            columns.append(seconds(by_columns, laid))
            hand.append(seconds(by_hand, made))
        else:
            hand.append(seconds(by_hand, made))
            columns.append(seconds(by_columns, laid))
    return median(hand), median(columns)


def main() -> None:
    made = country(PERSONS, 2026)
    reports = reported(made)
    began = time.process_time()
    laid = placed(reports)
    laying = time.process_time() - began
    assert by_columns(laid) == by_hand(made)
    hand, columns = turn_about(made, laid)
    half = country(PERSONS // 2, 2026)
    half_laid = laid_out(half)
    of_half = median(seconds(by_columns, half_laid) for _ in range(REPEATS))
    cards, half_cards = by_cards(made), by_cards(half)
    assert cards.sums == by_hand(made)
    print(f"{PERSONS * 12:,} cadre-months of {PERSONS:,} people, {LINES} lines each; CPU seconds")
    print(f"yardstick, integer arrays by hand          {hand:7.3f}")
    print("scored, rolled up, ranked and capped by")
    print(
        f"  columns (rehearse-rule, quota readings)  {columns:7.3f}  {columns / hand:5.2f}× (≤ 3)"
    )
    print(f"  half of them                             {of_half:7.3f}  (linear: half)")
    print(f"  before it: reports made whole numbers    {cards.columns:7.3f}")
    print(f"             all put in their places       {laying:7.3f}")
    print(f"a month's own cards, each with its parts   {cards.whole:7.3f}  (another product)")
    print("  " + ", ".join(f"{stage} {taken:.3f}" for stage, taken in cards.seconds.items()))
    print(f"  half of them                             {half_cards.whole:7.3f}  (linear: half)")


if __name__ == "__main__":
    main()
