"""Findings that an accepted explanation keeps quiet: what they were, should it be taken back.

keep_quieted(conn, {file_id: [(3, finding)]}, stamp)
recall_quieted(conn, explanation=3)        -> {file_id: (Finding(…), …)}

They are no part of what is wrong with a file (tdkt_models/findings.py) as long as they stand here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from review.findings import Finding, Severity
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import replace


class QuietedFindingRow(Base):
    __tablename__ = "quieted_findings"
    __table_args__ = (
        CheckConstraint(one_of("severity", Severity), name="severity"),
        Index(None, "explanation"),
    )

    file: Mapped[int] = mapped_column(
        ForeignKey("received_files.id"), primary_key=True, autoincrement=False
    )
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    explanation: Mapped[int] = mapped_column(ForeignKey("explanations.id"))
    check: Mapped[str]
    severity: Mapped[str]
    sheet: Mapped[str]
    cell: Mapped[str]
    value: Mapped[str]
    says: Mapped[str]
    fix: Mapped[str]


QUIETED = table_of(QuietedFindingRow)
Quieted = tuple[int, Finding]  # the number of the explanation, and what it keeps quiet


def keep_quieted(conn: Connection, quieted: Mapping[int, Sequence[Quieted]], stamp: Stamp) -> None:
    """Makes these the quieted findings of these files (by file id)."""
    rows = [
        (file, n, number, f.check, f.severity, f.sheet, f.cell, f.value, f.says, f.fix)
        for file, those in sorted(quieted.items())
        for n, (number, f) in enumerate(those, start=1)
    ]
    replace(conn, QUIETED, "file", list(quieted), rows, stamp)


def add_quieted(conn: Connection, file: int, more: Quieted, stamp: Stamp) -> None:
    """One more finding of a file is quiet."""
    query = select(QUIETED).where(QUIETED.c.file == file).order_by(QUIETED.c.n)
    known = [(row.explanation, _finding(row)) for row in conn.execute(query)]
    if more not in known:
        keep_quieted(conn, {file: [*known, more]}, stamp)


def recall_quieted(conn: Connection, explanation: int) -> dict[int, tuple[Finding, ...]]:
    """By file, what an explanation keeps quiet."""
    query = select(QUIETED).where(QUIETED.c.explanation == explanation)
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    for row in conn.execute(query.order_by(QUIETED.c.file, QUIETED.c.n)):
        found[row.file].append(_finding(row))
    return {file: tuple(those) for file, those in found.items()}


def forget_quieted(conn: Connection, explanation: int, file: int) -> None:
    """What that explanation kept quiet in a file is asked again."""
    conn.execute(
        delete(QUIETED).where(QUIETED.c.explanation == explanation, QUIETED.c.file == file)
    )


def _finding(row: object) -> Finding:
    names = ("check", "sheet", "cell", "value", "says", "fix")
    check, *rest = (getattr(row, name) for name in names)
    return Finding(check, Severity(getattr(row, "severity")), *rest)  # noqa: B009
