"""Prefect's server with a doorkeeper; on SQLite with transactions that take their turn.

python -m cli.prefect_server server start --port 4200      as `prefect server start`

Prefect 3.8 begins most of its transactions on SQLite "deferred": they read first, and the first
word that they write fails at once with "database is locked" where another wrote meanwhile, however
long the server is told to wait. What fails so is an event that no automation hears of, or a request
that is answered with 503. Begun "immediate", as Prefect itself begins those of its run states, a
transaction waits for its turn. docs/decisions/0021-prefect-on-sqlite-takes-turns.md
"""

from __future__ import annotations

import os
from functools import wraps
from typing import Any

from prefect.cli import app
from prefect.server.api import server
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.server.database.dependencies import MODELS_DEPENDENCIES
from prefect.settings import (
    PREFECT_API_DATABASE_CONNECTION_URL,
    PREFECT_SERVER_CORS_ALLOWED_ORIGINS,
)
from sqlalchemy.ext.asyncio import AsyncSession

from channels.words import words
from cli.doorkeeper import Doorkeeper


class TakingTurns(AioSqliteConfiguration):
    """Whoever begins to write has the word until it is done; the others wait."""

    def begin_transaction(self, session: AsyncSession, with_for_update: bool = False) -> Any:
        return super().begin_transaction(session, with_for_update=True)


_create_app = server.create_app


@wraps(_create_app)
def create_app(*args: Any, **options: Any) -> Any:
    """Prefect's own; the one that is served (`final`) stands behind the doorkeeper, who lets in
    whom `cli.serving.environment` says. The server asks itself past him: its automations begin
    runs by such requests, under a name of their own."""
    made = _create_app(*args, **options)
    if not options.get("final"):
        return made
    return Doorkeeper(
        made,
        hosts=tuple(os.environ.get("TDKT_SCREEN_HOSTS", "").split()),
        origins=tuple(PREFECT_SERVER_CORS_ALLOWED_ORIGINS.value().split(",")),
        say=words(os.environ.get("TDKT_LANG") or "vi"),
    )


def main() -> None:
    server.create_app = create_app  # `prefect server start` takes it from there when it starts
    url = PREFECT_API_DATABASE_CONNECTION_URL.value()
    if url.startswith("sqlite"):
        MODELS_DEPENDENCIES["database_config"] = TakingTurns(connection_url=url)
    app()


if __name__ == "__main__":
    main()
