"""What a transaction changed in the book, so that nothing is written without a line in the audit.

    begin(conn)                   at the start of a writing transaction
    names(conn, "files", […])     what the line is to name, beside how many rows
    ended(conn).detail            -> {"rows": {"received_files": 1}, "files": ["9f2c…"]}

Whoever keeps an act says so with `keep_audit`. A transaction that changed rows and said nothing
gets one line of its own when it ends (`tdkt_models/base.py: Book.writing`): a run's batch, in one
line. What only moves letters on their way is left to the ledger, which keeps every attempt. What
must not vanish from the book unseen (files taken, letters written, results frozen) is named there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event

if TYPE_CHECKING:
    from tdkt_models.base import Stamp

KEY = "tdkt.witness"
# Leases and attempts of letters, pace of the relay, who is at work, what cards rest on: told
# elsewhere, or nothing that anybody decided.
SILENT = frozenset(
    {
        *("letter_attempts", "mail_relays", "period_locks", "beats", "card_bases", "audit"),
        *("touched_periods", "footings"),
    }
)
MOVED_ON = frozenset({"letters"})  # silent while rows are only updated
_WORDS = re.compile(r'^\s*(insert into|update|delete from)\s+"?(?:\w+"?\.)?"?(\w+)', re.IGNORECASE)


@dataclass
class Witness:
    rows: Counter[str] = field(default_factory=Counter)
    named: dict[str, list[str]] = field(default_factory=dict)
    stamp: Stamp | None = None
    periods: set[str] = field(default_factory=set)
    told: bool = False
    by_person: bool = False

    @property
    def detail(self) -> dict[str, Any]:
        return {"rows": dict(sorted(self.rows.items())), **self.named}


def begin(conn: Connection) -> Witness:
    found = conn.info[KEY] = Witness()
    return found


def told(conn: Connection, *, by_person: bool) -> None:
    """The transaction has said what it does, and whether a person does it."""
    if found := conn.info.get(KEY):
        found.told = True
        found.by_person = found.by_person or by_person


def stamped(conn: Connection, stamp: Stamp, table: str = "", rows: int = 0) -> None:
    """By which stamp rows are being written; `rows` are those that no statement will show."""
    if found := conn.info.get(KEY):
        found.stamp = stamp
        if rows and table not in SILENT:
            found.rows[str(table)] += rows


def rows_changed(conn: Connection, table: str) -> int:
    """How many rows of a table this transaction has changed so far."""
    found: Witness | None = conn.info.get(KEY)
    return found.rows[table] if found else 0


def touches(conn: Connection, periods: Iterable[str]) -> None:
    """What other periods may stand on is another now in these."""
    if found := conn.info.get(KEY):
        found.periods.update(periods)


def names(conn: Connection, what: str, which: Sequence[str]) -> None:
    """Has the line of this transaction name these."""
    if which and (found := conn.info.get(KEY)):
        found.named.setdefault(what, []).extend(which)


def ended(conn: Connection) -> Witness | None:
    """What there is to say at the end of a transaction, None where nothing is."""
    found: Witness | None = conn.info.pop(KEY, None)
    if found is None or not (found.named or (found.rows and not found.told)):
        return None
    return found


def watch(engine: Engine) -> None:
    """Counts the rows that each statement of this engine changes."""
    event.listen(engine, "after_cursor_execute", _count)


def _count(
    conn: Connection, cursor: Any, statement: str, _values: Any, context: Any, _many: bool
) -> None:
    found = conn.info.get(KEY)
    if found is None or cursor.rowcount < 1:
        return
    verb, table = _changed(statement, context)
    if not table or table in SILENT or table.startswith("_") or (verb, table) in _ON_ITS_WAY:
        return
    found.rows[table] += cursor.rowcount


_ON_ITS_WAY = {("update", table) for table in MOVED_ON}


def _changed(statement: str, context: Any) -> tuple[str, str]:
    """The verb and the table of a statement that changes rows; two empty texts for any other."""
    compiled = getattr(context, "compiled", None)
    if compiled is not None and getattr(compiled.statement, "is_dml", False):
        verb = "update" if compiled.isupdate else "delete" if compiled.isdelete else "insert"
        return verb, str(compiled.statement.table.name)
    words = _WORDS.match(statement)
    return (words[1].split()[0].lower(), words[2]) if words else ("", "")
