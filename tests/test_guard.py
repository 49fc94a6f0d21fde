"""What is refused before a parser sees it, with the reason that helps the sender."""

from __future__ import annotations

import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.guard import Refused, guard
from channels.other_marks import MOST_RECORDS, TooManyRecords, biff, few
from channels.reading import read_and_examine
from channels.workbook import names_in
from channels.zip_patch import Package
from review.findings import Verdict
from review.form import column_index, column_letter
from review.raw import UNKNOWN, Mark, MarkKind
from tests.drawer import HOSTILE, Desk, work_sheet
from tests.mutations import DRAWER

DESK = Desk()


def marks_of(data: bytes) -> tuple[Mark, ...]:
    """In the sheets of the form: those of the self-check are calculated where they are opened."""
    found = guard(data, names_in(DESK.forms).__contains__).marks
    return tuple(mark for mark in found if mark.kind in UNKNOWN)


@pytest.mark.parametrize("name", HOSTILE)
def test_each_hostile_file_is_answered_with_its_own_reason(name: str) -> None:
    make, code = HOSTILE[name]
    examined = read_and_examine(make(DESK), DESK.forms, "2026-10")
    assert examined.verdict is Verdict.UNREADABLE
    (finding,) = examined.findings
    assert finding.check == code
    assert finding.says.endswith(".") and finding.fix.endswith(".")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("PDF doi ten", "PDF"),
        ("docx doi ten", "Word"),
        ("CSV doi ten", "CSV"),
        ("HTML doi ten", "HTML"),
        ("PNG doi ten", "ảnh"),
        ("tep khoa ~$", "~$"),
    ],
)
def test_what_the_file_really_is_is_said(name: str, word: str) -> None:
    with pytest.raises(Refused) as refused:
        guard(HOSTILE[name][0](DESK))
    assert word in refused.value.says


def test_a_good_report_passes_without_a_mark() -> None:
    assert marks_of(DESK.good()) == ()


def test_styled_but_empty_rows_far_below_are_no_offence() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(90000, 99000))
    data = work_sheet(DESK.good(), rows)
    assert read_and_examine(data, DESK.forms, "2026-10").verdict is Verdict.ACCEPTED


@given(st.integers(1, 800), st.one_of(st.integers(80, 120), st.integers(9_900, 12_000)))
def test_a_value_beyond_column_cz_or_row_9999_is_far_and_no_other(column: int, row: int) -> None:
    cell = f"{column_letter(column - 1)}{row}".encode()
    data = work_sheet(DESK.good(), b'<row r="%d"><c r="%s"><v>1</v></c></row>' % (row, cell))
    if column > column_index("CZ") + 1 or row > 9_999:
        with pytest.raises(Refused, match="quá xa"):
            guard(data)
    else:
        guard(data)


def test_a_cell_in_error_is_located() -> None:
    row = b'<row r="90"><c r="D90" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    (mark,) = marks_of(work_sheet(DESK.good(), row))
    assert (mark.sheet, mark.cell, mark.kind) == (
        DESK.form.sheet("work").name, "D90", MarkKind.ERROR,
    )  # fmt: skip
    assert mark.text == "#DIV/0!"


def test_a_formula_never_calculated_is_located() -> None:
    row = b'<row r="90"><c r="I90"><f>1+1</f></c><c r="J90"><f>1+1</f><v></v></c></row>'
    marks = marks_of(work_sheet(DESK.good(), row))
    assert [(mark.cell, mark.kind) for mark in marks] == [
        ("I90", MarkKind.UNCACHED), ("J90", MarkKind.UNCACHED),
    ]  # fmt: skip


def test_a_formula_never_calculated_is_asked_about_on_a_line_otherwise_spare() -> None:
    row = b'<row r="90"><c r="A90"><v>85</v></c><c r="I90"><f>1+1</f></c></row>'
    found = read_and_examine(work_sheet(DESK.good(), row), DESK.forms, "2026-10").findings
    assert [(finding.check, finding.cell) for finding in found] == [("CONG_THUC", "I90")]


def test_a_formula_whose_result_is_empty_text_is_calculated() -> None:
    row = b'<row r="90"><c r="I90" t="str"><f>""</f><v></v></c></row>'
    assert marks_of(work_sheet(DESK.good(), row)) == ()


def test_a_comment_among_the_relations_of_a_binary_workbook_says_nothing() -> None:
    """Found by fuzzing (seed 11277): the file was called a fault of the reader."""
    kept = Package((DRAWER / "Excel-nhi-phan.xlsb").read_bytes())
    name = "xl/_rels/workbook.bin.rels"
    said = kept.read(name).replace(b"<Relationship ", b"<!-- --><?x y?><Relationship ", 1)
    data = kept.with_parts({name: said})
    assert read_and_examine(data, DESK.forms, "2026-10").verdict is Verdict.ACCEPTED


def test_records_without_end_in_an_old_workbook_are_not_walked_to_their_end() -> None:
    """Found by fuzzing (seed 20480, an .xlsb); the old kind holds them as well, of four bytes."""
    stream = memoryview(bytes(4 * (MOST_RECORDS + 1)))
    assert sum(1 for _ in few(biff(stream[:-4]), count())) == MOST_RECORDS
    with pytest.raises(TooManyRecords):
        list(few(biff(stream), count()))


def test_the_worst_files_stay_within_512_mib() -> None:
    code = """
import resource, sys
from channels.reading import read_and_examine
from channels.workbook import names_in
from channels.zip_patch import Package
from tests.drawer import HOSTILE, Desk
desk = Desk()
data = {name: HOSTILE[name][0](desk) for name in (
    "20 MiB toàn byte 0", "bom zip khai man kich thuoc", "bom thuc the XML", "o xa XFD1048576")}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for content in data.values():
    read_and_examine(content, desk.forms, None)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200
