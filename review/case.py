"""A submission laid on the desk of one who checks it: the rows, the places, and what is known.

case = Case(submission, form, brief)
case.names["03637-01"]                       -> "Lò Văn Inh"
case.finding("VUOT_GIAO", Severity.MUST_EXPLAIN, "work", "done", work.line, value, says, fix)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from review.cells import as_text
from review.check_rules import CheckRules
from review.findings import Finding, Severity
from review.form import Form, Sheet
from review.points import brief as in_short
from review.submission import Submission

if TYPE_CHECKING:  # a file is judged alone without loading what an office knows
    from review.brief import UnitBrief, WorkType
    from review.calendar import WorkingDays
    from review.past import Past
    from review.retirement import RetirementTable

JOINING = frozenset({"tuyen_dung", "den"})
LEAVING = frozenset({"di", "nghi_huu", "thoi_viec"})
AWAY = frozenset({"thai_san", "nghi_om", "nghi_khac"})


@dataclass(frozen=True)
class Case:
    """One report and what it is held against.

    `received_at` and `due` are aware instants; `totals` the points (hundredths) of cadres already
    scored; `days` which days are working days; `past` what earlier reports say; `retirement` the
    regulation's table. What is None is not known.
    """

    submission: Submission
    form: Form
    brief: UnitBrief | None = None
    works: Sequence[WorkType] = ()
    received_at: datetime | None = None
    due: datetime | None = None
    totals: Mapping[str, int] = field(default_factory=dict)
    days: WorkingDays | None = None
    past: Past | None = None
    retirement: RetirementTable | None = None

    def rows(self, key: str) -> Sequence[Any]:
        return self._rows[key]

    @cached_property
    def _rows(self) -> Mapping[str, list[Any]]:
        return defaultdict(list, {key: list(t) for key, t in self.submission.tables.items()})

    def by_cadre(self, key: str) -> Mapping[str, list[Any]]:
        """The rows of a sheet by cadre."""
        if (known := self._by_cadre.get(key)) is None:
            known = self._by_cadre[key] = {}
            for row in self.rows(key):
                known.setdefault(row.cadre, []).append(row)
        return known

    @cached_property
    def _by_cadre(self) -> dict[str, dict[str, list[Any]]]:
        return {}

    @cached_property
    def worked(self) -> frozenset[str]:
        """Cadres to whom some work was assigned."""
        return frozenset(row.cadre for row in self.rows("work") if row.assigned)

    @property
    def rules(self) -> CheckRules:
        return self.form.rules

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        return {sheet.key: sheet for sheet in self.form.sheets}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each cadre: from the roll, else as the file has it."""
        found = {row.cadre: row.name for key in ("general", "work") for row in self.rows(key)}
        known = self.brief.cadres if self.brief else ()
        return found | {cadre.code: cadre.name for cadre in known}

    @cached_property
    def rated(self) -> Mapping[str, Mapping[str, Any]]:
        """Each cadre's lines by rater, those whose total is known; none on a rater's own slip."""
        rated: dict[str, dict[str, Any]] = {}
        if "general" in self.sheets and "rater" not in self.sheets["general"].columns:
            return rated
        for row in self.rows("general"):
            if row.total is not None and row.rater is not None and row.cadre:
                rated.setdefault(row.cadre, {}).setdefault(row.rater, row)
        return rated

    @cached_property
    def moved(self) -> frozenset[str]:
        """Cadres who left or were away for some of the period."""
        return frozenset(c.cadre for c in self.rows("changes") if c.event in LEAVING | AWAY)

    def cell(self, key: str, name: str, line: int) -> str:
        """Where a field stood in the file, "" for a sheet that the form does not have."""
        sheet, places = self.sheets[key], self.submission.tables[key].places
        if not places:
            return sheet.cell(name, line)
        return places[sheet.at(name)] + ("" if sheet.kind == "card" else str(line))

    def own_line(self, key: str, cadre: str) -> int:
        """The Excel row of a cadre in a sheet: the first filled one, else the prefilled one left
        empty, else 0."""
        table = self.submission.tables.get(key)
        if table is None:
            return 0
        at = 1 + table.columns.index("cadre")
        lines = (line for line in (*table.rows, *table.idle) if line[at] == cadre)
        return int(next(lines, (0,))[0])

    def finding(
        self,
        check: str,
        severity: Severity,
        key: str,
        name: str,
        line: int,
        value: object,
        says: str,
        fix: str,
    ) -> Finding:
        sheet, cell = self.sheets[key].name, self.cell(key, name, line) if line else ""
        return Finding(check, severity, sheet, cell, as_text(value), says, fix)

    def must_fix(self, check: str, at: At, value: object, says: str, fix: str) -> Finding:
        return self.finding(check, Severity.MUST_FIX, *at, value, says, fix)

    def must_explain(self, check: str, at: At, value: object, says: str, fix: str) -> Finding:
        return self.finding(check, Severity.MUST_EXPLAIN, *at, value, says, fix)

    def note(self, check: str, at: At, value: object, says: str, fix: str) -> Finding:
        return self.finding(check, Severity.NOTE, *at, value, says, fix)


At = tuple[str, str, int]  # sheet key, field name, Excel row (0: the sheet as a whole)
Rule = Callable[[Case], Iterator[Finding]]


def points(value: int) -> str:
    """Hundredths in the fewest digits: 2250 -> "22,5"."""
    return in_short(value) if value >= 0 else f"-{in_short(-value)}"
