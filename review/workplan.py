"""The work programme from term to year to quarter to month: does every line trace upwards, is it
concrete, how often was it carried.

    traced(task, above)       -> (the quarter's line, the year's line): how far up it leads
    measures_of(months, above, rules)

Source: the founding article, second measure; domain.md 1.1, row 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from review.brief import ProgrammeTask, TaskStatus
from review.evidence import Evidence, Measure, percent
from review.period import Cadence, Period
from review.plan_rules import ProgrammeRules

Above = Mapping[tuple[str, str], ProgrammeTask]  # by unit and code, lines of longer periods


def above_of(tasks: Sequence[ProgrammeTask]) -> Above:
    """The lines of quarters, years and terms by unit and code; of two the longer period's wins."""
    ordered = sorted(tasks, key=lambda task: Period.parse(task.period).cadence.months)
    return {(task.unit, task.code): task for task in ordered}


def traced(task: ProgrammeTask, above: Above) -> tuple[ProgrammeTask, ...]:
    """The lines above it, the nearest first; a line that names itself or goes round ends there."""
    found: list[ProgrammeTask] = []
    seen = {task.code}
    parent = task.parent
    while parent and parent not in seen and (higher := above.get((task.unit, parent))):
        found.append(higher)
        seen.add(parent)
        parent = higher.parent
    return tuple(found)


def concrete(task: ProgrammeTask) -> bool:
    """Every line has a product, an owner, a due date (“cụ thể”)."""
    return bool(task.content and task.product and task.owner and task.due)


def lacking(task: ProgrammeTask) -> str:
    missing = [
        name
        for name, there in (
            ("sản phẩm", task.product),
            ("người chủ trì", task.owner),
            ("hạn", task.due),
        )
        if not there
    ]
    return ", ".join(missing)


def uncovered(
    above: Sequence[ProgrammeTask], below: Sequence[ProgrammeTask]
) -> tuple[ProgrammeTask, ...]:
    """Lines of a longer period that no line of the shorter ones works on."""
    worked_on = {(task.unit, task.parent) for task in below if task.parent}
    return tuple(
        t for t in above if (t.unit, t.code) not in worked_on and t.status is not TaskStatus.DROPPED
    )


def measures_of(
    tasks: Sequence[ProgrammeTask], higher: Sequence[ProgrammeTask], rules: ProgrammeRules
) -> tuple[Measure, ...]:
    """`tasks` of the short periods, `higher` of the longer ones that they should serve."""
    above = above_of(higher)
    lost = [task for task in tasks if not traced(task, above)]
    vague = [task for task in tasks if not concrete(task)]
    carried = [task for task in tasks if task.carried]
    bare = uncovered([h for h in higher if _is_next_above(h)], tasks)
    share = percent(len(carried), len(tasks))
    return (
        _least(
            "TRUY_LEN",
            "Việc truy được lên chương trình cấp trên",
            (len(tasks) - len(lost), len(tasks)),
            rules.least_traced_percent,
            tuple(_of(task, "không gắn với việc nào của quý, năm, toàn khóa") for task in lost),
        ),
        _least(
            "CU_THE",
            "Việc có đủ sản phẩm, người chủ trì, hạn",
            (len(tasks) - len(vague), len(tasks)),
            rules.least_concrete_percent,
            tuple(_of(task, f"thiếu {lacking(task)}") for task in vague),
        ),
        Measure(
            "CHUYEN_KY",
            "Việc chuyển từ kỳ trước sang",
            share,
            "%",
            says=f"{len(carried)} trên {len(tasks)} việc.",
            evidence=tuple(_of(t, f"chuyển kỳ {t.carried} lần") for t in carried),
            alarm=share is not None and share > rules.most_carry_percent * 100,
        ),
        Measure(
            "PHU_KIN",
            "Việc của kỳ dài chưa có việc nào triển khai",
            len(bare),
            "việc",
            says=f"{len(bare)} việc của chương trình quý, năm, toàn khóa chưa được giao xuống.",
            evidence=tuple(_of(task, "chưa được giao xuống") for task in bare),
            alarm=bool(bare),
        ),
    )


def stuck(tasks: Sequence[ProgrammeTask], rules: ProgrammeRules) -> tuple[ProgrammeTask, ...]:
    """Lines carried more often than the rules allow."""
    open_ones = (t for t in tasks if t.status not in (TaskStatus.DONE, TaskStatus.DROPPED))
    return tuple(t for t in open_ones if t.carried > rules.most_carried)


def _is_next_above(task: ProgrammeTask) -> bool:
    return Period.parse(task.period).cadence is not Cadence.MONTH


def _least(
    code: str, label: str, counts: tuple[int, int], least: int, evidence: tuple[Evidence, ...]
) -> Measure:
    part, whole = counts
    value = percent(part, whole)
    low = value is not None and value < least * 100
    return Measure(
        code, label, value, "%", f"{part} trên {whole} việc; cần từ {least}%.", evidence, alarm=low
    )


def _of(task: ProgrammeTask, says: str) -> Evidence:
    return Evidence(
        f"{task.code} {task.content}: {says}", task.owner or task.unit, task.period, on=task.due
    )
