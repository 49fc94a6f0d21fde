"""Collect: take in what has arrived in every inbox, each file exactly once, its bytes for ever.

collect.fn(occasion)   -> Collected(taken=57, again=1)
waiting.fn(occasion)   -> [(1, 2, …), …]  the files to be checked, in batches of ids
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from prefect import task

from channels.errors import ChannelBusy
from channels.inboxes import Arrived, inbox_at, is_mailbox
from channels.originals import Originals
from tasks.call_roll import in_batches
from tasks.occasion import Occasion
from tasks.reading import reading_room
from tdkt_models.files import FileState, ReceivedFile, keep_files, recall_files

TAKEN_AT_ONCE = 100


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
    with office.book() as book:
        with book.reading() as conn:
            before = recall_files(conn)
        known = {file.channel_id for file in before}
        hashes = {file.sha256 for file in before}
        taken = again = locked = 0
        arrivals = (one for folder in folders for one in folder.arrivals(known))
        for some in _batches(arrivals):
            if not taken:  # there will be something to read: its readers start meanwhile
                reading_room(office.settings.work.processes).open()
            found = [_received(occasion, arrival, hashes) for arrival in some]
            files = [file for file in found if file is not None]
            with book.writing() as conn:
                keep_files(conn, files, occasion.stamp)
            taken += len(files)
            locked += len(found) - len(files)
            again += sum(file.state is FileState.DUPLICATE for file in files)
    return Collected(taken, again, locked)


@task(name="Xếp tệp chờ kiểm tra")
def waiting(occasion: Occasion) -> list[tuple[int, ...]]:
    with occasion.office.book() as book, book.reading() as conn:
        files = recall_files(conn, state=FileState.WAITING)
    ids = [file.id for file in files if file.id is not None]
    return in_batches(ids, occasion.office.settings.work.batch)


def _received(occasion: Occasion, arrival: Arrived, hashes: set[str]) -> ReceivedFile | None:
    original = arrival.kept_in(Originals(occasion.office.folder / "received"))
    if original is None:
        return None
    again = original.sha256 in hashes
    hashes.add(original.sha256)
    return ReceivedFile(
        channel=arrival.channel,
        channel_id=arrival.channel_id,
        sha256=original.sha256,
        name=arrival.name,
        size=arrival.size,
        received_at=arrival.received_at,
        stored_path=original.place,
        state=FileState.DUPLICATE if again else FileState.WAITING,
        reason=AGAIN if again else "",
    )


def _batches(arrivals: Iterable[Arrived]) -> Iterator[Sequence[Arrived]]:
    arrivals = iter(arrivals)
    while some := list(islice(arrivals, TAKEN_AT_ONCE)):
        yield some
