"""The audit of one person's data: which entries speak of it, and how their words go.

entries_about(conn, person, alone=True)     -> [Spoken(n=12, what="cadre.changed", …)]
erase_entries(conn, spoken)                 words and salt go together; the chain still verifies

What the chain's own proof needs is never erased: which files, letters, results and decisions there
were; it names them by hashes and codes (tasks/verify_audit.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from review.cadres import Cadre
from review.keeping import ERASED_NAME
from tdkt_models.audit import AUDIT, WRITTEN
from tdkt_models.engine import as_json

PROOFS = frozenset(
    {WRITTEN, "audit.anchored", "results.approved", "results.refused", "person.erased"}
)
BLANK: dict[str, Any] = {"who": "", "subject": "", "detail": {}}


@dataclass(frozen=True, slots=True)
class Spoken:
    """An entry and those of its fields that speak of the person."""

    n: int
    what: str
    fields: tuple[str, ...]
    said: dict[str, Any]


def entries_about(conn: Connection, person: Cadre, *, alone: bool) -> list[Spoken]:
    """Entries about the person, and those whose words say the code, the address or, where nobody
    else has it (`alone`), the name."""
    named = alone and person.name != ERASED_NAME
    signs = [person.code, person.email, person.name if named else ""]
    columns = (AUDIT.c.n, AUDIT.c.what, AUDIT.c.at, *(AUDIT.c[name] for name in (*BLANK, "salts")))
    rows = conn.execute(select(*columns).order_by(AUDIT.c.n), execution_options={"yield_per": 1000})
    found = []
    for row in rows:
        if fields := _fields(row, person, [sign for sign in signs if sign]):
            said = {"at": row.at, **{name: getattr(row, name) for name in BLANK}}
            found.append(Spoken(row.n, row.what, fields, said))
    return found


def _fields(row: Any, person: Cadre, signs: Sequence[str]) -> tuple[str, ...]:
    """Who did it stays: that a person acted for the office is the office's own record."""
    if row.what in PROOFS:
        return ()
    if row.subject == person.code:
        own = ("who",) if row.who == person.name else ()
        return tuple(name for name in (*own, "subject", "detail") if name in row.salts)
    said = as_json(row.detail)
    return ("detail",) if "detail" in row.salts and any(s in said for s in signs) else ()


def erase_entries(conn: Connection, spoken: Collection[Spoken]) -> list[int]:
    """Gives the numbers of the entries, which the act that has them erased must name."""
    for one in spoken:
        salts = conn.execute(select(AUDIT.c.salts).where(AUDIT.c.n == one.n)).scalar_one()
        left = {name: salt for name, salt in salts.items() if name not in one.fields}
        blank = {name: BLANK[name] for name in one.fields}
        conn.execute(update(AUDIT).where(AUDIT.c.n == one.n).values(**blank, salts=left))
    return [one.n for one in spoken]
