"""A short soak: a month whose run, posters, relay and PostgreSQL are killed comes to the same book.

The long one, over SQLite, PostgreSQL and Prefect, is `make soak`; its figures: docs/reliability.md.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

import pytest

from soak.cycles import plain_cycle
from soak.servers import Postgres
from soak.stage import Stage, ending_of
from tests.province import HeldMonth, surroundings


@pytest.mark.xdist_group("held-month")
def test_a_month_killed_at_random_comes_to_the_same_book(
    tmp_path: Path, held_month: HeldMonth
) -> None:
    with surroundings(TDKT_DATABASE_URL=held_month.url):
        calm = ending_of(held_month.occasion)
    short = Path(tempfile.mkdtemp(prefix="sk", dir="/tmp"))  # for the socket's path
    short.chmod(0o755)
    try:
        with Postgres(short / "pg") as postgres:
            stage = Stage(tmp_path, postgres, calm=calm)
            cycle = plain_cycle(stage, "c", 3, random.Random(11), gap=4.0)
    finally:
        shutil.rmtree(short, ignore_errors=True)
    assert cycle.faults == [] and cycle.kills.total() == 3, cycle
