"""How a run holds a review: what was missed before it first, alone at it, shown at the end.

reviewed("", Cadence.MONTH, Mode.REHEARSE)       -> where the period stands, or why nothing was done
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.agenda import step
from flows.catching_up import Due, is_held, is_scheduled, missed
from flows.cycle import review_cycle
from flows.fields import Mode
from flows.following import follow_on
from flows.holding import AtWork, Work, holding
from flows.opening import occasion_of
from flows.showing import progress_shown, show
from flows.waiting import ask_for
from review.alarms import AlarmKind, run_ended
from review.period import Cadence
from tasks.house_letters import tell_office
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.quota import draw_quota
from tdkt_models.base import Stamp
from tdkt_models.held_periods import keep_held, recall_held

Ending = dict[str, object] | State
A_LONG_REVIEW = 6 * 3600.0  # seconds to wait for another run that makes up for the same period


def reviewed(period: str, cadence: Cadence, mode: Mode, ahead: timedelta = timedelta(0)) -> Ending:
    """A run started by a schedule first makes up for what was missed before it was due, and does
    nothing where its own period has been held since; a person's run just holds the period."""
    occasion = occasion_of(Office.at(), period, cadence, ahead=ahead)
    own = None
    if is_scheduled() and not period.strip():
        own = Due(flow_run.scheduled_start_time, occasion.period)
        for due in missed(occasion.office, own.at):
            if due.period != own.period:
                _make_up(replace(occasion, period=due.period), due, mode)
    try:
        return _held(occasion, mode, own)
    except (AtWork, HeldAlready) as why:
        return Completed(message=str(why))


def _make_up(occasion: Occasion, due: Due, mode: Mode) -> None:
    """One that fails is told, and holds back none that come after it."""
    try:
        _held(occasion, mode, due, A_LONG_REVIEW)
    except HeldAlready:
        return
    except Exception as wrong:
        key, name = f"{due.period}@{due.at:%Y-%m-%dT%H:%M}", f"Chạy bù {occasion.period.label}"
        tell_office(occasion, [run_ended(AlarmKind.FAILED, key, name, str(wrong))])


class HeldAlready(Exception):
    """The period was held since it was due; the message says when."""


def _held(
    occasion: Occasion, mode: Mode, due: Due | None, patience: float | None = None
) -> dict[str, object]:
    """Raises AtWork if another run is at it, HeldAlready if it was held since `due`."""
    send = mode is Mode.SEND
    with holding(occasion, Work.REVIEW, patience=patience) as mine:
        if due is not None:
            _must_be_due(mine, due)
        with progress_shown(mine) as tell:
            standing = review_cycle(mine, send=send, progress=tell)
        if occasion.period.cadence in occasion.regulation.cap.applies:
            step(draw_quota, mine)
        with mine.office.book() as book, book.writing() as conn:
            stamp = Stamp(datetime.now(UTC), occasion.run)
            keep_held(conn, occasion.period_text, sent=send, stamp=stamp)
    follow_on(occasion, send=send)
    show(occasion, lambda figures: ask_for(occasion, figures, sending=send))
    return standing.as_json()


def _must_be_due(occasion: Occasion, due: Due) -> None:
    with occasion.office.book() as book, book.reading() as conn:
        held = recall_held(conn)
    if is_held(held, due):
        at = held[occasion.period_text].at.astimezone(occasion.office.settings.zone)
        raise HeldAlready(
            f"{occasion.period.title} đã được chạy xong lúc {at:%H:%M ngày %d/%m/%Y}, "
            "không cần chạy lại."
        )
