"""Every point that a card lost, with what it was lost for, the article and the cells.

    reasons = results_reasons(dossier, sums, marks, places, regulation)
    sum(reason.lost or 0 for reason in reasons) + marks.task    -> 7000, always

What a rounding leaves over goes to the largest remainder, so that the parts add up exactly; a part
is never more than a hundredth away from its exact value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from review.dossier import Dossier, Fault, Work
from review.marks import Marks, Sums
from review.places import Places
from review.points import apportion, brief, shown
from review.regulation import Regulation
from review.scorecard import Reason

NAMES = {"a": "Số lượng", "b": "Chất lượng", "c": "Tiến độ"}
LEADER_NAMES = {
    "d": "d – kết quả hoạt động của đơn vị, lĩnh vực phụ trách",
    "dd": "đ – khả năng tổ chức triển khai thực hiện nhiệm vụ",
    "e": "e – năng lực tập hợp, đoàn kết",
}


class Cause(NamedTuple):
    """A share of a term's loss: `weight` in the unit of Sums."""

    weight: int
    says: str
    cells: tuple[str, ...]


class Evidence(NamedTuple):
    """What the reasons of one person are written from."""

    dossier: Dossier
    places: Places
    regulation: Regulation


def results_reasons(
    evidence: Evidence, sums: Sums, marks: Marks, leader: Sequence[tuple[str, int]]
) -> Iterator[Reason]:
    """The reasons of a, b, c and, for heads and deputies, of d, đ, e; `leader` pairs each of those
    terms with its whole percent, and is empty for staff."""
    scale = 100 if leader else 1
    weights = [scale * (sums.full - value) for value in (sums.a, sums.b, sums.c)]
    weights += [(100 - percent) * sums.full for _, percent in leader]
    lost = apportion(evidence.regulation.points.results_max - marks.task, weights)
    for at, term in enumerate("abc"):
        yield from _term_reasons(evidence, term, sums, marks[at], lost[at])
    for (term, percent), cost in zip(leader, lost[3:], strict=True):
        yield _leader_reason(evidence, term, percent, cost)


def _term_reasons(
    evidence: Evidence, term: str, sums: Sums, percent: int, lost: int
) -> Iterator[Reason]:
    works, regulation = evidence.dossier.works, evidence.regulation
    article = regulation.articles[term]
    per_line = regulation.points.cap_per_line
    yield Reason(term, _sum_in_words(term, works, sums, percent, per_line), None, (), article)
    causes = [cause for work in works for cause in _causes(term, work, evidence.places, per_line)]
    shares = apportion(lost, [cause.weight for cause in causes])
    for cause, share in zip(causes, shares, strict=True):
        yield Reason(term, cause.says, share, cause.cells, article)


def _causes(term: str, work: Work, places: Places, per_line: bool) -> Iterator[Cause]:
    if work.done < work.assigned:
        missing = work.assigned - work.done
        says = f"“{work.name}”: giao {work.assigned}, xong {work.done}, còn {missing} chưa xong."
        cells = places.at("work", work.at, "assigned", "done")
        yield Cause(100 * work.coef * missing, says, cells)
    if term != "a":
        yield from _fault_causes(term, work, places, per_line)


def _fault_causes(term: str, work: Work, places: Places, per_line: bool) -> Iterator[Cause]:
    fault = work.fault if term == "b" else work.late
    if not fault.units or not (fault.cost or fault.excused):
        return
    spare = 100 * max(0, work.done - work.assigned) if per_line else 0
    weight = work.coef * max(0, fault.loss - spare)
    names = ("faulty", "fault_times") if term == "b" else ("late", "late_times")
    proof = ("proof",) if fault.excused or fault.unproven else ()
    cells = places.at("work", work.at, *names, *proof)
    yield Cause(weight, f"“{work.name}”: {_fault_in_words(term, fault)}", cells)


def _fault_in_words(term: str, fault: Fault) -> str:
    what = "chưa đạt chất lượng" if term == "b" else "chậm tiến độ"
    said = f"{fault.units} sản phẩm {what}, mỗi sản phẩm {fault.times} lần"
    if fault.excused:
        return f"{said}; có văn bản xác nhận do khách quan nên không trừ."
    tail = " (ghi khách quan nhưng chưa có văn bản xác nhận nên vẫn trừ)" if fault.unproven else ""
    return f"{said}, trừ {fault.cost}% điểm của sản phẩm{tail}."


def _sum_in_words(
    term: str, works: Sequence[Work], sums: Sums, percent: int, per_line: bool
) -> str:
    """The sum itself, so that a person can do it again with a pencil."""
    above = " + ".join(_product_in_words(term, work, per_line) for work in works)
    below = " + ".join(f"{brief(work.coef)}×{work.assigned}" for work in works)
    capped = ", lấy không quá 100%" if sums.over else ""
    return (
        f"{NAMES[term]}: {term} = ({above}) / ({below})"
        f" = {_value(term, sums)}/{brief(sums.full, 4)}{capped} = {shown(percent)}%."
    )


def _value(term: str, sums: Sums) -> str:
    return brief({"a": sums.a, "b": sums.b, "c": sums.c}[term], 4)


def _product_in_words(term: str, work: Work, per_line: bool) -> str:
    fault = {"a": None, "b": work.fault, "c": work.late}[term]
    units = str(work.done)
    if fault and fault.loss:
        units = f"({units} − {fault.units}×{fault.cost}%)"
    if per_line and work.done > work.assigned:
        units = f"min({units}; {work.assigned})"
    return f"{brief(work.coef)}×{units}"


def _leader_reason(evidence: Evidence, term: str, percent: int, lost: int) -> Reason:
    row = evidence.dossier.leader
    proof = f" Minh chứng: {row.evidence}" if row.evidence else ""
    cells = evidence.places.at("leaders", row.line, term)
    says = f"{LEADER_NAMES[term]}: {percent}%.{proof}"
    return Reason(term, says, lost, cells, evidence.regulation.articles[term])
