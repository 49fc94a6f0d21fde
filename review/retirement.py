"""When a cadre reaches retirement age, by the table of Decree 135/2020/NĐ-CP.

leave = retirement(Sex.MALE, date(1964, 10, 15), regulation.retirement)
leave.age               -> "61y6m"
leave.pension_from      -> 2026-05-01
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from review.cadres import Sex


@dataclass(frozen=True, slots=True)
class Band:
    """Birth months `first`–`last` (year * 12 + month - 1, both included; None is open) and the
    age in months at which they retire."""

    first: int | None
    last: int | None
    age: int

    def holds(self, month: int) -> bool:
        return (self.first is None or self.first <= month) and (
            self.last is None or month <= self.last
        )


@dataclass(frozen=True, slots=True)
class RetirementTable:
    """`unsure` names the birth months whose band a person should verify; `looked_up` remembers
    answers, since the cadres of a province share some hundred birth months."""

    men: tuple[Band, ...]
    women: tuple[Band, ...]
    unsure: frozenset[tuple[Sex, int]] = frozenset()
    article: str = ""
    looked_up: dict[tuple[Sex, int], Retirement] = field(
        default_factory=dict, compare=False, repr=False
    )

    def bands(self, sex: Sex) -> tuple[Band, ...]:
        return self.men if sex is Sex.MALE else self.women


@dataclass(frozen=True, slots=True)
class Retirement:
    """`reaches` is the first day of the month in which the age is reached; work ends with that
    month and the pension starts on `pension_from`. `verify` asks a person to look."""

    years: int
    months: int
    reaches: date
    pension_from: date
    verify: bool = False

    @property
    def age(self) -> str:
        return f"{self.years}y{self.months}m"


def retirement(sex: Sex, birth: date, table: RetirementTable) -> Retirement:
    """When someone born then retires (Decree 135/2020, Article 4 and Annex I)."""
    born = birth.year * 12 + birth.month - 1
    known = table.looked_up.get((sex, born))
    if known is None:
        known = table.looked_up[sex, born] = _of_month(sex, born, table)
    return known


def _of_month(sex: Sex, born: int, table: RetirementTable) -> Retirement:
    age = next(band.age for band in table.bands(sex) if band.holds(born))
    return Retirement(
        years=age // 12,
        months=age % 12,
        reaches=_first_day(born + age),
        pension_from=_first_day(born + age + 1),
        verify=(sex, born) in table.unsure,
    )


def table_from(data: Mapping[str, Any]) -> RetirementTable:
    """The table of a parsed decision. Raises ValueError where bands leave a gap or overlap."""
    unsure = frozenset((Sex(sex), _month(month)) for sex, month in data.get("unsure", ()))
    return RetirementTable(
        men=_bands(data["nam"]),
        women=_bands(data["nu"]),
        unsure=unsure,
        article=data.get("article", ""),
    )


def _bands(rows: Sequence[Sequence[str]]) -> tuple[Band, ...]:
    bands = tuple(
        Band(_month(first) if first else None, _month(last) if last else None, _age(age))
        for first, last, age in rows
    )
    if not bands or bands[0].first is not None or bands[-1].last is not None:
        raise ValueError(
            "bảng tuổi nghỉ hưu phải để trống tháng đầu của dải đầu và cuối của dải cuối"
        )
    for (_, last, _), (first, _, age) in pairwise(rows):
        if not last or not first or _month(last) + 1 != _month(first):
            raise ValueError(f"bảng tuổi nghỉ hưu hở hoặc chồng trước dải “{first} – {age}”")
    return bands


def _month(text: str) -> int:
    year, month = text.split("-")
    return date(int(year), int(month), 1).year * 12 + int(month) - 1


def _age(text: str) -> int:
    found = re.fullmatch(r"(\d+)y(\d+)m", text)
    if not found:
        raise ValueError(f"“{text}” không phải là tuổi; ví dụ đúng: 61y6m")
    return int(found[1]) * 12 + int(found[2])


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
