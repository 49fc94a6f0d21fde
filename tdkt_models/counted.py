"""What stands in the book of a period, counted by the database: for screens that show sums.

findings_by_check(conn, "2026-10")  -> (CheckCount("TONG_LECH", Severity.MUST_FIX, 5, 4, "…"), …)
letters_by_kind(conn, "2026-10")    -> {(LetterKind.CADRE_RESULT, LetterState.SENT): 120, …}
grades_by_unit(conn, "2026-10")     -> {("03637", "HTTNV"): 2, …}
changes_by_kind(conn, "2026-10")    -> {(PlanKind.TRAINING, ChangeState.PROPOSED): 31, …}
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from review.findings import Severity
from review.plans import ChangeState, PlanKind
from review.post import LetterKind, LetterState
from review.scorecard import CardStatus
from tdkt_models.acts import ActRow
from tdkt_models.base import table_of
from tdkt_models.files import BESIDE, FileState, ReceivedFileRow
from tdkt_models.findings import FindingRow
from tdkt_models.letter_rows import LetterRow
from tdkt_models.period_scores import PeriodScoreRow
from tdkt_models.plans import PlanChangeRow
from tdkt_models.scores import ScorecardRow

FILES, FINDINGS, LETTERS = map(table_of, (ReceivedFileRow, FindingRow, LetterRow))
ACTS = table_of(ActRow)
CARDS, SCORES, CHANGES = map(table_of, (ScorecardRow, PeriodScoreRow, PlanChangeRow))


@dataclass(frozen=True, slots=True)
class CheckCount:
    """How often a check spoke, in how many units, and one of its remedies (which name nobody)."""

    check: str
    severity: Severity
    times: int
    units: int
    fix: str


def findings_by_check(conn: Connection, period: str) -> list[CheckCount]:
    """Over the newest judged file of each unit, the most frequent first."""
    f = FILES.c
    newest = (
        select(func.max(f.id))
        .where(f.period == period, f.unit.is_not(None), f.verdict.is_not(None))
        .where(f.state.not_in(BESIDE))
        .group_by(f.unit)
    )
    c = FINDINGS.c
    told = (
        select(c.check, c.severity, func.count(), func.count(c.file.distinct()), func.min(c.fix))
        .where(c.file.in_(newest))
        .group_by(c.check, c.severity)
    )
    rows = [CheckCount(row[0], Severity(row[1]), *row[2:]) for row in conn.execute(told).tuples()]
    return sorted(rows, key=lambda row: (-row.units, -row.times, row.check))


def letters_by_kind(conn: Connection, period: str) -> dict[tuple[LetterKind, LetterState], int]:
    c = LETTERS.c
    query = select(c.kind, c.state, func.count()).where(c.period == period)
    rows = conn.execute(query.group_by(c.kind, c.state)).tuples()
    return {(LetterKind(kind), LetterState(state)): count for kind, state, count in rows}


def grades_by_unit(conn: Connection, period: str) -> dict[tuple[str, str], int]:
    """Scored directly, or rolled up where the period is made of shorter ones."""
    found: dict[tuple[str, str], int] = {}
    for table in (SCORES, CARDS):
        c = table.c
        scored = c.period == period, c.status == CardStatus.OK.value, c.grade.is_not(None)
        query = select(c.unit, c.grade, func.count()).where(*scored).group_by(c.unit, c.grade)
        found |= {(unit, grade): count for unit, grade, count in conn.execute(query).tuples()}
    return found


def changes_by_kind(conn: Connection, source: str) -> dict[tuple[PlanKind, ChangeState], int]:
    """Of the changes that the review of a period proposed."""
    c = CHANGES.c
    query = select(c.kind, c.state, func.count()).where(c.source == source)
    rows = conn.execute(query.group_by(c.kind, c.state)).tuples()
    return {(PlanKind(kind), ChangeState(state)): count for kind, state, count in rows}


def waiting_files(conn: Connection, before: datetime) -> list[tuple[str, str, int]]:
    """(period or "", state, how many) of the files that came before a moment and that nobody has
    judged, or that lie aside and no person has acted on."""
    f, seen = FILES.c, select(ACTS.c.file).where(ACTS.c.file.is_not(None))
    open_states = (FileState.WAITING.value, FileState.SET_ASIDE.value)
    query = select(func.coalesce(f.period, ""), f.state, func.count())
    query = query.where(f.state.in_(open_states), f.received_at < before, f.id.not_in(seen))
    return sorted(conn.execute(query.group_by(f.period, f.state)).tuples().all())


def files_of_run(conn: Connection, run: str) -> int:
    """How many files a run took in or judged."""
    f = FILES.c
    return conn.execute(select(func.count()).where(f.run == run)).scalar_one()
