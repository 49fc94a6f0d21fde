"""What would raise the grade: the smallest changes that do, each checked by scoring again.

    for step in raising(submission, cadre, cadres, regulation): print(step.says)
    -> Nếu “Thẩm định hồ sơ” xong đủ 20/20 (nay 18): 88,15 → 90,02, hoàn thành xuất sắc nhiệm vụ.

Nothing is estimated: every step is a changed copy of the report, scored as any report is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from review.cadres import Cadre
from review.points import brief, shown
from review.regulation import Regulation
from review.scorecard import CardStatus, Grade, Scorecard
from review.scoring import score_unit
from review.submission import Submission, Table

MOST_TOGETHER = 3  # of changes tried at once: a longer list is no advice
MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell group changed: the sheet, its row, and what it would say instead."""

    sheet: str
    line: int
    values: tuple[tuple[str, Any], ...]
    says: str


@dataclass(frozen=True, slots=True)
class Step:
    """Edits that together raise the grade; `gain` hundredths of a point."""

    edits: tuple[Edit, ...]
    total: int
    gain: int
    grade: Grade
    says: str


def raising(
    submission: Submission, cadre: Cadre, cadres: Sequence[Cadre], regulation: Regulation
) -> Step | None:
    """The fewest changes, and among these the smallest, that reach a better grade; None where no
    change of points can (the best grade already, a disqualifier, or not scored)."""
    card = _scored(submission, cadre, cadres, regulation)
    if card.status is not CardStatus.OK or card.forced or card.grade is Grade.EXCELLENT:
        return None
    mended = list(_edits(submission, cadre, regulation))
    edits = _ranked(mended, submission, cadre, cadres, regulation)
    for together in range(1, MOST_TOGETHER + 1):
        reached = [
            step
            for some in combinations(edits, together)
            if (step := _tried(some, card, submission, cadre, cadres, regulation)) is not None
        ]
        if reached:
            return min(reached, key=lambda step: (step.gain, [edit.line for edit in step.edits]))
    return _tried(tuple(edits), card, submission, cadre, cadres, regulation) if edits else None


def _tried(
    edits: Sequence[Edit],
    card: Scorecard,
    submission: Submission,
    cadre: Cadre,
    cadres: Sequence[Cadre],
    regulation: Regulation,
) -> Step | None:
    again = _scored(_edited(submission, edits), cadre, cadres, regulation)
    if again.grade is None or again.grade is card.grade or again.total is None:
        return None
    before = card.total or 0
    words = "; ".join(edit.says for edit in edits)
    says = f"Nếu {words}: {shown(before)} → {shown(again.total)}, {again.grade.label.lower()}."
    return Step(tuple(edits), again.total, again.total - before, again.grade, says)


def _ranked(
    edits: list[Edit],
    submission: Submission,
    cadre: Cadre,
    cadres: Sequence[Cadre],
    regulation: Regulation,
) -> list[Edit]:
    """The edits that bring most, so that a few of them are tried together."""
    gains = {
        edit: _scored(_edited(submission, [edit]), cadre, cadres, regulation).total or 0
        for edit in edits
    }
    return sorted(edits, key=lambda edit: (-gains[edit], edit.sheet, edit.line))[:MOST_TRIED]


def _scored(
    submission: Submission, cadre: Cadre, cadres: Sequence[Cadre], regulation: Regulation
) -> Scorecard:
    cards = score_unit(submission, cadres, regulation, with_reasons=False)
    return next(card for card in cards if card.cadre == cadre.code)


def _edits(submission: Submission, cadre: Cadre, regulation: Regulation) -> Iterator[Edit]:
    """Every loss of this person, mended one at a time: done in full, well, in time; a term at 100;
    a criterion at its most."""
    for row in submission.rows("work"):
        if row.cadre == cadre.code:
            yield from _of_work(row)
    for row in submission.rows("leaders"):
        if row.cadre == cadre.code and cadre.leads:
            for term, name in (("d", "d"), ("dd", "đ"), ("e", "e")):
                if getattr(row, term) not in (None, "100"):
                    yield Edit("leaders", row.line, ((term, "100"),), f"{name} đạt 100%")
    rubric = regulation.general
    for row in submission.rows(rubric.sheet):
        if row.cadre == cadre.code and row.rater == "tham_quyen":
            for criterion in rubric.criteria:
                given = getattr(row, criterion.field)
                if given is not None and given < criterion.most:
                    most = brief(criterion.most)
                    says = f"tiêu chí {criterion.code} đạt {most} (nay {brief(given)})"
                    yield Edit(rubric.sheet, row.line, ((criterion.field, criterion.most),), says)


def _of_work(row: Any) -> Iterator[Edit]:
    if row.assigned is None or row.done is None:
        return
    name = f"“{row.content or row.work}”"
    if row.done < row.assigned:
        says = f"{name} xong đủ {row.assigned}/{row.assigned} (nay {row.done})"
        yield Edit("work", row.line, (("done", row.assigned),), says)
    if row.faulty and row.fault_excused != "co":
        yield Edit("work", row.line, (("faulty", 0),), f"{name} không có sản phẩm chưa đạt")
    if row.late and row.late_excused != "co":
        yield Edit("work", row.line, (("late", 0),), f"{name} không có sản phẩm chậm")


def _edited(submission: Submission, edits: Sequence[Edit]) -> Submission:
    tables = dict(submission.tables)
    for edit in edits:
        tables[edit.sheet] = _with(tables[edit.sheet], edit)
    return replace(submission, tables=tables)


def _with(table: Table, edit: Edit) -> Table:
    places = {name: at for at, name in enumerate(table.columns, 1)}
    rows = []
    for row in table.rows:
        values = list(row)
        if row[0] == edit.line:
            for name, value in edit.values:
                values[places[name]] = value
        rows.append(tuple(values))
    return replace(table, rows=tuple(rows))
