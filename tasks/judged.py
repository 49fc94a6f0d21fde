"""The file of each unit whose verdict the roll shows, and what was found in it.

judged_files(files, entries)["03637"].name         -> "03637_2026-10.xlsx"
judged_findings(conn, occasion, units)["03637"]    -> its findings
newest_findings(conn, occasion, units)["03637"]    -> those of its newest file, whatever stands
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from review.findings import Finding
from review.post import ABOUT
from review.roll import RollEntry
from tasks.call_roll import in_batches
from tasks.occasion import Occasion
from tdkt_models.files import FileHead, ReceivedFile, recall_file_heads, recall_files
from tdkt_models.findings import recall_findings
from tdkt_models.roll import recall_roll

File = TypeVar("File", ReceivedFile, FileHead)


def judged_files(files: Sequence[File], entries: Sequence[RollEntry]) -> dict[str, File]:
    """By unit, the latest file with the verdict that the roll shows."""
    shown = {entry.unit: entry.verdict for entry in entries}
    return {
        file.unit: file
        for file in files
        if file.unit and file.verdict and file.verdict is shown.get(file.unit)
    }


def judged_findings(
    conn: Connection, occasion: Occasion, units: Collection[str] | None = None
) -> dict[str, tuple[Finding, ...]]:
    """By unit (all, if None), what was found in its judged file."""
    period = occasion.period_text
    received = recall_files(conn, period=period, units=units)
    files = judged_files(received, recall_roll(conn, period, units))
    found = recall_findings(conn, [file.id for file in files.values() if file.id])
    return {unit: found.get(file.id or 0, ()) for unit, file in files.items()}


def findings_of_all(conn: Connection, occasion: Occasion) -> Iterator[tuple[str, Finding]]:
    """Unit and finding of every judged file, in the order the files came: the files are known a
    line a unit, their findings a batch at a time."""
    period = occasion.period_text
    files = judged_files(recall_file_heads(conn, period), recall_roll(conn, period))
    numbers = [(unit, file.id) for unit, file in files.items()]
    for some in in_batches(numbers, occasion.office.settings.work.batch):
        found = recall_findings(conn, [number for _unit, number in some])
        yield from ((unit, one) for unit, number in some for one in found[number])


def answered_findings(conn: Connection, persons: Collection[str]) -> dict[str, tuple[Finding, ...]]:
    """By the reader of an answer ("03637/12"), what was found in the file that it answers."""
    numbers = {person: person.partition(ABOUT)[2] for person in persons}
    files = {person: int(number) for person, number in numbers.items() if number.isdigit()}
    found = recall_findings(conn, list(files.values())) if files else {}
    return {person: found.get(file, ()) for person, file in files.items()}


def newest_files(files: Sequence[ReceivedFile]) -> dict[str, ReceivedFile]:
    """By unit, its newest judged file: what a letter that returns a file is about."""
    return {file.unit: file for file in files if file.unit and file.verdict}


def newest_findings(
    conn: Connection, occasion: Occasion, units: Collection[str]
) -> dict[str, tuple[Finding, ...]]:
    files = newest_files(recall_files(conn, period=occasion.period_text, units=units))
    found = recall_findings(conn, [file.id for file in files.values() if file.id])
    return {unit: found.get(file.id or 0, ()) for unit, file in files.items()}
