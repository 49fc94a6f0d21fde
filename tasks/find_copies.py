"""Find reports that say just what another unit's says: asked about, never shown whose.

find_copies.fn(occasion)    -> 2, how many reports are newly found to be copies

Held over the whole period after a round of checks, so that it does not matter which of two came
to be read first: the later one is asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from prefect import task
from sqlalchemy import Connection

from review.explanations import Explanation, as_answered
from review.findings import Finding, Verdict, verdict_of
from review.order import ordered, reweighed
from review.substance import COPIED
from tasks.explained import copy_explained
from tasks.occasion import Occasion
from tasks.standing import update_roll
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.files import ReceivedFile, keep_files, recall_files
from tdkt_models.findings import keep_findings, recall_findings
from tdkt_models.history import recall_copies
from tdkt_models.quieted import add_quieted


@task(name="Tìm báo cáo chép của nhau")
def find_copies(occasion: Occasion) -> int:
    """One query where there is none, as nearly always."""
    with occasion.office.book() as book:
        with book.reading() as conn:
            found = recall_copies(conn, occasion.period_text)
        if not found:
            return 0
        with book.writing() as conn:
            files = {f.id: f for f in recall_files(conn, ids=[file for _, _, file in found])}
            copies = _copies(found, files)
            said = recall_findings(conn, [file.id or 0 for file in copies.values()])
            answered = copy_explained(conn, occasion, [unit for _, unit in copies])
            new = 0
            for (first, unit), file in copies.items():
                if all(finding.check != COPIED.check for finding in said[file.id or 0]):
                    found_now = _Copy(file, first, said[file.id or 0], answered.get(unit))
                    new += _keep(conn, occasion, found_now)
            update_roll(conn, occasion, sorted({unit for _, unit in copies}))
    return new


@dataclass(frozen=True, slots=True)
class _Copy:
    """A report that says just what that of the unit `first` says; what is said of it already, and
    what its unit has explained."""

    file: ReceivedFile
    first: str
    said: tuple[Finding, ...]
    explained: Explanation | None


def _keep(conn: Connection, occasion: Occasion, copy: _Copy) -> bool:
    """Whether it is asked about: what the office has accepted is kept quiet."""
    file, one = copy.file.id or 0, copy.explained
    if one is not None and one.holds_on(occasion.period.end):
        add_quieted(conn, file, (one.id or 0, COPIED), occasion.stamp)
        return False
    asked = as_answered(COPIED, one) if one is not None else COPIED
    more = reweighed([asked], occasion.regulation.severities)
    form = occasion.regulation.forms[occasion.period.cadence]
    findings = ordered((*copy.said, *more), form)
    keep_findings(conn, {file: findings}, occasion.stamp)
    judged = copy.file._replace(verdict=_worse(copy.file, findings), findings=len(findings))
    keep_files(conn, [judged], occasion.stamp)
    detail = {"like": copy.first, "file": file}
    keep_audit(
        conn, [AuditEntry("tdkt", "report.copied", copy.file.unit or "", detail)], occasion.stamp
    )
    return True


def _copies(
    found: list[tuple[str, str, int]], files: Mapping[int | None, ReceivedFile]
) -> dict[tuple[str, str], ReceivedFile]:
    """Each later file by (the unit that came first, its own unit)."""
    alike: defaultdict[str, list[ReceivedFile]] = defaultdict(list)
    for kept, _, file in found:
        alike[kept].append(files[file])
    copies: dict[tuple[str, str], ReceivedFile] = {}
    for those in alike.values():
        first, *later = sorted(those, key=lambda file: (file.received_at, file.id or 0))
        copies |= {(first.unit or "", file.unit or ""): file for file in later}
    return copies


def _worse(file: ReceivedFile, findings: tuple[Finding, ...]) -> Verdict | None:
    """A file taken in part stays so; one in order is now remarked upon."""
    return file.verdict if file.verdict is Verdict.PARTIAL else verdict_of(findings)
