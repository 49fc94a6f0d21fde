"""Between which points a result must lie while something is still missing (missing is not zero).

bounds(evidence, sums, None)    -> (2750, 9750): 27,5 general is known, the 70 of results are not
"""

from __future__ import annotations

from collections.abc import Sequence

from review.defence import Evidence
from review.defence_general import bounded
from review.marks import Sums, leader_marks, staff_marks

NOTHING, EVERYTHING = Sums(1, 0, 0, 0), Sums(1, 1, 1, 1)


def bounds(evidence: Evidence, sums: Sums, leads: Sequence[int | None] | None) -> tuple[int, int]:
    """The least and the most that the total may come to, in hundredths, whatever is still told.
    `leads` are d, đ, e as far as known, None of staff."""
    general = _general(evidence)
    known = sums.full and not evidence.dossier.unclear
    results = (sums, sums) if known else (NOTHING, EVERYTHING)
    terms = (0, 0) if leads is None else _leader_terms(evidence, leads)
    most = evidence.regulation.points.results_max
    low, high = (
        staff_marks(results[at], general[at], most)
        if leads is None
        else leader_marks(results[at], terms[at], general[at], most)
        for at in (0, 1)
    )
    return low.total, high.total


def _general(evidence: Evidence) -> tuple[int, int]:
    rubric, row = evidence.regulation.general, evidence.dossier.authority
    marks = (None,) * len(rubric.bounds) if row is None else rubric.marks_of(row)
    pairs = list(zip(marks, rubric.bounds, strict=True))
    known = sum(bounded(mark, most) for mark, most in pairs if mark is not None)
    return known, known + sum(most for mark, most in pairs if mark is None)


def _leader_terms(evidence: Evidence, told: Sequence[int | None]) -> tuple[int, int]:
    """The sum of d, đ, e in whole percent, at its least and at its most."""
    values = evidence.regulation.points.leader_values
    low = sum(min(values) if term is None else term for term in told)
    return low, sum(max(values) if term is None else term for term in told)
