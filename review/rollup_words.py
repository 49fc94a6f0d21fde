"""A quarter, year or term in words that let a person redo the mean with a pencil.

for line in explain_rollup(score, regulation): print(line)
-> Điểm năm 2026 = (90,47 + 88,15 + …) / 12 = 89,31
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from review.period import Cadence, Period
from review.points import half_up, shown
from review.regulation import Regulation
from review.rollup import Part, PartState, PeriodScore, quarter_of
from review.scorecard import PART, Reason
from review.year import YearRule

STATES = {
    PartState.COUNTED: "được tính",
    PartState.MISSING: "chưa có kết quả, không tính 0",
    PartState.LEAVE: "nghỉ cả kỳ, không phải tính",
    PartState.ELSEWHERE: "chấm theo quy định khác, không phải tính",
}


def explain_rollup(score: PeriodScore, regulation: Regulation) -> tuple[str, ...]:
    """Grade → mean → each part with where it was worked → article."""
    return tuple(_lines(score, regulation))


def _lines(score: PeriodScore, regulation: Regulation) -> Iterator[str]:
    whose, label = score.whose, Period.parse(score.whose.period).label
    yield f"Cán bộ {whose.cadre}, đơn vị xếp loại {whose.unit}, {label} ({whose.basis.label})."
    yield f"Quy định {regulation.code}: {regulation.title}. [{regulation.articles['year']}]"
    if score.grade:
        tail = "" if score.grade is score.provisional else " (bất kể điểm, theo điều kiện loại trừ)"
        yield f"Xếp loại: {score.grade.label}{tail}."
    yield f"Tính được {score.counted}/{score.due} {_unit(score)} phải có."
    if score.so_far is not None:
        what = "Điểm" if score.complete else "Trung bình các kỳ đã có"
        yield f"{what} = {_sum(score)} = {shown(score.so_far)} (làm tròn một lần ở cuối)."
    if not score.complete and score.due:
        yield (
            f"Khi đủ các kỳ, điểm nằm trong khoảng {shown(score.low)} – {shown(score.high)}; "
            "chưa xếp hạng khi khoảng này còn chồng lên người khác."
        )
    for part in score.parts:
        yield f"- {_part_in_words(part)}"


def rollup_reasons(score: PeriodScore, regulation: Regulation) -> tuple[Reason, ...]:
    """The same as reasons of the longer period's card: its mean, and each part."""
    head = f"Tính được {score.counted}/{score.due} {_unit(score)} phải có."
    if score.so_far is not None:
        what = "Điểm" if score.complete else "Trung bình các kỳ đã có"
        head += f" {what} = {_sum(score)} = {shown(score.so_far)} (làm tròn một lần ở cuối)."
    article = regulation.articles["year"]
    return (
        Reason("period", head, None, (), article),
        *(Reason(PART, _part_in_words(part)) for part in score.parts),
    )


def _unit(score: PeriodScore) -> str:
    return "năm" if Period.parse(score.whose.period).cadence is Cadence.TERM else "tháng"


def _sum(score: PeriodScore) -> str:
    there = [part for part in score.parts if part.state is PartState.COUNTED]
    if score.rule is YearRule.MEAN_OF_MONTHS or len(there) == 1:
        return f"({_plus(there)}) / {sum(part.months for part in there)}"
    quarters = [list(run) for _, run in groupby(there, key=_quarter)]
    means = [f"({_plus(run)}) / {sum(part.months for part in run)}" for run in quarters]
    return f"[{' + '.join(means)}] / {len(quarters)}"


def _plus(parts: list[Part]) -> str:
    return " + ".join(
        shown(part.score or 0) if part.months == 1 else f"{part.months} × {shown(part.score or 0)}"
        for part in parts
    )


def _quarter(part: Part) -> str:
    return quarter_of(part.period)


def _part_in_words(part: Part) -> str:
    where = f" ở {part.unit}" if part.unit else ""
    points = f"{shown(part.score)} điểm, " if part.score is not None else ""
    bounds = ""
    if part.state is PartState.MISSING and (part.low, part.high) != (0, 100_00):
        bounds = f" (khoảng {shown(part.low)} – {shown(part.high)})"
    forced = "; có điều kiện xếp không hoàn thành" if part.forced else ""
    source = f" [{part.source}]" if part.source else ""
    label = Period.parse(part.period).label
    return f"{label}{where}: {points}{STATES[part.state]}{bounds}{forced}{source}."


def quarter_means(score: PeriodScore) -> dict[str, int]:
    """The mean of each quarter that has a part counted, hundredths: form 02's table."""
    there = [part for part in score.parts if part.state is PartState.COUNTED]
    return {
        quarter: half_up(
            sum(part.months * (part.score or 0) for part in run),
            sum(part.months for part in run),
        )
        for quarter, run in ((q, list(r)) for q, r in groupby(there, key=_quarter))
    }
