"""The files that came in, each exactly once, with what became of it.

keep_files(conn, [ReceivedFile("folder", "a.xlsx", sha, …)], stamp)[0].id   -> 1
recall_files(conn, state=FileState.WAITING)
recall_file_heads(conn, "2026-10", ["03637"])[0].verdict
number_versions(conn, "2026-10", ["03637"], stamp)      first come is version 1
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Index,
    UniqueConstraint,
    bindparam,
    null,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from review.findings import Repair, Verdict
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour
from tdkt_models.packed import Packed, as_bytes, pressed
from tdkt_models.witness import names


class FileState(StrEnum):
    WAITING = "waiting"
    CHECKED = "checked"
    SET_ASIDE = "set_aside"
    DUPLICATE = "duplicate"
    TRIAL = "trial"  # of a form on trial: judged and answered, seen by nothing that counts
    SLIP = "slip"  # a rater's marks under seal: no report of the unit's


NO_REPAIRS = pressed(as_bytes([]))
BESIDE = (FileState.TRIAL.value, FileState.SLIP.value)  # no versions of a unit's report


class ReceivedFileRow(Base):
    # No foreign key on unit or period: they are what a stranger's file claims.
    __tablename__ = "received_files"
    __table_args__ = (
        UniqueConstraint("channel", "channel_id", name="natural"),
        CheckConstraint(one_of("state", FileState), name="state"),
        CheckConstraint(one_of("verdict", Verdict), name="verdict"),
        Index(None, "sha256"),
        Index(None, "period", "unit"),
        Index(None, "state"),  # those that wait are looked for each round
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    channel_id: Mapped[str]
    sha256: Mapped[str]
    name: Mapped[str]
    size: Mapped[int]
    received_at: Mapped[datetime]
    stored_path: Mapped[str]
    period: Mapped[str | None]
    unit: Mapped[str | None]
    state: Mapped[str]
    verdict: Mapped[str | None]
    version: Mapped[int | None]
    findings: Mapped[int]
    repairs: Mapped[list[Any]] = mapped_column(Packed)
    reason: Mapped[str]


class ReceivedFile(NamedTuple):
    """`channel` and `channel_id` (a path, a UIDVALIDITY and UID) together name it once; `version`
    counts the files of its unit and period; `findings` how many there are; `id` is the book's."""

    channel: str
    channel_id: str
    sha256: str
    name: str
    size: int
    received_at: datetime
    stored_path: str
    period: str | None = None
    unit: str | None = None
    state: FileState = FileState.WAITING
    verdict: Verdict | None = None
    version: int | None = None
    findings: int = 0
    repairs: tuple[Repair, ...] = ()
    reason: str = ""
    id: int | None = None


def keep_files(conn: Connection, files: Sequence[ReceivedFile], stamp: Stamp) -> list[ReceivedFile]:
    """Writes files by channel and channel id; gives them back, in order, with their ids."""
    rows = [
        (
            file.channel,
            file.channel_id,
            file.sha256,
            file.name,
            file.size,
            file.received_at,
            file.stored_path,
            file.period,
            file.unit,
            file.state.value,  # an enumeration's own word costs the driver more than all the rest
            file.verdict and file.verdict.value,
            file.version,
            file.findings,
            list(map(tuple, file.repairs)) if file.repairs else NO_REPAIRS,
            file.reason,
        )
        for file in files
    ]
    table = table_of(ReceivedFileRow)
    pour(conn, table, rows, stamp)
    names(conn, "files", [named_file(file.sha256) for file in files if not file.id])
    if all(file.id is not None for file in files):
        return list(files)
    ids: dict[tuple[str, str], int] = {}
    for channel in {file.channel for file in files}:
        wanted = [file.channel_id for file in files if file.channel == channel]
        found = select(table.c.channel_id, table.c.id).where(
            table.c.channel == channel, table.c.channel_id.in_(wanted)
        )
        ids |= {(channel, channel_id): n for channel_id, n in conn.execute(found).tuples()}
    return [file._replace(id=ids[file.channel, file.channel_id]) for file in files]


def named_file(sha256: str) -> str:
    """How the audit names a file that was taken in: by its bytes, without saying whose it is."""
    return sha256[:16]


def named_files(conn: Connection) -> set[str]:
    """The names of all that were ever taken in."""
    return {named_file(sha) for sha in conn.scalars(select(table_of(ReceivedFileRow).c.sha256))}


def recall_channel_ids(conn: Connection) -> set[str]:
    """By what all that was ever taken in is known again."""
    return set(conn.scalars(select(table_of(ReceivedFileRow).c.channel_id)))


def recall_places(conn: Connection) -> list[str]:
    """Where the originals of all that was ever taken in lie."""
    return sorted(set(conn.scalars(select(table_of(ReceivedFileRow).c.stored_path))))


def taken_before(conn: Connection, channel: str, ids: Collection[str]) -> set[str]:
    """Those of these channel ids that were taken in already."""
    c = table_of(ReceivedFileRow).c
    query = select(c.channel_id).where(c.channel == channel, c.channel_id.in_(ids))
    return set(conn.execute(query).scalars())


def hashes_there(conn: Connection, hashes: Collection[str]) -> set[str]:
    """Those of these hashes (sha256) that some file taken in already has."""
    c = table_of(ReceivedFileRow).c
    return set(conn.execute(select(c.sha256).where(c.sha256.in_(hashes))).scalars())


def recall_waiting(conn: Connection) -> dict[int, str]:
    """The files still to be judged, by id, in the order they came, and where each is kept."""
    c = table_of(ReceivedFileRow).c
    query = select(c.id, c.stored_path).where(c.state == FileState.WAITING.value)
    in_order = query.order_by(c.received_at, c.channel, c.channel_id)
    return dict(conn.execute(in_order).tuples().all())


def recall_files(
    conn: Connection,
    *,
    period: str | None = None,
    units: Collection[str] | None = None,
    state: FileState | None = None,
    hashes: Collection[str] | None = None,
    ids: Collection[int] | None = None,
    repairs: bool = True,
) -> list[ReceivedFile]:
    """The files that meet every condition given, in the order they came; those of a trial
    and raters' slips only when asked for by their state or id. Without `repairs` they tell nothing
    of what was mended in them, which is dozens of lines each."""
    table = table_of(ReceivedFileRow)
    columns = (table.c[name] if repairs or name != "repairs" else null() for name in FIELDS)
    query = select(*columns)
    if period is not None:
        query = query.where(table.c.period == period)
        if state is None and ids is None:
            query = query.where(table.c.state.not_in(BESIDE))
    if units is not None:
        query = query.where(table.c.unit.in_(units))
    if state is not None:
        query = query.where(table.c.state == state.value)
    if hashes is not None:
        query = query.where(table.c.sha256.in_(hashes))
    if ids is not None:
        query = query.where(table.c.id.in_(ids))
    return sorted(map(_file_from, conn.execute(query).tuples()), key=_arrival)


class FileHead(NamedTuple):
    """What the roll needs to know of a file that belongs to a unit and a period."""

    id: int
    unit: str
    received_at: datetime
    state: FileState
    verdict: Verdict | None
    version: int | None
    reason: str
    channel: str
    channel_id: str

    @property
    def arrival(self) -> tuple[datetime, str, str]:
        return self.received_at, self.channel, self.channel_id


def recall_file_heads(
    conn: Connection, period: str, units: Collection[str] | None = None
) -> list[FileHead]:
    """Every file of these units (of any, if None) in the period, in the order they came, but those
    of a trial."""
    c = table_of(ReceivedFileRow).c
    columns = (c.id, c.unit, c.received_at, c.state, c.verdict, c.version, c.reason)
    of_units = c.unit.is_not(None) if units is None else c.unit.in_(units)
    query = select(*columns, c.channel, c.channel_id).where(c.period == period, of_units)
    query = query.where(c.state.not_in(BESIDE))
    heads = [
        FileHead(n, unit, at, FileState(state), Verdict(verdict) if verdict else None, *rest)
        for n, unit, at, state, verdict, *rest in conn.execute(query).tuples()
    ]
    return sorted(heads, key=lambda head: head.arrival)


def number_versions(
    conn: Connection,
    period: str,
    units: Collection[str],
    stamp: Stamp,
    heads: Sequence[FileHead] | None = None,
) -> dict[int, int]:
    """Numbers the files of each unit in the period (`heads`, if recalled) by arrival, from 1,
    whatever order they were taken in; gives version by file id. A duplicate is no version of its
    own."""
    by_unit: dict[str, list[FileHead]] = defaultdict(list)
    for head in heads if heads is not None else recall_file_heads(conn, period, units):
        if head.state is not FileState.DUPLICATE:
            by_unit[head.unit].append(head)
    numbered = [(head, n) for heads in by_unit.values() for n, head in enumerate(heads, start=1)]
    changed = [{"file": head.id, "now": n} for head, n in numbered if head.version != n]
    if changed:
        table = table_of(ReceivedFileRow)
        step = update(table).where(table.c.id == bindparam("file"))
        conn.execute(step.values(version=bindparam("now"), at=stamp.at, run=stamp.run), changed)
    return {head.id: n for head, n in numbered}


def _arrival(file: ReceivedFile) -> tuple[datetime, str, str]:
    return file.received_at, file.channel, file.channel_id


FIELDS = ReceivedFile._fields
STATE_AT, VERDICT_AT, REPAIRS_AT = map(FIELDS.index, ("state", "verdict", "repairs"))


def _file_from(row: Sequence[Any]) -> ReceivedFile:
    values = list(row)
    values[STATE_AT] = FileState(values[STATE_AT])
    values[VERDICT_AT] = Verdict(values[VERDICT_AT]) if values[VERDICT_AT] else None
    values[REPAIRS_AT] = tuple(map(Repair._make, values[REPAIRS_AT] or ()))
    return ReceivedFile(*values)
