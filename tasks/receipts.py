"""What the office says under its key of a file that came, and what it says otherwise than before.

receipt_of(occasion, file, unit)        -> {"unit": "03637", "sha256": "ab12…", …}
token_of(occasion, file, unit)          -> the same, signed: a block of text that verifies offline
changes_of(conn, occasion, [file])      -> {12: ("S3 …: “Số lượng hoàn thành” 12 → 14",)}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from channels.signing import office_key, signed
from review.changes import differences
from review.units import Unit
from tasks.occasion import Occasion
from tdkt_models.files import ReceivedFile
from tdkt_models.submissions import KeptSubmission, recall_kept


def token_of(occasion: Occasion, file: ReceivedFile, unit: Unit) -> str:
    """The office's key is made at its first use."""
    return signed(receipt_of(occasion, file, unit), office_key(occasion.office.folder))


def receipt_of(occasion: Occasion, file: ReceivedFile, unit: Unit) -> dict[str, Any]:
    """What the office says under its key: nothing that a later act could make untrue."""
    received = file.received_at.astimezone(occasion.office.settings.zone)
    return {
        "office": occasion.office.settings.name,
        "unit": unit.code,
        "unit_name": unit.name,
        "period": occasion.period_text,
        "file": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "received_at": received.isoformat(timespec="seconds"),
        "version": file.version or 1,
        "verdict": file.verdict.value if file.verdict else "",
        "findings": file.findings,
    }


def changes_of(
    conn: Connection, occasion: Occasion, files: Sequence[ReceivedFile]
) -> dict[int, tuple[str, ...]]:
    """By file that is not its unit's first: what it says otherwise than the readable version
    before it."""
    later = {file.id: file for file in files if (file.version or 1) > 1}
    form = occasion.regulation.forms.get(occasion.period.cadence)
    if not later or form is None:
        return {}
    units = sorted({file.unit or "" for file in later.values()})
    versions: defaultdict[str, list[KeptSubmission]] = defaultdict(list)
    for kept in recall_kept(conn, occasion.period_text, units, standing_only=False):
        versions[kept.submission.unit].append(kept)
    found: dict[int, tuple[str, ...]] = {}
    for those in versions.values():
        inorder = sorted(those, key=lambda kept: kept.file)
        for older, newer in pairwise(inorder):
            if newer.file in later:
                changes = differences(older.submission, newer.submission, form)
                found[newer.file] = tuple(change.says for change in changes)
    return found
