"""The columns say what the cards say, for everyone, to the hundredth."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.whole_country import Country, by_hand, country
from channels.library import newest_regulation
from review.marks import Line, leader_marks, staff_marks, sums_of
from review.quota import Candidate, CapReading, most_excellent, suggest
from review.scorecard import Grade
from review.whole_country import cap_columns, grade_columns, score_columns, year_columns
from review.year import YearRule, year_of

LAW = newest_regulation()
MOST = LAW.points.results_max


def cards(made: Country) -> list[tuple[int, int]]:
    lines: dict[int, list[Line]] = defaultdict(list)
    columns = zip(*(column.tolist() for column in vars(made.work).values()), strict=True)
    for owner, *line in columns:
        lines[owner].append(Line(*line))
    found = []
    for at, general in enumerate(made.people.general.tolist()):
        sums = sums_of(lines[at])
        if not sums.full:
            found.append((-1, -1))
        elif made.people.leads[at]:
            marks = leader_marks(sums, int(made.people.dde[at]), general, MOST)
            found.append((marks.task, marks.total))
        else:
            marks = staff_marks(sums, general, MOST)
            found.append((marks.task, marks.total))
    return found


@given(st.integers(0, 10_000), st.integers(1, 30))
def test_every_month_is_what_its_card_is(seed: int, persons: int) -> None:
    made = country(persons, seed)
    scored = score_columns(made.work, made.people, LAW)
    assert list(zip(scored.task.tolist(), scored.total.tolist(), strict=True)) == cards(made)
    grades = [LAW.grades.grade_of(t) if t >= 0 else None for t in scored.total.tolist()]
    known = [None if g < 0 else list(Grade)[g] for g in scored.grade.tolist()]
    assert grades == known


@given(st.integers(0, 10_000))
def test_every_year_is_what_year_of_makes_of_its_months(seed: int) -> None:
    made = country(20, seed)
    months = score_columns(made.work, made.people, LAW).total.reshape(-1, 12)
    years = year_columns(months).tolist()
    for row, year in zip(months.tolist(), years, strict=True):
        score = year_of([None if t < 0 else t for t in row], YearRule.MEAN_OF_MONTHS).score
        assert year == (-1 if score is None else score)


@given(st.sampled_from(CapReading), st.integers(0, 10_000), st.integers(5, 60))
def test_the_cap_keeps_whom_the_lists_would_choose(
    reading: CapReading, seed: int, persons: int
) -> None:
    dice = Random(seed)
    law = replace(LAW, cap=replace(LAW.cap, reading=reading))
    units = np.array([dice.randrange(3) for _ in range(persons)])
    total = np.array([dice.choice((6900, 7500, 9000, 9100, 9200)) for _ in range(persons)])
    task = np.array([dice.choice((6000, 6500)) for _ in range(persons)])
    seats, kept = cap_columns(units, total, task, law)
    for unit in range(int(units.max()) + 1):
        mine = [at for at in range(persons) if units[at] == unit]
        good = sum(int(total[at]) >= law.grades.good for at in mine)
        most = most_excellent(reading, law.cap.percent, good, len(mine))
        people = [Candidate(f"{at:03}", int(total[at]), int(task[at])) for at in mine
                  if total[at] >= law.grades.excellent]  # fmt: skip
        assert seats[unit] == most
        chosen = {f"{at:03}" for at in mine if kept[at]}
        assert chosen == set(suggest(people, most).chosen) and len(chosen) <= most


def test_the_yardstick_by_hand_comes_to_the_same() -> None:
    made = country(200, 7)
    scored = score_columns(made.work, made.people, LAW)
    year = year_columns(scored.total.reshape(-1, 12))
    task = np.maximum(year_columns(scored.task.reshape(-1, 12)), 0)
    _, kept = cap_columns(made.units, year, task, LAW)
    assert by_hand(made) == (int(scored.total.sum()), int(year.sum()), int(kept.sum()))


def test_figures_out_of_reason_are_refused_not_wrapped() -> None:
    made = country(1, 1)
    huge = replace(made.work, assigned=made.work.assigned + 10**13)
    with pytest.raises(OverflowError):
        score_columns(huge, made.people, LAW)
    assert grade_columns(np.array([-1]), LAW).tolist() == [-1]
