"""Who may decide at the desk, with a card of codes each: of a code only a salted hash is kept.

number = keep_approver(conn, name, email, powers, "T-0001", by, stamp)
keep_codes(conn, number, hashes, stamp)
call_code(conn, number, asking, stamp)      -> 7: the number of the card that this asking wants
note_typed(conn, code, Proof.RIGHT, stamp)  a code is used up by the first typing
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from review.powers import Approver, Power, Proof
from tdkt_models.base import Base, Stamp, one_of, table_of
from tdkt_models.bulk import pour_new

SEEN = "seen"  # typed where another number was asked for: it lies open, and is used up too


class ApproverRow(Base):
    __tablename__ = "approvers"
    __table_args__ = (Index(None, "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    may: Mapped[list[Any]]
    card: Mapped[str]
    issued_by: Mapped[str]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str]
    reason: Mapped[str]


class CodeRow(Base):
    """`asking` is the run and the attempt that wants this code; `proof` what typing it came to."""

    __tablename__ = "approver_codes"
    __table_args__ = (
        CheckConstraint(f"{one_of('proof', Proof)} or proof in ('', '{SEEN}')", name="proof"),
        Index(None, "asking"),
    )

    approver: Mapped[int] = mapped_column(
        ForeignKey("approvers.id"), primary_key=True, autoincrement=False
    )
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str]
    hashed: Mapped[str]
    asking: Mapped[str]
    typed_at: Mapped[datetime | None]
    proof: Mapped[str]


APPROVERS, CODES = table_of(ApproverRow), table_of(CodeRow)


@dataclass(frozen=True, slots=True)
class Code:
    """One line of a card; `typed_at` None while it may still be used."""

    approver: int
    n: int
    salt: str
    hashed: str
    asking: str
    typed_at: datetime | None
    proof: str


def keep_approver(
    conn: Connection,
    name: str,
    email: str,
    may: Collection[Power],
    card: str,
    by: str,
    stamp: Stamp,
) -> int:
    powers = sorted(power.value for power in may)
    pour_new(conn, APPROVERS, [(name, email, powers, card, by, None, "", "")], stamp)
    return int(conn.execute(select(func.max(APPROVERS.c.id))).scalar_one())


def keep_codes(
    conn: Connection, approver: int, hashes: Sequence[tuple[str, str]], stamp: Stamp
) -> None:
    """`hashes` are (salt, hash) in the order of the card."""
    rows = [(approver, n, salt, said, "", None, "") for n, (salt, said) in enumerate(hashes, 1)]
    pour_new(conn, CODES, rows, stamp)


def revoke(conn: Connection, approver: int, by: str, reason: str, stamp: Stamp) -> None:
    conn.execute(
        update(APPROVERS)
        .where(APPROVERS.c.id == approver, APPROVERS.c.revoked_at.is_(None))
        .values(revoked_at=stamp.at, revoked_by=by, reason=reason)
    )


def recall_approvers(conn: Connection, *, every: bool = False) -> list[Approver]:
    """Those whose card is in force, or with `every` all there ever were, by name."""
    c, k = APPROVERS.c, CODES.c
    fresh = k.typed_at.is_(None), k.asking == ""
    left: dict[int, int] = dict(
        conn.execute(
            select(k.approver, func.count()).where(*fresh).group_by(k.approver)
        ).tuples().all()
    )  # fmt: skip
    query = select(APPROVERS).order_by(c.name, c.id)
    if not every:
        query = query.where(c.revoked_at.is_(None))
    return [
        Approver(
            row.id,
            row.name,
            row.email,
            frozenset(map(Power, row.may)),
            row.card,
            row.at,
            left.get(row.id, 0),
            row.revoked_at,
        )
        for row in conn.execute(query)
    ]


def cards_issued(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(APPROVERS)).scalar_one())


def call_code(conn: Connection, approver: int, asking: str, stamp: Stamp) -> int | None:
    """Which number of the card an asking wants: always the same for the same asking. None where
    the card has none left."""
    k = CODES.c
    mine = k.approver == approver
    known = conn.execute(select(k.n).where(mine, k.asking == asking)).scalar()
    if known is not None:
        return int(known)
    free = select(func.min(k.n)).where(mine, k.typed_at.is_(None), k.asking == "")
    n = conn.execute(free).scalar()
    if n is not None:
        conn.execute(update(CODES).where(mine, k.n == n).values(asking=asking, at=stamp.at))
    return None if n is None else int(n)


def free_codes(conn: Connection, askings: str) -> None:
    """Codes that these askings wanted and nobody typed may be asked for again. `askings` is what
    their names begin with."""
    k = CODES.c
    mine = or_(k.asking == askings, k.asking.startswith(f"{askings}/", autoescape=True))
    conn.execute(update(CODES).where(mine, k.typed_at.is_(None)).values(asking=""))


def code_of(conn: Connection, approver: int, asking: str) -> Code | None:
    k = CODES.c
    row = conn.execute(select(CODES).where(k.approver == approver, k.asking == asking)).first()
    return None if row is None else _code(row)


def typed_in(conn: Connection, asking: str) -> Code | None:
    """The code that was typed in an asking, if one was."""
    k = CODES.c
    typed = k.asking == asking, k.typed_at.is_not(None)
    row = conn.execute(select(CODES).where(*typed)).first()
    return None if row is None else _code(row)


def unused_codes(conn: Connection, approver: int) -> list[Code]:
    k = CODES.c
    query = select(CODES).where(k.approver == approver, k.typed_at.is_(None)).order_by(k.n)
    return [_code(row) for row in conn.execute(query)]


def note_typed(conn: Connection, code: Code, proof: str, stamp: Stamp) -> None:
    conn.execute(
        update(CODES)
        .where(CODES.c.approver == code.approver, CODES.c.n == code.n)
        .values(typed_at=stamp.at, proof=str(proof), run=stamp.run)
    )


def wrong_since(conn: Connection, cards: Collection[int], since: datetime) -> list[datetime]:
    """When wrong codes were typed since a moment, on any of a person's cards."""
    k = CODES.c
    query = select(k.typed_at).where(
        k.approver.in_(cards), k.proof == Proof.WRONG.value, k.typed_at >= since
    )
    return sorted(at for at in conn.scalars(query) if at is not None)


def _code(row: Any) -> Code:
    return Code(row.approver, row.n, row.salt, row.hashed, row.asking, row.typed_at, row.proof)
