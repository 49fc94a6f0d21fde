"""What the book of one period says, as one number: to prove that two runs came to the same.

    book_digest(conn, "2026-10")      -> "9f2c…", the same on SQLite and on PostgreSQL

It covers the cycle, the roll, the files, what they say, their findings, the cards, what they were
rolled up to, the programme of the period, the plans and their figures, and the letters written. It
leaves out when and by which run a row was written, proposals that results took back by themselves,
numbers that a database gives out, where a file lies on this machine, what became of a letter on its
way, and what the machines told the office of themselves (a run that crashed): two runs may differ
in these and yet have come to the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, Text, and_, func, not_, select

from review.post import LetterKind
from tdkt_models.base import table_of
from tdkt_models.cycles import CycleRow
from tdkt_models.files import ReceivedFileRow
from tdkt_models.findings import FindingRow
from tdkt_models.letter_rows import LetterRow
from tdkt_models.period_scores import PeriodScoreRow
from tdkt_models.plan_lines import PlanLineRow
from tdkt_models.plan_measures import MeasureRow
from tdkt_models.plan_outcomes import OutcomeRow
from tdkt_models.plan_tallies import TallyRow
from tdkt_models.plans import PlanChangeRow
from tdkt_models.programme import ProgrammeTaskRow
from tdkt_models.roll import ExtensionRow, RollRow
from tdkt_models.scores import ScorecardRow
from tdkt_models.submissions import SubmissionRow

CYCLES, ROLL, FILES = table_of(CycleRow), table_of(RollRow), table_of(ReceivedFileRow)
SUBMISSIONS, FINDINGS, CARDS = table_of(SubmissionRow), table_of(FindingRow), table_of(ScorecardRow)
TASKS, LETTERS, EXTENSIONS = (
    table_of(ProgrammeTaskRow),
    table_of(LetterRow),
    table_of(ExtensionRow),
)

CHANGES, PLAN_LINES = table_of(PlanChangeRow), table_of(PlanLineRow)
MEASURES, OUTCOMES, TALLIES = table_of(MeasureRow), table_of(OutcomeRow), table_of(TallyRow)
ROLLED_UP = table_of(PeriodScoreRow)

ALWAYS_LEFT_OUT = {"id", "at", "run"}
LEFT_OUT = {
    "cycles": {"opened_at", "closed_at", "digest"},
    "roll_entries": {"counted"},
    "received_files": {"channel_id", "stored_path"},
    "findings": {"file"},
    "submissions": {"file"},
    "scorecards": {"submission"},
    "plan_changes": {"decided_at"},
    "letters": {
        *("state", "attempts", "not_before", "expires_at", "lease_token", "lease_until"),
        *("smtp_code", "smtp_text", "reason", "sent_at"),
        *("doubt_token", "corrects_at", "corrects_id"),
    },
}


def book_digest(conn: Connection, period: str) -> str:
    """sha256 (hex) over the rows of the period, table by table, in order of their natural keys."""
    digest = hashlib.sha256()
    for name, query in _queries(conn, period):
        digest.update(f"#{name}\n".encode())
        for row in conn.execute(query, execution_options={"yield_per": 1000}):
            digest.update(_line(row))
    return digest.hexdigest()


def _queries(conn: Connection, period: str) -> Iterator[tuple[str, Select[Any]]]:
    file = [func.coalesce(FILES.c.unit, ""), FILES.c.sha256, FILES.c.name, FILES.c.received_at]
    counted = _of(ROLL).outerjoin(SUBMISSIONS, ROLL.c.counted == SUBMISSIONS.c.id)
    counted = counted.outerjoin(FILES, SUBMISSIONS.c.file == FILES.c.id)
    plain: list[tuple[Table, Sequence[ColumnElement[Any]]]] = [
        (CYCLES, [CYCLES.c.period]),
        (EXTENSIONS, [EXTENSIONS.c.unit]),
        (FILES, file),
        (CARDS, [CARDS.c.unit, CARDS.c.cadre]),
        (TASKS, [TASKS.c.unit, TASKS.c.code]),
    ]
    plain += [
        (PLAN_LINES, [PLAN_LINES.c[name] for name in ("kind", "unit", "key", "since_version")]),
        (MEASURES, [MEASURES.c.kind, MEASURES.c.code]),
        (OUTCOMES, [OUTCOMES.c[name] for name in ("kind", "unit", "key", "review")]),
        (TALLIES, [TALLIES.c.unit]),
        (ROLLED_UP, [ROLLED_UP.c.basis, ROLLED_UP.c.unit, ROLLED_UP.c.cadre]),
    ]
    for table, order in plain:
        yield table.name, _sorted(conn, select(*_said(table)), table, period, order)
    letters = select(*_said(LETTERS)).where(LETTERS.c.kind != LetterKind.DESK_ALARM.value)
    by_reader = [LETTERS.c.kind, LETTERS.c.person, LETTERS.c.revision]
    yield LETTERS.name, _sorted(conn, letters, LETTERS, period, by_reader)
    # What this review wrote and left standing: a proposal that its results took back before any
    # person spoke tells how the book came about, not what it says.
    by_results = and_(CHANGES.c.state == "taken_back", CHANGES.c.who == "")
    proposed = select(*_said(CHANGES)).where(CHANGES.c.source == period, not_(by_results))
    order = [CHANGES.c[name] for name in ("kind", "period", "unit", "key")]
    yield CHANGES.name, proposed.order_by(*_by_bytes(conn, order))
    yield (
        ROLL.name,
        _sorted(
            conn,
            select(*_said(ROLL), FILES.c.sha256.label("counted_file")).select_from(counted),
            ROLL,
            period,
            [ROLL.c.unit],
        ),
    )
    found = select(*file, *_said(FINDINGS)).select_from(_of(FINDINGS).join(FILES))
    yield FINDINGS.name, _sorted(conn, found, FILES, period, [*file, FINDINGS.c.n])
    sent = _of(SUBMISSIONS).join(FILES, SUBMISSIONS.c.file == FILES.c.id)
    kept = select(FILES.c.sha256, *_said(SUBMISSIONS)).select_from(sent)
    yield SUBMISSIONS.name, _sorted(conn, kept, SUBMISSIONS, period, file)


def _of(table: Table) -> Any:
    return table


def _said(table: Table, *but: str) -> list[ColumnElement[Any]]:
    left_out = ALWAYS_LEFT_OUT | LEFT_OUT.get(table.name, set()) | set(but)
    return [column for column in table.columns if column.name not in left_out]


def _sorted(
    conn: Connection,
    query: Select[Any],
    owner: Table,
    period: str,
    order: Sequence[ColumnElement[Any]],
) -> Select[Any]:
    return query.where(owner.c.period == period).order_by(*_by_bytes(conn, order))


def _by_bytes(conn: Connection, order: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    # By the bytes of the text on both engines: PostgreSQL would sort by a language otherwise.
    texts_by_bytes = conn.dialect.name == "postgresql"
    return [c.collate("C") if texts_by_bytes and isinstance(c.type, Text) else c for c in order]


def _line(row: Any) -> bytes:
    values = json.dumps(list(row), ensure_ascii=False, sort_keys=True, default=_written)
    return values.encode() + b"\n"


def _written(value: Any) -> str:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a digest")
