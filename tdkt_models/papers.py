"""The manifests of papers: what each was made from, so that it can be made again byte for byte.

number = keep_paper(conn, Paper("2026-10", "workbook", "office", payload, …), stamp)
recall_paper(conn, number).payload      -> the figures as they were that day

The bytes are not kept: the payload, the words of the template and the versions of the libraries
are, and `sha` proves that the paper made again is the one that was sent (feature L17).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour
from tdkt_models.letter_rows import payload_sha


class PaperRow(Base):
    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint("period", "kind", "scope", "payload_sha", "made_with", name="natural"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    kind: Mapped[str]
    scope: Mapped[str]
    payload_sha: Mapped[str]
    payload: Mapped[dict[str, Any]]
    made_with: Mapped[str]
    sha: Mapped[str]
    size: Mapped[int]


PAPERS = table_of(PaperRow)


@dataclass(frozen=True, slots=True)
class Paper:
    """`kind` is its form (workbook, report_pdf, …), `scope` whose eyes it is for, `made_with` the
    template and the libraries, `sha` and `size` those of the finished bytes."""

    period: str
    kind: str
    scope: str
    payload: Mapping[str, Any]
    made_with: str
    sha: str
    size: int
    id: int = 0
    at: datetime | None = None


def keep_paper(conn: Connection, paper: Paper, stamp: Stamp) -> int:
    """Writes a manifest down, once for the same content. Returns its number."""
    sha = payload_sha(paper.payload)
    row = (
        *(paper.period, paper.kind, paper.scope, sha, dict(paper.payload)),
        *(paper.made_with, paper.sha, paper.size),
    )
    pour(conn, PAPERS, [row], stamp)
    c = PAPERS.c
    found = conn.execute(
        select(c.id).where(
            c.period == paper.period,
            c.kind == paper.kind,
            c.scope == paper.scope,
            c.payload_sha == sha,
            c.made_with == paper.made_with,
        )
    )
    return int(found.scalar_one())


def recall_paper(conn: Connection, number: int) -> Paper | None:
    row = conn.execute(select(PAPERS).where(PAPERS.c.id == number)).one_or_none()
    return None if row is None else _paper_from(row)


def paper_said(conn: Connection, kind: str, payload_sha: str) -> Paper | None:
    """The paper of that kind with that payload, as a letter names what it encloses."""
    query = select(PAPERS).where(PAPERS.c.kind == kind, PAPERS.c.payload_sha == payload_sha)
    row = conn.execute(query.order_by(PAPERS.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _paper_from(row)


def recall_papers(conn: Connection, period: str) -> list[Paper]:
    """The papers of a period in the order they were first made."""
    query = select(PAPERS).where(PAPERS.c.period == period).order_by(PAPERS.c.id)
    return [_paper_from(row) for row in conn.execute(query)]


def _paper_from(row: Any) -> Paper:
    return Paper(
        *(row.period, row.kind, row.scope, row.payload, row.made_with, row.sha, row.size),
        id=row.id,
        at=row.at,
    )
