"""The report as a document that an office edits and signs: the same figures as the PDF.

document(report_of(…))      -> bytes of a .docx, the same for the same payload
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from channels.vietnamese import count, percent, points

FONT = "Times New Roman"
CREATED = datetime(2026, 1, 1)
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
FIXED = (2026, 1, 1, 0, 0, 0)


def document(payload: Mapping[str, Any]) -> bytes:
    made = docx.Document()
    _set_up(made, payload)
    _head(made, payload)
    _units(made, payload)
    _persons(made, payload)
    _rest(made, payload)
    _close(made, payload)
    content = io.BytesIO()
    made.save(content)
    return _fixed(content.getvalue())


def _set_up(made: Any, payload: Mapping[str, Any]) -> None:
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(17)
    page.different_first_page_header_footer = True
    _page_number(page.header.paragraphs[0])
    if payload["provisional"]:
        for foot in (page.footer, page.first_page_footer):
            words = f"Bản dự kiến – chưa qua phê duyệt · {payload['period_label']}"
            _say(foot.paragraphs[0], words, size=10, italic=True, align=CENTRE)
    style = made.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    about = made.core_properties
    about.title, about.author = payload["title"], payload["office"]
    about.created = about.modified = CREATED
    about.language, about.comments, about.last_modified_by = "vi-VN", "", payload["office"]


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = CENTRE
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _say(
    paragraph: Any,
    words: str,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: Any = None,
) -> Any:
    run = paragraph.add_run(words)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    paragraph.paragraph_format.space_after = Pt(3)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _head(made: Any, payload: Mapping[str, Any]) -> None:
    table = made.add_table(rows=2, cols=2)
    table.autofit = False
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(64), Mm(99)
    left, right = table.rows[0].cells
    if payload["parent"]:
        _say(left.paragraphs[0], payload["parent"].upper(), size=12, align=CENTRE)
        left.add_paragraph()
    _say(left.paragraphs[-1], payload["office"].upper(), size=12, bold=True, align=CENTRE)
    motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    _say(right.paragraphs[0], motto, size=12, bold=True, align=CENTRE)
    below = _say(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", bold=True, align=CENTRE)
    below.runs[0].underline = True
    place = f"{payload['province']}, " if payload["province"] else ""
    when = f"{place}ngày {payload['day']} tháng {payload['month']} năm {payload['year']}"
    _say(table.rows[1].cells[0].paragraphs[0], f"Số: {payload['number']}", align=CENTRE)
    _say(table.rows[1].cells[1].paragraphs[0], when, italic=True, align=CENTRE)
    made.add_paragraph()
    _say(made.add_paragraph(), payload["title"], size=14, bold=True, align=CENTRE)
    _say(made.add_paragraph(), payload["about"], size=14, bold=True, align=CENTRE)


def _text(made: Any, words: str) -> None:
    paragraph = _say(made.add_paragraph(), words, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = Mm(10)


def _title(made: Any, words: str) -> None:
    paragraph = _say(made.add_paragraph(), words, bold=True)
    paragraph.paragraph_format.keep_with_next = True


def _grid(made: Any, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = made.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _say(cell.paragraphs[0], head, size=11, bold=True, align=CENTRE)
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        cells = table.add_row().cells
        for at, (cell, words) in enumerate(zip(cells, row, strict=True)):
            _say(cell.paragraphs[0], words, size=11, align=CENTRE if at else None)
    made.add_paragraph()


def _units(made: Any, payload: Mapping[str, Any]) -> None:
    roll = payload["roll"]
    turns = "lượt đơn vị" if payload["months"] > 1 else "đơn vị"
    _title(made, "I. TÌNH HÌNH BÁO CÁO CỦA CÁC ĐƠN VỊ")
    _text(
        made,
        f"Tổng số {count(roll['roll'])} {turns} phải báo cáo; đã gửi {count(roll['received'])}; "
        f"được chấp nhận {count(roll['accepted'] + roll['nil'])} (trong đó không phát sinh "
        f"{count(roll['nil'])}); trả lại để sửa {count(roll['returned'])}; để riêng chờ xem xét "
        f"{count(roll['set_aside'])}; chưa nộp {count(roll['missing'])}; nộp muộn "
        f"{count(roll['late'])}. Tỷ lệ đầy đủ {percent(roll['completeness'])}, đúng hạn "
        f"{percent(roll['timeliness'])}.",
    )
    rows = [
        (
            row["name"],
            *(count(n) for n in (row["roll"], row["accepted"] + row["nil"], row["returned"])),
            *(count(row["missing"]), percent(row["timeliness"]), points(row["mean"])),
        )
        for row in payload["clusters"]
    ]
    heads = ("Cụm, khối", "Phải nộp", "Đạt", "Trả lại", "Chưa nộp", "Đúng hạn", "Điểm TB")
    _grid(made, heads, rows)
    if payload["owing"]:
        _title(made, "Đơn vị còn nợ báo cáo")
        owing = [(row["name"], row["code"], row["state"]) for row in payload["owing"]]
        _grid(made, ("Đơn vị", "Mã", "Tình trạng"), owing)


def _persons(made: Any, payload: Mapping[str, Any]) -> None:
    persons = payload["persons"]
    _title(made, "II. KẾT QUẢ ĐÁNH GIÁ CÁN BỘ")
    _text(
        made,
        f"Trong danh sách có {count(persons['on_roll'])} người: đã chấm điểm "
        f"{count(persons['scored'])}; chưa đủ dữ liệu {count(persons['insufficient'])}; không "
        f"thuộc diện chấm {count(persons['excluded'])}.",
    )
    rows = [
        (g["label"], count(g["count"]), percent(g["share"]), _or_dash(g["before"]))
        for g in payload["grades"]
    ]
    _grid(made, ("Mức xếp loại", "Số người", "Tỷ lệ", "Kỳ trước"), rows)
    ages = [(row["label"], count(row["count"]), count(row["women"])) for row in payload["ages"]]
    _grid(made, ("Độ tuổi", "Số người", "Trong đó nữ"), ages)


def _or_dash(number: int | None) -> str:
    return "–" if number is None else count(number)


def _rest(made: Any, payload: Mapping[str, Any]) -> None:
    _title(made, "III. LỖI THƯỜNG GẶP TRONG BÁO CÁO")
    rows = [
        (row["fix"], row["label"], count(row["times"]), count(row["units"]))
        for row in payload["faults"][:12]
    ]
    if rows:
        _grid(made, ("Cách khắc phục", "Mức", "Số lần", "Đơn vị"), rows)
    else:
        _text(made, "Không ghi nhận lỗi nào.")
    work = payload["programme"]
    _title(made, "IV. CHƯƠNG TRÌNH CÔNG TÁC")
    _text(
        made,
        f"Tổng số {count(work['total'])} việc: hoàn thành {count(work['done'])}, dừng "
        f"{count(work['dropped'])}, quá hạn {count(work['overdue'])}. Chuyển sang kỳ sau "
        f"{count(work['carried'])} việc; việc mới đăng ký {count(work['new'])}.",
    )
    _title(made, "V. ĐỀ NGHỊ")
    _text(made, "Đề nghị lãnh đạo xem xét, phê duyệt kết quả ………………………………………./.")


def _close(made: Any, payload: Mapping[str, Any]) -> None:
    table = made.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    _say(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for one in ("Lãnh đạo cơ quan (để báo cáo);", "Các đơn vị, cụm, khối thi đua;"):
        _say(left.add_paragraph(), f"- {one}", size=11)
    _say(left.add_paragraph(), "- Lưu: VT, TĐKT.", size=11)
    _say(right.paragraphs[0], payload["signer_title"].upper(), bold=True, align=CENTRE)
    _say(right.add_paragraph(), "(Ký, ghi rõ họ tên)", size=12, italic=True, align=CENTRE)
    for _ in range(3):
        right.add_paragraph()
    _say(right.add_paragraph(), payload["signer"], bold=True, align=CENTRE)


def _fixed(content: bytes) -> bytes:
    """The same archive with one date on every part: the library writes the moment of saving."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = zipfile.ZipInfo(name, FIXED)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(part, old.read(name))
    return kept.getvalue()
