"""Keep reports that were not handed in as files: past periods of a sample, or of an older register.

keep_reports.fn(occasion, submissions)      they stand and count, as if checked and accepted
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from prefect import task

from review.findings import Verdict
from review.roll import RollEntry, RollState
from review.submission import Submission
from tasks.call_roll import call_roll
from tasks.occasion import Occasion
from tdkt_models.files import FileState, ReceivedFile, keep_files
from tdkt_models.roll import keep_roll, recall_roll
from tdkt_models.submissions import KeptSubmission, content_digest, keep_submissions

CHANNEL = "history"


@task(name="Ghi báo cáo các kỳ trước")
def keep_reports(occasion: Occasion, submissions: Sequence[Submission]) -> int:
    """Calls the roll, and lets these reports stand. A second run finds them there already."""
    call_roll.fn(occasion)
    with occasion.office.book() as book, book.writing() as conn:
        files = keep_files(conn, [_file(occasion, one) for one in submissions], occasion.stamp)
        batch = [
            KeptSubmission(said, file.id or 0, standing=True)
            for said, file in zip(submissions, files, strict=True)
        ]
        kept = {one.submission.unit: one for one in keep_submissions(conn, batch, occasion.stamp)}
        entries = recall_roll(conn, occasion.period_text, list(kept))
        keep_roll(conn, [_counts(entry, kept[entry.unit]) for entry in entries], occasion.stamp)
    return len(kept)


def _file(occasion: Occasion, said: Submission) -> ReceivedFile:
    sha = hashlib.sha256(f"{CHANNEL}:{content_digest(said)}".encode()).hexdigest()
    return ReceivedFile(
        channel=CHANNEL,
        channel_id=f"{said.unit}:{said.period}:{sha[:12]}",
        sha256=sha,
        name=f"{said.unit}_{said.period}.xlsx",
        size=0,
        received_at=occasion.deadlines.due,
        stored_path="",
        period=said.period,
        unit=said.unit,
        state=FileState.CHECKED,
        verdict=Verdict.ACCEPTED,
        version=1,
    )


def _counts(entry: RollEntry, kept: KeptSubmission) -> RollEntry:
    nil = bool(getattr(kept.submission.cover, "nil", "") == "co")
    return RollEntry(
        unit=entry.unit,
        period=entry.period,
        due=entry.due,
        state=RollState.NIL if nil else RollState.ACCEPTED,
        verdict=Verdict.ACCEPTED,
        received=True,
        received_at=entry.due,
        counted=kept.id,
    )
