"""Quarter, half, year and term from the months: missing is not zero, leave is not due."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from by_hand import by_hand
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import ChannelRefused
from channels.library import newest_regulation
from cli.main import tdkt
from review.cadres import Cadre
from review.period import Period
from review.rollup import (
    MOVED,
    SETTLED,
    Basis,
    PeriodScore,
    confirmation,
)
from review.rollup_columns import State
from review.rollup_layout import Figures
from review.rollup_people import About, roll_up_people
from review.rollup_words import explain_rollup, quarter_means
from review.scorecard import ON_LEAVE, CardStatus, Grade
from review.still_needed import still_needed
from review.year import LongLeave, YearRule
from tasks.office import Office
from tasks.roll_up import roll_up as roll_up_task
from tasks.take_outside import take_outside
from tdkt_models.period_scores import recall_period_scores
from tests.score_office import card, keep_months, keep_people, keep_scored, occasion, person
from tests.score_office import small_office as opened

LAW = newest_regulation()
JANUARY = date(2027, 1, 20)
totals = st.integers(0, 10_000)
Row = tuple[object, ...]  # as the book gives it: see review.rollup_layout.Figures


def told(period: str, total: int | None = None, unit: str = "A", **values: int) -> Row:
    """What the book has of A-01 in a period; without a total, one that lacks data."""
    state = State.COUNTED if total is not None else State.MISSING
    known = {"state": state, "low": -1, "high": -1, "task": -1, "forced": 0, "maternity": 0}
    v = known | values
    points = -1 if total is None else total
    figures = v["task"], v["low"], v["high"], v["forced"], v["maternity"]
    return (period, "A-01", unit, int(v["state"]), points, *figures, "")


def month(n: int, score: int | None = None, **values: int) -> Row:
    return told(f"2026-{n:02}", score, **values)


def scored(
    rows: list[Row],
    period: str = "2026",
    today: date = JANUARY,
    who: Cadre | None = None,
    quarterly: Period | None = None,
    **rules: object,
) -> PeriodScore:
    """The longer period of A-01 (or another), as everybody's is made."""
    cadre = who or person("A-01")
    by_quarter = {cadre.unit: quarterly} if quarterly else {}
    about = About(Period.parse(period), Basis.FINAL, today, quarterly=by_quarter)
    law = replace(LAW.year, **rules)  # type: ignore[arg-type]
    rolls = roll_up_people(about, [cadre], Figures.from_rows(rows), law, LAW.grades)
    (made,) = rolls.scores()
    return made


def year(rows: list[Row], **rules: object) -> PeriodScore:
    """Of the months told and of no other: the day after the last of them."""
    last = max(Period.parse(str(row[0])).end for row in rows)
    first = min(Period.parse(str(row[0])).start for row in rows)
    who = person("A-01", since=first)
    return scored(rows, today=last + timedelta(days=1), who=who, **rules)


@given(totals, st.sampled_from(YearRule))
def test_a_year_of_equal_months_equals_the_month(total: int, rule: YearRule) -> None:
    made = year([month(n, total) for n in range(1, 13)], rule=rule)
    assert (made.score, made.low, made.high, made.due) == (total, total, total, 12)


@given(st.lists(st.none() | totals, min_size=12, max_size=12), st.sampled_from(YearRule))
def test_whatever_comes_the_result_stays_within_its_range(
    told: list[int | None], rule: YearRule
) -> None:
    made = year([month(n, score) for n, score in enumerate(told, 1)], rule=rule)
    for fill in (0, 10_000, 7321):
        full = [month(n, fill if s is None else s) for n, s in enumerate(told, 1)]
        score = year(full, rule=rule).score
        assert score is not None and made.low <= score <= made.high


@given(st.lists(totals, min_size=12, max_size=12), st.randoms())
def test_the_order_of_the_parts_never_matters(told: list[int], dice: st.DataObject) -> None:
    parts = [month(n, score) for n, score in enumerate(told, 1)]
    mixed = sorted(parts, key=lambda _: dice.random())  # type: ignore[attr-defined]
    assert year(parts) == year(mixed)


def test_a_missing_month_makes_a_range_and_no_score() -> None:
    made = year([month(1, 9000), month(2, 9000), month(3)])
    assert (made.score, made.so_far) == (None, 9000)
    assert (made.low, made.high, made.counted, made.due) == (6000, 9333, 2, 3)
    assert made.status is CardStatus.INSUFFICIENT and made.grade is None


def test_a_grade_that_nothing_missing_can_change_is_given_at_once() -> None:
    made = year([month(n, 8000) for n in range(1, 12)] + [month(12, low=7000, high=9000)])
    assert made.grade is Grade.GOOD and SETTLED in made.flags and made.score is None


def test_leave_for_a_whole_month_is_not_due() -> None:
    away = month(4, state=State.LEAVE)
    made = year([month(n, 8000) for n in (1, 2, 3)] + [away])
    assert (made.score, made.counted, made.due) == (8000, 3, 3)


def test_a_year_wholly_on_leave_has_no_result() -> None:
    made = year([month(n, state=State.LEAVE) for n in range(1, 13)])
    assert made.status is CardStatus.EXCLUDED and made.score is None


def test_a_disqualifier_of_one_month_decides_the_year_and_the_points_stay() -> None:
    made = year([month(n, 9500, forced=n == 3) for n in range(1, 13)])
    assert (made.score, made.provisional, made.grade) == (9500, Grade.EXCELLENT, Grade.NOT_DONE)


def test_decree_90_lowers_long_leave_and_335_does_not() -> None:
    parts = [month(n, 8650) for n in range(1, 9)]
    parts += [month(n, state=State.LEAVE) for n in range(9, 13)]
    assert year(parts).grade is Grade.GOOD
    assert year(parts, long_leave=LongLeave.DECREE_90).grade is Grade.DONE


def test_the_two_rules_differ_on_an_incomplete_year() -> None:
    parts = [month(n, s) for n, s in ((1, 9000), (2, 9000), (3, 9000), (4, 6000))]
    found = [year(parts, rule=rule).score for rule in YearRule]
    assert found == [8250, 7500]


def test_a_quarter_scored_as_a_whole_weighs_its_three_months() -> None:
    rows = [month(n, 9000) for n in range(1, 7)] + [told(f"2026-Q{n}", 6000) for n in (3, 4)]
    made = scored(rows, quarterly=Period.parse("2026-Q3"))
    assert [part.months for part in made.parts] == [1] * 6 + [3, 3]
    assert (made.score, made.due) == (7500, 12)
    by_quarters = scored(rows, rule=YearRule.MEAN_OF_QUARTERS)
    assert by_quarters.score == 7500, "four quarters, each weighing the same"


def test_months_before_a_person_came_are_not_due() -> None:
    made = scored([], who=person("A-01", since=date(2026, 10, 1)))
    assert [part.period for part in made.parts] == ["2026-10", "2026-11", "2026-12"]
    assert (made.counted, made.due) == (0, 3)


def test_a_month_that_has_not_ended_is_no_part_yet() -> None:
    made = scored([month(n, 8000) for n in range(1, 12)], today=date(2026, 12, 10))
    assert (made.score, made.due) == (8000, 11)


def test_the_task_score_of_a_year_is_the_mean_of_its_months() -> None:
    made = scored([month(n, 8000, task=5000 + n) for n in range(1, 13)])
    assert made.task == 5007 and made.as_card().task_score == 5007
    short = scored([month(n, 8000, task=5000) for n in range(1, 12)])
    assert short.task is None, "one month is missing: not known"


def test_the_confirmation_says_when_december_changed_the_grade() -> None:
    before = year([month(1, 9000)])
    assert "Giữ nguyên" in confirmation(before, before)
    assert "xác nhận lại" in confirmation(before, year([month(1, 8000)]))


def rolled(office: Office, period: str, day: str = "2027-01-20") -> dict[str, PeriodScore]:
    about = occasion(office, period, day)
    roll_up_task.fn(about, ("A", "B"))
    with office.book() as book, book.reading() as conn:
        return {s.whose.cadre: s for s in recall_period_scores(conn, period)}


def test_the_book_keeps_a_year_and_a_second_run_changes_nothing(
    tmp_path: Path, book_url: str
) -> None:
    with opened(tmp_path, book_url) as office:
        keep_months(office, "A-01", {n: 9000 + n for n in range(1, 13)})
        keep_months(office, "A-02", dict.fromkeys(range(1, 12), 8000) | {12: None})
        first = rolled(office, "2026")
        assert first["A-01"].score == 9007 and first["A-01"].grade is Grade.EXCELLENT
        assert (first["A-02"].counted, first["A-02"].due) == (11, 12)
        assert first["B-01"].due == 12 and first["B-01"].counted == 0
        assert rolled(office, "2026") == first


def test_a_year_is_provisional_in_december_and_final_in_january(
    tmp_path: Path, book_url: str
) -> None:
    with opened(tmp_path, book_url) as office:
        keep_months(office, "A-01", dict.fromkeys(range(1, 12), 9000))
        before = rolled(office, "2026", "2026-12-10")["A-01"]
        assert (before.whose.basis, before.score, before.due) == (Basis.PROVISIONAL, 9000, 11)
        keep_months(office, "A-01", {12: 7800})
        after = rolled(office, "2026")["A-01"]
        assert (after.whose.basis, after.score) == (Basis.FINAL, 8900)
        assert "xác nhận lại" in confirmation(before, after)
        with office.book() as book, book.reading() as conn:
            (kept,) = recall_period_scores(conn, "2026", ["A"], basis=Basis.PROVISIONAL)[:1]
        assert kept == before, "the provisional result stays beside the final one"


def test_after_a_transfer_the_old_units_months_count_and_the_new_unit_grades(
    tmp_path: Path, book_url: str
) -> None:
    with opened(tmp_path, book_url) as office:
        keep_months(office, "A-01", dict.fromkeys(range(1, 7), 9000))
        keep_people(office, [person("A-01", "B")])
        keep_months(office, "A-01", dict.fromkeys(range(7, 13), 6900), unit="B")
        made = rolled(office, "2026")["A-01"]
    assert (made.whose.unit, made.score, made.grade) == ("B", 7950, Grade.GOOD)
    assert MOVED in made.flags and {part.unit for part in made.parts} == {"A", "B"}


def test_a_quarter_and_a_half_year_and_a_term_are_made_the_same_way(
    tmp_path: Path, book_url: str
) -> None:
    with opened(tmp_path, book_url, [person("A-01")]) as office:
        keep_months(office, "A-01", dict.fromkeys(range(1, 7), 9000) | {7: 8500, 8: None})
        leave = card("A-01", "2026-09", None, status=CardStatus.EXCLUDED, flags=(ON_LEAVE,))
        keep_scored(office, [leave])
        assert rolled(office, "2026-H1")["A-01"].score == 9000
        third = rolled(office, "2026-Q3")["A-01"]
        assert (third.so_far, third.counted, third.due) == (8500, 1, 2)
        rolled(office, "2026")
        term = rolled(office, "2026..2030", "2031-02-01")["A-01"]
        assert (term.counted, term.due, term.score) == (0, 5, None)


@pytest.mark.parametrize(("since", "parts"), [(None, 12), ("2026-Q1", 4), ("2026-Q3", 8)])
def test_a_unit_measured_by_quarters_owes_quarters(since: str | None, parts: int) -> None:
    made = scored([], quarterly=Period.parse(since) if since else None)
    assert (len(made.parts), made.due) == (parts, 12)


def test_a_year_can_be_done_again_with_a_pencil(tmp_path: Path, book_url: str) -> None:
    with opened(tmp_path, book_url) as office:
        keep_months(office, "A-01", dict.fromkeys(range(1, 12), 9000))
        rolled(office, "2026", "2026-12-10")
        keep_months(office, "A-01", {12: 7800})
        rolled(office, "2026")
        args = ["explain", "A-01", "2026", "--json", "--home", str(office.folder)]
        (trace,) = json.loads(CliRunner().invoke(tdkt, args).output)
    lines = "\n".join(trace["lines"])
    assert f"Điểm = ({' + '.join(['90,00'] * 11)} + 78,00) / 12 = 89,00" in lines
    assert by_hand(trace["lines"]).total == 89
    assert "Tính được 12/12 tháng" in lines and "xác nhận lại" in lines
    assert "Chưa phê duyệt" in lines and "tháng 12/2026 ở A: 78,00 điểm, được tính." in lines


def test_an_incomplete_year_says_its_range_and_each_missing_month() -> None:
    made = year([month(1, 9000), month(2), month(3, state=State.LEAVE)])
    lines = "\n".join(explain_rollup(made, LAW))
    assert "Tính được 1/2 tháng" in lines and "45,00 – 95,00" in lines
    assert "chưa có kết quả, không tính 0" in lines and "nghỉ cả kỳ" in lines


@given(st.lists(st.none() | totals, min_size=12, max_size=12), st.sampled_from(YearRule))
def test_what_is_still_needed_is_enough_and_one_hundredth_less_is_not(
    told_: list[int | None], rule: YearRule
) -> None:
    rows = [month(n, points) for n, points in enumerate(told_, 1)]
    made = scored(rows, rule=rule)
    says = still_needed(made, LAW.grades)
    if not says:
        return
    points = int(says.rpartition(" từ ")[2].removesuffix(" điểm.").replace(",", ""))
    wanted = next(grade for grade in Grade if grade.label.lower() in says)

    def filled(points: int) -> Grade | None:
        full = [month(n, points if p is None else p) for n, p in enumerate(told_, 1)]
        return scored(full, rule=rule).grade

    assert filled(points) is wanted and (points == 0 or filled(points - 1) is not wanted)


def test_by_quarters_the_words_show_a_mean_of_means() -> None:
    parts = [month(n, s) for n, s in ((1, 9000), (2, 9000), (4, 6000))]
    lines = explain_rollup(year(parts, rule=YearRule.MEAN_OF_QUARTERS), LAW)
    assert any("[(90,00 + 90,00) / 2 + (60,00) / 1] / 2 = 75,00" in line for line in lines)
    assert quarter_means(year(parts)) == {"2026-Q1": 9000, "2026-Q2": 6000}


def test_a_result_that_the_old_office_sent_counts_with_its_document(
    tmp_path: Path, book_url: str
) -> None:
    with opened(tmp_path, book_url) as office:
        keep_months(office, "A-01", dict.fromkeys(range(4, 13), 9000))
        first = [occasion(office, f"2026-{n:02}") for n in (1, 2, 3)]
        for about in first:
            take_outside(about, "A-01", "78,0", "CV 12/SNV", "Lò Văn A")
        made = rolled(office, "2026")["A-01"]
        assert (made.score, made.counted) == (8700, 12)
        assert "[CV 12/SNV]" in "\n".join(explain_rollup(made, LAW))
        with pytest.raises(ChannelRefused, match="đã được chấm ở đây"):
            take_outside(occasion(office, "2026-04"), "A-01", "78", "CV 12/SNV", "Lò Văn A")
        with pytest.raises(ChannelRefused, match="từ 0 đến 100"):
            take_outside(first[0], "A-01", "178", "CV 12/SNV", "Lò Văn A")
