"""The columns say what the cards say, for everyone, to the hundredth."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.whole_country import Country, by_columns, by_hand, country
from benchmarks.whole_country_cards import by_commands
from channels.library import newest_regulation
from review.marks import Line, leader_marks, staff_marks, sums_of
from review.marks_columns import grade_columns, score_columns
from review.rollup_columns import PartColumns, State, roll_up_columns
from review.scorecard import Grade
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


def test_reports_scored_card_by_card_come_to_the_same_sums() -> None:
    """A year of three units: every point, every year's points, how many are excellent."""
    made = country(60, 7)
    assert by_commands(made).sums == by_columns(made) == by_hand(made)


@given(st.integers(0, 10_000), st.sampled_from(YearRule))
def test_every_year_is_what_year_of_makes_of_its_months(seed: int, rule: YearRule) -> None:
    made = country(20, seed)
    months = score_columns(made.work, made.people, LAW).total.reshape(-1, 4, 3)
    state = np.where(months >= 0, State.COUNTED, State.LEAVE)
    ones = np.ones_like(months)
    rolled = roll_up_columns(PartColumns(state, ones, months, months, ones, ones), rule)
    for row, year in zip(months.reshape(-1, 12).tolist(), rolled.score.tolist(), strict=True):
        score = year_of([None if t < 0 else t for t in row], rule).score
        assert year == (-1 if score is None else score)


def test_the_yardstick_by_hand_comes_to_the_same() -> None:
    for seed in (7, 8, 9):
        made = country(400, seed)
        assert by_hand(made) == by_columns(made)


def test_figures_out_of_reason_are_refused_not_wrapped() -> None:
    made = country(1, 1)
    huge = replace(made.work, assigned=made.work.assigned + 10**13)
    with pytest.raises(OverflowError):
        score_columns(huge, made.people, LAW)
    assert grade_columns(np.array([-1]), LAW).tolist() == [-1]
