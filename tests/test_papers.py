"""The papers of a period: what they say, that they add up, and that the same figures always make
the same bytes."""

from __future__ import annotations

import email
import email.policy
import gc
import hashlib
import io
import re
import shutil
import subprocess
import sys
import weakref
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from letter_samples import (
    CADRES,
    CARD,
    CARDS,
    ENTRIES,
    FINDINGS,
    INH,
    MONTH,
    PHONG_THO,
    UNITS,
)
from paper_samples import (
    BESIDE,
    HEAD,
    PAYLOADS,
    STRETCH,
    longer,
    report,
    sheet,
    sheet_02,
)
from pypdf import PdfReader
from sqlalchemy import event
from sqlalchemy.engine import Engine

from channels.message_words import words_of, words_of_file
from channels.paper_chart_kinds import KINDS
from channels.paper_charts import charts_of
from channels.papers import (
    DOCX,
    MAKERS,
    PDF,
    XLSX,
    Made,
    kept_sources,
    locked,
    made_by,
    make_paper,
)
from review.report import report_of
from review.report_balance import imbalances
from review.report_rows import Lines
from review.roll import RollEntry
from review.scorecard import CardStatus, Grade, Scorecard
from sample.generated import generated_roster
from tasks.email_summaries import email_summaries
from tasks.leaders import report_to_leaders
from tasks.office import Office
from tasks.papers import PapersRefused, again, keep_manifest, make_papers
from tasks.report_figures import report_payload
from tasks.roster import keep_roster
from tdkt_models.cycles import Cycle, keep_cycle
from tdkt_models.papers import recall_papers
from tdkt_models.roll import keep_roll
from tdkt_models.scores import keep_cards
from tests.test_post_office import a_real_office


def test_the_same_figures_make_the_same_bytes_also_in_another_process() -> None:
    script = (
        "import sys; sys.path[:0] = ['.', 'tests']\n"
        "from paper_samples import PAYLOADS; from channels.papers import make_paper\n"
        "print(*(make_paper(kind, make()).sha for kind, make in PAYLOADS.items()))"
    )
    first, second = (
        [make_paper(kind, make()).sha for kind, make in PAYLOADS.items()] for _ in range(2)
    )
    root = Path(__file__).parent.parent
    other = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=root, timeout=120
    )
    assert first == second == other.stdout.split(), other.stderr


@pytest.mark.parametrize("kind", PAYLOADS)
def test_a_paper_can_be_read_by_the_gate_and_names_whom_it_is_about(kind: str) -> None:
    made = make_paper(kind, PAYLOADS[kind]())
    words = " ".join(words_of_file(made.content, made.media).split())
    assert "Mường Tè" in words or "Cụm thi đua" in words
    if kind == "sheet_pdf":
        assert "Lò Văn Inh" in words and "90,44" in words and "Chẻo" not in words


def test_a_provisional_paper_says_so_on_every_page() -> None:
    many = [replace(ENTRIES[1], unit=f"{n:05}") for n in range(120)]
    payload = report_of(
        {**HEAD, **BESIDE}, [replace(STRETCH, entries=[*ENTRIES, *many])], [],
        units={unit.code: unit for unit in UNITS}, cadres={},
        today=date(2026, 11, 6),
    )  # fmt: skip
    pages = PdfReader(io.BytesIO(make_paper("report_pdf", payload).content)).pages
    assert len(pages) > 3
    assert all("chưa qua phê duyệt" in page.extract_text() for page in pages)
    final = make_paper("report_pdf", {**payload, "provisional": False}).content
    assert "chưa qua phê duyệt" not in words_of_file(final, PDF)
    assert "chưa qua phê duyệt" in words_of_file(make_paper("report_docx", payload).content, DOCX)
    book = openpyxl.load_workbook(io.BytesIO(make_paper("workbook", payload).content))
    assert all("CHƯA QUA PHÊ DUYỆT" in page.oddHeader.center.text for page in book)


def test_the_head_of_a_long_table_comes_again_on_each_page() -> None:
    many = [replace(ENTRIES[1], unit=f"{n:05}") for n in range(120)]
    payload = {**report(), "owing": [
        {"code": entry.unit, "name": "Xã", "state": "Chưa nộp"} for entry in many
    ]}  # fmt: skip
    pages = PdfReader(io.BytesIO(make_paper("report_pdf", payload).content)).pages
    assert sum("Tình trạng" in page.extract_text() for page in pages) > 2


def test_only_fonts_of_our_own_are_in_a_pdf_and_all_letters_are_there() -> None:
    pages = PdfReader(io.BytesIO(make_paper("report_pdf", report()).content)).pages
    fonts = {str(f["/BaseFont"]) for p in pages for f in _fonts(p)}
    assert fonts and all("Tinos" in font for font in fonts)
    words = "".join(page.extract_text() for page in pages)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words and "ngày 06 tháng 11" in words
    assert "\ufffd" not in words and "\x00" not in words


def _fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def test_what_a_unit_typed_is_never_a_formula_a_link_or_source() -> None:
    nasty = '=HYPERLINK("http://x","y")'
    findings = [("03637", replace(FINDINGS[0], says=nasty, fix="#import \\ $x$ *đậm*"))]
    payload = report_of(
        {**HEAD, **BESIDE}, [replace(STRETCH, findings=findings)], [],
        units={unit.code: unit for unit in UNITS}, cadres={},
        today=date(2026, 11, 6),
    )  # fmt: skip
    content = make_paper("workbook", payload).content
    cells = [cell for page in openpyxl.load_workbook(io.BytesIO(content)) for row in page
             for cell in row]  # fmt: skip
    assert any(cell.value == nasty for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert "<f>" not in "".join(_parts(content))
    words = words_of_file(make_paper("report_pdf", payload).content, PDF)
    assert "#import \\ $x$ *đậm*" in words


def _parts(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return [file.read(name).decode() for name in file.namelist() if "sheet" in name]


def test_the_workbook_is_ready_to_print_with_the_period_before_beside() -> None:
    made = make_paper("workbook", report())
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    assert made.media == XLSX and book.sheetnames[:3] == [
        "Tổng hợp",
        "Theo cụm, khối",
        "Từng cán bộ",
    ]
    for page in book:
        assert page.page_setup.paperSize == 9 and page.sheet_properties.pageSetUpPr.fitToPage
    persons = book["Từng cán bộ"]
    assert persons.freeze_panes == "D5" and persons.print_title_rows == "$4:$4"
    heads = [cell.value for cell in persons[4]]
    row = next(r for r in persons.iter_rows(min_row=5, values_only=True) if r[1] == INH.code)
    assert row[heads.index("Tổng điểm")] == 90.44 and row[heads.index("Kỳ trước")] == 80
    assert len(book["Tổng hợp"]._charts) == 1 and len(book["Biểu đồ"]._charts) == 4
    clusters = book["Theo cụm, khối"]
    assert [cell.value for cell in clusters[4]][-2:] == ["Điểm TB", "Điểm TB kỳ trước"]


def test_every_line_of_a_table_is_as_high_as_its_letters() -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_paper("workbook", report()).content))
    sheet = book["Từng cán bộ"]
    usual = sheet.sheet_format.defaultRowHeight
    assert sheet.sheet_format.customHeight
    for row in sheet.iter_rows():
        height = sheet.row_dimensions[row[0].row].height or usual
        assert all(height >= 1.3 * cell.font.sz for cell in row if cell.value), row[0].row


def test_the_workbook_has_the_pages_that_offices_know() -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_paper("workbook", report()).content))
    assert book.sheetnames == [
        "Tổng hợp", "Theo cụm, khối", "Từng cán bộ", "Xếp hạng", "Xếp hạng khối",
        "Bảng điểm khối", "Công việc", "Lỗi, lưu ý", "Thay đổi kế hoạch", "Chỉ số",
        "Chương trình", "Việc kỳ sau", "Biểu đồ",
    ]  # fmt: skip
    found = {name: list(book[name].iter_rows(min_row=4, values_only=True))
             for name in book.sheetnames}  # fmt: skip
    assert found["Xếp hạng"][1][1:4] == (1, "03637-02", "Sùng Thị Mỷ")
    assert found["Bảng điểm khối"][1][4:8] == (100, 96, 95, 94.5)
    assert found["Công việc"][1][-4:] == (10, 9, 8.75, 8.63)
    assert found["Thay đổi kế hoạch"][1][5:7] == ("Bồi dưỡng nghiệp vụ", "Lò Văn Inh")
    longer_one = openpyxl.load_workbook(
        io.BytesIO(make_paper("workbook", {**longer("2026-Q4", 2), "khoi": {}}).content)
    )
    assert (
        "Công việc" not in longer_one.sheetnames and "Bảng điểm khối" not in longer_one.sheetnames
    )


@pytest.mark.parametrize(("text", "months"), [("2026-Q4", 2), ("2026", 9), ("2026..2030", 9)])
def test_a_longer_report_shows_its_months_its_charts_and_what_follows(
    text: str, months: int
) -> None:
    payload = longer(text, months)
    words = " ".join(words_of_file(make_paper("report_pdf", payload).content, PDF).split())
    for chart in (
        "đầy đủ, đúng hạn qua các kỳ",
        "Cơ cấu xếp loại",
        "Xếp hạng cụm, khối",
        "Cơ cấu độ tuổi, giới",
        "Chênh lệch so với mặt bằng",
        "còn lại theo thời gian",
    ):
        assert chart in words, chart  # fmt: skip
    assert "Sau 24 tháng" in words, "letters of a chart stay letters, which the gate can read"
    said = " ".join(words_of_file(make_paper("report_docx", payload).content, DOCX).split())
    for told in (
        "việc; cần từ 80%",
        "71,2%",
        "9–17 vị trí",
        f"Kế hoạch {payload['period_label']} đã thực hiện",
        f"Đề xuất thay đổi kế hoạch {payload['plans']['following']}",
        "Biện pháp khắc phục quá hạn (1)",
        "(mới đạt 77,77%);",
        "Đôn đốc 11 biện pháp khắc phục sau kiểm điểm chưa xong./.",
        "Kết quả qua các kỳ",
        *(["Danh hiệu đơn vị đề nghị"] if payload.get("titles") else []),
        "tháng chưa có kết quả không tính là 0",
        "việc chuyển từ hai lần trở lên",
        f"Kỳ trước ({payload['previous_label']}): đầy đủ",
        "chỉ dòng được chấp nhận mới thành kế hoạch",
    ):
        assert told in words and told in said, told
    assert "1.557 trên 2.002" in words and "186.000.000" in words
    assert "sau 24 tháng" in said, "alt texts tell figures"


def test_charts_keep_apart_in_grey_and_tell_their_figures() -> None:
    drawn = charts_of(report(), "svg")
    assert set(drawn) == set(KINDS)
    for name, chart in drawn.items():
        colours = set(re.findall(r"#[0-9a-f]{6}", chart.drawn.decode()))
        assert all(one[1:3] == one[3:5] == one[5:7] for one in colours), (name, colours)
        assert re.search(r"\d", chart.says), name
    assert charts_of(report(), "svg") == drawn and charts_of(report(), "png")["fan"].drawn[:4]
    nothing = {**report(), "fan": [], "raters": [], "series": [], "ages": []}
    assert set(charts_of(nothing, "svg")) == {"grades", "clusters"}


def test_form_02_shows_months_quarters_and_that_missing_is_not_zero() -> None:
    rows = sheet_02()["rows"]
    labels = [row["label"] for row in rows if row["mean"]]
    assert labels == ["Quý I/2026", "Quý II/2026", "Quý III/2026", "Quý IV/2026"]
    second, last = rows[7], rows[15]
    assert second["score"] == 8855, "the mean of May and June: April was leave"
    assert last["score"] == 8905 and rows[14]["score"] is None
    words = " ".join(words_of_file(make_paper("sheet02_pdf", sheet_02()).content, PDF).split())
    assert "Mẫu số 02" in words and "Mới có 10/11 kỳ" in words and "88,60" in words
    assert "Nghỉ cả kỳ" in words and "không tính là 0" in words


def test_a_report_that_does_not_add_up_names_the_figure() -> None:
    payload = report()
    payload["roll"] = {**payload["roll"], "missing": 9}
    assert any("cộng các trạng thái" in fault for fault in imbalances(payload))


def test_a_result_that_is_not_known_yet_is_a_range_and_never_a_mean_of_what_there_is() -> None:
    open_one = Scorecard(INH.code, "03637", "2026-Q4", CardStatus.INSUFFICIENT, low=5500, high=8833)
    made = report_of(
        {**HEAD, **BESIDE}, [STRETCH, STRETCH], [], units={}, cadres={}, today=date(2027, 1, 6),
        own={INH.code: open_one},
    )  # fmt: skip
    (row,) = made["cards"]
    assert (row["total"], row["range"], row["grade"]) == (None, "55,00 – 88,33", "")
    assert made["clusters"][0]["mean"] is None and made["persons"]["insufficient"] == 1
    none = report_of(HEAD, [STRETCH, STRETCH], [], units={}, cadres={}, today=date(2027, 1, 6))
    assert none["cards"] == [], "two months are no quarter"


def test_every_point_is_defended_in_a_sheet_of_the_workbook() -> None:
    row = {
        "code": INH.code, "name": INH.name, "unit": "03637", "total": 9044,
        "grade": "Hoàn thành xuất sắc nhiệm vụ", "term": "c – Tiến độ", "says": "3 sản phẩm chậm",
        "lost": 51, "article": "Điều 14.2c", "cells": "S3 Công việc – sản phẩm!M7",
        "regulation": "2026-01 · 0123456789ab", "file": "03637.xlsx", "sha": "ab" * 32,
    }  # fmt: skip
    content = make_paper("workbook", {**report(), "traces": [row]}).content
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Căn cứ điểm"]
    heads, told = ([cell.value for cell in sheet[at]] for at in (4, 5))
    said = dict(zip(heads, told, strict=True))
    assert said["Mất điểm"] == 0.51 and said["Ô trong báo cáo"] == "S3 Công việc – sản phẩm!M7"
    assert said["SHA-256 của tệp"] == "ab" * 32


def test_an_annex_opens_with_its_password_only() -> None:
    content = locked(make_paper("sheet_pdf", sheet()).content, "12031988")
    reader = PdfReader(io.BytesIO(content))
    assert reader.is_encrypted and not reader.decrypt("00000000")
    assert "90,44" in words_of_file(content, PDF, "12031988")


def test_a_past_paper_is_made_again_byte_for_byte_though_the_book_went_on(tmp_path: Path) -> None:
    with a_real_office(tmp_path / "office", "capture:") as desk:
        occasion = desk.occasion
        with pytest.raises(PapersRefused, match="chưa có số liệu"):
            make_papers.fn(occasion, tmp_path / "none")
        with desk.book.writing() as conn:
            keep_cycle(conn, Cycle(MONTH, occasion.period.cadence, "2026-01"), occasion.stamp)
            keep_roll(conn, [replace(e, counted=None) for e in ENTRIES[:2]], occasion.stamp)
            keep_cards(conn, CARDS, occasion.stamp, regulation="2026-01")
        kept = make_papers.fn(occasion, tmp_path / "first", sheets=True)
        assert {one.path.suffix for one in kept} == {f".{m.ending}" for m in MAKERS.values()}
        assert len(list((occasion.office.folder / "papers").rglob("*"))) > 3
        first = {one.number: one.path.read_bytes() for one in kept}
        assert make_papers.fn(occasion, tmp_path / "first", sheets=True) == kept
        with desk.book.writing() as conn:
            keep_roll(conn, [replace(ENTRIES[1], received=True)], occasion.stamp)
        later = make_papers.fn(occasion, tmp_path / "second")
        assert later[0].number not in first
        assert {number: again(occasion, number)[1] for number in first} == first
        with desk.book.reading() as conn:
            papers = recall_papers(conn, MONTH)
        assert all("0.15" in p.made_with for p in papers if p.kind == "report_pdf")
        assert {p.scope for p in papers} == {"office", *(c.cadre for c in CARDS)}
        with pytest.raises(PapersRefused, match="Không có giấy tờ số 999"):
            again(occasion, 999)
        assert PHONG_THO.name in " ".join(words_of_file(first[kept[1].number], PDF).split())


def test_a_paper_outlives_the_templates_and_the_code_that_made_it(tmp_path: Path) -> None:
    """As after an upgrade: what it is made of today comes to other bytes."""
    with a_real_office(tmp_path / "office", "capture:") as desk:
        occasion = desk.occasion
        numbers = {}
        for kind in ("sheet_pdf", "workbook"):
            payload = {**PAYLOADS[kind](), "office": "Sở Nội vụ (bản cũ)"}
            made = make_paper(kind, payload)
            old = _older(kind, payload)
            with desk.book.writing() as conn:
                numbers[keep_manifest(conn, occasion, kind, "office", payload, old)] = old.content
            assert old.content != made.content
        assert {n: again(occasion, n)[1] for n in numbers} == numbers
        shutil.rmtree(occasion.office.folder / "papers")
        for number in numbers:
            with pytest.raises(PapersRefused, match="không lập lại đúng từng byte được"):
                again(occasion, number)


def _older(kind: str, payload: dict[str, Any]) -> Made:
    """The paper as a program of another day made it."""
    if kind == "workbook":
        return Made(make_paper(kind, {**payload, "title": "x"}).content, XLSX, "xlsxwriter 3.0")
    sources = [one.replace(b"20mm", b"22mm") for one in kept_sources(kind)]
    shas = [hashlib.sha256(one).hexdigest()[:12] for one in sources]
    made_with = f"typst 0.15; layout.typ {shas[0]}; sheet.typ {shas[1]}"
    return Made(made_by(kind, payload, sources), PDF, made_with, tuple(sources))


def test_the_leaders_report_goes_out_with_its_paper_and_names_nobody(tmp_path: Path) -> None:
    toml = 'leaders_to = []=>leaders_to = ["lanh.dao@laichau.gov.vn", "pho@laichau.gov.vn"]'
    with a_real_office(tmp_path, "capture:", toml) as desk:
        occasion = desk.occasion
        with desk.book.writing() as conn:
            keep_cycle(conn, Cycle(MONTH, occasion.period.cadence, "2026-01"), occasion.stamp)
            keep_roll(conn, [replace(e, counted=None) for e in ENTRIES[:2]], occasion.stamp)
            keep_cards(conn, CARDS, occasion.stamp, regulation="2026-01")
        assert report_to_leaders.fn(occasion) == 2
        assert email_summaries.fn(occasion).sent == 2
        assert report_to_leaders.fn(occasion) == 0, "the same figures are the same letter"
        for path in (occasion.office.folder / "outbox").glob("*.eml"):
            message = email.message_from_bytes(
                path.read_bytes(), EmailMessage, policy=email.policy.default
            )
            words = words_of(message)
            assert [part.get_filename() for part in message.iter_attachments()] == [
                "Bao-cao-2026-10.pdf"
            ]
            assert "Cụm thi đua số 2" in words
            assert not any(c.name in words or c.code in words for c in CADRES)


def test_without_leaders_to_write_to_it_is_said(tmp_path: Path) -> None:
    with (
        a_real_office(tmp_path, "capture:") as desk,
        pytest.raises(PapersRefused, match="leaders_to"),
    ):
        report_to_leaders.fn(desk.occasion)


def test_a_longer_period_shows_its_own_results() -> None:
    card = CARD._replace(cadre=INH.code, period="2026-Q4", total=8650, grade=Grade.GOOD)
    made = report_of(
        {**HEAD, **BESIDE}, [STRETCH, STRETCH], [], units={}, cadres={}, today=date(2027, 1, 6),
        own={INH.code: card},
    )  # fmt: skip
    assert made["grades"][1]["count"] == 1 and made["persons"]["on_roll"] == 1


class _Row(dict[str, Any]):
    """A line that can be counted while it is held."""

    __slots__ = ("__weakref__",)


def test_a_workbook_by_line_has_the_same_cells_and_lets_go_of_each_line(tmp_path: Path) -> None:
    payload = report()
    people = [{**payload["cards"][0], "n": n, "code": f"{n:06}"} for n in range(1, 2_001)]
    held: set[int] = set()
    most = 0

    def lines() -> Iterator[_Row]:
        nonlocal most
        for one in people:
            row = _Row(one)
            held.add(id(row))
            weakref.finalize(row, held.discard, id(row))
            most = max(most, len(held))
            yield row
            del row

    whole = make_paper("workbook", {**payload, "cards": people}).content
    by_line = make_paper("workbook", {**payload, "cards": Lines(lines)}, tmp_path).content
    assert most <= 2, "whoever writes the workbook holds its lines"
    assert not list(tmp_path.iterdir()), "what was written on the way is gone"
    first, second = (_cells(content) for content in (whole, by_line))
    assert first == second and len(first["Từng cán bộ"]) > 2_000


def _cells(content: bytes) -> dict[str, list[Any]]:
    """Each page's lines with what they look like and how it is printed."""
    return {
        page.title: [
            page.dimensions, str(page.auto_filter.ref), page.freeze_panes, page.print_title_rows,
            *([(cell.value, cell.number_format, cell.font.b, cell.alignment.horizontal)
               for cell in row] for row in page.iter_rows()),
        ]
        for page in openpyxl.load_workbook(io.BytesIO(content))
    }  # fmt: skip


def test_the_papers_of_a_country_are_made_a_batch_of_its_people_at_a_time(tmp_path: Path) -> None:
    toml = "batch = 100=>batch = 3"
    roster = generated_roster(30, range(6, 9))
    with a_real_office(tmp_path / "office", "capture:", toml) as desk:
        path = tmp_path / "office" / "office.toml"
        text = path.read_text("utf-8").replace("digest_people = 10000", "digest_people = 1")
        path.write_text(text, "utf-8")
        occasion = replace(desk.occasion, office=Office(str(tmp_path / "office")))
        cards = [
            CARD._replace(cadre=one.code, unit=one.unit, total=7000 + 10 * at)
            for at, one in enumerate(roster.cadres)
        ]
        with desk.book.writing() as conn:
            keep_roster(conn, roster, occasion.stamp)
            keep_cycle(conn, Cycle(MONTH, occasion.period.cadence, "2026-01"), occasion.stamp)
            due = occasion.deadlines.due
            keep_roll(conn, [RollEntry(u.code, MONTH, due) for u in roster.units], occasion.stamp)
            keep_cards(conn, cards, occasion.stamp, regulation="2026-01")
        people = len(cards)
        del cards
        with _most_at_once(Scorecard) as most:
            kept = make_papers.fn(occasion, tmp_path / "papers")
        assert people > 180 and 0 < most[0] < people // 3, "everybody was held at once"
        workbook = kept[0].path.read_bytes()
        sheet = openpyxl.load_workbook(io.BytesIO(workbook))["Từng cán bộ"]
        said = [(row[1].value, row[9].value) for row in sheet.iter_rows(min_row=5)]
        with desk.book.reading() as conn:
            whole = report_payload(conn, occasion)
            papers = recall_papers(conn, MONTH)
        assert said == [(one["code"], one["total"] / 100) for one in whole["cards"]]
        assert len(said) == whole["persons"]["on_roll"] == people
        assert again(occasion, kept[0].number)[1] == workbook
        assert not any(one.name in str(papers[0].payload) for one in roster.cadres)
        assert [
            p.name for p in (occasion.office.folder / "papers").iterdir() if "." in p.name
        ] == []


@contextmanager
def _most_at_once(kind: type) -> Iterator[list[int]]:
    """How many values of a kind were held at most, looked at whenever the book is asked. What was
    there before is frozen: the tests of a whole afternoon need not be gone through each time."""
    most = [0]
    gc.collect()
    gc.freeze()

    def look(*_: Any) -> None:
        most[0] = max(most[0], sum(type(one) is kind for one in gc.get_objects()))

    event.listen(Engine, "after_cursor_execute", look)
    try:
        yield most
    finally:
        event.remove(Engine, "after_cursor_execute", look)
        gc.unfreeze()
