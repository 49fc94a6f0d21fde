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
from review.post import LetterKind
from sample.entries import Entries
from tasks.answer import answer
from tasks.answering import answer_explanation
from tasks.defence import cards_with_reasons
from tasks.score import score
from tdkt_models.answers import unanswered
from tdkt_models.explanations import recall_explanations
from tdkt_models.letter_ledger import ledger
from tests.small_office import Change, Corner, small_office

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


def test_taken_back_it_is_asked_again_and_the_unit_hears_of_it(corner: Corner) -> None:
    told(corner)
    answer.fn(corner.occasion)
    answer_explanation.fn(corner.occasion, 1, Answer.ACCEPTED, date(2026, 12, 31), WHO, NOTE)
    assert corner.entry("SYT").verdict is Verdict.ACCEPTED
    answer.fn(corner.occasion)
    answer_explanation.fn(corner.occasion, 1, Answer.REFUSED, None, WHO, "Công văn 15 đã bị hủy")
    (finding,) = (f for f in corner.findings("SYT") if f.check == "VUOT_GIAO")
    assert "không được chấp nhận: Công văn 15 đã bị hủy." in finding.says
    assert corner.entry("SYT").verdict is Verdict.REMARKED
    with corner.occasion.office.book() as book, book.reading() as conn:
        assert unanswered(conn, "2026-10") == [corner.files("SYT")[-1].id]
    answer.fn(corner.occasion)
    with corner.occasion.office.book() as book, book.reading() as conn:
        letter = ledger(conn, "2026-10", kind=LetterKind.UNIT_RECEIPT)[-1].letter
    assert "Công văn 15 đã bị hủy" in str(letter.payload)


def test_taken_back_it_is_asked_again_in_later_periods_too(corner: Corner) -> None:
    told(corner)
    answer_explanation.fn(corner.occasion, 1, Answer.ACCEPTED, date(2026, 12, 31), WHO, NOTE)
    rows = _entries("2026-10")["work"]

    def the_same_work(entries: Entries) -> None:
        entries["work"] = rows
        over(entries)

    corner.in_period("2026-11")
    corner.sends("SYT", _report("2026-11", the_same_work), day=3, month=12)
    corner.takes_in()
    assert "VUOT_GIAO" not in corner.checks("SYT")
    answer_explanation.fn(corner.occasion, 1, Answer.REFUSED, None, WHO, "Nhầm")
    assert "VUOT_GIAO" in corner.checks("SYT")


def test_the_same_words_again_stay_refused(corner: Corner) -> None:
    told(corner)
    answer_explanation.fn(corner.occasion, 1, Answer.REFUSED, None, WHO, "Chưa có văn bản")
    assert "không được chấp nhận: Chưa có văn bản." in corner.findings("SYT")[0].says
    again = explained(marked(corner.report("SYT", over), corner.findings("SYT")), "VUOT_GIAO", SAYS)
    corner.sends("SYT", again, day=5, note="_c")
    corner.takes_in()
    assert "không được chấp nhận: Chưa có văn bản." in corner.findings("SYT")[0].says


def test_being_late_once_is_not_forgiven_for_ever(corner: Corner) -> None:
    data = corner.report("SYT")
    corner.sends("SYT", data, day=10)
    corner.at(day=10, hour=10)
    corner.takes_in()
    assert corner.checks("SYT") == {"NOP_MUON"}
    marked_copy = marked(data, corner.findings("SYT"))
    corner.sends("SYT", explained(marked_copy, "NOP_MUON", "Mất điện do lũ"), day=10, note="_b")
    corner.takes_in()
    answer_explanation.fn(corner.occasion, 1, Answer.ACCEPTED, date(2026, 12, 31), WHO, NOTE)
    assert "NOP_MUON" not in corner.checks("SYT")
    corner.in_period("2026-11")
    corner.sends("SYT", _report("2026-11", _clean), day=15, month=12)
    corner.at(day=15, hour=10, month=12)
    corner.takes_in()
    assert "NOP_MUON" in corner.checks("SYT")


def _clean(entries: Entries) -> None:
    for row in entries["work"]:
        row.pop("programme", None)


def as_told_by(corner: Corner, other: str) -> Change:
    """The work and the marks of another unit's report, under one's own people's codes."""
    from tests.drawer import Desk

    rows, mine = Desk(other).entries(), corner.brief("SYT").cadres
    own = {
        theirs.code: cadre.code
        for cadre, theirs in zip(mine, corner.brief(other).cadres, strict=True)
    }

    def copied(entries: Entries) -> None:
        for key in ("work", "general"):
            entries[key] = [{**row, "cadre": own[row["cadre"]]} for row in rows[key]]
        for row in entries["work"]:
            row.pop("programme", None)

    return copied


def test_a_copy_that_was_explained_is_not_asked_again(tmp_path: Path) -> None:
    corner = small_office(tmp_path, ("SYT", "SGDDT"))
    corner.sends("SGDDT", corner.report("SGDDT"), day=2)
    copied = corner.report("SYT", as_told_by(corner, "SGDDT"))
    corner.sends("SYT", copied, day=3)
    corner.takes_in()
    assert "CHEP_DON_VI" in corner.checks("SYT")
    marked_copy = marked(copied, corner.findings("SYT"))
    says = "Hai đơn vị cùng làm một đề án"
    corner.sends("SYT", explained(marked_copy, "CHEP_DON_VI", says), day=4, note="_b")
    corner.takes_in()
    (finding,) = (f for f in corner.findings("SYT") if f.check == "CHEP_DON_VI")
    assert says in finding.says and "chờ cơ quan" in finding.fix
    answer_explanation.fn(corner.occasion, 1, Answer.ACCEPTED, date(2026, 11, 30), WHO, NOTE)
    corner.takes_in()
    assert "CHEP_DON_VI" not in corner.checks("SYT")
    corner.sends("SYT", marked(copied, ()), day=5, note="_c")
    corner.takes_in()
    assert "CHEP_DON_VI" not in corner.checks("SYT")
    answer_explanation.fn(corner.occasion, 1, Answer.REFUSED, None, WHO, "Không có đề án chung")
    assert "CHEP_DON_VI" in corner.checks("SYT")


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
