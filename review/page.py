"""One report being read for the plans: its lines, and where each stands.

page.cell("inspections", row, "opened")    -> "S11b Kiểm tra, vụ việc!F6"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.cadres import Cadre
from review.period import Period
from review.places import Places
from review.plan_rules import LegalText
from review.rubric import Rubric
from review.submission import Submission

YES = "co"


@dataclass(frozen=True, slots=True)
class Page:
    """One report being read."""

    said: Submission
    places: Places
    cadres: Mapping[str, Cadre]
    texts: Sequence[LegalText]
    rubric: Rubric

    @property
    def of_the_unit(self) -> list[Cadre]:
        return [cadre for cadre in self.cadres.values() if cadre.unit == self.said.unit]

    @property
    def period(self) -> Period:
        return Period.parse(self.said.period)

    def column(self, sheet: str, name: str) -> str:
        """The cell without its row: what `cell` says of any line; "" where the form lacks it."""
        return self.places.column(sheet, name)

    def cell(self, sheet: str, row: Any, name: str) -> str:
        column = self.places.column(sheet, name)
        return f"{column}{row.line}" if column else ""

    def place(self, sheet: str, row: Any, name: str) -> tuple[str, str]:
        return self.cell(sheet, row, name), self.said.period

    def known(self, sheet: str, row: Any, name: str) -> dict[str, Any]:
        return {"cell": self.cell(sheet, row, name), "period": self.said.period}
