"""What a person does to a file or a period, always with a reason and a name.

    Act(ActKind.RECALLED, "2026-10", "03637", "Gửi nhầm bản nháp", "Lò Văn Inh", file=7)
    last_acts(acts)[7].kind          -> ActKind.RECALLED: the last word on a file holds
    is_open_again(acts, "03637", locked_at)  -> True after a reopening of the unit or the period

Nothing is deleted: a file that does not count any more still lies where it lay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.findings import Verdict
from review.verdicts import Seen


class ActKind(StrEnum):
    RETURNED = "returned"  # the office gives an accepted file back
    RECALLED = "recalled"  # its sender takes it back
    SET_ASIDE = "set_aside"  # the office keeps it, uncounted, until it is clear what it is
    RESTORED = "restored"  # an earlier act on the file is undone
    LOCKED = "locked"  # the period takes no more changes
    REOPENED = "reopened"  # a locked period takes changes again, for one unit or for all

    @property
    def label(self) -> str:
        return {
            "returned": "Cơ quan trả lại",
            "recalled": "Đơn vị rút lại",
            "set_aside": "Để riêng chờ xem xét",
            "restored": "Tính lại",
            "locked": "Khóa kỳ",
            "reopened": "Mở lại",
        }[self]


@dataclass(frozen=True, slots=True)
class Act:
    """`unit` is "" for an act on the whole period, `file` None for one on no single file; `until`
    is the new due time of a returned file. `at` is filled in by the book."""

    kind: ActKind
    period: str
    unit: str
    reason: str
    who: str
    file: int | None = None
    until: datetime | None = None
    at: datetime | None = None

    @property
    def says(self) -> str:
        return f"{self.kind.label}: {self.reason}"


def last_acts(acts: Iterable[Act]) -> dict[int, Act]:
    """By file, the act that holds; a file that was restored has none. `acts` in their order."""
    found: dict[int, Act] = {}
    for act in acts:
        if act.file is not None:
            found[act.file] = act
    return {file: act for file, act in found.items() if act.kind is not ActKind.RESTORED}


def is_open_again(acts: Iterable[Act], unit: str, locked_at: datetime) -> bool:
    """Whether the period, or this unit in it, was reopened after it was locked."""
    return any(
        act.kind is ActKind.REOPENED and act.unit in ("", unit) and act.at and act.at >= locked_at
        for act in acts
    )


def seen_with(seen: Seen, act: Act | None) -> Seen:
    """A judged file as it stands after the act on it: it counts no more, and the reason is said."""
    if act is None:
        return seen
    aside = act.kind is ActKind.SET_ASIDE
    return Seen(seen.received_at, Verdict.RETURNED, aside, None, seen.nil, act.says)
