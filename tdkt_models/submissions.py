"""What each unit reported: every readable file once, one of them standing for the period.

keep_submissions(conn, [KeptSubmission(submission, file=7, standing=True)], stamp)
recall_submissions(conn, "2026-10", ["03637"])      -> [the standing submission, as it was]
recall_kept(conn, "2026-10", ["03637"])[0].id       -> 12, what a card or the roll refers to
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as with_changes
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from review.document import Sheets, Written, sheets_of, tables_of, written
from review.submission import Submission
from tdkt_models.archived import must_be_here
from tdkt_models.base import Base, Stamp, table_of
from tdkt_models.bulk import pour, replace
from tdkt_models.packed import Packed, as_bytes, pressed
from tdkt_models.roster_changes import ROSTER_CHANGES, change_rows
from tdkt_models.witness import rows_changed, touches


class SubmissionRow(Base):
    """`sheets` is the whole report in one piece (review/document.py)."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("file", name="natural"),
        CheckConstraint("not (standing and digest = '')", name="standing"),
        Index(
            "ux_submissions_standing",
            "period",
            "unit",
            "form",
            unique=True,
            sqlite_where=text("standing"),
            postgresql_where=text("standing"),
        ),
        Index(None, "period", "unit"),
        Index(None, "period", "substance"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[int] = mapped_column(ForeignKey("received_files.id"))
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    period: Mapped[str]
    form: Mapped[str]
    version: Mapped[str]
    nil: Mapped[bool]
    digest: Mapped[str]
    standing: Mapped[bool]
    substance: Mapped[str | None] = mapped_column(sort_order=100)  # came with a later step
    # Last, so that the columns before it are read without it.
    sheets: Mapped[Sheets] = mapped_column(Packed, sort_order=101)


@dataclass(frozen=True, slots=True)
class KeptSubmission:
    """A submission, the id of its file, and whether it is the one that counts. `id` and `digest`
    (of the content) are the book's; `written` is the submission ready for it, where it is at
    hand."""

    submission: Submission
    file: int
    standing: bool
    id: int | None = None
    digest: str = ""
    written: Written | None = field(default=None, compare=False, repr=False)


def content_digest(submission: Submission) -> str:
    """sha256 of all that was filled in: equal for two files that say the same."""
    return _digest(submission, as_bytes(sheets_of(submission)))


def _digest(submission: Submission, sheets: bytes) -> str:
    head = [submission.unit, submission.period, submission.form, submission.version]
    return hashlib.sha256(repr(head).encode("utf-8", "replace") + sheets).hexdigest()


def keep_submissions(
    conn: Connection, batch: Sequence[KeptSubmission], stamp: Stamp
) -> list[KeptSubmission]:
    """Writes submissions by their file and gives them back with ids, in order.

    One that becomes standing takes the place of the one that stood; of two for one unit in a batch
    the later stands. A second run writes nothing.
    """
    last = {_place(kept): kept.file for kept in batch if kept.standing}
    ready = {kept.file: kept.written or written(kept.submission) for kept in batch}
    batch = [
        with_changes(
            kept,
            digest=_digest(kept.submission, ready[kept.file].document),
            standing=kept.standing and last[_place(kept)] == kept.file,
        )
        for kept in batch
    ]
    known = _by_file(conn, [kept.file for kept in batch])
    _step_back(conn, [kept for kept in batch if kept.standing])
    rows = [_row(kept, ready[kept.file]) for kept in batch]
    pour(conn, table_of(SubmissionRow), rows, stamp)
    now = _by_file(conn, [kept.file for kept in batch])
    result = [with_changes(kept, id=now[kept.file][0]) for kept in batch]
    _write_changes(conn, [k for k in result if known.get(k.file) != now[k.file]], stamp)
    return result


def recall_submissions(
    conn: Connection,
    period: str,
    units: Collection[str] | None = None,
    *,
    sheets: Collection[str] | None = None,
) -> list[Submission]:
    """The standing submissions of a period (of these units only, if given), by unit and form; with
    `sheets`, only the cover and these tables of each."""
    return [kept.submission for kept in recall_kept(conn, period, units, sheets=sheets)]


@dataclass(frozen=True, slots=True)
class Head:
    """What the roll needs to know of a report without its lines."""

    id: int
    unit: str
    file: int
    nil: bool
    standing: bool
    digest: str


def recall_heads(conn: Connection, period: str, units: Collection[str]) -> list[Head]:
    """Every version of these units' reports in the period, oldest id first."""
    c = table_of(SubmissionRow).c
    query = select(c.id, c.unit, c.file, c.nil, c.standing, c.digest).order_by(c.id)
    rows = conn.execute(query.where(c.period == period, c.unit.in_(units)))
    return [Head(*row) for row in rows.tuples()]


def recall_kept(
    conn: Connection,
    period: str,
    units: Collection[str] | None = None,
    *,
    standing_only: bool = True,
    sheets: Collection[str] | None = None,
) -> list[KeptSubmission]:
    """As recall_submissions, with ids and files; with `standing_only=False` every version."""
    table = table_of(SubmissionRow)
    query = select(table).where(table.c.period == period)
    if units is not None:
        query = query.where(table.c.unit.in_(units))
    if standing_only:
        query = query.where(table.c.standing)
    rows = sorted(conn.execute(query).all(), key=lambda row: (row.unit, row.form, row.id))
    return [_kept_from(row, sheets) for row in rows]


def stand(conn: Connection, period: str, standing: Mapping[str, int | None]) -> None:
    """Makes these submissions (by id) the standing ones of their units, and no other of theirs."""
    c, units = table_of(SubmissionRow).c, list(standing)
    chosen = [number for number in standing.values() if number is not None]
    mine = update(table_of(SubmissionRow)).where(c.period == period, c.unit.in_(units))
    before = rows_changed(conn, "submissions")
    conn.execute(mine.where(c.standing, c.id.not_in(chosen)).values(standing=false()))
    conn.execute(mine.where(~c.standing, c.id.in_(chosen)).values(standing=true()))
    if rows_changed(conn, "submissions") > before:
        touches(conn, [period])


def _place(kept: KeptSubmission) -> tuple[str, str, str]:
    return kept.submission.unit, kept.submission.period, kept.submission.form


def _by_file(conn: Connection, files: Collection[int]) -> dict[int, tuple[int, str]]:
    table = table_of(SubmissionRow)
    query = select(table.c.file, table.c.id, table.c.digest).where(table.c.file.in_(files))
    return {file: (number, digest) for file, number, digest in conn.execute(query).tuples()}


def _step_back(conn: Connection, standing: Sequence[KeptSubmission]) -> None:
    """What stood for these units and forms stands no longer, unless it is one of these itself."""
    table = table_of(SubmissionRow)
    by_form: dict[tuple[str, str], list[KeptSubmission]] = defaultdict(list)
    for kept in standing:
        by_form[kept.submission.period, kept.submission.form].append(kept)
    for (period, form), those in by_form.items():
        conn.execute(
            update(table)
            .where(table.c.period == period, table.c.form == form, table.c.standing)
            .where(table.c.unit.in_([kept.submission.unit for kept in those]))
            .where(table.c.file.not_in([kept.file for kept in those]))
            .values(standing=false())
        )


def _write_changes(conn: Connection, batch: Sequence[KeptSubmission], stamp: Stamp) -> None:
    by_id = {kept.id: kept.submission for kept in batch if kept.id is not None}
    rows = [row for number, said in by_id.items() for row in change_rows(number, said)]
    replace(conn, ROSTER_CHANGES, "submission", list(by_id), rows, stamp)


def _row(kept: KeptSubmission, ready: Written) -> tuple[Any, ...]:
    said = kept.submission
    return (
        kept.file,
        said.unit,
        said.period,
        said.form,
        said.version,
        _is_nil(said),
        kept.digest,
        kept.standing,
        ready.substance,
        pressed(ready.document),
    )


def _is_nil(submission: Submission) -> bool:
    return bool(submission.tables.get("cover")) and submission.nil


def _kept_from(row: Any, only: Collection[str] | None) -> KeptSubmission:
    must_be_here(row.sheets, f"Báo cáo của {row.unit}", row.period)
    tables = tables_of(row.sheets, only)
    submission = Submission(row.unit, row.period, row.form, row.version, tables)
    return KeptSubmission(submission, row.file, row.standing, row.id, row.digest)
