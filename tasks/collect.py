"""Collect: take in what has arrived in every inbox, each file exactly once, its bytes for ever.

collect.fn(occasion)   -> Collected(taken=57, again=1)
waiting.fn(occasion)   -> [(1, 2, …), …]  the files to be checked, in batches of ids
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from prefect import task

from channels.errors import ChannelBusy
from channels.folder import Arrival, Folder
from channels.originals import Originals, sha256_of
from tasks.call_roll import in_batches
from tasks.occasion import Occasion
from tasks.reading import reading_room
from tdkt_models.files import FileState, ReceivedFile, keep_files, recall_files

TAKEN_AT_ONCE = 100
AGAIN = "Tệp giống hệt tệp đã nhận trước đó: không có gì thay đổi."


@dataclass(frozen=True, slots=True)
class Collected:
    """`again` counts files whose bytes had come before."""

    taken: int
    again: int


@task(name="Thu báo cáo", retries=3, retry_delay_seconds=[5, 30, 120])
def collect(occasion: Occasion) -> Collected:
    """Raises ChannelRefused where an inbox cannot be read; what came before it stays taken."""
    with occasion.office.book() as book:
        with book.reading() as conn:
            before = recall_files(conn)
        known = {file.channel_id for file in before}
        hashes = {file.sha256 for file in before}
        taken = again = 0
        for some in _batches(_arrivals(occasion, known)):
            if not taken:  # there will be something to read: its readers start meanwhile
                reading_room(occasion.office.settings.work.processes).open()
            files = [_received(occasion, arrival, hashes) for arrival in some]
            with book.writing() as conn:
                keep_files(conn, files, occasion.stamp)
            taken += len(files)
            again += sum(file.state is FileState.DUPLICATE for file in files)
    return Collected(taken, again)


@task(name="Xếp tệp chờ kiểm tra")
def waiting(occasion: Occasion) -> list[tuple[int, ...]]:
    with occasion.office.book() as book, book.reading() as conn:
        files = recall_files(conn, state=FileState.WAITING)
    ids = [file.id for file in files if file.id is not None]
    return in_batches(ids, occasion.office.settings.work.batch)


def _arrivals(occasion: Occasion, known: set[str]) -> Iterator[Arrival]:
    for inbox in occasion.office.inboxes:
        folder = Folder(Path(inbox.removeprefix("file://")))
        try:
            yield from folder.arrivals(known)
        except ChannelBusy:
            continue  # a locked file waits for the next round; the other inboxes do not


def _received(occasion: Occasion, arrival: Arrival, hashes: set[str]) -> ReceivedFile:
    sha = sha256_of(arrival.data)
    again = sha in hashes
    hashes.add(sha)
    return ReceivedFile(
        channel=arrival.channel,
        channel_id=arrival.channel_id,
        sha256=sha,
        name=arrival.name,
        size=len(arrival.data),
        received_at=arrival.received_at,
        stored_path=Originals(occasion.office.folder / "received").keep(arrival.data),
        state=FileState.DUPLICATE if again else FileState.WAITING,
        reason=AGAIN if again else "",
    )


def _batches(arrivals: Iterable[Arrival]) -> Iterator[Sequence[Arrival]]:
    arrivals = iter(arrivals)
    while some := list(islice(arrivals, TAKEN_AT_ONCE)):
        yield some
