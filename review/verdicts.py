"""From the files of a unit to its place on the roll.

    entry_after(entry, seen, days).state     -> RollState.ACCEPTED

The latest valid version counts; an older one stands until a newer one passes, so a unit that was
accepted cannot fall back by sending something worse.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from review.calendar import CLOSING_TIME, WorkingDays, late_days
from review.findings import Finding, Verdict
from review.roll import RollEntry, RollState

# Files that no program should open: a person looks at them before the unit hears more.
HOSTILE = frozenset({"HOSTILE_FILE", "ZIP_BOMB", "FAR_CELL", "MACROS", "TOO_SLOW"})
OLDER_STANDS = "Bản gửi sau chưa đạt; bản trước vẫn được tính."


@dataclass(frozen=True, slots=True)
class Seen:
    """One judged file of a unit; `submission` is the id of what it said, if it could be read."""

    received_at: datetime
    verdict: Verdict
    set_aside: bool = False
    submission: int | None = None
    nil: bool = False
    reason: str = ""

    @property
    def counts(self) -> bool:
        return self.verdict.counts and not self.set_aside and self.submission is not None


def mend_by(received_at: datetime, locks: datetime, days: int, working: WorkingDays) -> datetime:
    """Until when a returned report is to come again: so many working days after it came, but not
    after the period is locked, unless it came after that itself."""
    day = working.add(received_at.astimezone(locks.tzinfo).date(), days)
    asked = datetime.combine(day, CLOSING_TIME, locks.tzinfo)
    return min(asked, locks) if received_at < locks else asked


def is_hostile(findings: Collection[Finding]) -> bool:
    return any(finding.check in HOSTILE for finding in findings)


def entry_after(entry: RollEntry, seen: Sequence[Seen], days: WorkingDays) -> RollEntry:
    """The roll entry that all judged files of a unit, in the order they came, lead to. A unit is
    as punctual as its first file."""
    if not seen:
        return entry
    valid = [file for file in seen if file.counts]
    shown = valid[-1] if valid else seen[-1]
    return replace(
        entry,
        state=_state(shown, bool(valid)),
        verdict=shown.verdict,
        received=True,
        received_at=shown.received_at,
        late_days=late_days(seen[0].received_at, entry.due, days),
        counted=shown.submission if valid else None,
        reason=OLDER_STANDS if valid and not seen[-1].counts else shown.reason,
    )


def _state(shown: Seen, valid: bool) -> RollState:
    if valid:
        return RollState.NIL if shown.nil else RollState.ACCEPTED
    return RollState.SET_ASIDE if shown.set_aside else RollState.RETURNED
