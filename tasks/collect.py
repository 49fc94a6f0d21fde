"""Collect: take in what has arrived in every inbox, each file exactly once, its bytes for ever.

collect.fn(occasion)   -> Collected(taken=57, again=1)
waiting.fn(occasion)   -> [(1, 2, …), …]  the files to be checked, in batches of ids
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from prefect import task

from channels.errors import ChannelBusy
from channels.inboxes import Arrived, inbox_at, is_mailbox
from channels.originals import KeptOriginal, Originals
from tasks.call_roll import in_batches
from tasks.occasion import Occasion
from tasks.reading import expect, read_ahead, room_of
from tasks.seals import put_away_slips
from tdkt_models.base import Book
from tdkt_models.files import (
    FileState,
    ReceivedFile,
    hashes_there,
    keep_files,
    recall_waiting,
    taken_before,
)

TAKEN_AT_ONCE = 200
LEAST_BATCH = 25  # files; fewer cost more by the asking than is won by the sharing
MANY = 20  # batches; from here on two go in one: fewer could not be shared out evenly


def is_busy(_task: object, _run: object, state: Any) -> bool:
    """Only what may go through later is tried again: retries are for ChannelBusy."""
    try:
        state.result()
    except ChannelBusy:
        return True
    except Exception:
        return False
    return False


AGAIN = "Tệp giống hệt tệp đã nhận trước đó: không có gì thay đổi."


@dataclass(frozen=True, slots=True)
class Collected:
    """`again` counts files whose bytes had come before; `locked` those left for the next round."""

    taken: int
    again: int
    locked: int = 0


@task(name="Thu báo cáo", retries=3, retry_delay_seconds=[5, 30, 120], retry_condition_fn=is_busy)
def collect(occasion: Occasion) -> Collected:
    """Raises ChannelRefused where an inbox cannot be read; what came before it stays taken."""
    office = occasion.office
    folders = [inbox_at(inbox) for inbox in office.inboxes if not is_mailbox(inbox)]
    originals = Originals(office.folder / "received")
    with office.book() as book:
        taken = again = locked = 0
        for some in _batches(one for folder in folders for one in folder.arrivals()):
            some = _new(book, some)
            if not some:
                continue
            if not taken:  # something to read: its readers start meanwhile
                room_of(office).open()
            kept = [(one, one.kept_in(originals)) for one in some]
            read = [(one, original) for one, original in kept if original is not None]
            files = _received(book, read, max(occasion.now, datetime.now(UTC)))
            _read_ahead(occasion, originals, files)
            originals.settle()
            with book.writing() as conn:
                keep_files(conn, files, occasion.stamp)
            taken += len(files)
            locked += len(some) - len(files)
            again += sum(file.state is FileState.DUPLICATE for file in files)
        if again:
            with book.reading() as conn:
                put_away_slips(conn, occasion)
    return Collected(taken, again, locked)


@task(name="Xếp tệp chờ kiểm tra")
def waiting(occasion: Occasion) -> list[tuple[int, ...]]:
    """The desks learn in which order they will be asked, also for what came by mail or was left by
    another run."""
    office = occasion.office
    with office.book() as book, book.reading() as conn:
        found = recall_waiting(conn)
    originals = Originals(office.folder / "received")
    paths = [originals.path(place) for place in found.values()]
    expect(office, paths, occasion.regulation.every_form, occasion.period_text)
    return shared_out(list(found), office.settings.work.batch)


def shared_out(files: Sequence[int], size: int) -> list[tuple[int, ...]]:
    """The files in batches of `size`, of twice as many where there are many: each asks the book two
    dozen questions whatever is in it, and writes one transaction."""
    return tapering(in_batches(files, size if len(files) < MANY * size else 2 * size))


def tapering(batches: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The last batch in ever smaller ones: while the last is judged, no desk has anything to read.

    [(1, …, 100)] -> [(1, …, 50), (51, …, 75), (76, …, 100)]
    """
    found = list(batches)
    while found and len(found[-1]) >= 2 * LEAST_BATCH:
        last = found.pop()
        found += [last[: len(last) // 2], last[len(last) // 2 :]]
    return found


def _new(book: Book, arrivals: Sequence[Arrived]) -> list[Arrived]:
    """Those not taken in before; asked for these only, since the book knows of years of files."""
    ids: dict[str, list[str]] = {}
    for one in arrivals:
        ids.setdefault(one.channel, []).append(one.channel_id)
    with book.reading() as conn:
        known = {(name, i) for name, those in ids.items() for i in taken_before(conn, name, those)}
    return [one for one in arrivals if (one.channel, one.channel_id) not in known]


def _received(
    book: Book, arrivals: Sequence[tuple[Arrived, KeptOriginal]], now: datetime
) -> list[ReceivedFile]:
    """A file's time is told by whoever wrote it: one from a clock that runs ahead came no later
    than now, or no correction after it would ever count."""
    with book.reading() as conn:
        hashes = hashes_there(conn, [original.sha256 for _, original in arrivals])
    files = []
    for arrival, original in arrivals:
        again = original.sha256 in hashes
        hashes.add(original.sha256)
        files.append(
            ReceivedFile(
                channel=arrival.channel,
                channel_id=arrival.channel_id,
                sha256=original.sha256,
                name=arrival.name,
                size=arrival.size,
                received_at=min(arrival.received_at, now),
                stored_path=original.place,
                state=FileState.DUPLICATE if again else FileState.WAITING,
                reason=AGAIN if again else "",
            )
        )
    return files


def _read_ahead(occasion: Occasion, originals: Originals, files: Sequence[ReceivedFile]) -> None:
    """The desks begin while this process is still taking in."""
    new = [file for file in files if file.state is FileState.WAITING]
    paths = [originals.path(file.stored_path) for file in new]
    read_ahead(occasion.office, paths, occasion.regulation.every_form, occasion.period_text)


def _batches(arrivals: Iterable[Arrived]) -> Iterator[Sequence[Arrived]]:
    arrivals = iter(arrivals)
    while some := list(islice(arrivals, TAKEN_AT_ONCE)):
        yield some
