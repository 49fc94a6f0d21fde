"""What would raise the grade: the smallest change that does, checked by scoring again.

    step = raising(submission, cadre, regulation)
    step.says
    -> Nếu “Thẩm định hồ sơ” xong 19/20 (nay 18): 88,15 → 90,02, hoàn thành xuất sắc nhiệm vụ.

The fewest things to change, each of them by no more than it takes. Nothing is estimated: every step
is a changed copy of the report, scored as any report is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from review.cadres import Cadre
from review.leading import DRule, Ground
from review.points import brief, shown
from review.regulation import Regulation
from review.rubric import AUTHORITY
from review.scorecard import CardStatus, Grade, Scorecard
from review.scoring import score_unit
from review.submission import Submission, Table

MOST_TOGETHER = 2  # changes tried in every combination; beyond, those that bring most come first
MARK_STEP = 25  # form 01 is marked in quarters of a point [C: halves and quarters are usual]


@dataclass(frozen=True, slots=True)
class Edit:
    """One figure of a row that may change from `now` to `best`, in steps; `says` has “{now}”,
    “{value}” and “{best}” to be filled in."""

    sheet: str
    line: int
    field: str
    now: int
    best: int
    step: int
    says: str
    hundredths: bool = False
    as_text: bool = False

    @property
    def steps(self) -> int:
        """How many steps there are from here to the best."""
        return -(-abs(self.best - self.now) // self.step)

    def value(self, steps: int) -> int:
        if steps >= self.steps:
            return self.best
        return self.now + steps * self.step * (1 if self.best > self.now else -1)

    def in_words(self, steps: int) -> str:
        figures = {"now": self.now, "value": self.value(steps), "best": self.best}
        shown_as = brief if self.hundredths else str
        return self.says.format(**{name: shown_as(value) for name, value in figures.items()})


@dataclass(frozen=True, slots=True)
class Step:
    """Edits, each with how many steps of it, that together raise the grade; `gain` in hundredths of
    a point."""

    edits: tuple[tuple[Edit, int], ...]
    total: int
    gain: int
    grade: Grade
    says: str


def raising(
    submission: Submission, cadre: Cadre, regulation: Regulation, ground: Ground | None = None
) -> Step | None:
    """None where no change of points can raise the grade: the best already, a disqualifier, or not
    scored. `ground` is what a leader's people came to: their own report cannot change it."""
    bench = _Bench(_of_one(submission, cadre), cadre, regulation, ground)
    card = bench.card
    if card.status is not CardStatus.OK or card.forced or card.grade is Grade.EXCELLENT:
        return None
    edits = sorted(bench.edits(), key=lambda edit: (-bench.total([(edit, edit.steps)]), edit.line))
    for together in range(1, MOST_TOGETHER + 1):
        reached = [_least(bench, some) for some in combinations(edits, together)]
        found = [step for step in reached if step is not None]
        if found:
            return min(found, key=lambda step: (step.gain, [e.line for e, _ in step.edits]))
    for together in range(MOST_TOGETHER + 1, len(edits) + 1):
        if (step := _least(bench, edits[:together])) is not None:
            return step
    return None


def _least(bench: _Bench, edits: Sequence[Edit]) -> Step | None:
    """These edits by as little as reaches the better grade, None where not even all of it does."""
    extent = {edit: edit.steps for edit in edits}
    if not bench.raises(extent):
        return None
    for edit in reversed(edits):  # what brings least is given up first
        low, high = 0 if len(edits) > MOST_TOGETHER else 1, extent[edit]
        while low < high:  # more of it never makes it worse: halving finds the least
            middle = (low + high) // 2
            low, high = (
                (low, middle) if bench.raises(extent | {edit: middle}) else (middle + 1, high)
            )
        extent[edit] = low
    return bench.step({edit: steps for edit, steps in extent.items() if steps})


class _Bench:
    """One person's report, to be scored with this and that changed."""

    def __init__(
        self,
        submission: Submission,
        cadre: Cadre,
        regulation: Regulation,
        ground: Ground | None = None,
    ) -> None:
        self.submission, self.cadre, self.regulation = submission, cadre, regulation
        self.grounds = {cadre.code: ground} if ground else None
        rests = ground is not None and ground.people > 0
        self.d_computed = rests and regulation.points.leader_d is DRule.COMPUTED
        self.card = self._scored({})

    def _scored(self, extent: Mapping[Edit, int]) -> Scorecard:
        changed = edited(self.submission, extent)
        (card,) = score_unit(
            changed, [self.cadre], self.regulation, with_reasons=False, grounds=self.grounds
        )
        return card

    def total(self, extent: Sequence[tuple[Edit, int]]) -> int:
        return self._scored(dict(extent)).total or 0

    def raises(self, extent: Mapping[Edit, int]) -> bool:
        again = self._scored(extent)
        return again.grade is not None and again.grade is not self.card.grade

    def step(self, extent: Mapping[Edit, int]) -> Step:
        again, before = self._scored(extent), self.card.total or 0
        assert again.total is not None and again.grade is not None
        words = "; ".join(edit.in_words(steps) for edit, steps in extent.items())
        says = f"Nếu {words}: {shown(before)} → {shown(again.total)}, {again.grade.label.lower()}."
        gain = again.total - before
        return Step(tuple(extent.items()), again.total, gain, again.grade, says)

    def edits(self) -> Iterator[Edit]:
        """Every loss of this person: what is not done, done badly or late; a term below 100; a
        criterion below its most."""
        for row in self.submission.rows("work"):
            yield from _of_work(row)
        best = max(self.regulation.points.leader_values)
        for row in self.submission.rows("leaders"):
            for term, name in (("d", "d"), ("dd", "đ"), ("e", "e"))[self.d_computed :]:
                value = getattr(row, term)
                if self.cadre.leads and value is not None and int(value) < best:
                    says = f"{name} đạt {{value}}%"
                    yield Edit("leaders", row.line, term, int(value), best, best, says,
                               as_text=True)  # fmt: skip
        rubric = self.regulation.general
        for row in self.submission.rows(rubric.sheet):
            for criterion in rubric.criteria if row.rater == AUTHORITY else ():
                given = getattr(row, criterion.field)
                if given is not None and given < criterion.most:
                    says = f"tiêu chí {criterion.code} đạt {{value}} (nay {{now}})"
                    yield Edit(rubric.sheet, row.line, criterion.field, given, criterion.most,
                               MARK_STEP, says, hundredths=True)  # fmt: skip


def _of_work(row: Any) -> Iterator[Edit]:
    if row.assigned is None or row.done is None:
        return
    name = f"“{row.content or row.work}”".replace("{", "(").replace("}", ")")
    if row.done < row.assigned:
        says = f"{name} xong {{value}}/{{best}} (nay {{now}})"
        yield Edit("work", row.line, "done", row.done, row.assigned, 1, says)
    for field, excused, words in (
        ("faulty", row.fault_excused, "chưa đạt"),
        ("late", row.late_excused, "chậm"),
    ):
        units = getattr(row, field)
        if units and excused != "co":
            says = f"{name} còn {{value}} sản phẩm {words} (nay {{now}})"
            yield Edit("work", row.line, field, units, 0, 1, says)


def _of_one(submission: Submission, cadre: Cadre) -> Submission:
    """The report with this person's rows only: nobody else's bear on the points."""
    tables = {key: _rows_of(table, cadre.code) for key, table in submission.tables.items()}
    return replace(submission, tables=tables)


def _rows_of(table: Table, code: str) -> Table:
    if "cadre" not in table.columns:
        return table
    at = 1 + table.columns.index("cadre")
    return replace(table, rows=tuple(row for row in table.rows if row[at] == code))


def edited(submission: Submission, extent: Mapping[Edit, int]) -> Submission:
    tables = dict(submission.tables)
    for edit, steps in extent.items():
        if steps:
            value: Any = edit.value(steps)
            tables[edit.sheet] = _with(
                tables[edit.sheet], edit, str(value) if edit.as_text else value
            )
    return replace(submission, tables=tables)


def _with(table: Table, edit: Edit, value: Any) -> Table:
    at = 1 + table.columns.index(edit.field)
    rows = (
        (*row[:at], value, *row[at + 1 :]) if row[0] == edit.line else row for row in table.rows
    )
    return replace(table, rows=tuple(rows))
