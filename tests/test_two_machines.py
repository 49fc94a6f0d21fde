"""Two programs, each in a process of its own, hold one period in one PostgreSQL at the same time:
one does it, the other is told or finds it done; every file and every letter once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from flows.cycle import review_cycle
from tasks.verify_audit import verify_audit
from tdkt_models.audit import recall_audit
from tdkt_models.digest import book_digest
from tdkt_models.files import recall_files
from tests.postgres import Postgres
from tests.province import surroundings
from tests.small_office import Corner, small_office
from tests.test_answering import bad

ROOT = Path(__file__).resolve().parent.parent
UNITS = ("SYT", "SNV", "STC")


def test_two_at_once_come_to_the_book_of_one(tmp_path: Path, postgres: Postgres) -> None:
    with surroundings(TDKT_DATABASE_URL=postgres.new_database()):
        alone = furnished(tmp_path / "alone")
        review_cycle(alone.occasion, send=True)
        calm = digest(alone)
    with surroundings(TDKT_DATABASE_URL=postgres.new_database()):
        corner = furnished(tmp_path / "two")
        office = corner.occasion.office
        words = ["review", "2026-10", "--send", "--as-of", corner.occasion.now.isoformat()]
        command = [sys.executable, "-m", "cli.main", *words, "--home", office.home]
        runs = [
            subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=-1, stderr=-2)
            for _ in range(2)
        ]
        said = [run.communicate(timeout=400)[0].decode() for run in runs]
        assert all(run.returncode in (0, 1) for run in runs), said
        assert digest(corner) == calm
        each_was_written_once(corner)
        mails = (office.folder / "outbox").glob("*.eml")
        sent = Counter(message_from_bytes(mail.read_bytes())["Message-ID"] for mail in mails)
        assert sent and set(sent.values()) == {1}, said


def each_was_written_once(corner: Corner) -> None:
    """Every file and letter, whoever of the two wrote it."""
    assert verify_audit(corner.occasion.office).faults == ()
    with corner.occasion.office.book() as book, book.reading() as conn:
        assert len(recall_files(conn)) == 2
        named = Counter(
            name
            for entry in recall_audit(conn, what="book.written")
            for name in (*entry.detail.get("letters", ()), *entry.detail.get("files", ()))
        )
    assert named and set(named.values()) == {1}


def furnished(folder: Path) -> Corner:
    folder.mkdir()
    corner = small_office(folder, UNITS)
    toml = corner.occasion.office.folder / "office.toml"
    toml.write_text(toml.read_text("utf-8").replace("batch = 100", "batch = 1"), "utf-8")
    corner.sends("SYT", corner.report("SYT"), day=3)
    corner.sends("SNV", corner.report("SNV", bad), day=3)
    return corner


def digest(corner: Corner) -> str:
    with corner.occasion.office.book() as book, book.reading() as conn:
        return book_digest(conn, corner.occasion.period_text)
