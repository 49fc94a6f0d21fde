"""Longer and later periods follow a changed one: each that no longer stands is held again.

    follow_on(occasion, send=True)      -> (FollowedOn(Period 2026-Q3, "tháng 7/2026", 2), …)

It comes at the end of any review. What a killed run left undone is found by the next one, since the
book itself says which periods have fallen behind (tasks/footings.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flows.agenda import Progress, silent, step
from flows.cycle import BY_ITSELF, review_cycle
from flows.holding import AtWork, Work, holding
from review.footing import OutOfDate
from review.period import Period
from tasks.footings import fallen, told_before
from tasks.occasion import Occasion
from tasks.propose_again import propose_again


@dataclass(frozen=True, slots=True)
class FollowedOn:
    """A period held again, what had changed in it, and how many approved results are proposed to be
    restated."""

    period: Period
    because: str
    proposed: int

    @property
    def says(self) -> str:
        asked = f"; {self.proposed} đề xuất chờ người quyết định" if self.proposed else ""
        return f"{self.period.title} được tính lại theo {self.because}{asked}."


def follow_on(
    occasion: Occasion, *, send: bool = False, progress: Progress = silent
) -> tuple[FollowedOn, ...]:
    """Shorter before longer, earlier before later, each once. One that another run is at is left to
    it; one that is only provisional yet, to its own review. Letters of a period leave where its
    results have left before; a rehearsal stays one."""
    done: dict[Period, FollowedOn | None] = {}
    while late := _next(occasion, done):
        about = replace(occasion, period=late.period)
        try:
            with holding(about, Work.REVIEW, patience=0) as mine:
                review_cycle(mine, send=send and _told(mine), progress=progress)
                proposed = step(propose_again, mine, late.because, BY_ITSELF)
        except AtWork:
            done[late.period] = None
            continue
        done[late.period] = FollowedOn(late.period, late.because, proposed)
    return tuple(one for one in done.values() if one is not None)


def _told(occasion: Occasion) -> bool:
    with occasion.office.book() as book, book.reading() as conn:
        return told_before(conn, occasion.period_text)


def _next(occasion: Occasion, done: dict[Period, FollowedOn | None]) -> OutOfDate | None:
    with occasion.office.book() as book, book.reading() as conn:
        waiting = [one for one in fallen(conn, occasion) if one.by_itself]
    return next((one for one in waiting if one.period not in done), None)
