"""The rows of a period's report: persons, findings, tasks, units that owe.

card_line(1, person, unit)["grade"]      -> "Hoàn thành tốt nhiệm vụ"

JSON-ready: points in hundredths, dates ISO text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from review.brief import ProgrammeTask, TaskStatus
from review.findings import Finding
from review.letter_rows import is_overdue, iso, plain, range_in_words
from review.report_people import Person
from review.roll import RollEntry, RollState
from review.scorecard import CardStatus, Scorecard
from review.units import Unit

Line = TypeVar("Line")
STATUS = {
    CardStatus.OK: "Đã chấm",
    CardStatus.INSUFFICIENT: "Chưa đủ dữ liệu",
    CardStatus.EXCLUDED: "Không thuộc diện chấm",
}


@dataclass(frozen=True, slots=True)
class Lines(Generic[Line]):
    """Lines that are made anew each time somebody goes through them, and never all at once."""

    make: Callable[[], Iterator[Line]]

    def __iter__(self) -> Iterator[Line]:
        return self.make()


def card_line(at: int, person: Person, unit: Unit | None) -> dict[str, Any]:
    card, cadre, old = person.card, person.cadre, person.before
    scored = card.status is CardStatus.OK
    return {
        "n": at,
        "code": card.cadre,
        "name": plain(cadre.name, 80) if cadre else "",
        "post": plain(cadre.post, 80) if cadre else "",
        "unit": card.unit,
        "unit_name": plain(unit.name, 100) if unit else "",
        "cluster": plain(unit.cluster, 80) if unit else "",
        "own": person.marks[0],
        "given": person.marks[1],
        "general": card.general if scored else None,
        "task_score": card.task_score if scored else None,
        "total": card.total if scored else None,
        "range": range_in_words(card),
        "grade": card.grade.label if scored and card.grade else "",
        "status": STATUS[card.status],
        "before": old,
        "change": card.total - old
        if scored and card.total is not None and old is not None
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
    closed: Iterable[ProgrammeTask], following: Iterable[ProgrammeTask], today: date
) -> dict[str, int]:
    ended, ahead, overdue = Counter[TaskStatus](), Counter[int](), 0
    for task in closed:
        ended[task.status] += 1
        overdue += is_overdue(task, today)
    for task in following:
        ahead[min(task.carried, 2)] += 1
    return {
        "total": ended.total(),
        "done": ended[TaskStatus.DONE],
        "dropped": ended[TaskStatus.DROPPED],
        "overdue": overdue,
        "carried": ahead[1] + ahead[2],
        "carried_twice": ahead[2],
        "new": ahead[0],
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
