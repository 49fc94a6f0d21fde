"""The roll of one period: who owes a report, and where each stands.

tally(entries).balanced      -> True
tally(entries).accepted      -> 48
tally(entries).timeliness    -> 8833: 88,33% of those who owed a report sent one in time
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from review.findings import Verdict
from review.points import share


class RollState(StrEnum):
    """The latest state of a unit on the roll; each unit is in exactly one."""

    MISSING = "missing"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    NIL = "nil"
    SET_ASIDE = "set_aside"

    @property
    def label(self) -> str:
        return {
            "missing": "Chưa nộp",
            "accepted": "Đạt",
            "returned": "Trả lại",
            "nil": "Không phát sinh",
            "set_aside": "Để riêng chờ xem xét",
        }[self]


@dataclass(frozen=True, slots=True)
class RollEntry:
    """One unit in one period. `late_days` counts working days past the due time. `received` tells
    whether at least one file came. `counted` is the id of the submission that counts."""

    unit: str
    period: str
    due: datetime
    state: RollState = RollState.MISSING
    verdict: Verdict | None = None
    received: bool = False
    received_at: datetime | None = None
    late_days: int = 0
    counted: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RollTally:
    roll: int
    received: int
    accepted: int
    returned: int
    nil: int
    missing: int
    set_aside: int
    late: int

    @property
    def complete(self) -> int:
        """Units whose report counts, one that reports nothing too."""
        return self.accepted + self.nil

    @property
    def in_time(self) -> int:
        """Units whose first file came by the due time, whatever became of it: what is returned
        was still sent in time, and mended within the days of its own letter. What never came is
        neither in time nor late, so in time + late + missing make up the roll."""
        return self.received - self.late

    @property
    def completeness(self) -> int | None:
        return share(self.complete, self.roll)

    @property
    def timeliness(self) -> int | None:
        return share(self.in_time, self.roll)

    def as_figures(self) -> dict[str, Any]:
        """As letters and papers carry them: the counts, and both shares of all that was due."""
        return {
            **asdict(self),
            "completeness": self.completeness,
            "timeliness": self.timeliness,
        }

    @property
    def balanced(self) -> bool:
        """Every unit on the roll is counted exactly once."""
        return self.roll == sum(
            (self.accepted, self.returned, self.nil, self.missing, self.set_aside)
        )


def tally(entries: Iterable[RollEntry]) -> RollTally:
    entries = list(entries)
    by_state = Counter(entry.state for entry in entries)
    return RollTally(
        roll=len(entries),
        received=sum(entry.received for entry in entries),
        accepted=by_state[RollState.ACCEPTED],
        returned=by_state[RollState.RETURNED],
        nil=by_state[RollState.NIL],
        missing=by_state[RollState.MISSING],
        set_aside=by_state[RollState.SET_ASIDE],
        late=sum(entry.late_days > 0 for entry in entries),
    )
