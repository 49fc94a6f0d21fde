"""Find reports that say just what another unit's says: asked about, never shown whose.

find_copies.fn(occasion)    -> 2, how many reports are newly found to be copies

Held over the whole period after a round of checks, so that it does not matter which of two came
to be read first: the later one is asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from prefect import task

from review.findings import Finding, Severity, Verdict, verdict_of
from review.order import ordered, reweighed
from tasks.occasion import Occasion
from tasks.standing import update_roll
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.files import ReceivedFile, keep_files, recall_files
from tdkt_models.findings import keep_findings, recall_findings
from tdkt_models.history import recall_copies

CHECK = "CHEP_DON_VI"
COPIED = Finding(
    CHECK,
    Severity.MUST_EXPLAIN,
    "",
    "",
    "",
    "Công việc và điểm giống hệt báo cáo của một đơn vị khác đã gửi trước.",
    "Lập lại theo kết quả của đơn vị mình; nếu đúng như vậy thì giải trình.",
)


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
            new = {
                first: file
                for first, file in copies.items()
                if all(finding.check != CHECK for finding in said[file.id or 0])
            }
            form = occasion.regulation.forms[occasion.period.cadence]
            for first, file in new.items():
                more = reweighed([COPIED], occasion.regulation.severities)
                all_of_it = ordered((*said[file.id or 0], *more), form)
                keep_findings(conn, {file.id or 0: all_of_it}, occasion.stamp)
                judged = replace(file, verdict=_worse(file, all_of_it), findings=len(all_of_it))
                keep_files(conn, [judged], occasion.stamp)
                detail = {"like": first[0], "file": file.id}
                entry = AuditEntry("tdkt", "report.copied", file.unit or "", detail)
                keep_audit(conn, [entry], occasion.stamp)
            update_roll(conn, occasion, sorted({file.unit or "" for file in new.values()}))
    return len(new)


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
