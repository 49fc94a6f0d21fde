"""Units over time: which unit became which, what passes on, and results on today's map.

    passage_of(district, units)                  -> Passage.SPLIT
    todays("H-THANUYEN", units, on)              -> ("03637", "03640", "03595", "03618")
    regrouped(cards, units, serving, on)         -> the same cards under the units of that day

A result stays as it was: the card keeps its unit. On today's map it goes with the person, where the
person serves in one of the heirs; else to the only heir there is; else nobody can say, and it is
shown by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from review.brief import ProgrammeTask, TaskStatus
from review.evidence import ratio
from review.plans import PlanLine
from review.scorecard import CardStatus, Scorecard
from review.units import Unit

NOBODY = "Đơn vị giải thể, không có đơn vị kế thừa."  # why what it had to do was closed


class Passage(StrEnum):
    MERGE = "sap_nhap"
    SPLIT = "chia_tach"
    RENAME = "doi_ten"
    DISSOLVE = "giai_the"

    @property
    def label(self) -> str:
        return {
            "sap_nhap": "sáp nhập",
            "chia_tach": "chia tách",
            "doi_ten": "đổi tên, chuyển mã",
            "giai_the": "giải thể",
        }[self]


def passage_of(unit: Unit, units: Mapping[str, Unit]) -> Passage | None:
    """How an ended unit passed on; None while it lives."""
    if unit.until is None:
        return None
    if not unit.successors:
        return Passage.DISSOLVE
    if len(unit.successors) > 1:
        return Passage.SPLIT
    heir = unit.successors[0]
    others = [u for u in units.values() if heir in u.successors and u.code != unit.code]
    grew = heir in units and units[heir].since <= unit.until
    return Passage.MERGE if others or grew else Passage.RENAME


def todays(code: str, units: Mapping[str, Unit], on: date) -> tuple[str, ...]:
    """The units of that day that a unit lives on in, itself while it is there; none if it was
    dissolved. Heirs of heirs count; a chain that goes round ends."""
    found: dict[str, None] = {}
    waiting, seen = [code], set()
    while waiting:
        one = waiting.pop(0)
        unit = units.get(one)
        if unit is None or one in seen:
            continue
        seen.add(one)
        if unit.until is None or on <= unit.until:
            found[one] = None
        else:
            waiting += unit.successors
    return tuple(found)


def heir_of(
    code: str,
    units: Mapping[str, Unit],
    on: date,
    person: str,
    serving: Mapping[str, str],
) -> str:
    """The one unit of that day in which something of this unit goes on: where its person serves
    now, else the only heir; "" where nobody can say."""
    heirs = todays(code, units, on)
    if serving.get(person, "") in heirs:
        return serving[person]
    return heirs[0] if len(heirs) == 1 else ""


def regrouped(
    cards: Iterable[Scorecard], units: Mapping[str, Unit], serving: Mapping[str, str], on: date
) -> list[Scorecard]:
    """The cards under the units of that day; `serving` tells where each person is now. One that
    nobody can place keeps its old unit."""
    return [
        card._replace(unit=heir_of(card.unit, units, on, card.cadre, serving) or card.unit)
        for card in cards
    ]


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """One unit in one period: persons with a result, and their mean in hundredths."""

    unit: str
    period: str
    persons: int
    mean: int | None


def by_unit(cards: Iterable[Scorecard]) -> list[UnitFigure]:
    persons: Counter[tuple[str, str]] = Counter()
    sums: Counter[tuple[str, str]] = Counter()
    for card in cards:
        if card.status is CardStatus.OK and card.total is not None:
            persons[card.period, card.unit] += 1
            sums[card.period, card.unit] += card.total
    return [
        UnitFigure(unit, period, count, _mean(sums[period, unit], count))
        for (period, unit), count in sorted(persons.items())
    ]


def _mean(whole: int, count: int) -> int | None:
    return ratio(whole, count * 100)


def heirs_by_unit(
    codes: Iterable[str], units: Mapping[str, Unit], on: date
) -> dict[str, tuple[str, ...]]:
    """The units of that day in which each of these lives on; those nobody took over are left
    out."""
    return {
        code: heirs for code in codes if (heirs := todays(code, units, on)) not in ((), (code,))
    }


HandedOver = tuple[ProgrammeTask, ProgrammeTask]  # as it ended in the old unit, and in the new one


def tasks_passed_on(
    tasks: Iterable[ProgrammeTask], units: Mapping[str, Unit], serving: Mapping[str, str], on: date
) -> list[HandedOver]:
    """Each open duty of a unit that is gone, dropped with a word of where it went (history is not
    rewritten), and the same duty in the unit that takes it over. Its code says where it came from,
    so that it meets none of the heir's own."""
    pairs = []
    for task in tasks:
        heir = heir_of(task.unit, units, on, task.owner, serving) or _first(task.unit, units, on)
        if heir and heir != task.unit:
            note = f"Nhận bàn giao từ {task.unit}. {task.note}".strip()
            code = f"{task.unit}.{task.code}"
            ended = replace(task, status=TaskStatus.DROPPED, note=f"Bàn giao cho {heir}.")
            pairs.append((ended, replace(task, unit=heir, code=code, note=note)))
    return pairs


def closed_with_their_units(
    tasks: Iterable[ProgrammeTask], units: Mapping[str, Unit], on: date
) -> list[ProgrammeTask]:
    """Those of units that ended and that nobody took over, dropped with the reason: they cannot
    wait for ever on somebody who is not there."""
    return [
        replace(task, status=TaskStatus.DROPPED, note=f"{NOBODY} {task.note}".strip())
        for task in tasks
        if ended_without_heir(task.unit, units, on)
    ]


def ended_without_heir(code: str, units: Mapping[str, Unit], on: date) -> bool:
    """Whether the unit is gone by that day, and lives on in none."""
    unit = units.get(code)
    return unit is not None and unit.until is not None and not todays(code, units, on)


def lines_passed_on(
    lines: Sequence[PlanLine], units: Mapping[str, Unit], serving: Mapping[str, str], on: date
) -> list[PlanLine]:
    """A plan's lines with those of units that are gone under their heirs; those of a unit that
    nobody took over are no part of the plan any more."""
    moved = []
    for line in lines:
        if ended_without_heir(line.unit, units, on):
            continue
        gone = line.unit in units and todays(line.unit, units, on) != (line.unit,)
        heir = heir_of(line.unit, units, on, line.subject, serving) if gone else line.unit
        heir = heir or _first(line.unit, units, on) or line.unit
        key = line.key if heir == line.unit else f"{line.unit}.{line.key}"
        moved.append(replace(line, unit=heir, key=key))
    return moved


def _first(code: str, units: Mapping[str, Unit], on: date) -> str:
    """Duties cannot wait until somebody says who has them: the first heir named takes them."""
    return next(iter(todays(code, units, on)), "")
