"""Retirement by birth month, checked against the yearly schedule of Decree 135/2020, Article 4."""

from __future__ import annotations

from datetime import date

import pytest

from channels.library import newest_regulation
from review.cadres import Sex
from review.retirement import RetirementTable, retirement, table_from

TABLE = newest_regulation().retirement
SCHEDULE = {  # months of age in 2021, added each year, the last
    Sex.MALE: (60 * 12 + 3, 3, 62 * 12),
    Sex.FEMALE: (55 * 12 + 4, 4, 60 * 12),
}
BANDS = [["", "1960-12", "60y0m"], ["1961-01", "", "60y3m"]]


def scheduled(sex: Sex, birth: date) -> int:
    """The age by the yearly schedule: the first age whose year one reaches it in."""
    first, step, last = SCHEDULE[sex]
    for year in range(2021, 2060):
        age = min(last, first + step * (year - 2021))
        reached = birth.year * 12 + birth.month - 1 + age
        if reached // 12 == year:
            return age
    raise AssertionError(birth)


def births(first: date) -> list[date]:
    months = range(first.year * 12 + first.month - 1, 1980 * 12)
    return [date(month // 12, month % 12 + 1, 1) for month in months]


@pytest.mark.parametrize(
    ("sex", "first"), [(Sex.MALE, date(1961, 1, 1)), (Sex.FEMALE, date(1966, 1, 1))]
)
def test_the_table_and_the_schedule_differ_only_where_a_person_is_asked_to_look(
    sex: Sex, first: date
) -> None:
    for birth in births(first):
        found = retirement(sex, birth, TABLE)
        agrees = found.years * 12 + found.months == scheduled(sex, birth)
        assert agrees is not found.verify, birth


def test_the_doubtful_cell_is_women_born_in_may_1969() -> None:
    found = retirement(Sex.FEMALE, date(1969, 5, 2), TABLE)
    assert (found.age, found.verify) == ("56y8m", True)


def test_work_ends_with_the_month_and_the_pension_starts_with_the_next() -> None:
    found = retirement(Sex.FEMALE, date(1972, 8, 31), TABLE)
    assert (found.reaches, found.pension_from) == (date(2030, 12, 1), date(2031, 1, 1))


def test_a_table_with_a_gap_or_no_open_end_is_refused() -> None:
    assert isinstance(table_from({"nam": BANDS, "nu": BANDS}), RetirementTable)
    gap = [BANDS[0], ["1961-02", "", "60y3m"]]
    with pytest.raises(ValueError, match="hở hoặc chồng"):
        table_from({"nam": gap, "nu": BANDS})
    with pytest.raises(ValueError, match="để trống"):
        table_from({"nam": BANDS[:1], "nu": BANDS})
