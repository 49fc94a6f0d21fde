"""A small office with a book and reports put straight into it: for tests of plans and cycles.

office = small_office(tmp_path)
report(office, "2026-10", told)          the unit's report of the month stands, as if checked
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from channels.library import regulation_in_force
from review.findings import Verdict
from review.period import Period
from review.roll import RollEntry, RollState
from review.roster import Roster
from review.submission import Submission, Table
from tasks.call_roll import call_roll
from tasks.occasion import Occasion
from tasks.office import Office, make_office
from tasks.roster import keep_roster
from tdkt_models.files import FileState, ReceivedFile, keep_files
from tdkt_models.roll import keep_roll, recall_roll
from tdkt_models.submissions import KeptSubmission, keep_submissions
from tests.fresh_book import lay_open

Rows = Sequence[Mapping[str, Any]]


def small_office(folder: Path, roster: Roster) -> Office:
    office = Office.at(folder / "office")
    make_office(office, demo=True)
    lay_open(office)
    with office.book() as book, book.writing() as conn:
        keep_roster(conn, roster, occasion(office, "2026-10").stamp)
    return office


def occasion(office: Office, period: str) -> Occasion:
    about = Period.parse(period)
    held = datetime.combine(about.end + timedelta(days=12), datetime.min.time(), UTC)
    return Occasion(office, about, run=f"test-{period}", now=held)


def report(office: Office, period: str, unit: str, tables: Mapping[str, Rows]) -> None:
    """The unit's report stands and counts on the roll; a second one takes the first one's place."""
    about = occasion(office, period)
    call_roll.fn(about)
    said = submission(unit, period, tables)
    sha = hashlib.sha256(repr(said).encode()).hexdigest()
    received = ReceivedFile(
        channel="test", channel_id=f"{unit}:{period}:{sha}", sha256=sha, size=1,
        name=f"{unit}_{period}.xlsx", received_at=about.now, stored_path="", period=period,
        unit=unit, state=FileState.CHECKED, verdict=Verdict.ACCEPTED, version=1,
    )  # fmt: skip
    with office.book() as book, book.writing() as conn:
        (file,) = keep_files(conn, [received], about.stamp)
        (kept,) = keep_submissions(conn, [KeptSubmission(said, file.id or 0, True)], about.stamp)
        (entry,) = recall_roll(conn, period, [unit])
        standing = RollEntry(
            unit, period, entry.due, RollState.ACCEPTED, Verdict.ACCEPTED, True, about.now,
            counted=kept.id,
        )  # fmt: skip
        keep_roll(conn, [standing], about.stamp)


def submission(unit: str, period: str, tables: Mapping[str, Rows]) -> Submission:
    """Every sheet of the form, those not told of without lines; what a row leaves out is blank."""
    form = regulation_in_force(period).forms[Period.parse(period).cadence]
    told = {"cover": [{"unit": unit, "period": period, "nil": "khong"}], **tables}
    made = {}
    for sheet in form.sheets:
        rows = [
            (line, *(row.get(field.name, _blank(field.type)) for field in sheet.fields))
            for line, row in enumerate(told.get(sheet.key, ()), start=6)
        ]
        made[sheet.key] = Table(sheet.key, sheet.columns, tuple(rows))
    return Submission(unit, period, form.code, form.version, made)


def _blank(kind: str) -> str | None:
    return "" if kind in ("text", "code") else None
