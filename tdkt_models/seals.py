"""The regulations that were used, with the facts they scored by at the time.

keep_seal(conn, Seal("2026-01", "2026-10", digest, facts), stamp)
recall_seal(conn, "2026-01").facts["work.TD01"]     -> 100
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour


class SealRow(Base):
    __tablename__ = "regulation_seals"

    regulation: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str]
    digest: Mapped[str]
    facts: Mapped[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Seal:
    """`period` is the first that was scored by the regulation; `digest` of the facts."""

    regulation: str
    period: str
    digest: str
    facts: Mapping[str, Any]


def keep_seal(conn: Connection, seal: Seal, stamp: Stamp) -> None:
    row = (seal.regulation, seal.period, seal.digest, dict(seal.facts))
    pour(conn, table_of(SealRow), [row], stamp)


def recall_seal(conn: Connection, regulation: str) -> Seal | None:
    table = table_of(SealRow)
    row = conn.execute(select(table).where(table.c.regulation == regulation)).one_or_none()
    return None if row is None else Seal(row.regulation, row.period, row.digest, row.facts)
