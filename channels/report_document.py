"""The report as a document that an office edits and signs: the same figures as the PDF.

document(report_of(…))      -> bytes of a .docx, the same for the same payload
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from channels.document_parts import (
    CENTRE,
    FONT,
    fixed,
    grid,
    page_number,
    picture,
    say,
    set_widths,
    text,
    title,
)
from channels.paper_charts import Chart, charts_of
from channels.vietnamese import count, percent, points

CREATED = datetime(2026, 1, 1)
MOST_FAULTS = 12
MEANS = (
    " Điểm của mỗi người là trung bình các tháng có kết quả trong kỳ; tháng chưa có kết quả không "
    "tính là 0."
)
CHARTS = {
    "series": "Tỷ lệ báo cáo đầy đủ, đúng hạn qua các kỳ",
    "grades": "Cơ cấu xếp loại",
    "clusters": "Xếp hạng cụm, khối theo điểm trung bình của cán bộ",
    "ages": "Cơ cấu độ tuổi, giới",
    "raters": "Chênh lệch so với mặt bằng, theo đơn vị chấm (điểm)",
    "fan": "Số người còn lại theo thời gian",
}


def document(payload: Mapping[str, Any]) -> bytes:
    made, drawn = docx.Document(), charts_of(payload, "png")
    _set_up(made, payload)
    _head(made, payload)
    _units(made, payload, drawn)
    _persons(made, payload, drawn)
    _rest(made, payload)
    plans = payload["plans"]
    _programme(made, payload)
    if plans:
        _plans(made, plans, payload["period_label"], drawn)
    _asks(made, plans)
    _close(made, payload)
    content = io.BytesIO()
    made.save(content)
    return fixed(content.getvalue())


def _set_up(made: Any, payload: Mapping[str, Any]) -> None:
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(17)
    page.different_first_page_header_footer = True
    page_number(page.header.paragraphs[0])
    if payload["provisional"]:
        for foot in (page.footer, page.first_page_footer):
            words = f"Bản dự kiến – chưa qua phê duyệt · {payload['period_label']}"
            say(foot.paragraphs[0], words, size=10, italic=True, align=CENTRE)
    style = made.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    about = made.core_properties
    about.title, about.author = payload["title"], payload["office"]
    about.created = about.modified = CREATED
    about.language, about.comments, about.last_modified_by = "vi-VN", "", payload["office"]


def _chart(made: Any, drawn: Mapping[str, Chart], name: str) -> None:
    if name in drawn:
        picture(made, drawn[name].drawn, CHARTS[name], drawn[name].says)


def _head(made: Any, payload: Mapping[str, Any]) -> None:
    table = made.add_table(rows=2, cols=2)
    table.autofit = False
    set_widths(table, (62, 101))
    left, right = table.rows[0].cells
    if payload["parent"]:
        say(left.paragraphs[0], payload["parent"].upper(), size=12, align=CENTRE)
        left.add_paragraph()
    office = say(left.paragraphs[-1], payload["office"].upper(), size=12, bold=True, align=CENTRE)
    office.runs[0].underline = True
    motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    say(right.paragraphs[0], motto, size=12, bold=True, align=CENTRE)
    below = say(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", bold=True, align=CENTRE)
    below.runs[0].underline = True
    place = f"{payload['province']}, " if payload["province"] else ""
    when = f"{place}ngày {payload['day']} tháng {payload['month']} năm {payload['year']}"
    say(table.rows[1].cells[0].paragraphs[0], f"Số: {payload['number']}", align=CENTRE)
    say(table.rows[1].cells[1].paragraphs[0], when, italic=True, align=CENTRE)
    made.add_paragraph()
    say(made.add_paragraph(), payload["title"], size=14, bold=True, align=CENTRE)
    say(made.add_paragraph(), payload["about"], size=14, bold=True, align=CENTRE)
    text(
        made,
        "Thực hiện nhiệm vụ theo dõi, đánh giá cán bộ làm công tác thi đua, khen thưởng, "
        f"{payload['office']} tổng hợp kết quả {payload['period_label']} như sau:",
    )


def _units(made: Any, payload: Mapping[str, Any], drawn: Mapping[str, Chart]) -> None:
    roll, before = payload["roll"], payload["before"]
    turns = "lượt đơn vị" if payload["months"] > 1 else "đơn vị"
    title(made, "I. TÌNH HÌNH BÁO CÁO CỦA CÁC ĐƠN VỊ")
    text(
        made,
        f"Tổng số {count(roll['roll'])} {turns} phải báo cáo; đã gửi {count(roll['received'])}; "
        f"được chấp nhận {count(roll['accepted'] + roll['nil'])} (trong đó không phát sinh "
        f"{count(roll['nil'])}); trả lại để sửa {count(roll['returned'])}; để riêng chờ xem xét "
        f"{count(roll['set_aside'])}; chưa nộp {count(roll['missing'])}; nộp muộn "
        f"{count(roll['late'])}. Tỷ lệ đầy đủ {percent(roll['completeness'])}, đúng hạn "
        f"{percent(roll['timeliness'])}."
        + (
            f" Kỳ trước ({payload['previous_label']}): đầy đủ {percent(before['completeness'])}, "
            f"đúng hạn {percent(before['timeliness'])}."
            if before
            else ""
        ),
    )
    _chart(made, drawn, "series")
    rows = [
        (
            row["name"],
            *(count(n) for n in (row["roll"], row["accepted"] + row["nil"], row["returned"])),
            *(count(row["missing"]), percent(row["timeliness"]), points(row["mean"])),
            points((row["before"] or {}).get("mean")),
        )
        for row in (*payload["clusters"], {**roll, "name": "Cộng", "mean": None, "before": None})
    ]
    heads = ("Cụm, khối", "Phải nộp", "Đạt", "Trả lại", "Chưa nộp", "Đúng hạn", "Điểm TB")
    title(made, "1. Theo cụm, khối thi đua")
    grid(made, (*heads, "Kỳ trước"), rows)
    if payload["owing"]:
        last_month = " (tháng cuối kỳ)" if payload["months"] > 1 else ""
        title(made, f"2. Đơn vị còn nợ báo cáo{last_month}")
        owing = [(row["name"], row["code"], row["state"]) for row in payload["owing"]]
        grid(made, ("Đơn vị", "Mã", "Tình trạng"), owing, (90, 28, 45), (0, 2))


def _persons(made: Any, payload: Mapping[str, Any], drawn: Mapping[str, Chart]) -> None:
    persons = payload["persons"]
    title(made, "II. KẾT QUẢ ĐÁNH GIÁ CÁN BỘ")
    text(
        made,
        f"Trong danh sách có {count(persons['on_roll'])} người: đã chấm điểm "
        f"{count(persons['scored'])}; chưa đủ dữ liệu {count(persons['insufficient'])}; không "
        f"thuộc diện chấm {count(persons['excluded'])}." + (MEANS if payload["months"] > 1 else ""),
    )
    rows = [
        (g["label"], count(g["count"]), percent(g["share"]), _or_dash(g["before"]))
        for g in payload["grades"]
    ]
    grid(made, ("Mức xếp loại", "Số người", "Tỷ lệ", "Kỳ trước"), rows)
    _chart(made, drawn, "grades")
    _chart(made, drawn, "clusters")
    _course(made, payload)
    title(made, "Cơ cấu độ tuổi của đội ngũ")
    ages = [(row["label"], count(row["count"]), count(row["women"])) for row in payload["ages"]]
    grid(made, ("Độ tuổi", "Số người", "Trong đó nữ"), ages)
    _chart(made, drawn, "ages")
    if "raters" in drawn:
        title(made, "Độ chặt, rộng khi chấm tiêu chí chung")
        text(
            made,
            "Mỗi dấu là điểm trung bình của một đơn vị so với mặt bằng, thanh ngang là khoảng tin "
            "cậy 95%; dấu tô đen là đơn vị lệch hẳn hoặc chấm đồng loạt, nên xem lại. Chỉ để tham "
            "khảo, không làm thay đổi điểm nào.",
            keep=True,
        )
        _chart(made, drawn, "raters")


def _course(made: Any, payload: Mapping[str, Any]) -> None:
    """How the parts of a longer period went, and the titles that its units propose."""
    course, titles = payload.get("course", ()), payload.get("titles", ())
    if len(course) > 1:
        title(made, "Kết quả qua các kỳ")
        rows = [(label, count(people), points(mean)) for label, people, mean in course]
        grid(made, ("Kỳ", "Số người có kết quả", "Điểm trung bình"), rows, (87, 38, 38))
    if titles:
        title(made, "Danh hiệu đơn vị đề nghị")
        rows = [(label, count(proposed), count(fit)) for label, proposed, fit in titles]
        grid(made, ("Danh hiệu", "Đề nghị", "Sổ cho thấy đủ điều kiện"), rows, (87, 32, 44))


def _or_dash(number: int | None) -> str:
    return "–" if number is None else count(number)


def _rest(made: Any, payload: Mapping[str, Any]) -> None:
    title(made, "III. LỖI THƯỜNG GẶP TRONG BÁO CÁO")
    rows = [
        (row["fix"], row["label"], count(row["times"]), count(row["units"]))
        for row in payload["faults"][:MOST_FAULTS]
    ]
    if rows:
        grid(made, ("Cách khắc phục", "Mức", "Số lần", "Đơn vị"), rows, (97, 28, 19, 19), (0, 1))
    else:
        text(made, "Không ghi nhận lỗi nào.")


def _programme(made: Any, payload: Mapping[str, Any]) -> None:
    work = payload["programme"]
    title(made, "IV. CHƯƠNG TRÌNH CÔNG TÁC")
    text(
        made,
        f"Tổng số {count(work['total'])} việc: hoàn thành {count(work['done'])}, dừng "
        f"{count(work['dropped'])}, quá hạn {count(work['overdue'])}. Chuyển sang kỳ sau "
        f"{count(work['carried'])} việc, trong đó {count(work['carried_twice'])} việc chuyển từ "
        f"hai lần trở lên; việc mới đăng ký {count(work['new'])}.",
    )


def _plans(made: Any, plans: Mapping[str, Any], period: str, drawn: Mapping[str, Chart]) -> None:
    title(made, "V. BỐN BIỆN PHÁP VÀ CÁC KẾ HOẠCH")
    text(
        made,
        f"Trong {count(plans['figures'])} chỉ số của kỳ có {count(plans['alarms'])} chỉ số cần chú "
        "ý (đánh dấu *).",
    )
    for at, part in enumerate(plans["parts"], start=1):
        title(made, f"{at}. {part['title']}")
        rows = [
            (f"{label}{' *' if alarm else ''}", shown, before or "–", says)
            for label, shown, before, says, alarm, _code in part["rows"]
        ]
        grid(made, ("Chỉ số", "Giá trị", "Kỳ trước", "Vì sao"), rows, (46, 26, 22, 69), (0, 3))
    if "fan" in drawn:
        title(made, "Dự báo đội ngũ hiện có")
        text(
            made,
            "Số người đang làm công tác này mà các thời điểm sau vẫn còn, nếu không bổ sung: dự "
            "báo từ tuổi nghỉ hưu theo Nghị định 135/2020/NĐ-CP, dự kiến điều động và mức biến "
            "động đã có; vùng xám là khoảng tin cậy.",
            keep=True,
        )
        _chart(made, drawn, "fan")
    if plans["followed"]:
        title(made, f"Kế hoạch {period} đã thực hiện")
        followed = [(label, *map(count, numbers)) for label, *numbers in plans["followed"]]
        heads = ("Kế hoạch", "Số dòng", "Đã thực hiện", "Chưa thực hiện", "Chưa rõ")
        grid(made, heads, followed)
    if plans["proposed"]:
        title(made, f"Đề xuất thay đổi kế hoạch {plans['following']}")
        text(
            made,
            "Đề xuất từ kết quả; chỉ dòng được chấp nhận mới thành kế hoạch.",
            keep=True,
        )
        proposed = [
            (label, count(lines), count(cost) if cost else "–", count(waiting), causes)
            for label, lines, cost, waiting, _accepted, _refused, causes in plans["proposed"]
        ]
        heads = ("Kế hoạch", "Số dòng", "Kinh phí (đồng)", "Chờ quyết định", "Nguyên do nhiều nhất")
        grid(made, heads, proposed, (38, 16, 28, 20, 61), (0, 4))


def _asks(made: Any, plans: Mapping[str, Any]) -> None:
    title(made, "VI. ĐỀ NGHỊ" if plans else "V. ĐỀ NGHỊ")
    asks = plans.get("asks", ())
    if not asks:
        text(
            made,
            "Đề nghị lãnh đạo xem xét, phê duyệt kết quả; chỉ đạo các đơn vị còn nợ báo cáo nộp "
            "trước khi khóa kỳ, các đơn vị có việc quá hạn báo cáo nguyên nhân, biện pháp khắc "
            "phục./.",
            keep=True,
        )
        return
    text(made, "Đề nghị lãnh đạo xem xét, phê duyệt kết quả và cho ý kiến chỉ đạo:")
    for at, ask in enumerate(asks, start=1):
        last = at == len(asks)
        text(made, f"{at}. {ask}{'./.' if last else ';'}", keep=last)


def _close(made: Any, payload: Mapping[str, Any]) -> None:
    table = made.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    say(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for one in payload["recipients"]:
        say(left.add_paragraph(), f"- {one};", size=11)
    say(left.add_paragraph(), f"- Lưu: {payload['archive']}.", size=11)
    say(right.paragraphs[0], payload["signer_title"].upper(), bold=True, align=CENTRE)
    say(right.add_paragraph(), "(Ký, ghi rõ họ tên)", size=12, italic=True, align=CENTRE)
    for _ in range(3):
        right.add_paragraph()
    say(right.add_paragraph(), payload["signer"], bold=True, align=CENTRE)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    after = say(made.add_paragraph(), "", size=1)  # a document may not end in a table
    after.paragraph_format.line_spacing, after.paragraph_format.space_after = Pt(1), Pt(0)
