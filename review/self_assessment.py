"""What units say of themselves at the end of a term: how far each solution of the founding article
was carried out (M1–M4), and which weaknesses are left (W1–W15).

    left_over(weaknesses)     -> those said to be “còn nhiều”

Source: the founding article's lists; domain.md 1.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MANY = "con_nhieu"
LEFT = {"khong_con": "không còn", "con_it": "còn ít", MANY: "còn nhiều"}
CARRIED_OUT = {"tot": "tốt", "kha": "khá", "trung_binh": "trung bình", "yeu": "yếu"}


@dataclass(frozen=True, slots=True)
class Weakness:
    """`level` is the form's key: how much is left of the weakness."""

    unit: str
    code: str
    content: str
    level: str
    signs: str = ""
    remedy: str = ""
    due: date | None = None
    cell: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Solution:
    """`level` is the form's key: how well the unit thinks it carried it out."""

    unit: str
    code: str
    content: str
    level: str
    following: str = ""
    cell: str = ""
    period: str = ""


def left_over(weaknesses: Iterable[Weakness]) -> tuple[Weakness, ...]:
    return tuple(one for one in weaknesses if one.level == MANY)
