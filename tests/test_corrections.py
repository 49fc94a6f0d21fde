"""A correction workbook of the bad lines only: sent back, it is merged by line and by key."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from channels.correction import correction
from channels.reading import read_and_examine
from review.examine import Examined
from review.findings import Severity, Verdict
from review.merging import ORIGIN
from review.submission import Submission
from sample.entries import Entries
from tasks.corrections import write_answers
from tdkt_models.submissions import recall_submissions
from tests.drawer import PERIOD, Desk, reordered
from tests.small_office import Corner, small_office
from tests.test_answering import bad
from tests.test_checks import DESK

WORK, GENERAL = DESK.form.sheet("work"), DESK.form.sheet("general")


def wrong() -> bytes:
    return DESK.with_cells({("work", "H7"): "ba", ("general", "E6"): 6})


def read(data: bytes) -> Examined:
    return read_and_examine(data, DESK.forms, PERIOD)


def made(data: bytes) -> bytes:
    examined = read(data)
    assert examined.submission is not None
    kept = correction(DESK.form, examined.submission, examined.findings, "0" * 64)
    assert kept is not None
    return kept


def together(folder: Path, base: bytes, fix: bytes) -> Examined:
    paths = folder / "base.xlsx", folder / "fix.xlsx"
    for path, data in zip(paths, (base, fix), strict=True):
        path.write_bytes(data)
    return read_and_examine(paths, DESK.forms, PERIOD)


def with_values(data: bytes, cells: dict[tuple[str, str], Any]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(data))
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_it_holds_the_bad_lines_and_no_other() -> None:
    book = openpyxl.load_workbook(BytesIO(made(wrong())))
    assert {WORK.name, GENERAL.name} <= set(book.sheetnames)
    assert DESK.form.sheet("programme").name not in book.sheetnames
    page = book[WORK.name]
    assert page["H6"].value == "ba" and page["B6"].value is not None
    assert page.cell(5, len(WORK.fields) + 1).value == ORIGIN
    assert page.cell(6, len(WORK.fields) + 1).value == 7
    assert page["B7"].value is None


def test_sent_back_only_its_lines_are_other_than_before(tmp_path: Path) -> None:
    good, spoilt = read(DESK.good()).submission, wrong()
    fix = with_values(made(spoilt), {(WORK.name, "H6"): 4, (GENERAL.name, "E6"): 4})
    examined = together(tmp_path, spoilt, fix)
    said, before = examined.submission, read(spoilt).submission
    assert good is not None and said is not None and before is not None
    assert not [f for f in examined.findings if f.severity is Severity.MUST_FIX]
    for key, line in (("work", 7), ("general", 6)):
        assert rows(said, key, but=line) == rows(before, key, but=line)
        assert rows(said, key) != rows(before, key)
    for key in ("cover", "leaders", "changes", "programme"):
        assert rows(said, key) == rows(before, key)


def rows(said: Submission, key: str, but: int = 0) -> list[Any]:
    return [row for row in said.tables[key].rows if row[0] != but]


def test_a_line_without_its_number_is_found_by_its_key(tmp_path: Path) -> None:
    spoilt = wrong()
    number = f"{chr(ord('A') + len(GENERAL.fields))}6"
    fix = with_values(made(spoilt), {(GENERAL.name, "E6"): 4, (GENERAL.name, number): None,
                                     (WORK.name, "H6"): 3})  # fmt: skip
    examined = together(tmp_path, spoilt, fix)
    assert examined.submission is not None
    before = read(DESK.good()).submission
    assert before is not None
    assert len(rows(examined.submission, "general")) == len(rows(before, "general"))


def test_an_emptied_line_is_taken_out(tmp_path: Path) -> None:
    def twice(entries: Entries) -> None:
        entries["general"].append({**entries["general"][0], "c1": 1})

    spoilt = DESK.good(twice)
    fix = made(spoilt)
    emptied = {(GENERAL.name, f"{chr(ord('A') + n)}6"): None for n in range(len(GENERAL.fields))}
    examined = together(tmp_path, spoilt, with_values(fix, emptied))
    assert examined.findings == ()


def test_columns_moved_about_in_the_base_are_found_by_their_headings(tmp_path: Path) -> None:
    spoilt_rows = reordered(DESK.rows("work"))
    at = next(n for n, head in enumerate(spoilt_rows[4]) if head == WORK.field("assigned").label)
    spoilt_rows[6][at] = "ba"
    spoilt = DESK.by_hand(work=spoilt_rows)
    page = openpyxl.load_workbook(BytesIO(made(spoilt)))[WORK.name]
    assert page["H6"].value == "ba", "in the correction columns stand as the form has them"
    examined = together(tmp_path, spoilt, with_values(made(spoilt), {(WORK.name, "H6"): 4}))
    assert not [f for f in examined.findings if f.severity is Severity.MUST_FIX]


def test_alone_or_over_anothers_file_it_says_what_it_is(tmp_path: Path) -> None:
    fix = made(wrong())
    assert [f.check for f in read(fix).findings] == ["TEP_SUA"]
    other = Desk("STC").good()
    assert [f.check for f in together(tmp_path, other, fix).findings] == ["TEP_SUA"]


@pytest.fixture
def corner(tmp_path: Path) -> Corner:
    return small_office(tmp_path, ("SYT",))


def test_the_office_sends_it_out_and_takes_it_back(corner: Corner, tmp_path: Path) -> None:
    corner.sends("SYT", corner.report("SYT", bad), day=3)
    corner.takes_in()
    assert corner.entry("SYT").verdict is Verdict.RETURNED
    names = [path.name for path in write_answers.fn(corner.occasion, tmp_path / "out")]
    assert names == ["SYT_2026-10_danh-dau.xlsx", "SYT_2026-10_dong-sua.xlsx"]

    fix = (tmp_path / "out" / names[1]).read_bytes()
    half = with_values(fix, {(WORK.name, "H6"): "bốn"})
    corner.sends("SYT", half, day=4, note="_sua")
    corner.takes_in()
    assert corner.entry("SYT").verdict is Verdict.RETURNED
    assert {f.check for f in corner.findings("SYT")} >= {"KHONG_PHAI_SO"}

    (again,) = write_answers.fn(corner.occasion, tmp_path / "out2")
    corner.sends("SYT", with_values(again.read_bytes(), {(WORK.name, "H6"): 1}), day=5, note="_3")
    corner.takes_in()
    assert corner.entry("SYT").verdict in (Verdict.ACCEPTED, Verdict.REMARKED)
    with corner.occasion.office.book() as book, book.reading() as conn:
        (said,) = recall_submissions(conn, "2026-10", ["SYT"])
    assert len(list(said.rows("work"))) == len(DESK.entries()["work"])
    assert write_answers.fn(corner.occasion, tmp_path / "out3") == ()
