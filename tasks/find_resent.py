"""Tell units that sent more than once which version each new one replaces.

find_resent.fn(occasion)    -> 1, how many files are newly told so

Held over the whole period after a round of checks: two versions may be read in any order, by two
processes at once, and must be told the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from prefect import task
from sqlalchemy import Connection

from review.findings import Finding, Verdict, verdict_of
from review.order import ordered, reweighed
from review.resent import RESENT, arrivals_before, resent
from tasks.occasion import Occasion
from tasks.standing import update_roll
from tdkt_models.files import keep_files, recall_files
from tdkt_models.findings import keep_findings, recall_findings
from tdkt_models.history import recall_resent


@task(name="Ghi nhận báo cáo gửi lại")
def find_resent(occasion: Occasion) -> int:
    """One query where nobody sent twice."""
    with occasion.office.book() as book:
        with book.reading() as conn:
            changed = _changed(conn, occasion)
        if changed:
            with book.writing() as conn:
                _keep(conn, occasion, _changed(conn, occasion))
    return len(changed)


def _changed(conn: Connection, occasion: Occasion) -> dict[int, tuple[Finding, ...]]:
    """By file, its findings as they should be, where they are not."""
    before: dict[int, datetime] = {}
    for files in recall_resent(conn, occasion.period_text).values():
        before |= arrivals_before(files)
    there = recall_findings(conn, list(before))
    should = {file: _with(occasion, there[file], at) for file, at in before.items()}
    return {file: findings for file, findings in should.items() if findings != there[file]}


def _with(occasion: Occasion, said: tuple[Finding, ...], at: datetime) -> tuple[Finding, ...]:
    others = [finding for finding in said if finding.check != RESENT]
    regulation, zone = occasion.regulation, occasion.office.settings.zone
    more = reweighed([resent(at.astimezone(zone))], regulation.severities)
    return ordered((*others, *more), regulation.forms[occasion.period.cadence])


def _keep(conn: Connection, occasion: Occasion, changed: Mapping[int, tuple[Finding, ...]]) -> None:
    keep_findings(conn, changed, occasion.stamp)
    files = recall_files(conn, ids=list(changed))
    keep_files(
        conn,
        [
            file._replace(findings=len(said), verdict=_worse(file.verdict, said))
            for file in files
            for said in [changed[file.id or 0]]
        ],
        occasion.stamp,
    )
    update_roll(conn, occasion, sorted({file.unit for file in files if file.unit}))


def _worse(verdict: Verdict | None, said: tuple[Finding, ...]) -> Verdict | None:
    """A file taken in part stays so."""
    return verdict if verdict is Verdict.PARTIAL else verdict_of(said)
