"""The general criteria of form 01: what they come to, and every point that was not given.

general_of(row, regulation)                 -> 2750, None where a mark is missing
general_by(dossier, regulation)             -> General(8250, 3): three raters' marks together
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from operator import le, sub
from typing import Any, NamedTuple

from review.defence import Evidence
from review.dossier import Dossier
from review.marks import Marks
from review.points import apportion, brief, shown
from review.regulation import Regulation
from review.rubric import Criterion, Rubric
from review.scorecard import Reason


class General(NamedTuple):
    """The sum of the marks of so many who marked as the competent authority: their mean counts,
    exactly. `marks` are those of each of them, by criterion."""

    sum: int
    raters: int = 1
    marks: tuple[Sequence[int], ...] = ()

    def points(self, marks: Marks) -> int:
        """What of the total they bring. A mean of several has a fraction: it is rounded with the
        total, once, and the rest is shown."""
        return self.sum if self.raters == 1 else marks.total - marks.task


def general_by(dossier: Dossier, regulation: Regulation) -> General | None:
    """What those who marked as the competent authority gave; None while a mark is missing."""
    if len(dossier.authorities) < 2:
        alone = _given(dossier.authority, regulation)
        return None if alone is None else General(sum(alone), 1, (alone,))
    given = [_given(row, regulation) for row in dossier.authorities]
    known = tuple([one for one in given if one is not None])
    return General(sum(map(sum, known)), len(known), known) if len(known) == len(given) else None


def general_reasons(evidence: Evidence, given: General, general: int) -> list[Reason]:
    """The general criteria: the authority's score, each criterion short of its most, the self and
    the direct manager's beside it. `general` is what of the total they bring."""
    dossier, rubric = evidence.dossier, evidence.regulation.general
    missed = rubric.most - general
    if given.raters > 1:
        rows = dossier.authorities
        cells = tuple([cell for row in rows for cell in _across(evidence, row)])
        mean = f"{_written([shown(sum(marks)) for marks in given.marks])} = {shown(general)}"
        by = (
            f"{len(rows)} người của cấp có thẩm quyền chấm riêng (trung bình cộng, phần lẻ chỉ làm "
            "tròn ở tổng điểm)"
        )
        short = _short_by_several(evidence, rows, list(zip(*given.marks, strict=True)), missed)
    else:
        row = dossier.authority
        cells, mean, by = _across(evidence, row), shown(general), "cấp có thẩm quyền chấm"
        short = _short_by_one(evidence, row, given.marks[0], missed)
    says = f"Tiêu chí chung: {mean}/{brief(rubric.most)} điểm do {by}."
    whole = Reason("general", says, None, cells, evidence.regulation.articles["general"])
    return [whole, *short, *_beside(evidence, general)]


def _short_by_one(evidence: Evidence, row: Any, marks: Sequence[int], missed: int) -> list[Reason]:
    """Each criterion short of its most, in all `missed` points."""
    rubric = evidence.regulation.general
    short = list(map(sub, rubric.bounds, marks))
    lost, where = apportion(missed, short), _each(evidence, row)
    known, found = _worded(rubric, where), list[Reason]()
    for at, missing in enumerate(short):
        if missing:
            place = at, marks[at], lost[at]
            if place not in known:
                known[place] = _short_reason(rubric.criteria[at], *place[1:], where[at])
            found.append(known[place])
    return found


@lru_cache(maxsize=4_096)  # as many as there are lines that Places knows
def _worded(
    rubric: Rubric, where: tuple[tuple[str, ...], ...]
) -> dict[tuple[int, int, int], Reason]:
    """What was said already of the criteria on one line, by criterion, mark and cost: a country's
    marks are a few hundred different ones. Filled by who asks."""
    return {}


def _short_reason(one: Criterion, mark: int, cost: int, cells: tuple[str, ...]) -> Reason:
    says = _short_in_words(one.code, one.name, (mark,), one.most)
    return Reason("general", says, cost, cells, one.article)


def _short_by_several(
    evidence: Evidence, rows: Sequence[Any], marks: Sequence[tuple[int, ...]], missed: int
) -> list[Reason]:
    """The same of the mean of several raters; `marks` are those of all rows by criterion."""
    rubric, many = evidence.regulation.general, len(rows)
    short = [many * most - mark for most, mark in zip(rubric.bounds, map(sum, marks), strict=True)]
    lost, where = apportion(missed, short), _cells(evidence, rows)
    of_each = zip(rubric.criteria, marks, short, lost, where, strict=True)
    return [
        Reason("general", _short_in_words(c.code, c.name, mark, c.most), cost, cells, c.article)
        for c, mark, missing, cost, cells in of_each
        if missing
    ]


@lru_cache(maxsize=16_384)  # a country's marks are a few hundred different ones
def _short_in_words(code: str, name: str, marks: tuple[int, ...], most: int) -> str:
    return f"{code} {name}: {_written([brief(one) for one in marks])}/{brief(most)} điểm."


def _written(marks: Sequence[str]) -> str:
    return marks[0] if len(marks) == 1 else f"({' + '.join(marks)}) / {len(marks)}"


def _across(evidence: Evidence, row: Any) -> tuple[str, ...]:
    rubric = evidence.regulation.general
    if not hasattr(row, "file"):
        return evidence.places.across(rubric.sheet, row.line, rubric.fields)
    places = evidence.regulation.slip_places.across(rubric.sheet, row.line, rubric.fields)
    return tuple(f"{_slip(row)}: {cell}" for cell in places)


def _cells(evidence: Evidence, rows: Sequence[Any]) -> Sequence[tuple[str, ...]]:
    """By criterion, where its marks stand in all of the rows."""
    by_row = [_each(evidence, row) for row in rows]
    return [tuple(chain.from_iterable(cells)) for cells in zip(*by_row, strict=True)]


def _each(evidence: Evidence, row: Any) -> tuple[tuple[str, ...], ...]:
    rubric = evidence.regulation.general
    if not hasattr(row, "file"):
        return evidence.places.each(rubric.sheet, row.line, rubric.fields)
    places = evidence.regulation.slip_places.each(rubric.sheet, row.line, rubric.fields)
    return tuple([tuple([f"{_slip(row)}: {cell}" for cell in cells]) for cells in places])


def _slip(row: Any) -> str:
    """A slip by its hash: its name may tell who the rater is."""
    return f"phiếu chấm {row.file[:12]}"


def _beside(evidence: Evidence, general: int) -> Iterator[Reason]:
    """What the person and the direct manager marked; it stands beside and counts for nothing."""
    dossier, regulation = evidence.dossier, evidence.regulation
    article = regulation.articles["general"]
    others = [(row, "Người quản lý trực tiếp chấm") for row in dossier.managers]
    for row, who in ((dossier.own, "Cá nhân tự chấm"), *others):
        given = general_of(row, regulation)
        if given is not None:
            gap = abs(given - general)
            says = f"{who} {shown(given)} điểm, lệch {shown(gap)} điểm so với điểm được tính."
            yield Reason("general", says, None, _across(evidence, row), article)


def general_of(row: object, regulation: Regulation) -> int | None:
    """The sum of form 01's criteria in hundredths, or None where the row or one of its marks is
    missing: missing is not zero."""
    marks = _given(row, regulation)
    return None if marks is None else sum(marks)


def _given(row: object, regulation: Regulation) -> Sequence[int] | None:
    return None if row is None else marks_of(row, regulation.general)


def marks_of(row: object, rubric: Rubric) -> Sequence[int] | None:
    """The marks of a row in the order of the criteria, None where one is missing. The checks refuse
    one outside its bounds; no total may ever show it."""
    marks: Any = rubric.marks_of(row)
    if None in marks:
        return None
    if min(marks) >= 0 and all(map(le, marks, rubric.bounds)):  # as with every report that counts
        return marks  # type: ignore[no-any-return]
    return [*map(bounded, marks, rubric.bounds)]


def marked(row: object, name: str, most: int) -> int:
    """A criterion's mark. The checks refuse one outside its bounds; no total may ever show it."""
    return bounded(getattr(row, name), most)


def bounded(mark: int, most: int) -> int:
    return mark if 0 <= mark <= most else min(max(0, mark), most)
