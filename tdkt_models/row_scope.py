"""Whose rows a transaction may see: narrowed to some units by the database itself, on PostgreSQL.

    with book.reading() as conn:
        narrow(conn, ["03637"])            from here on, rows of other units are not there
    prepare(url)                           makes the role that narrow takes on; `tdkt init` does it

Every query that is made for a reader names its units already. Where `[security] rows_by_unit` is
on, one that forgot to would find nothing instead of what is another's. SQLite has no such thing:
there the queries, the scope of each letter and the gate stand alone.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from tdkt_models.engine import engine_for
from tdkt_models.errors import BookError, parsed, said_plainly

ROLE = "tdkt_scope"  # the policies (step “rows by unit”) know it by this name
SETTING = "tdkt.units"
# What a narrowed reader may look into, by how a row is known to be a unit's; WHOLE has no such.
BY_UNIT = (
    *("units", "cadres", "unit_contacts", "roll_entries", "received_files", "submissions"),
    *("scorecards", "results", "period_scores", "programme_tasks", "explanations", "extensions"),
    *("appeals", "unit_figures", "card_bases", "acts", "letters", "postings", "ratings"),
)
BY_FILE = ("findings", "answers", "quieted_findings", "mails", "roster_changes")
WHOLE = ("alembic_version", "cycles", "regulation_seals", "decisions")
HAS_ROLE = "select pg_has_role(oid, 'MEMBER') from pg_roles where rolname = :role"
NO_ROLE = (
    "Cơ sở dữ liệu chưa có vai trò tdkt_scope mà cài đặt rows_by_unit cần, hay tài khoản của "
    "chương trình chưa được dùng nó. Người quản trị chạy: create role tdkt_scope nologin (nếu chưa "
    "có); grant tdkt_scope to <tài khoản của chương trình>; rồi “tdkt init”."
)


def narrow(conn: Connection, units: Collection[str], *, on: bool = True) -> None:
    """Until the transaction ends. Does nothing on SQLite or where it is not `on`. Raises BookError
    where the database has no such role, or this account may not take it on; ValueError for a code
    with a comma in it, which would read as two."""
    if not on or conn.dialect.name != "postgresql":
        return
    if any("," in unit for unit in units):
        raise ValueError(f"no code of a unit has a comma: {sorted(units)}")
    conn.execute(
        text("select set_config(:name, :units, true)"),
        {"name": SETTING, "units": ",".join(sorted(units))},
    )
    if not conn.execute(text(HAS_ROLE), {"role": ROLE}).scalar():
        raise BookError(NO_ROLE)
    conn.exec_driver_sql(f"set local role {ROLE}")


def prepare(url: str) -> None:
    """Makes the role and lets it read; again after each upgrade, for new tables. Raises BookError
    where this account may not."""
    parts = parsed(url)
    if parts.get_backend_name() != "postgresql":
        return
    engine = engine_for(parts)
    try:
        with said_plainly(engine), engine.begin() as conn:
            ours = conn.execute(text(HAS_ROLE), {"role": ROLE}).scalar()  # None: there is no role
            if not ours:
                try:
                    with conn.begin_nested():
                        if ours is None:
                            conn.exec_driver_sql(f"create role {ROLE} nologin")
                        conn.exec_driver_sql(f"grant {ROLE} to current_user")
                except Exception as wrong:
                    raise BookError(NO_ROLE) from wrong
            tables = ", ".join(f'"{name}"' for name in (*BY_UNIT, *BY_FILE, *WHOLE))
            conn.exec_driver_sql(f"grant usage on schema public to {ROLE}")
            conn.exec_driver_sql(f"grant select on {tables} to {ROLE}")
    finally:
        engine.dispose()
