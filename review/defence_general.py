"""The general criteria of form 01: what they come to, and every point that was not given.

general_of(row, regulation)                 -> 2750, None where a mark is missing
general_by(dossier, regulation)             -> General(8250, 3): three raters' marks together
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import le
from typing import Any, NamedTuple

from review.defence import Evidence
from review.dossier import Dossier
from review.points import apportion, brief, shown
from review.regulation import Regulation
from review.scorecard import Reason


class General(NamedTuple):
    """The sum of the marks of so many who marked as the competent authority: their mean counts,
    exactly."""

    sum: int
    raters: int = 1


def general_by(dossier: Dossier, regulation: Regulation) -> General | None:
    """What those who marked as the competent authority gave; None while a mark is missing."""
    rows = dossier.authorities if len(dossier.authorities) > 1 else [dossier.authority]
    given = [general_of(row, regulation) for row in rows]
    known = [one for one in given if one is not None]
    return General(sum(known), len(known)) if len(known) == len(rows) else None


def general_reasons(evidence: Evidence, general: int) -> Iterator[Reason]:
    """The general criteria: the authority's score, each criterion short of its most, the self and
    the direct manager's beside it. `general` is what of the total they bring."""
    dossier, regulation = evidence.dossier, evidence.regulation
    rubric = regulation.general
    rows = dossier.authorities if len(dossier.authorities) > 1 else [dossier.authority]
    cells = tuple(cell for row in rows for cell in _across(evidence, row))
    given = [general_of(row, regulation) or 0 for row in rows]
    by = "cấp có thẩm quyền chấm" if len(rows) == 1 else (
        f"{len(rows)} người của cấp có thẩm quyền chấm riêng (trung bình cộng, phần lẻ chỉ làm "
        "tròn ở tổng điểm)"
    )  # fmt: skip
    says = f"Tiêu chí chung: {_mean(given, general)}/{brief(rubric.most)} điểm do {by}."
    yield Reason("general", says, None, cells, regulation.articles["general"])
    marks = [[marked(row, c.field, c.most) for row in rows] for c in rubric.criteria]
    short = [len(rows) * c.most - sum(m) for c, m in zip(rubric.criteria, marks, strict=True)]
    lost = apportion(rubric.most - general, short)
    for criterion, mark, missing, cost in zip(rubric.criteria, marks, short, lost, strict=True):
        if missing:
            says = _short_in_words(criterion.code, criterion.name, tuple(mark), criterion.most)
            where = [_at(evidence, row, criterion.field) for row in rows]
            cells = where[0] if len(where) == 1 else tuple(cell for some in where for cell in some)
            yield Reason("general", says, cost, cells, criterion.article)
    yield from _beside(evidence, general)


@lru_cache(maxsize=16_384)  # a country's marks are a few hundred different ones
def _short_in_words(code: str, name: str, marks: tuple[int, ...], most: int) -> str:
    return f"{code} {name}: {_written([brief(one) for one in marks])}/{brief(most)} điểm."


def _mean(given: Sequence[int], general: int) -> str:
    if len(given) == 1:
        return shown(general)
    return f"{_written([shown(one) for one in given])} = {shown(general)}"


def _written(marks: Sequence[str]) -> str:
    return marks[0] if len(marks) == 1 else f"({' + '.join(marks)}) / {len(marks)}"


def _across(evidence: Evidence, row: Any) -> tuple[str, ...]:
    rubric = evidence.regulation.general
    if not hasattr(row, "file"):
        return evidence.places.across(rubric.sheet, row.line, rubric.fields)
    places = evidence.regulation.slip_places.across(rubric.sheet, row.line, rubric.fields)
    return tuple(f"{_slip(row)}: {cell}" for cell in places)


def _at(evidence: Evidence, row: Any, name: str) -> tuple[str, ...]:
    sheet = evidence.regulation.general.sheet
    if not hasattr(row, "file"):
        return evidence.places.at(sheet, row.line, name)
    places = evidence.regulation.slip_places.at(sheet, row.line, name)
    return tuple(f"{_slip(row)}: {cell}" for cell in places)


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
    if row is None:
        return None
    rubric = regulation.general
    marks: Any = rubric.marks_of(row)
    if None in marks:
        return None
    if min(marks) >= 0 and all(map(le, marks, rubric.bounds)):  # as with every report that counts
        given: int = sum(marks)
        return given
    return sum(map(bounded, marks, rubric.bounds))


def marked(row: object, name: str, most: int) -> int:
    """A criterion's mark. The checks refuse one outside its bounds; no total may ever show it."""
    return bounded(getattr(row, name), most)


def bounded(mark: int, most: int) -> int:
    return mark if 0 <= mark <= most else min(max(0, mark), most)
