"""What was wrong with each file, in the order it was said.

keep_findings(conn, {file_id: findings}, stamp)
recall_findings(conn, [file_id])[file_id]      -> (Finding(…), …)
units_with_findings(conn, "2026-10", ["03637", "03640"])    -> {"03637"}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import CheckConstraint, Connection, ForeignKey, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from review.findings import Finding, Severity
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import replace
from tdkt_models.files import ReceivedFileRow


class FindingRow(Base):
    __tablename__ = "findings"
    __table_args__ = (CheckConstraint(one_of("severity", Severity), name="severity"),)

    file: Mapped[int] = mapped_column(
        ForeignKey("received_files.id"), primary_key=True, autoincrement=False
    )
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    check: Mapped[str]
    severity: Mapped[str]
    sheet: Mapped[str]
    cell: Mapped[str]
    value: Mapped[str]
    says: Mapped[str]
    fix: Mapped[str]


def keep_findings(
    conn: Connection, findings: Mapping[int, Sequence[Finding]], stamp: Stamp
) -> None:
    """Makes these the findings of these files (by file id); an empty sequence clears them."""
    rows = [
        (file, n, f.check, f.severity.value, f.sheet, f.cell, f.value, f.says, f.fix)
        for file, said in sorted(findings.items())
        for n, f in enumerate(said, start=1)
    ]
    replace(conn, table_of(FindingRow), "file", list(findings), rows, stamp)


def units_with_findings(conn: Connection, period: str, units: Collection[str]) -> set[str]:
    """Those of these units in whose files of the period anything was found."""
    found, file = table_of(FindingRow), table_of(ReceivedFileRow).c
    query = select(file.unit).where(file.period == period, file.unit.in_(units))
    query = query.where(exists().where(found.c.file == file.id))
    return set(conn.execute(query).scalars())


def recall_findings(conn: Connection, files: Collection[int]) -> dict[int, tuple[Finding, ...]]:
    """The findings of these files; a file without any has an empty tuple."""
    table = table_of(FindingRow)
    query = select(table).where(table.c.file.in_(files)).order_by(table.c.file, table.c.n)
    found: dict[int, list[Finding]] = defaultdict(list)
    for r in conn.execute(query):
        severity = Severity(r.severity)
        found[r.file].append(Finding(r.check, severity, r.sheet, r.cell, r.value, r.says, r.fix))
    return {file: tuple(found[file]) for file in files}
