"""Corrections: a few mended lines laid over the file they mend; and the files to send to a unit.

completed(room, originals, paths, examined, forms, period)     each correction with its base
write_answers.fn(occasion, folder)      -> paths of marked workbooks and of correction workbooks
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from prefect import task

from channels.correction import correction
from channels.errors import ChannelRefused
from channels.originals import Originals
from channels.reading_room import ReadingRoom
from channels.side_room import marked
from review.examine import Examined
from review.findings import Finding, Severity
from review.form import Form
from tasks.judged import newest_files
from tasks.occasion import Occasion
from tasks.reading import room_of
from tdkt_models.files import ReceivedFile, recall_files
from tdkt_models.findings import recall_findings

MOST_STEPS = 5  # a correction of a correction …
_SHA = re.compile(r"[0-9a-f]{64}")
Forms = Mapping[str, Form]


def completed(
    room: ReadingRoom,
    originals: Originals,
    paths: Sequence[Path],
    examined: Sequence[Examined],
    forms: Forms,
    period: str,
) -> list[Examined]:
    """The answers, each correction read together with the files it rests on. One whose base we do
    not have stays as it was read: it says so."""
    return [
        _with_its_base(room, originals, path, one, forms, period) if one.corrects else one
        for path, one in zip(paths, examined, strict=True)
    ]


def _with_its_base(
    room: ReadingRoom, originals: Originals, path: Path, one: Examined, forms: Forms, period: str
) -> Examined:
    chain: tuple[Path, ...] = (path,)
    for _ in range(MOST_STEPS):
        if not _SHA.fullmatch(one.corrects):
            break
        base = originals.path(f"{one.corrects[:2]}/{one.corrects}")
        if not base.is_file() or base in chain:
            break
        chain = (base, *chain)
        one = room.examine_one(chain, forms, period)
        if not one.corrects:
            break
    return one


@task(name="Ghi tệp đánh dấu và tệp sửa")
def write_answers(
    occasion: Occasion, folder: Path, units: Collection[str] | None = None
) -> tuple[Path, ...]:
    """For each unit whose newest file has something to mend or explain: its own workbook marked,
    and a workbook of the bad lines only."""
    with occasion.office.book() as book, book.reading() as conn:
        files = newest_files(recall_files(conn, period=occasion.period_text, units=units))
        found = recall_findings(conn, [file.id for file in files.values() if file.id])
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for unit, file in sorted(files.items()):
        findings = found.get(file.id or 0, ())
        if any(finding.severity is not Severity.NOTE for finding in findings):
            for note, data in _of_file(occasion, file, findings):
                path = folder / f"{unit}_{occasion.period_text}_{note}.xlsx"
                path.write_bytes(data)
                written.append(path)
    return tuple(written)


def _of_file(
    occasion: Occasion, file: ReceivedFile, findings: Sequence[Finding]
) -> Iterator[tuple[str, bytes]]:
    """Read again in the reading room: only what it opens is marked."""
    originals = Originals(occasion.office.folder / "received")
    path, forms = originals.path(file.stored_path), occasion.regulation.forms
    room = room_of(occasion.office)
    first = room.examine_one(path, forms, occasion.period_text)
    (read,) = completed(room, originals, [path], [first], forms, occasion.period_text)
    if not read.readable:
        return
    if not first.corrects:
        with contextlib.suppress(ChannelRefused):  # no .xlsx: the letter's list has to do
            yield "danh-dau", marked(path.read_bytes(), findings)
    if read.submission is not None:
        form = forms[occasion.period.cadence]
        if data := correction(form, read.submission, findings, file.sha256):
            yield "dong-sua", data
