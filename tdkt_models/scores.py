"""The scorecards: one person's result of one period, with every reason.

keep_cards(conn, cards, stamp, regulation="2026-01", submissions={"03637": 12})
recall_cards(conn, "2026-10", units=["03637"])      -> the same cards
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, case, func, select
from sqlalchemy.orm import Mapped, mapped_column

from review.month_columns import STATUS, UNKNOWN
from review.quota_people import RANK
from review.result_columns import Row
from review.scorecard import CardStatus, Grade, Reason, Scorecard
from tdkt_models.base import Base, Stamp, by_index, one_of, table_of
from tdkt_models.bulk import EMPTY, pour, take_out_others
from tdkt_models.engine import as_json
from tdkt_models.files import ReceivedFileRow
from tdkt_models.submissions import SubmissionRow

FIGURES = ("general", "a", "b", "c", "d", "dd", "e", "mean", "task_score", "total")
BOUNDS = ("low", "high")
BY_UNIT = ("period", "unit")


class ScorecardRow(Base):
    """All figures in hundredths, as in review.scorecard."""

    __tablename__ = "scorecards"
    __table_args__ = (
        CheckConstraint(one_of("status", CardStatus), name="status"),
        CheckConstraint(one_of("provisional", Grade), name="provisional"),
        CheckConstraint(one_of("grade", Grade), name="grade"),
        Index(None, "period", "unit"),
        {"sqlite_with_rowid": False},  # the key is the table: a third less writing
    )

    period: Mapped[str] = mapped_column(ForeignKey("cycles.period"), primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.code"), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    status: Mapped[str]
    general: Mapped[int | None]
    a: Mapped[int | None]
    b: Mapped[int | None]
    c: Mapped[int | None]
    d: Mapped[int | None]
    dd: Mapped[int | None]
    e: Mapped[int | None]
    mean: Mapped[int | None]
    task_score: Mapped[int | None]
    total: Mapped[int | None]
    provisional: Mapped[str | None]
    grade: Mapped[str | None]
    flags: Mapped[list[Any]]
    reasons: Mapped[list[Any]]
    regulation: Mapped[str]
    submission: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    low: Mapped[int | None] = mapped_column(sort_order=100)  # added later, behind all the others
    high: Mapped[int | None] = mapped_column(sort_order=101)


def keep_cards(
    conn: Connection,
    cards: Sequence[Scorecard],
    stamp: Stamp,
    *,
    regulation: str,
    submissions: Mapping[str, int] | None = None,
    only_for: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Writes cards by period and cadre.

    `submissions` gives, by unit, the id of the submission they were scored from. `only_for`
    ({period: units}) also takes out what these units had there and are not given now.
    """
    table, sources, figures = table_of(ScorecardRow), submissions or {}, attrgetter(*FIGURES)
    rows = [
        (
            card.period,
            card.cadre,
            card.unit,
            STATUS_WORDS[card.status],
            *figures(card),
            GRADE_WORDS[card.provisional],
            GRADE_WORDS[card.grade],
            as_json(card.flags) if card.flags else EMPTY,
            as_json([_plain(reason) for reason in card.reasons]) if card.reasons else EMPTY,
            regulation,
            sources.get(card.unit),
            card.low,
            card.high,
        )
        for card in cards
    ]
    take_out_others(conn, table, only_for, {row[:2] for row in rows})
    pour(conn, table, rows, stamp, written=True)


def recall_cards(
    conn: Connection, period: str, units: Collection[str] | None = None
) -> list[Scorecard]:
    """The cards of a period (of these units only, if given), by unit and cadre."""
    c = table_of(ScorecardRow).c
    query = select(*(c[name] for name in FIELDS)).where(c.period == period)
    if units is not None:
        query = by_index(query.where(c.unit.in_(units)), table_of(ScorecardRow), *BY_UNIT)
    rows = conn.execute(query).tuples().all()
    return sorted(map(_card_from, rows), key=attrgetter("unit", "cadre"))


def recall_totals(
    conn: Connection, period: str, cadres: Collection[str] | None = None
) -> dict[str, int | None]:
    """By cadre (of these only, if given), the points of a period; None for a result without any."""
    c = table_of(ScorecardRow).c
    points = case((c.status == CardStatus.OK.value, c.total))
    query = select(c.cadre, points).where(c.period == period)
    if cadres is not None:
        query = query.where(c.cadre.in_(cadres))
    return dict(conn.execute(query).tuples().all())


def recall_result_rows(conn: Connection, period: str) -> list[Row]:
    """The cards of a period as rows of figures alone (review.result_columns), by unit and cadre."""
    c = table_of(ScorecardRow).c
    query = select(
        c.cadre,
        c.unit,
        case(*((c.status == status.value, n) for n, status in enumerate(STATUS))),
        func.coalesce(c.total, UNKNOWN),
        func.coalesce(c.task_score, UNKNOWN),
        func.coalesce(c.total, c.low, 0),
        func.coalesce(c.total, c.high, 100_00),
        _rank_of(c.provisional),
        _rank_of(c.grade),
    )
    rows = conn.execute(query.where(c.period == period)).tuples()
    return sorted((tuple(row) for row in rows), key=lambda row: (row[1], row[0]))


def _rank_of(grade: Any) -> Any:
    return case(*((grade == one.value, rank) for one, rank in RANK.items()), else_=UNKNOWN)


class Source(NamedTuple):
    """The file whose report a card was scored from."""

    name: str
    sha256: str
    version: int
    received_at: datetime


def recall_sources(
    conn: Connection, period: str, units: Collection[str] | None = None
) -> dict[str, Source]:
    """By cadre; nobody who was not scored from a report."""
    cards, said, files = (table_of(t) for t in (ScorecardRow, SubmissionRow, ReceivedFileRow))
    whose = select(cards.c.cadre, cards.c.submission).where(cards.c.period == period)
    told = (
        select(said.c.id, files.c.name, files.c.sha256, files.c.version, files.c.received_at)
        .join_from(said, files, files.c.id == said.c.file)
        .where(said.c.period == period)
    )
    if units is not None:
        whose = by_index(whose.where(cards.c.unit.in_(units)), cards, *BY_UNIT)
        told = told.where(said.c.unit.in_(units))
    reports = {
        report: Source(name, sha, version or 1, at)
        for report, name, sha, version, at in conn.execute(told).tuples()
    }
    rows = conn.execute(whose).tuples().all()
    return {cadre: reports[report] for cadre, report in rows if report in reports}


def reported_since(conn: Connection, period: str) -> list[str]:
    """The units whose report that stands is another than the one their cards were scored from."""
    cards, said = table_of(ScorecardRow).c, table_of(SubmissionRow).c
    other = func.coalesce(cards.submission, 0) != said.id
    query = (
        select(cards.unit)
        .join_from(cards.unit.table, said.id.table, said.unit == cards.unit)
        .where(cards.period == period, said.period == period, said.standing, other)
        .distinct()
    )
    return sorted(conn.execute(query).scalars())


def count_cards(conn: Connection, period: str, units: Collection[str]) -> Counter[CardStatus]:
    """How many cards of each status these units have in a period."""
    c = table_of(ScorecardRow).c
    query = select(c.status, func.count()).where(c.period == period, c.unit.in_(units))
    query = by_index(query, table_of(ScorecardRow), *BY_UNIT)
    rows = conn.execute(query.group_by(c.status)).tuples()
    return Counter({CardStatus(status): count for status, count in rows})


def count_people(conn: Connection, period: str) -> int:
    """How many people have a card in a period."""
    table = table_of(ScorecardRow)
    query = select(func.count()).select_from(table).where(table.c.period == period)
    return conn.execute(query).scalar_one()


def _plain(reason: Reason) -> dict[str, Any]:
    return {
        "term": reason.term,
        "says": reason.says,
        "lost": reason.lost,
        "cells": list(reason.cells),
        "article": reason.article,
    }


# What the book keeps of a card, in the order of the card's own fields.
FIELDS = tuple(name for name in Scorecard._fields if name != "approved")
STATUS_AT, FLAGS_AT, REASONS_AT = map(FIELDS.index, ("status", "flags", "reasons"))
GRADES_AT = tuple(map(FIELDS.index, ("provisional", "grade")))
STATUSES = {status.value: status for status in CardStatus}
GRADES = {grade.value: grade for grade in Grade}
# Asked of an enumeration a word costs ten times as much: once or thrice a card of the country.
STATUS_WORDS = {status: status.value for status in CardStatus}
GRADE_WORDS: Mapping[Grade | None, str | None] = {None: None, **{g: g.value for g in Grade}}


def _card_from(row: Sequence[Any]) -> Scorecard:
    values = list(row)
    values[STATUS_AT] = STATUSES[values[STATUS_AT]]
    for at in GRADES_AT:
        values[at] = GRADES[values[at]] if values[at] else None
    values[FLAGS_AT] = tuple(values[FLAGS_AT])
    values[REASONS_AT] = tuple(
        Reason(**{**one, "cells": tuple(one["cells"])}) for one in values[REASONS_AT]
    )
    return Scorecard(*values)
