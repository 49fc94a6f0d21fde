"""A small office after a month that was held, sent to the capture folder and approved.

with held_office(folder, postgres) as office:      two units, one report; without a server on SQLite
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cycle import review_cycle
from tasks.approve import Signature, approve
from tasks.office import Office
from tests.province import surroundings
from tests.small_office import small_office

if TYPE_CHECKING:
    from tests.postgres import Postgres

WHO = "Lò Văn Inh"
PERIOD = "2026-10"


@contextmanager
def held_office(folder: Path, server: Postgres | None = None) -> Iterator[Office]:
    url = server.new_database() if server else f"sqlite:///{folder / 'office' / 'office.db'}"
    with surroundings(TDKT_DATABASE_URL=url):
        corner = small_office(folder, ("SYT", "SNV"))
        corner.sends("SYT", corner.report("SYT"), day=3)
        review_cycle(corner.occasion, send=True)
        approve.fn(replace(corner.occasion, run="approving"), Signature(WHO, "Thống nhất"))
        yield corner.occasion.office
