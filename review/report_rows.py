"""The rows of a period's report: persons, findings, tasks, ages, units that owe.

card_line(1, card, cadre, unit, before)["grade"]      -> "Hoàn thành tốt nhiệm vụ"

JSON-ready: points in hundredths, dates ISO text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from review.brief import ProgrammeTask, TaskStatus
from review.cadres import Cadre, Sex
from review.digest import NO_CLUSTER
from review.findings import Finding
from review.letter_rows import is_overdue, iso, plain, range_in_words
from review.roll import RollEntry, RollState
from review.scorecard import CardStatus, Scorecard
from review.units import Unit

AGES = ((0, 40, "Dưới 40"), (40, 51, "40 – 50"), (51, 200, "Trên 50"))
STATUS = {
    CardStatus.OK: "Đã chấm",
    CardStatus.INSUFFICIENT: "Chưa đủ dữ liệu",
    CardStatus.EXCLUDED: "Không thuộc diện chấm",
}


def cluster_of(units: Mapping[str, Unit], unit: str) -> str:
    return plain(units[unit].cluster, 80) or NO_CLUSTER if unit in units else NO_CLUSTER


def ordered(cards: Iterable[Scorecard], units: Mapping[str, Unit]) -> list[Scorecard]:
    return sorted(cards, key=lambda card: (cluster_of(units, card.unit), card.unit, card.cadre))


def card_line(
    at: int,
    card: Scorecard,
    cadre: Cadre | None,
    unit: Unit | None,
    before: Mapping[str, Scorecard],
    marks: tuple[int | None, int | None] = (None, None),
) -> dict[str, Any]:
    """`marks` are the general criteria as the person and as the authority gave them."""
    old, scored = before.get(card.cadre), card.status is CardStatus.OK
    return {
        "n": at,
        "code": card.cadre,
        "name": plain(cadre.name, 80) if cadre else "",
        "post": plain(cadre.post, 80) if cadre else "",
        "unit": card.unit,
        "unit_name": plain(unit.name, 100) if unit else "",
        "cluster": plain(unit.cluster, 80) if unit else "",
        "own": marks[0],
        "given": marks[1],
        "general": card.general if scored else None,
        "task_score": card.task_score if scored else None,
        "total": card.total if scored else None,
        "range": range_in_words(card),
        "grade": card.grade.label if scored and card.grade else "",
        "status": STATUS[card.status],
        "before": old.total if old else None,
        "change": card.total - old.total
        if scored and card.total is not None and old and old.total is not None
        else None,
        "flags": list(card.flags),
        "note": "" if scored else _why(card),
    }


def _why(card: Scorecard) -> str:
    return next((plain(r.says, 160) for r in card.reasons if r.term == "status"), "")


def finding_line(units: Mapping[str, Unit], unit: str, finding: Finding) -> dict[str, Any]:
    return {
        "unit": unit,
        "unit_name": plain(units[unit].name, 100) if unit in units else "",
        "check": finding.check,
        "label": finding.severity.label,
        "sheet": plain(finding.sheet, 40),
        "cell": plain(finding.cell, 20),
        "says": plain(finding.says),
        "fix": plain(finding.fix),
    }


def programme(
    closed: Sequence[ProgrammeTask], following: Sequence[ProgrammeTask], today: date
) -> dict[str, int]:
    return {
        "total": len(closed),
        "done": sum(task.status is TaskStatus.DONE for task in closed),
        "dropped": sum(task.status is TaskStatus.DROPPED for task in closed),
        "overdue": sum(is_overdue(task, today) for task in closed),
        "carried": sum(task.carried > 0 for task in following),
        "carried_twice": sum(task.carried > 1 for task in following),
        "new": sum(not task.carried for task in following),
    }


def task_line(units: Mapping[str, Unit], task: ProgrammeTask, today: date) -> dict[str, Any]:
    labels = {
        TaskStatus.NOT_STARTED: "Chưa làm",
        TaskStatus.GOING_ON: "Đang làm",
        TaskStatus.DONE: "Hoàn thành",
        TaskStatus.DROPPED: "Dừng",
    }
    return {
        "unit": task.unit,
        "unit_name": plain(units[task.unit].name, 100) if task.unit in units else "",
        "code": plain(task.code, 30),
        "content": plain(task.content, 200),
        "product": plain(task.product, 120),
        "owner": task.owner,
        "due": iso(task.due),
        "status": labels[task.status],
        "overdue": is_overdue(task, today),
        "carried": task.carried,
    }


def ages(cadres: Sequence[Cadre], today: date) -> list[dict[str, Any]]:
    rows = []
    for least, most, label in AGES:
        those = [c for c in cadres if c.birth and least <= _age(c.birth, today) < most]
        women = sum(c.sex is Sex.FEMALE for c in those)
        rows.append({"label": label, "count": len(those), "women": women})
    unknown = sum(cadre.birth is None for cadre in cadres)
    return [*rows, {"label": "Chưa rõ", "count": unknown, "women": 0}] if unknown else rows


def _age(birth: date, today: date) -> int:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def owing(units: Mapping[str, Unit], entries: Iterable[RollEntry]) -> list[dict[str, Any]]:
    owed = (RollState.MISSING, RollState.RETURNED, RollState.SET_ASIDE)
    return [
        {
            "code": entry.unit,
            "name": plain(units[entry.unit].name, 100) if entry.unit in units else "",
            "state": entry.state.label,
        }
        for entry in sorted(entries, key=lambda entry: (entry.state.value, entry.unit))
        if entry.state in owed
    ]
