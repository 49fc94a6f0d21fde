"""What the watch finds in the book: files that wait, schedules that stopped, a machine gone dark.

look_for_waiting_files.fn(occasion)     -> Alarm, or None
silence(office, now)                    -> Alarm, or None: asked from outside Prefect too
note_beat(occasion)                     -> Outage, where no scheduled run had begun for long
expect_beats(office)                    once, when the schedules are first switched on
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from prefect import task

from review.alarms import Alarm, AlarmKind, files_waiting, silent
from tasks.occasion import Occasion
from tasks.office import Office
from tdkt_models.alarms import over, was_told
from tdkt_models.base import Stamp
from tdkt_models.beats import Outage, beat, last_beat, recall_outages
from tdkt_models.counted import files_of_run, waiting_files


@task(name="Tìm tệp chờ xử lý")
def look_for_waiting_files(occasion: Occasion) -> Alarm | None:
    """Files that came longer ago than the office allows and are not judged, or lie aside for a
    person. Where there are none, an earlier alarm is over."""
    office, now = occasion.office, datetime.now(UTC)
    before = now - timedelta(minutes=office.settings.desk.file_minutes)
    with office.book() as book:
        with book.reading() as conn:
            lines = list(_said(waiting_files(conn, before)))
        if not lines:
            with book.writing() as conn:
                over(conn, AlarmKind.WAITING, Stamp(now, occasion.run))
    return files_waiting(lines, office.screen) if lines else None


def _said(found: list[tuple[str, str, int]]) -> Iterator[str]:
    words = {
        "waiting": "tệp đã nhận nhưng chưa kiểm tra",
        "set_aside": "tệp để riêng, chờ người xem",
    }
    for period, state, count in found:
        which = f"kỳ {period}" if period else "chưa rõ kỳ nào"
        yield f"{count} {words[state]} ({which})."


def note_beat(occasion: Occasion) -> Outage | None:
    """A scheduled run has begun: silence is over, and if it was long, the machine had been off."""
    now, stamp = datetime.now(UTC), Stamp(datetime.now(UTC), occasion.run)
    gap = timedelta(minutes=occasion.office.settings.desk.silent_minutes)
    with occasion.office.book() as book, book.writing() as conn:
        outage = beat(conn, now, stamp, gap)
        if outage:
            over(conn, AlarmKind.SILENT, stamp)
    return outage


def expect_beats(office: Office) -> None:
    """The schedules have been switched on here for the first time: from now on their silence is
    heard, also where none of them ever begins a run."""
    now = datetime.now(UTC)
    with office.book() as book, book.writing() as conn:
        if last_beat(conn) is None:
            beat(conn, now, Stamp(now, "tdkt-up"), timedelta.max)


def came_in(occasion: Occasion) -> int:
    """How many files this run took in or judged."""
    with occasion.office.book() as book, book.reading() as conn:
        return files_of_run(conn, occasion.run)


def last_outage(occasion: Occasion) -> Outage | None:
    """The last time that the machine had been off."""
    with occasion.office.book() as book, book.reading() as conn:
        outages = recall_outages(conn)
    return outages[-1] if outages else None


def was_told_of(occasion: Occasion, kind: AlarmKind, key: str) -> bool:
    with occasion.office.book() as book, book.reading() as conn:
        return was_told(conn, kind, key)


def forget_what_is_over(occasion: Occasion, kind: AlarmKind) -> None:
    """What an alarm of this kind told is so no more: the next time it is told anew."""
    with occasion.office.book() as book, book.writing() as conn:
        over(conn, kind, Stamp(datetime.now(UTC), occasion.run))


def silence(office: Office, now: datetime | None = None) -> Alarm | None:
    """Whether the schedules have stopped: no scheduled run has begun for too long."""
    minutes = office.settings.desk.silent_minutes
    with office.book() as book, book.reading() as conn:
        last = last_beat(conn)
    if last is None or (now or datetime.now(UTC)) - last <= timedelta(minutes=minutes):
        return None
    return silent(f"{last.astimezone(office.settings.zone):%H:%M ngày %d/%m/%Y}", minutes)
