"""Results of quarters, half-years, years and terms, made of the periods within them.

keep_period_scores(conn, scores, stamp, regulation="2026-01")
recall_period_scores(conn, "2026")          -> the same values, by unit and cadre
recall_figures(conn, ["2026-10"], units)    -> what the cards say, without their reasons
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from review.period import Cadence, Period
from review.rollup import Basis, Part, PartState, PeriodScore, Rolled
from review.rollup_parts import Figure
from review.scorecard import CardStatus, Grade, Scorecard
from review.year import YearRule
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour, take_out_others
from tdkt_models.cadres import CadreRow
from tdkt_models.scores import ScorecardRow, recall_cards

FIGURES = ("score", "so_far", "low", "high", "counted", "due")


class PeriodScoreRow(Base):
    """All figures in hundredths of a point; `parts` as in review.rollup.Part, one list a part."""

    __tablename__ = "period_scores"
    __table_args__ = (
        CheckConstraint(one_of("status", CardStatus), name="status"),
        CheckConstraint(one_of("basis", Basis), name="basis"),
        CheckConstraint(one_of("rule", YearRule), name="rule"),
        CheckConstraint(one_of("provisional", Grade), name="provisional"),
        CheckConstraint(one_of("grade", Grade), name="grade"),
        Index(None, "period", "unit"),
    )

    period: Mapped[str] = mapped_column(ForeignKey("cycles.period"), primary_key=True)
    basis: Mapped[str] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.code"), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    status: Mapped[str]
    rule: Mapped[str]
    score: Mapped[int | None]
    so_far: Mapped[int | None]
    low: Mapped[int]
    high: Mapped[int]
    counted: Mapped[int]
    due: Mapped[int]
    provisional: Mapped[str | None]
    grade: Mapped[str | None]
    flags: Mapped[list[Any]]
    parts: Mapped[list[Any]]
    regulation: Mapped[str]


def keep_period_scores(
    conn: Connection,
    scores: Sequence[PeriodScore],
    stamp: Stamp,
    *,
    regulation: str,
) -> None:
    """Writes results by period, basis and cadre; what a unit had there for people who are no
    longer its own is taken out by `forget_others`."""
    rows = [
        (
            score.whose.period,
            score.whose.basis,
            score.whose.cadre,
            score.whose.unit,
            score.status,
            score.rule,
            *(getattr(score, figure) for figure in FIGURES),
            score.provisional,
            score.grade,
            list(score.flags),
            [list(astuple(part)) for part in score.parts],
            regulation,
        )
        for score in scores
    ]
    pour(conn, table_of(PeriodScoreRow), rows, stamp)


def forget_others(
    conn: Connection, period: str, basis: Basis, units: Collection[str], kept: Collection[str]
) -> None:
    """Takes out these units' results on that basis for people other than those kept."""
    table = table_of(PeriodScoreRow)
    other = {b for b in Basis if b is not basis}
    query = select(table.c.period, table.c.basis, table.c.cadre)
    spared = conn.execute(
        query.where(table.c.period == period, table.c.basis.in_(other), table.c.unit.in_(units))
    )
    keep = {tuple(row) for row in spared} | {(period, basis.value, cadre) for cadre in kept}
    take_out_others(conn, table, {period: units}, keep)


def recall_period_scores(
    conn: Connection,
    period: str,
    units: Collection[str] | None = None,
    *,
    basis: Basis | None = None,
) -> list[PeriodScore]:
    """The results of a period by unit and cadre: on the basis asked for, else of each person the
    final one if there is one and the provisional one if not."""
    table = table_of(PeriodScoreRow)
    query = select(table).where(table.c.period == period)
    if units is not None:
        query = query.where(table.c.unit.in_(units))
    if basis is not None:
        query = query.where(table.c.basis == basis.value)
    rows = sorted(conn.execute(query), key=lambda row: row.basis != Basis.PROVISIONAL)
    latest = {row.cadre: row for row in rows}  # a final one comes after and takes the place
    return sorted(map(_score_from, latest.values()), key=lambda s: (s.whose.unit, s.whose.cadre))


def recall_standing(conn: Connection, period: str) -> list[Scorecard]:
    """The period's results as cards, by unit and cadre: those scored directly, and what was made of
    the periods within for everyone else."""
    cards = {score.whose.cadre: score.as_card() for score in recall_period_scores(conn, period)}
    for card in recall_cards(conn, period):
        if card.cadre not in cards or card.status is CardStatus.OK:
            cards[card.cadre] = card
    return sorted(cards.values(), key=lambda card: (card.unit, card.cadre))


def recall_figures(
    conn: Connection, periods: Collection[str], units: Collection[str]
) -> Iterator[Figure]:
    """What the cards of these periods say of the people who are in these units now, wherever they
    worked then."""
    c, people = table_of(ScorecardRow).c, table_of(CadreRow)
    theirs = select(people.c.code).where(people.c.unit.in_(units))
    columns = (c.period, c.cadre, c.unit, c.status, c.total, c.low, c.high, c.provisional, c.grade)
    query = select(*columns, c.flags).where(c.period.in_(periods), c.cadre.in_(theirs))
    for row in conn.execute(query).tuples():
        period, cadre, unit, status, total, low, high, provisional, grade, flags = row
        forced = grade == Grade.NOT_DONE and provisional != Grade.NOT_DONE
        told = CardStatus(status)
        yield Figure(period, cadre, unit, told, total, low, high, forced, tuple(flags))


def recall_years(
    conn: Connection, years: Collection[str], units: Collection[str]
) -> Iterator[Figure]:
    """The final results of these years for the people who are in these units now: what a term is
    made of."""
    table, people = table_of(PeriodScoreRow), table_of(CadreRow)
    theirs = select(people.c.code).where(people.c.unit.in_(units))
    query = select(table).where(
        table.c.period.in_(years), table.c.basis == Basis.FINAL.value, table.c.cadre.in_(theirs)
    )
    for row in conn.execute(query):
        # A fault of one year lowers that year's grade, not the points of the term.
        yield Figure(
            row.period, row.cadre, row.unit, CardStatus(row.status), row.score, row.low, row.high
        )


def periods_within(period: Period) -> list[str]:
    """The texts of all that may stand in a longer period: its quarters and months, or its years."""
    if period.cadence is Cadence.TERM:
        return [str(year) for year in period.split(Cadence.YEAR)]
    months = period.split(Cadence.MONTH)
    return [*map(str, months), *map(str, period.split(Cadence.QUARTER))]


def _score_from(row: Any) -> PeriodScore:
    return PeriodScore(
        whose=Rolled(row.cadre, row.unit, row.period, Basis(row.basis)),
        status=CardStatus(row.status),
        rule=YearRule(row.rule),
        **{figure: getattr(row, figure) for figure in FIGURES},
        provisional=Grade(row.provisional) if row.provisional else None,
        grade=Grade(row.grade) if row.grade else None,
        flags=tuple(row.flags),
        parts=tuple(Part(p[0], p[1], PartState(p[2]), *p[3:]) for p in row.parts),
    )
