"""The numbered steps that make the book's tables, run from code: no alembic.ini, no env.py.

upgrade("sqlite:////srv/tdkt/office.db")   makes the file and the tables, or brings them up
is_current(url)                            -> True
heads()                                    -> ("0029",)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from tdkt_models.engine import engine_for
from tdkt_models.errors import missing, not_migrated, parsed, said_plainly

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

FOLDER = Path(__file__).parent / "migrations"
HEAD = "0034"  # the last step; a test holds it to the folder, so that opening needs no alembic


def heads() -> tuple[str, ...]:
    return tuple(_steps().get_heads())


def knows(step: str) -> bool:
    """Whether the program has this step."""
    return any(script.revision == step for script in _steps().walk_revisions())


def upgrade(url: str, revision: str = "head") -> None:
    """Brings the book up to a step (the last one by default). Raises BookError."""
    parts = parsed(url)
    if parts.get_backend_name() == "sqlite" and parts.database:
        Path(parts.database).parent.mkdir(parents=True, exist_ok=True)
    _run(url, lambda steps, at: steps._upgrade_revs(revision, at))


def downgrade(url: str, revision: str) -> None:
    """Takes the book back to a step, or with "base" to nothing; what later steps held is lost."""
    _run(url, lambda steps, at: steps._downgrade_revs(revision, at))


def is_current(url: str) -> bool:
    """Whether the book has every step. Raises BookMissing."""
    engine = engine_for(parsed(url))
    try:
        with said_plainly(engine), engine.execution_options(reading=True).begin() as conn:
            return step_of(conn) == HEAD
    finally:
        engine.dispose()


def step_of(conn: Connection) -> str | None:
    """The step the tables are at, None where there are none."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("select version_num from alembic_version")).scalar()


def require_current(conn: Connection) -> None:
    """Raises BookNotMigrated if the tables are behind the program, or ahead of it."""
    found = step_of(conn)
    if found != HEAD:
        raise not_migrated(conn.engine.url, found)


def _steps() -> ScriptDirectory:
    from alembic.script import ScriptDirectory  # 0.2 s that only an upgrade should pay

    return ScriptDirectory(str(FOLDER), version_locations=[str(FOLDER)])


def _run(url: str, plan: Any) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    steps = _steps()
    engine = engine_for(parsed(url), foreign_keys=False)
    walk = EnvironmentContext(Config(), steps, fn=lambda at, _context: plan(steps, at))
    try:
        with said_plainly(engine), _connected(engine) as conn, walk:
            # One transaction for all steps on both engines: half a migration does not exist.
            walk.configure(connection=conn, transactional_ddl=True, render_as_batch=True)
            with conn.begin():
                walk.run_migrations()
    finally:
        engine.dispose()


def _connected(engine: Any) -> Connection:
    from sqlalchemy.exc import OperationalError

    try:
        conn: Connection = engine.connect()
    except OperationalError:
        raise missing(engine.url) from None
    return conn
