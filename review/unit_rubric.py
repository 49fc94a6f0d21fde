"""The table by which units are scored in their cluster (cụm, khối), as a decision gives it: data.

    table = unit_rubric_from(tomllib.loads(text))
    scored = score_unit_table(table, "03637", figures, late_days=2)
    scored.computed     -> 9550;  scored.total may pass 100 where the table has bonuses

A measure answers with points and a reason. A table whose parts do not add up is refused with the
figure. What a unit gave itself, what a reviewer gave and what the figures come to stand side by
side; the reviewer's counts where there is one, else what was computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from review.clusters import LateRule, late_penalty
from review.points import brief, half_up, hundredths, shown
from review.rubric import RubricError


class MeasureKind(StrEnum):
    RATIO = "ty_le"  # actual over target, capped at the most
    STEPS = "bac"  # points by the step that the ratio reaches
    YES_NO = "dat"  # all or nothing
    COUNT = "dem"  # so many points each, up to the most
    BONUS = "thuong"  # as COUNT, on top of the table's total; needs a document
    PENALTY = "tru"  # as COUNT, taken off
    LATE = "nop_muon"  # working days late, from the intake's own record, taken off


ON_TOP = (MeasureKind.BONUS, MeasureKind.PENALTY, MeasureKind.LATE)


@dataclass(frozen=True, slots=True)
class Measure:
    """`most` and `each` in hundredths of a point; `steps` (least percent, points), best first."""

    code: str
    name: str
    kind: MeasureKind
    most: int
    each: int = 0
    steps: tuple[tuple[int, int], ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True)
class UnitRubric:
    key: str
    title: str
    most: int
    measures: tuple[Measure, ...]
    article: str = ""


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """What is known of one measure of one unit; None where nothing was told. `actual` and `target`
    in hundredths of their own unit; `own` and `reviewed` hundredths of a point."""

    measure: str
    actual: int | None = None
    target: int | None = None
    own: int | None = None
    reviewed: int | None = None
    proof: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class MeasureScore:
    """`low` and `high` are equal where the figures are there; penalties are negative."""

    measure: str
    name: str
    most: int
    own: int | None
    reviewed: int | None
    low: int
    high: int
    says: str
    source: str = ""

    @property
    def computed(self) -> int | None:
        return self.low if self.low == self.high else None

    @property
    def counted(self) -> tuple[int, int]:
        return (self.low, self.high) if self.reviewed is None else (self.reviewed,) * 2


@dataclass(frozen=True, slots=True)
class UnitScore:
    unit: str
    rubric: str
    parts: tuple[MeasureScore, ...]

    @property
    def bounds(self) -> tuple[int, int]:
        low, high = (sum(part.counted[at] for part in self.parts) for at in (0, 1))
        return max(0, low), max(0, high)

    @property
    def total(self) -> int | None:
        low, high = self.bounds
        return low if low == high else None

    @property
    def computed(self) -> int | None:
        return _sum([part.computed for part in self.parts])

    @property
    def own(self) -> int | None:
        return _sum([part.own for part in self.parts if part.most > 0 or part.own is not None])

    @property
    def reviewed(self) -> int | None:
        return _sum([p.reviewed for p in self.parts if p.most > 0 or p.reviewed is not None])


def unit_rubric_from(data: Mapping[str, Any]) -> UnitRubric:
    """The table of a parsed TOML. Raises RubricError: parts that do not add up, a measure twice."""
    title, most = data["title"], hundredths(data["max"])
    measures = tuple(_measure(block) for block in data["measure"])
    codes = [measure.code for measure in measures]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise RubricError(f"“{title}”: tiêu chí trùng mã {', '.join(twice)}")
    found = sum(m.most for m in measures if m.kind not in ON_TOP)
    if found != most:
        raise RubricError(
            f"“{title}”: các tiêu chí cộng lại {shown(found)} điểm, tổng ghi là {shown(most)}, "
            f"lệch {shown(abs(most - found))}"
        )
    return UnitRubric(data["rubric"], title, most, measures, data.get("article", ""))


def _measure(block: Mapping[str, Any]) -> Measure:
    steps = tuple(
        (hundredths(least), hundredths(points)) for least, points in block.get("steps", ())
    )
    measure = Measure(
        block["code"],
        block["name"],
        MeasureKind(block["kind"]),
        hundredths(block["max"]),
        hundredths(block.get("each", "0")),
        tuple(sorted(steps, reverse=True)),
        block.get("article", ""),
    )
    if measure.kind is MeasureKind.STEPS and max(p for _, p in measure.steps) != measure.most:
        raise RubricError(f"“{measure.name}”: bậc cao nhất không bằng điểm tối đa")
    if measure.kind in (MeasureKind.COUNT, *ON_TOP) and not measure.each:
        raise RubricError(f"“{measure.name}”: thiếu điểm cho mỗi lần (each)")
    return measure


def score_unit_table(
    rubric: UnitRubric, unit: str, figures: Sequence[UnitFigure], late_days: int | None = None
) -> UnitScore:
    """Every measure of the table for one unit. `late_days` is what the roll says; None: not known.
    Missing is not zero: a measure without figures is anything from nothing to its most."""
    told = {figure.measure: figure for figure in figures}
    parts = [
        _scored(measure, told.get(measure.code) or UnitFigure(measure.code), late_days)
        for measure in rubric.measures
    ]
    return UnitScore(unit, rubric.key, tuple(parts))


def _scored(measure: Measure, figure: UnitFigure, late_days: int | None) -> MeasureScore:
    if measure.kind is MeasureKind.LATE:
        days = None if late_days is None else 100 * late_days
        figure = UnitFigure(measure.code, days, None, figure.own, figure.reviewed, source="sổ nhận")
    low, high, says = _computed(measure, figure)
    most = 0 if measure.kind in ON_TOP else measure.most
    return MeasureScore(
        measure.code,
        measure.name,
        most,
        figure.own,
        figure.reviewed,
        low,
        high,
        says,
        figure.source,
    )


def _computed(measure: Measure, figure: UnitFigure) -> tuple[int, int, str]:
    if figure.actual is None:
        if measure.kind is MeasureKind.BONUS:
            return 0, 0, "không đề nghị thưởng"
        if measure.kind in ON_TOP:
            return (0, 0, "không có lỗi nào ghi nhận")
        return 0, measure.most, "chưa có số liệu"
    if measure.kind in (MeasureKind.RATIO, MeasureKind.STEPS) and not figure.target:
        return 0, measure.most, "chưa giao chỉ tiêu nên chưa tính được"
    points, says = MEASURES[measure.kind](measure, figure)
    return points, points, says


def _ratio(measure: Measure, figure: UnitFigure) -> tuple[int, str]:
    actual, target = figure.actual or 0, figure.target or 1
    points = min(measure.most, half_up(measure.most * actual, target))
    return points, f"{brief(actual)}/{brief(target)} chỉ tiêu × {brief(measure.most)} điểm"


def _steps(measure: Measure, figure: UnitFigure) -> tuple[int, str]:
    # Held against the exact ratio: 89,996% must not reach the step of 90%.
    share, target = (figure.actual or 0) * 10_000, figure.target or 1
    for least, points in measure.steps:
        if share >= least * target:
            percent = brief(share // target)
            return points, f"đạt {percent}%, bậc từ {brief(least)}%: {brief(points)} điểm"
    return 0, "dưới bậc thấp nhất"


def _yes_no(measure: Measure, figure: UnitFigure) -> tuple[int, str]:
    return (measure.most, "đạt") if figure.actual else (0, "không đạt")


def _count(measure: Measure, figure: UnitFigure) -> tuple[int, str]:
    points = min(measure.most, half_up((figure.actual or 0) * measure.each, 100))
    times, most = brief(figure.actual or 0), brief(measure.most)
    return points, f"{times} × {brief(measure.each)} điểm, nhiều nhất {most}"


def _bonus(measure: Measure, figure: UnitFigure) -> tuple[int, str]:
    if not figure.proof.strip():
        return 0, "đề nghị thưởng nhưng chưa có minh chứng nên không cộng"
    points, says = _count(measure, figure)
    return points, f"{says} ({figure.proof})"


def _penalty(measure: Measure, figure: UnitFigure) -> tuple[int, str]:
    points, says = _count(measure, figure)
    return -points, f"trừ {says}"


def _late(measure: Measure, figure: UnitFigure) -> tuple[int, str]:
    days = (figure.actual or 0) // 100
    taken = late_penalty(days, LateRule(measure.each, measure.most))
    return -taken, f"nộp muộn {days} ngày làm việc × {brief(measure.each)} điểm"


def _sum(points: Sequence[int | None]) -> int | None:
    known = [one for one in points if one is not None]
    return sum(known) if known and len(known) == len(points) else None


MEASURES: Mapping[MeasureKind, Callable[[Measure, UnitFigure], tuple[int, str]]] = {
    MeasureKind.RATIO: _ratio,
    MeasureKind.STEPS: _steps,
    MeasureKind.YES_NO: _yes_no,
    MeasureKind.COUNT: _count,
    MeasureKind.BONUS: _bonus,
    MeasureKind.PENALTY: _penalty,
    MeasureKind.LATE: _late,
}
