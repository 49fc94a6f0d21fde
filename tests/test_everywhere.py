"""Wherever a month is held, and by whomever its batches are done, it comes to the same book."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.agenda import all_hands
from flows.cycle import review_cycle
from tdkt_models.digest import book_digest
from tests.province import HeldMonth, furnished, surroundings

pytestmark = pytest.mark.xdist_group("held-month")


def test_by_clerks_in_processes_of_their_own(held_month: HeldMonth, tmp_path: Path) -> None:
    home = tmp_path / "office"
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{home / 'office.db'}"):
        occasion, _ = furnished(home)
        in_small_batches(home)
        with all_hands(occasion.office) as hands:
            hands.begin()
            clerks = {pid: _cpu(pid) for pid in hands.pids()}
            review_cycle(occasion, send=True)
            assert clerks and all(_cpu(pid) > before for pid, before in clerks.items())
        with occasion.office.book() as book, book.reading() as conn:
            assert book_digest(conn, occasion.period_text) == held_month.digest


def in_small_batches(home: Path, units: int = 12) -> None:
    """So that sixty units are enough for several processes, reading and all."""
    settings = home / "office.toml"
    text = settings.read_text("utf-8").replace("batch = 100", f"batch = {units}")
    text = text.replace("processes = 2", "processes = 3")
    settings.write_text(text, "utf-8")


def _cpu(pid: int) -> int:
    """The processor time of a process, in ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
