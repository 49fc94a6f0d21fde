"""Titles that persons and units were given, each by its decision: what later years rest on.

keep_titles_given(conn, [TitleGiven(2025, "03637-01", "cstdcs", "QĐ 15/QĐ-UBND")], stamp)
recall_titles_given(conn, range(2021, 2026))["03637-01"]   -> {2025: {"cstdcs": "QĐ 15/QĐ-UBND"}}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, Connection, select
from sqlalchemy.orm import Mapped, mapped_column

from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour


class TitleGivenRow(Base):
    """`holder` is the code of a cadre or of a unit: no two of them are alike."""

    __tablename__ = "titles_given"
    __table_args__ = (CheckConstraint("document <> ''", name="document"),)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]


@dataclass(frozen=True, slots=True)
class TitleGiven:
    year: int
    holder: str
    title: str
    document: str


def keep_titles_given(conn: Connection, titles: Sequence[TitleGiven], stamp: Stamp) -> None:
    """A title given again by another decision rests on the later one."""
    rows = [(one.year, one.holder, one.title, one.document) for one in titles]
    pour(conn, table_of(TitleGivenRow), rows, stamp)


def recall_titles_given(
    conn: Connection, years: Iterable[int]
) -> dict[str, dict[int, dict[str, str]]]:
    """By holder and year: each title with its decision."""
    table = table_of(TitleGivenRow)
    found: defaultdict[str, dict[int, dict[str, str]]] = defaultdict(dict)
    for row in conn.execute(select(table).where(table.c.year.in_(list(years)))):
        found[row.holder].setdefault(row.year, {})[row.title] = row.document
    return dict(found)
