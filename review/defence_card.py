"""All reasons of a scored card, in the order in which a person reads them.

card_reasons(evidence, cadre, sums, marks, given, leading)
    -> the general criteria; a, b, c and d, đ, e; what d rests on; the grade
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from review.cadres import Cadre
from review.defence import Evidence, results_reasons
from review.defence_general import General, general_reasons
from review.leading import Leading
from review.marks import Marks, Sums
from review.points import shown
from review.regulation import Disqualifier, Regulation
from review.scorecard import Reason


def card_reasons(
    evidence: Evidence,
    cadre: Cadre,
    sums: Sums,
    marks: Marks,
    given: General,
    leading: Leading | None,
) -> tuple[Reason, ...]:
    """The `lost` of them adds up to 100 points less the total."""
    terms = leading.percents if leading else ()
    return (
        *general_reasons(evidence, given, given.points(marks)),
        *results_reasons(evidence, sums, marks, terms),
        *(_beside(evidence, leading) if leading else ()),
        _by_points(marks.total, evidence.regulation),
        *forced(evidence, cadre),
    )


def _by_points(total: int, regulation: Regulation) -> Reason:
    grade = regulation.grades.grade_of(total)
    least, done = regulation.grades.least(grade), regulation.grades.done
    return _points_reason(total, grade.label, least, done, regulation.articles["grade"])


@lru_cache(maxsize=16_384)  # of a whole country there are at most as many totals as hundredths
def _points_reason(total: int, grade: str, least: int, done: int, article: str) -> Reason:
    bound = f"từ {shown(least)}" if least else f"dưới {shown(done)}"
    says = f"Tổng {shown(total)} điểm ({bound} điểm): {grade.lower()}, tạm xếp theo điểm."
    return Reason("grade", says, None, (), article)


def is_forced(evidence: Evidence, cadre: Cadre) -> bool:
    """Whether something gives this person the lowest grade whatever the points."""
    named = evidence.dossier.disqualifiers(evidence.regulation)
    return any(_applies(rule, cadre) for _, rule in named)


def _applies(rule: Disqualifier, cadre: Cadre) -> bool:
    return cadre.leads or not rule.leaders_only


def forced(evidence: Evidence, cadre: Cadre) -> Iterator[Reason]:
    """What forces the lowest grade whatever the points, and what is named but does not apply."""
    for row, rule in evidence.dossier.disqualifiers(evidence.regulation):
        document = f" ({row.document})" if row.document else ""
        tail = (
            "xếp “không hoàn thành nhiệm vụ” bất kể điểm; điểm vẫn giữ để đối chiếu."
            if _applies(rule, cadre)
            else "chỉ áp dụng với lãnh đạo, quản lý nên không hạ mức xếp loại."
        )
        cells = evidence.places.at("changes", row.line, "event", "document")
        yield Reason("grade", f"{rule.says}{document}: {tail}", None, cells, rule.article)


def _beside(evidence: Evidence, leading: Leading) -> Iterator[Reason]:
    """What a leader's d rests on, and what the report says of it (Article 15)."""
    ground, reported = leading.ground, leading.reported
    if ground is None or not (leading.computed or leading.doubted):
        return
    article = evidence.regulation.articles["d"]
    cells = evidence.places.at("leaders", evidence.dossier.leader.line, "d")
    if leading.computed:
        yield Reason("d", ground.says, article=article)
        told = "Báo cáo để trống d." if reported is None else f"Báo cáo ghi d = {reported}%."
    else:
        below, least = f"{len(ground.below)}/{ground.people}", shown(ground.least)
        told = (
            f"Báo cáo ghi d = {reported}% trong khi {below} người được quản lý dưới {least} điểm."
        )
    yield Reason("d", told, None, cells, article)
