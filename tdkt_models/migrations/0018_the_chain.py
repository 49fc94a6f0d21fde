"""The audit becomes a chain, and the database refuses to change it (review/chain.py).

Entries written before are chained in their order, as they stand, and one more names the files,
letters and results that there are: from here on a change of them shows.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from review.chain import ERASABLE, Head, Header, link_of, sealed

revision = "0018"
down_revision = "0017"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
NEW = (
    *(("n", WHOLE), ("noted_at", INSTANT), ("account", sa.Text())),
    *(("salts", JSON), ("seals", JSON), ("link", sa.Text())),
)
OLD = ["id", "who", "what", "subject", "detail", "at", "run"]
STAYS = ["id", "n", "what", "at", "run", "noted_at", "account", "seals", "link"]  # for ever
GOES = ["who", "subject", "detail"]  # with its salt only: what is erased

ON_SQLITE = (
    """create trigger audit_is_kept before delete on audit
    begin select raise(abort, 'the audit is never deleted'); end""",
    f"""create trigger audit_is_unchanged before update of {", ".join(STAYS)} on audit
    begin select raise(abort, 'the audit is never changed'); end""",
    f"""create trigger audit_is_only_erased before update of {", ".join(GOES)}, salts on audit
    when length(new.salts) >= length(old.salts)
    begin select raise(abort, 'the audit is never changed'); end""",
)
ON_POSTGRESQL = (
    """create function audit_refuses() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and (to_jsonb(new) - array['who', 'subject', 'detail', 'salts'])
        = (to_jsonb(old) - array['who', 'subject', 'detail', 'salts'])
        and length(new.salts::text) < length(old.salts::text) then
        return new;
      end if;
      raise exception 'the audit is never changed or deleted';
    end $$""",
    """create trigger audit_is_kept before update or delete on audit
    for each row execute function audit_refuses()""",
    """create trigger audit_is_whole before truncate on audit
    for each statement execute function audit_refuses()""",
)


def upgrade() -> None:
    with op.batch_alter_table("audit") as audit:
        for name, kind in NEW:
            audit.add_column(sa.Column(name, kind))
    _chain(op.get_bind())
    with op.batch_alter_table("audit") as audit:
        for name, kind in NEW:
            audit.alter_column(name, existing_type=kind, nullable=False)
        audit.create_unique_constraint("uq_audit_natural", ["n"])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in ON_SQLITE if on_sqlite else ON_POSTGRESQL:
        op.execute(trigger)


def _chain(conn: sa.Connection) -> None:
    columns = [sa.column(name, JSON if name == "detail" else None) for name in OLD]
    audit = sa.table("audit", *columns, *(sa.column(name, kind) for name, kind in NEW))
    head, account = Head(), down_revision
    for row in conn.execute(sa.select(*columns).order_by(audit.c.id)).all():
        said = {"who": row.who, "subject": row.subject, "detail": row.detail}
        values = _chained(head, said, row.what, _text(row.at), row.run, account)
        head = Head(values["n"], values["link"])
        values["noted_at"] = row.at
        conn.execute(sa.update(audit).where(audit.c.id == row.id).values(values))
    there = {what: names for what, names in _there(conn) if names}
    if there:
        said = {"who": "tdkt", "subject": "", "detail": {"rows": {}, **there}}
        now = datetime.now(UTC) if conn.dialect.name == "postgresql" else _text(datetime.now(UTC))
        values = _chained(head, said, "book.written", _text(now), revision, account)
        conn.execute(sa.insert(audit).values({**said, **values, "at": now, "noted_at": now}))


def _chained(
    head: Head, said: dict[str, object], what: str, at: str, run: str, account: str
) -> dict[str, Any]:
    n, salts = head.n + 1, {name: secrets.token_hex(16) for name in ERASABLE}
    seals = sealed(said, salts)
    link = link_of(head.link, Header(n, at, at, run, account, what), seals)
    kept = {"n": n, "account": account, "salts": salts, "seals": seals, "link": link}
    return {**kept, "what": what, "run": run}


def _there(conn: sa.Connection) -> Iterator[tuple[str, list[str]]]:
    """As tdkt_models names them: files.py, letter_rows.py, results.py."""
    files = conn.execute(sa.text("select sha256 from received_files order by id"))
    yield "files", [row.sha256[:16] for row in files]
    letters = conn.execute(sa.text("select message_id, payload_sha from letters order by id"))
    yield "letters", [f"{row.message_id[1:13]}:{row.payload_sha[:12]}" for row in letters]
    names = "period, cadre, version, unit, status, total, by_points, grade, why"
    results = defaultdict(list)
    for row in conn.execute(sa.text(f"select {names} from results")):
        results[row.period].append("|".join(map(str, row)))
    yield (
        "results",
        [
            f"{period}:{len(said)}:" + sha256("\n".join(sorted(said)).encode()).hexdigest()
            for period, said in sorted(results.items())
        ],
    )


def _text(at: str | datetime) -> str:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("audit_is_kept", "audit_is_unchanged", "audit_is_only_erased"):
            op.execute(f"drop trigger {name}")
    else:
        op.execute("drop trigger audit_is_kept on audit")
        op.execute("drop trigger audit_is_whole on audit")
        op.execute("drop function audit_refuses()")
    with op.batch_alter_table("audit") as audit:
        audit.drop_constraint("uq_audit_natural", type_="unique")
        for name, _kind in reversed(NEW):
            audit.drop_column(name)
