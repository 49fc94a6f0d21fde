"""Results of quarters, half-years, years and terms, made of the periods within them.

keep_rolls(conn, rolls, stamp, regulation="2026-01")
recall_period_scores(conn, "2026")          -> the same values, by unit and cadre
recall_figures(conn, ["2026-10"], units)    -> what the cards say, as rows of plain figures
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Text,
    case,
    cast,
    func,
    literal,
    select,
    union,
)
from sqlalchemy.orm import Mapped, mapped_column

from review.period import Cadence, Period
from review.rollup import Basis, PartState, PeriodScore, Rolled
from review.rollup_columns import UNKNOWN, State
from review.rollup_people import Rolls, score_from
from review.scorecard import ON_LEAVE, CardStatus, Grade, Scorecard
from review.year import YearRule
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour, take_out_others
from tdkt_models.cadres import of_these_units
from tdkt_models.scores import ScorecardRow, recall_cards

MATERNITY_LEAVE = "THAI_SAN"  # the form's event, as a card's flag names it


class PeriodScoreRow(Base):
    """All figures in hundredths of a point; `parts` as review.rollup_people.part_of reads them."""

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
    task: Mapped[int | None] = mapped_column(sort_order=100)  # added later, behind all the others


def keep_rolls(
    conn: Connection,
    rolls: Rolls,
    stamp: Stamp,
    *,
    regulation: str,
    only: Collection[str] | None = None,
) -> list[str]:
    """Writes results by period, basis and cadre (of these cadres only, if given) and tells whose;
    what a unit had there for people who are no longer its own is taken out by `forget_others`."""
    period, basis, rule = str(rolls.about.period), rolls.about.basis, rolls.rules.rule
    rows = [
        (
            period,
            basis,
            told.cadre,
            told.unit,
            told.status,
            rule,
            *told[3:-1],
            regulation,
            told.task,
        )
        for told in rolls.rows()
        if only is None or told.cadre in only
    ]
    pour(conn, table_of(PeriodScoreRow), rows, stamp)
    return [row[2] for row in rows]


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


def recall_basis(conn: Connection, period: str) -> str:
    """On which basis the period's results stand: final once any is, "" where none was rolled up."""
    table = table_of(PeriodScoreRow)
    query = select(table.c.basis).where(table.c.period == period).distinct()
    found = set(conn.execute(query).scalars())
    return next((basis.value for basis in reversed(Basis) if basis in found), "")


def recall_standing(
    conn: Connection, period: str, units: Collection[str] | None = None
) -> list[Scorecard]:
    """The period's results as cards, by unit and cadre: those scored directly, and what was made of
    the periods within for everyone else."""
    rolled = recall_period_scores(conn, period, units)
    cards = {score.whose.cadre: score.as_card() for score in rolled}
    for card in recall_cards(conn, period, units):
        if card.cadre not in cards or card.status is CardStatus.OK:
            cards[card.cadre] = card
    return sorted(cards.values(), key=lambda card: (card.unit, card.cadre))


def units_with_results(conn: Connection, period: str) -> list[str]:
    """Every unit of which somebody has a result of the period, scored directly or rolled up."""
    columns = (table_of(ScorecardRow).c, table_of(PeriodScoreRow).c)
    found = (select(c.unit).where(c.period == period) for c in columns)
    return sorted(conn.execute(union(*found)).scalars())


def recall_figures(
    conn: Connection, periods: Collection[str], units: Collection[str]
) -> list[tuple[Any, ...]]:
    """What the cards of these periods say of the people who are or were in these units, wherever
    they worked then: rows of review.rollup_layout.Figures, coded where they are read."""
    c, theirs = table_of(ScorecardRow).c, of_these_units(units)
    flags = cast(c.flags, Text)
    unforced = c.provisional == Grade.NOT_DONE.value
    columns = (
        c.period,
        c.cadre,
        c.unit,
        _state_of(c.status, flags),
        func.coalesce(c.total, UNKNOWN),
        func.coalesce(c.task_score, UNKNOWN),
        func.coalesce(c.low, UNKNOWN),
        func.coalesce(c.high, UNKNOWN),
        case((c.grade != Grade.NOT_DONE.value, 0), (c.grade.is_(None), 0), (unforced, 0), else_=1),
        case((flags.contains(MATERNITY_LEAVE), 1), else_=0),
        literal(""),
    )
    query = select(*columns).where(c.period.in_(periods), c.cadre.in_(theirs))
    return list(conn.execute(query).tuples())


def recall_years(
    conn: Connection, years: Collection[str], units: Collection[str]
) -> list[tuple[Any, ...]]:
    """The final results of these years for the people who are or were in these units: what a term
    is made of. A fault of one year lowers that year's grade, not the points of the term."""
    c, theirs = table_of(PeriodScoreRow).c, of_these_units(units)
    on_leave = cast(c.parts, Text).contains(f'"{PartState.LEAVE}"')
    columns = (
        c.period,
        c.cadre,
        c.unit,
        _state_of(c.status, case((on_leave, ON_LEAVE), else_="")),
        func.coalesce(c.score, UNKNOWN),
        func.coalesce(c.task, UNKNOWN),
        c.low,
        c.high,
        literal(0),
        literal(0),
        literal(""),
    )
    query = select(*columns).where(
        c.period.in_(years), c.basis == Basis.FINAL.value, c.cadre.in_(theirs)
    )
    return list(conn.execute(query).tuples())


def _state_of(status: Any, flags: Any) -> Any:
    return case(
        (status == CardStatus.OK.value, int(State.COUNTED)),
        (status == CardStatus.INSUFFICIENT.value, int(State.MISSING)),
        (flags.contains(ON_LEAVE), int(State.LEAVE)),
        else_=int(State.ELSEWHERE),
    )


def periods_within(period: Period) -> list[str]:
    """The texts of all that may stand in a longer period: its quarters and months, or its years."""
    if period.cadence is Cadence.TERM:
        return [str(year) for year in period.split(Cadence.YEAR)]
    months = period.split(Cadence.MONTH)
    return [*map(str, months), *map(str, period.split(Cadence.QUARTER))]


def _score_from(row: Any) -> PeriodScore:
    whose = Rolled(row.cadre, row.unit, row.period, Basis(row.basis))
    return score_from(row, whose, YearRule(row.rule))
