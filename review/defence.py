"""Every point that a card lost, with what it was lost for, the article and the cells.

    reasons = results_reasons(dossier, sums, marks, places, regulation)
    sum(reason.lost or 0 for reason in reasons) + marks.task    -> 7000, always

What a rounding leaves over goes to the largest remainder, so that the parts add up exactly; a part
is never more than a hundredth away from its exact value.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from review.dossier import NO_FAULT, Dossier, Fault, Work
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


_reason = partial(tuple.__new__, Reason)  # all five given: in half the time


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
) -> list[Reason]:
    """The reasons of a, b, c and, for heads and deputies, of d, đ, e; `leader` pairs each of those
    terms with its whole percent, and is empty for staff."""
    scale = 100 if leader else 1
    weights = [scale * (sums.full - value) for value in (sums.a, sums.b, sums.c)]
    weights += [(100 - percent) * sums.full for _, percent in leader]
    lost = apportion(evidence.regulation.points.results_max - marks.task, weights)
    works = evidence.dossier.works(evidence.regulation)
    words, causes = _sums_in_words(evidence, works, sums, marks), _causes(evidence, works)
    reasons = list[Reason]()
    articles = evidence.regulation.articles
    for term, said, short, cost in zip("abc", words, causes, lost, strict=False):
        article = articles[term]
        reasons.append(_reason((term, said, None, (), article)))
        if short:
            shares = apportion(cost, [cause.weight for cause in short])
            for (_, says, cells), share in zip(short, shares, strict=True):
                reasons.append(_reason((term, says, share, cells, article)))
    for (term, percent), cost in zip(leader, lost[3:], strict=True):
        reasons.append(_leader_reason(evidence, term, percent, cost))
    return reasons


def _causes(
    evidence: Evidence, works: Sequence[Work]
) -> tuple[list[Cause], list[Cause], list[Cause]]:
    """What a, b and c fell short by, line by line: what is not done is neither good nor in time."""
    places, per_line = evidence.places, evidence.regulation.points.cap_per_line
    a, b, c = list[Cause](), list[Cause](), list[Cause]()
    for work in works:
        if work.done < work.assigned:
            unfinished = _unfinished(work, places)
            for those in (a, b, c):
                those.append(unfinished)
        if work.fault is not NO_FAULT and work.fault.tells:
            b.append(_fault_cause("b", work, places, per_line))
        if work.late is not NO_FAULT and work.late.tells:
            c.append(_fault_cause("c", work, places, per_line))
    return a, b, c


def _unfinished(work: Work, places: Places) -> Cause:
    missing = work.assigned - work.done
    says = f"“{work.name}”: giao {work.assigned}, xong {work.done}, còn {missing} chưa xong."
    return Cause(100 * work.coef * missing, says, places.at("work", work.at, "assigned", "done"))


def _fault_cause(term: str, work: Work, places: Places, per_line: bool) -> Cause:
    fault = work.fault if term == "b" else work.late
    spare = 100 * max(0, work.done - work.assigned) if per_line else 0
    weight = work.coef * max(0, fault.loss - spare)
    names = ("faulty", "fault_times") if term == "b" else ("late", "late_times")
    proof = ("proof",) if fault.excused or fault.unproven else ()
    cells = places.at("work", work.at, *names, *proof)
    return Cause(weight, f"“{work.name}”: {_fault_in_words(term, fault)}", cells)


def _fault_in_words(term: str, fault: Fault) -> str:
    what = "chưa đạt chất lượng" if term == "b" else "chậm tiến độ"
    said = f"{fault.units} sản phẩm {what}, mỗi sản phẩm {fault.times} lần"
    if fault.excused:
        return f"{said}; có văn bản xác nhận do khách quan nên không trừ."
    tail = " (ghi khách quan nhưng chưa có văn bản xác nhận nên vẫn trừ)" if fault.unproven else ""
    return f"{said}, trừ {fault.cost}% điểm của sản phẩm{tail}."


def _sums_in_words(
    evidence: Evidence, works: Sequence[Work], sums: Sums, marks: Marks
) -> list[str]:
    """The sums of a, b and c themselves, so that a person can do them again with a pencil."""
    per_line = evidence.regulation.points.cap_per_line
    below, a, b, c = list[str](), list[str](), list[str](), list[str]()
    for work in works:
        coef, fault, late = brief(work.coef), work.fault, work.late
        below.append(f"{coef}×{work.assigned}")
        done = f"{coef}×{_counted(work, None) if per_line else work.done}"
        a.append(done)
        b.append(f"{coef}×{_counted(work, fault, per_line)}" if fault.loss else done)
        c.append(f"{coef}×{_counted(work, late, per_line)}" if late.loss else done)
    whole, capped = " + ".join(below), ", lấy không quá 100%" if sums.over else ""
    full = brief(sums.full, 4)
    return [
        f"{NAMES[term]}: {term} = ({' + '.join(above)}) / ({whole})"
        f" = {brief(value, 4)}/{full}{capped} = {shown(percent)}%."
        for term, above, value, percent in (
            ("a", a, sums.a, marks.a),
            ("b", b, sums.b, marks.b),
            ("c", c, sums.c, marks.c),
        )
    ]


def _counted(work: Work, fault: Fault | None, per_line: bool = True) -> str:
    """The products of a line that count, less what was wrong with some of them."""
    units = f"({work.done} − {fault.units}×{fault.cost}%)" if fault else str(work.done)
    return f"min({units}; {work.assigned})" if per_line and work.done > work.assigned else units


def _leader_reason(evidence: Evidence, term: str, percent: int, lost: int) -> Reason:
    row = evidence.dossier.leader
    proof = f" Minh chứng: {row.evidence}" if row.evidence else ""
    cells = evidence.places.at("leaders", row.line, term)
    says = f"{LEADER_NAMES[term]}: {percent}%.{proof}"
    return Reason(term, says, lost, cells, evidence.regulation.articles[term])
