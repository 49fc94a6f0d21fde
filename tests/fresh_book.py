"""The book of a new office, with all its tables: the steps are taken once a session, and copied.

lay_open(office)      as tdkt_models.base.upgrade(office.database_url), without the half second
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from tasks.office import Office
from tdkt_models.base import upgrade

ON_DISK = "sqlite:///"


def lay_open(office: Office) -> None:
    """A book that is there already is left to the steps themselves."""
    url = office.database_url
    path = Path(url.removeprefix(ON_DISK))
    if not url.startswith(ON_DISK) or "?" in url or path.exists():
        upgrade(url)
        return
    path.write_bytes(_pattern())


@cache
def _pattern() -> bytes:
    with tempfile.TemporaryDirectory(prefix="tdkt-pattern-") as folder:
        path = Path(folder) / "office.db"
        upgrade(f"{ON_DISK}{path}")
        return path.read_bytes()
