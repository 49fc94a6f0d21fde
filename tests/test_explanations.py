"""A unit explains a flag in its marked workbook; the office accepts it until a day; it is quiet."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from channels.errors import ChannelRefused
from channels.marked import marked
from review.explanations import CODE, LIST_SHEET, WORDS, Answer, read_explained
from review.findings import Severity, Verdict
from sample.entries import Entries
from tasks.defence import cards_with_reasons
from tasks.explained import answer_explanation
from tasks.score import score
from tdkt_models.explanations import recall_explanations
from tests.small_office import Corner, small_office

WHO, NOTE = "Lò Văn A", "Có quyết định giao bổ sung"
SAYS = "Giao thêm theo công văn 15/SYT ngày 12/10/2026"


def over(entries: Entries) -> None:
    entries["work"][0].update(assigned=2, done=5, note=None, faulty=None, fault_times=None,
                              late=None, late_times=None)  # fmt: skip


def explained(data: bytes, check: str, says: str) -> bytes:
    """The marked workbook with these words written beside the findings of a check."""
    book = openpyxl.load_workbook(BytesIO(data))
    page = book[LIST_SHEET]
    head = next(row for row in page.iter_rows() if row[-1].value == CODE)
    words = next(cell.column for cell in head if cell.value == WORDS)
    for row in page.iter_rows(min_row=head[0].row + 1):
        if row[-1].value == check:
            page.cell(row[0].row, words, says)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.fixture
def corner(tmp_path: Path) -> Corner:
    return small_office(tmp_path, ("SYT",))


def told(corner: Corner) -> None:
    """The unit has explained why more was done than assigned."""
    data = corner.report("SYT", over)
    corner.sends("SYT", data, day=3)
    corner.takes_in()
    assert corner.checks("SYT") == {"VUOT_GIAO"}
    marked_copy = marked(data, corner.findings("SYT"))
    corner.sends("SYT", explained(marked_copy, "VUOT_GIAO", SAYS), day=4, note="_b")
    corner.takes_in()


def test_an_explanation_waits_for_the_office(corner: Corner) -> None:
    told(corner)
    (finding,) = (f for f in corner.findings("SYT") if f.severity is Severity.MUST_EXPLAIN)
    assert SAYS in finding.says and "chờ cơ quan" in finding.fix
    assert corner.entry("SYT").verdict is Verdict.REMARKED
    with corner.occasion.office.book() as book, book.reading() as conn:
        (one,) = recall_explanations(conn, "2026-10")
    assert (one.check, one.says, one.answer) == ("VUOT_GIAO", SAYS, Answer.WAITING)
    assert one.subject.startswith("work:SYT-01 · ")


def test_accepted_it_is_quiet_until_its_day_and_stands_in_the_trace(corner: Corner) -> None:
    told(corner)
    until = date(2026, 11, 30)
    answer_explanation.fn(corner.occasion, 1, Answer.ACCEPTED, until, WHO, NOTE)
    assert "VUOT_GIAO" not in corner.checks("SYT")
    assert corner.entry("SYT").verdict is Verdict.ACCEPTED
    score.fn(corner.occasion, ["SYT"])
    with corner.occasion.office.book() as book, book.reading() as conn:
        cards = {card.cadre: card for card in cards_with_reasons(conn, corner.occasion, ["SYT"])}
    assert any(SAYS in reason.says for reason in cards["SYT-01"].reasons)
    assert not any(SAYS in reason.says for reason in cards["SYT-02"].reasons)

    def the_same_work(entries: Entries) -> None:
        entries["work"] = corner_rows
        over(entries)

    corner_rows = _entries("2026-10")["work"]
    for period, asked in (("2026-11", False), ("2026-12", True)):
        corner.in_period(period)
        corner.sends("SYT", _report(period, the_same_work), day=3, month=12)
        corner.takes_in()
        assert ("VUOT_GIAO" in corner.checks("SYT")) is asked


def _entries(period: str) -> Entries:
    from tests.drawer import Desk

    entries = Desk("SYT", period).entries()
    for row in entries["work"]:
        row.pop("programme", None)
    return entries


def _report(period: str, change) -> bytes:  # type: ignore[no-untyped-def]
    from tests.drawer import Desk

    return Desk("SYT", period).good(change)


def test_refused_it_is_still_asked(corner: Corner) -> None:
    told(corner)
    answer_explanation.fn(corner.occasion, 1, Answer.REFUSED, None, WHO, "Chưa có văn bản")
    assert "VUOT_GIAO" in corner.checks("SYT")
    with pytest.raises(ChannelRefused, match="đến ngày nào"):
        answer_explanation.fn(corner.occasion, 1, Answer.ACCEPTED, None, WHO, NOTE)
    with pytest.raises(ChannelRefused, match="Không có giải trình số 9"):
        answer_explanation.fn(corner.occasion, 9, Answer.REFUSED, None, WHO, NOTE)


def test_what_must_be_mended_cannot_be_explained_away(corner: Corner) -> None:
    def wrong(entries: Entries) -> None:
        entries["cover"].update(approved_by=None)

    data = corner.report("SYT", wrong)
    corner.sends("SYT", data, day=3)
    corner.takes_in()
    marked_copy = marked(data, corner.findings("SYT"))
    corner.sends("SYT", explained(marked_copy, "THIEU_O", "Vì thế"), day=4, note="_b")
    corner.takes_in()
    assert corner.entry("SYT").verdict is Verdict.RETURNED
    with corner.occasion.office.book() as book, book.reading() as conn:
        assert recall_explanations(conn, "2026-10") == []


def test_a_list_without_its_columns_says_nothing() -> None:
    assert read_explained([["x"], [1, 2]]) == ()
    rows = [["Trang", "Ô", WORDS, CODE], ["S1", "B3", "", "A"], ["S1", "–", "vì", "A"]]
    (one,) = read_explained(rows)
    assert (one.check, one.sheet, one.cell, one.says) == ("A", "S1", "", "vì")
