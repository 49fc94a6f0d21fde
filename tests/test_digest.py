"""The digest of a period says what its book came to, not how its machines fared on the way."""

from __future__ import annotations

from pathlib import Path

from review.alarms import AlarmKind, run_ended
from tasks.house_letters import tell_office
from tasks.report import keep_letters
from tdkt_models.digest import book_digest
from tdkt_models.letter_ledger import ledger
from tests.letter_samples import reminder
from tests.small_office import Corner, small_office


def digest(corner: Corner) -> str:
    with corner.occasion.office.book() as book, book.reading() as conn:
        return book_digest(conn, corner.occasion.period_text)


def test_a_run_that_crashed_changes_nothing_and_a_letter_to_a_unit_does(tmp_path: Path) -> None:
    corner = small_office(tmp_path, ("SYT",))
    before = digest(corner)
    crashed = run_ended(AlarmKind.CRASHED, "91c0/1", "Đánh giá tháng 10/2026", "", resumed=True)
    assert tell_office(corner.occasion, [crashed]) == 1
    with corner.occasion.office.book() as book, book.reading() as conn:
        assert len(ledger(conn, corner.occasion.period_text)) == 1
    assert digest(corner) == before
    with corner.occasion.office.book() as book, book.writing() as conn:
        keep_letters(conn, corner.occasion, [reminder()])
    assert digest(corner) != before
