"""Longer and later periods follow a changed one: each that no longer stands is held again.

    follow_on(occasion, send=True)      -> (FollowedOn(Period 2026-Q3, "tháng 7/2026", 2), …)

It comes at the end of any review. What a killed run left undone is found by the next one, since the
book itself says which periods have fallen behind (tasks/footings.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.agenda import Progress, silent, step
from flows.cycle import BY_ITSELF, review_cycle
from flows.holding import AtWork, Work, holding
from review.footing import OutOfDate
from review.period import Period
from tasks.footings import fallen, told_before
from tasks.occasion import Occasion
from tasks.propose_again import propose_again

MOST_TIMES = 2  # that one run holds a period again


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
    """Shorter before longer, earlier before later, each once, or once more where a part changed
    meanwhile. One that another run is at is left to it, with all that stand on it, since that run
    follows on too; one that is only provisional yet, to its own review. Letters of a period leave
    where its results have left before; a rehearsal stays one."""
    done: list[FollowedOn] = []
    left: list[Period] = []
    while late := _next(occasion, [one.period for one in done], left):
        about = replace(occasion, period=late.period)
        try:
            with holding(about, Work.REVIEW, patience=0) as mine:
                if late.period not in _late(mine):  # another run was quicker
                    continue
                review_cycle(mine, send=send and _told(mine), progress=progress)
                proposed = step(propose_again, mine, late.because, BY_ITSELF)
        except AtWork:
            left.append(late.period)
            continue
        done.append(FollowedOn(late.period, late.because, proposed))
    return tuple(done)


def _told(occasion: Occasion) -> bool:
    with occasion.office.book() as book, book.reading() as conn:
        return told_before(conn, occasion.period_text)


def _next(occasion: Occasion, done: Sequence[Period], left: Sequence[Period]) -> OutOfDate | None:
    waiting = [
        one
        for period, one in _late(occasion).items()
        if done.count(period) < MOST_TIMES and not any(_stands_on(period, of) for of in left)
    ]
    return waiting[0] if waiting else None


def _late(occasion: Occasion) -> dict[Period, OutOfDate]:
    """What a review may hold again by itself, in the order in which to do it."""
    with occasion.office.book() as book, book.reading() as conn:
        return {one.period: one for one in fallen(conn, occasion) if one.by_itself}


def _stands_on(period: Period, part: Period) -> bool:
    """Also on itself."""
    return period.start <= part.start and part.end <= period.end
