"""The roll of one period: who owes a report, and where each stands.

tally(entries).balanced      -> True
tally(entries).accepted      -> 48
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.findings import Verdict


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
