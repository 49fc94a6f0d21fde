"""Who did what, and when: written once, never changed, each entry chained to the one before.

keep_audit(conn, [AuditEntry("Lò Văn Inh", "unit.extended", "03637", {"days": 3})], stamp)
recall_audit(conn, subject="03637")[0].what      -> "unit.extended"
audit_head(conn)                                 -> Head(n=812, link="41ab…")

The database itself refuses to change or delete entries (the step “the chain”); whoever gets round
that is found by the chain (review/chain.py, `tdkt audit verify`). On PostgreSQL writers that stand
beside each other queue up here until they commit: keep the audit last in such a transaction.
"""

from __future__ import annotations

import getpass
import json
import secrets
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from review.chain import ERASABLE, Chained, Head, Header, link_of, sealed
from tdkt_models.base import Base, Stamp, instant_text, table_of
from tdkt_models.bulk import pour_new
from tdkt_models.engine import as_json
from tdkt_models.errors import BookError
from tdkt_models.witness import told

CHAIN_LOCK = 0x7464_6B75  # beside engine.WRITER_LOCK: who is adding to the chain on PostgreSQL
AT_ONCE = 1000
PROGRAM = "tdkt"  # who does what no person asked for by name
CLOCKS_DIFFER = timedelta(minutes=10)  # between machines that write into one book
WRITTEN = "book.written"  # what a transaction changed that no other entry tells


class AuditRow(Base):
    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("n", name="natural"),
        Index(None, "subject"),
        Index(None, "what"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str]
    what: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]
    n: Mapped[int] = mapped_column(sort_order=100)
    noted_at: Mapped[datetime] = mapped_column(sort_order=101)
    account: Mapped[str] = mapped_column(sort_order=102)
    salts: Mapped[dict[str, Any]] = mapped_column(sort_order=103)
    seals: Mapped[dict[str, Any]] = mapped_column(sort_order=104)
    link: Mapped[str] = mapped_column(sort_order=105)


AUDIT = table_of(AuditRow)


class ClockBehind(BookError):
    """The clock of this machine was set back; nothing is written."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. `who` is a person or the name of the program; `what` like "unit.changed"; `subject`
    the code it touched; `detail` JSON-ready without fractions. `at`, `run` and `n` are filled when
    recalled."""

    who: str
    what: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    run: str = ""
    n: int = 0


def keep_audit(
    conn: Connection, entries: Iterable[AuditEntry], stamp: Stamp, *, any_clock: bool = False
) -> None:
    """Adds entries; they get the stamp's time and run. Raises ClockBehind where the clock of this
    machine was set back since the last entry, unless a person takes `any_clock`: what is due, late
    or leased would be judged by a wrong time."""
    entries = list(entries)
    if not entries:
        return
    told(conn, by_person=any(entry.who != PROGRAM for entry in entries))
    if conn.dialect.name == "postgresql":
        conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    if not any_clock:
        _must_not_be_behind(conn)
    pour_new(conn, AUDIT, list(_chained(audit_head(conn), entries, stamp)), stamp)


def _must_not_be_behind(conn: Connection) -> None:
    newest = select(AUDIT.c.noted_at).order_by(AUDIT.c.n.desc()).limit(1)
    last, now = conn.execute(newest).scalar(), datetime.now(UTC)
    if last is not None and now < last - CLOCKS_DIFFER:
        raise ClockBehind(
            f"Đồng hồ máy chỉ {now:%H:%M %d/%m/%Y}, sớm hơn lần ghi sổ gần nhất "
            f"({last:%H:%M %d/%m/%Y}, giờ UTC): chưa ghi gì. Hãy chỉnh giờ, bật đồng bộ giờ qua "
            "mạng rồi chạy lại. Nếu lần ghi ấy mới là sai giờ: tdkt audit clock --by HỌ-TÊN."
        )


def audit_head(conn: Connection) -> Head:
    """How far the chain has come."""
    last = select(AUDIT.c.n, AUDIT.c.link).order_by(AUDIT.c.n.desc()).limit(1)
    row = conn.execute(last).one_or_none()
    return Head(row.n, row.link) if row else Head()


def _chained(head: Head, entries: list[AuditEntry], stamp: Stamp) -> Iterator[tuple[Any, ...]]:
    noted, link = datetime.now(UTC), head.link
    at, noted_text = instant_text(stamp.at), instant_text(noted)
    for n, entry in enumerate(entries, start=head.n + 1):
        said = _said(entry)
        salts = {name: secrets.token_hex(16) for name in ERASABLE}
        seals = sealed(said, salts)
        link = link_of(link, Header(n, at, noted_text, stamp.run, account(), entry.what), seals)
        yield (
            *(entry.who, entry.what, entry.subject, said["detail"]),
            *(n, noted, account(), salts, seals, link),
        )


def _said(entry: AuditEntry) -> dict[str, Any]:
    # Through JSON once: what is sealed must be what either database will give back.
    detail = json.loads(as_json(dict(entry.detail)), parse_float=_no_fraction)
    return {"who": entry.who, "subject": entry.subject, "detail": detail}


def _no_fraction(said: str) -> None:
    raise TypeError(f"{said} in an audit entry: write whole numbers or text, which stay as written")


@cache
def account() -> str:
    """On whose account of which machine this program runs."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "?"  # a container may know no name for its user
    return f"{user}@{socket.gethostname()}"


def recall_audit(
    conn: Connection, *, subject: str | None = None, what: str | None = None, last: int = 0
) -> list[AuditEntry]:
    """The entries in the order they were written; only the newest ones if `last` is given."""
    query = select(AUDIT).order_by(AUDIT.c.n.desc() if last else AUDIT.c.n)
    if subject is not None:
        query = query.where(AUDIT.c.subject == subject)
    if what is not None:
        query = query.where(AUDIT.c.what == what)
    rows = conn.execute(query.limit(last) if last else query)
    found = [
        AuditEntry(row.who, row.what, row.subject, row.detail, row.at, row.run, row.n)
        for row in rows
    ]
    return found[::-1] if last else found


def recall_chain(conn: Connection) -> Iterator[Chained]:
    """Every entry with its place in the chain, from the first on, a thousand at a time."""
    rows = conn.execute(select(AUDIT).order_by(AUDIT.c.n), execution_options={"yield_per": AT_ONCE})
    for row in rows:
        header = Header(
            *(row.n, instant_text(row.at), instant_text(row.noted_at)),
            *(row.run, row.account, row.what),
        )
        said = {"who": row.who, "subject": row.subject, "detail": row.detail}
        yield Chained(header, said, row.salts, row.seals, row.link)


def changes_between(was: Any, now: Any, who: str, what: str, subject: str) -> list[AuditEntry]:
    """An entry that names each field in which two values of one kind (a dataclass, a named tuple)
    differ, or none."""
    names = getattr(now, "_fields", None) or [field.name for field in fields(now)]
    detail = {
        name: [_plain(getattr(was, name)), _plain(getattr(now, name))]
        for name in names
        if getattr(was, name) != getattr(now, name)
    }
    return [AuditEntry(who, what, subject, detail)] if detail else []


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, int) else str(value)
