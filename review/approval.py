"""Who puts their name to a period's results, in which order, and what stands in the way.

    stages = regulation.approval_of(Cadence.YEAR)       -> (Stage.UNIT, Stage.OFFICE, Stage.COUNCIL)
    next_stage(stages, decisions)                       -> Stage.OFFICE, once every unit has signed
    list(objections(stages, decisions, "Lò Văn A", two_persons=True))

A decision is a person's: it is written down once and never changed. A refusal sends the results
back, and whatever was approved before it no longer stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    UNIT = "unit"
    OFFICE = "office"
    COUNCIL = "council"

    @property
    def label(self) -> str:
        return {
            "unit": "Thủ trưởng đơn vị",
            "office": "Cơ quan thi đua – khen thưởng",
            "council": "Hội đồng thi đua – khen thưởng",
        }[self]


class Ruling(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """One act of one person. `unit` only at the unit's stage; `digest` of the results it was about;
    `basis` tells whether these were provisional or final ("" where a period knows no such thing);
    `at` is filled when recalled."""

    period: str
    stage: Stage
    ruling: Ruling
    who: str
    note: str
    unit: str = ""
    digest: str = ""
    basis: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A period approved at its last stage, with every stage on the way."""

    decisions: tuple[Decision, ...]

    def as_json(self) -> Mapping[str, Any]:
        last = self.decisions[-1]
        basis = {"basis": last.basis} if last.basis else {}
        return {
            **_told(last),
            **basis,
            "stages": [_told(one) for one in self.decisions if one.stage is not Stage.UNIT],
        }


def in_round(decisions: Sequence[Decision], basis: str) -> tuple[Decision, ...]:
    """The decisions about the results on that basis. A year is decided twice: provisionally before
    15 December, and finally in January; the second round takes nothing from the first."""
    return tuple(one for one in decisions if one.basis == basis)


def latest_approval(stages: Sequence[Stage], decisions: Sequence[Decision]) -> Approval | None:
    """The approval that stands: of the last round that was approved to its end."""
    rounds = list(dict.fromkeys(one.basis for one in decisions))
    given = (approval_of(stages, in_round(decisions, basis)) for basis in reversed(rounds))
    return next((approval for approval in given if approval), None)


def standing(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The approvals that still hold, in order: those after the last refusal of the whole period; of
    one unit, those after the refusal of that unit."""
    held: list[Decision] = []
    for one in decisions:
        if one.ruling is Ruling.REFUSED:
            held = [d for d in held if one.stage is Stage.UNIT and d.unit != one.unit]
        else:
            held.append(one)
    return tuple(held)


def next_stage(
    stages: Sequence[Stage], decisions: Sequence[Decision], units_signed: bool = True
) -> Stage | None:
    """The stage whose turn it is, None once all have approved."""
    done = {one.stage for one in standing(decisions)} - {Stage.UNIT}
    if units_signed:
        done.add(Stage.UNIT)
    return next((stage for stage in stages if stage not in done), None)


def approval_of(stages: Sequence[Stage], decisions: Sequence[Decision]) -> Approval | None:
    """The approval of the period, once its last stage stands."""
    held = standing(decisions)
    given = {one.stage for one in held}
    wanted = [stage for stage in stages if stage is not Stage.UNIT]
    done = bool(held) and all(stage in given for stage in wanted)
    return Approval(held) if done else None


def objections(
    stages: Sequence[Stage], decisions: Sequence[Decision], who: str, *, two_persons: bool
) -> Iterator[str]:
    """Why this person may not decide now, in Vietnamese."""
    if not who.strip():
        yield "Chưa ghi họ tên người phê duyệt."
    held = standing(decisions)
    if approval_of(stages, decisions):
        last = held[-1]
        yield (
            f"Kết quả đã được {last.who} phê duyệt; muốn mở lại thì dùng --refuse và nêu lý do, "
            "muốn sửa riêng một người thì mở kiến nghị."
        )
    if two_persons and any(_same(one.who, who) for one in held):
        yield f"{who} đã phê duyệt ở cấp trước; quy định của cơ quan cần một người khác."


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _told(one: Decision) -> dict[str, Any]:
    at = one.at.isoformat() if one.at else None
    return {"stage": one.stage.value, "by": one.who, "at": at, "note": one.note}
