"""What the office already knows of a unit when it issues a form or judges one that came back.

brief.cadre("03637-01").name     -> "Lò Văn Inh"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from review.cadres import Cadre
from review.submission import Table
from review.units import Unit


class TaskStatus(StrEnum):
    """State of a programme task; the values are the form's choice keys."""

    NOT_STARTED = "chua_lam"
    GOING_ON = "dang_lam"
    DONE = "xong"
    DROPPED = "dung"


@dataclass(frozen=True, slots=True)
class ProgrammeTask:
    """One line of a unit's work programme (chương trình công tác) in one period.

    `period` is canonical text. `carried` counts how many times it was carried over unfinished.
    """

    unit: str
    period: str
    code: str
    content: str
    product: str
    owner: str
    due: date | None
    status: TaskStatus = TaskStatus.NOT_STARTED
    finished: date | None = None
    parent: str = ""
    carried: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class WorkType:
    """A line of the approved catalogue of products; `coef` is the conversion coefficient
    (hệ số quy đổi) in hundredths."""

    code: str
    name: str
    coef: int


@dataclass(frozen=True, slots=True)
class UnitBrief:
    """Everything known of one unit for one period (canonical text, e.g. "2026-10").

    `opening` is the head-count closing the period before, or None when nothing is known.
    `tasks` are the programme tasks open at the start of the period. `before` holds, by sheet key,
    what the unit last reported there: what has not changed need not be typed again. `by_quarter`
    tells that its people are measured by quarters, `by_slips` that form 01 comes on raters' slips;
    `slip`, of a rater's own form, who marks and as what.
    """

    unit: Unit
    period: str
    cadres: tuple[Cadre, ...]
    works: tuple[WorkType, ...]
    tasks: tuple[ProgrammeTask, ...] = ()
    opening: int | None = None
    due: date | None = None
    before: Mapping[str, Table] = field(default_factory=dict)
    by_quarter: bool = False
    by_slips: bool = False
    slip: tuple[str, str] = ("", "")

    def cadre(self, code: str) -> Cadre | None:
        return next((cadre for cadre in self.cadres if cadre.code == code), None)
