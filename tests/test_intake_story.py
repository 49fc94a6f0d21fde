"""How one can tell that intake is to be trusted: reports made by hand, by Google, in TCVN3 are
taken and what was mended is told; a wrong one comes back marked, and mended as told it is accepted.
"""

from __future__ import annotations

import io
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from channels.filling import fill
from channels.workbook import read_workbook
from review.explanations import LIST_SHEET
from review.findings import Verdict
from review.form import column_index
from sample.entries import Entries
from tasks.answer import answer, post_answers
from tests.drawer import Desk
from tests.google_like import google_sheets
from tests.make_drawer import each, pages, typed
from tests.office_suite import needs_office_suite, resaved
from tests.old_fonts import tcvn3
from tests.small_office import Corner, small_office

UNIT = "SYT"


@pytest.fixture
def corner(tmp_path: Path) -> Corner:
    return small_office(tmp_path, (UNIT,))


def answers_posted(corner: Corner) -> list[EmailMessage]:
    """The letters that went to the built-in server, oldest first."""
    answer.fn(corner.occasion)
    post_answers.fn(corner.occasion)
    parser = BytesParser(policy=policy.default)
    folder = corner.occasion.office.folder / "outbox"
    paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [parser.parsebytes(path.read_bytes()) for path in paths]  # type: ignore[misc]


def text(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def as_typed_by_hand() -> bytes:
    """The office's own blank, filled as people type: days and figures as text, with a comma."""
    desk = Desk(UNIT)
    good, blank = read_workbook(desk.good()).sheets, read_workbook(desk.blank()).sheets
    typed_in: dict[tuple[str, str], Any] = {}
    for sheet in desk.form.sheets:
        for at, row in enumerate(good[sheet.name]):
            for column, value in enumerate(row[: len(sheet.fields)]):
                was = blank[sheet.name][at][column] if at < len(blank[sheet.name]) else ""
                if value != was and value != "" and not _is_total(sheet, column):
                    typed_in[sheet.name, f"{chr(65 + column)}{at + 1}"] = _said(value)
    return fill(desk.blank(), typed_in)


def _is_total(sheet: Any, column: int) -> bool:
    return sheet.kind == "table" and bool(sheet.fields[column].total_of)


def _said(value: Any) -> Any:
    if isinstance(value, float) and not value.is_integer():
        return f" {value:g} ".replace(".", ",")
    return f"{value:%d/%m/%Y}" if hasattr(value, "year") else value


@needs_office_suite
def test_a_workbook_filled_in_libreoffice_by_hand_is_accepted(
    corner: Corner, tmp_path: Path
) -> None:
    corner.sends(UNIT, resaved(as_typed_by_hand(), tmp_path), day=2)
    corner.takes_in()
    assert corner.entry(UNIT).verdict is Verdict.ACCEPTED
    (receipt,) = answers_posted(corner)
    said = text(receipt)
    assert "ĐÃ TỰ SỬA KHI ĐỌC" in said
    assert "ngày gõ dạng chữ đọc thành ngày. Ví dụ: S1 Thông tin đơn vị!B15: “26/10/2026”" in said
    assert "số gõ dạng chữ đọc thành số" in said


def test_a_workbook_of_google_s_writer_is_accepted(corner: Corner) -> None:
    told = pages(work=lambda rows: [["BÁO CÁO"], *rows])  # a title row of one's own on top
    corner.sends(UNIT, google_sheets(told), day=2)
    corner.takes_in()
    assert corner.entry(UNIT).verdict is Verdict.ACCEPTED
    assert "tiêu đề, cột bị dời chỗ" in text(answers_posted(corner)[0])


def test_a_workbook_in_tcvn3_is_accepted_and_reads_as_it_was_meant(corner: Corner) -> None:
    old = each(tcvn3)
    data = typed(pages(work=old, programme=old, general=old), font=".VnTime")
    corner.sends(UNIT, data, day=2)
    corner.takes_in()
    assert corner.entry(UNIT).verdict is Verdict.ACCEPTED
    said = text(answers_posted(corner)[0])
    assert "chữ TCVN3 (phông .VnTime) chuyển về Unicode. Ví dụ: S3 Công việc – sản phẩm!" in said
    assert "→ “" in said


def wrong(entries: Entries) -> None:
    """Faults of several kinds on several sheets."""
    entries["cover"].update(approved_by=None)
    entries["work"][0].update(done="ba")
    entries["work"][1].update(coef=9)
    entries["general"][0].update(c1=6, total=None)
    entries["general"][1].update(total=3)
    entries["leaders"][0].update(d="75")
    entries["programme"][0].update(owner="SYT-77")


def test_a_wrong_one_comes_back_marked_and_mended_as_told_it_is_accepted_at_once(
    corner: Corner,
) -> None:
    corner.sends(UNIT, corner.report(UNIT, wrong), day=2)
    corner.takes_in()
    assert corner.entry(UNIT).verdict is Verdict.RETURNED
    (returned,) = answers_posted(corner)
    (marked,) = [part.get_content() for part in returned.iter_attachments()]
    told = list_of(marked)
    assert len(told) == 7
    mended = mended_as_told(marked, read_workbook(Desk(UNIT).good()).sheets)
    corner.sends(UNIT, mended, day=3, note="_sua")
    corner.takes_in()
    assert corner.checks(UNIT) <= {"NOP_LAI"}
    assert [file.verdict for file in corner.files(UNIT)] == [Verdict.RETURNED, Verdict.ACCEPTED]
    assert "báo cáo đạt" in text(answers_posted(corner)[-1])


def list_of(marked: bytes) -> list[tuple[str, str]]:
    """Sheet and cell of each line on the list, as a person reads it."""
    page = openpyxl.load_workbook(io.BytesIO(marked))[LIST_SHEET]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    return [(row[1], row[2]) for row in rows if row[3] == "Phải sửa" and row[2]]


def mended_as_told(marked: bytes, good: Any) -> bytes:
    """The marked workbook with the listed cells put right, by a spreadsheet program."""
    book = openpyxl.load_workbook(io.BytesIO(marked))
    for sheet, cell in list_of(marked):
        book[sheet][cell] = value_at(good, sheet, cell)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def value_at(sheets: Any, sheet: str, cell: str) -> Any:
    letters = cell.rstrip("0123456789")
    value = sheets[sheet][int(cell[len(letters) :]) - 1][column_index(letters)]
    return None if value == "" else value
