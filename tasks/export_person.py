"""Export: all that the office holds of one person, for that person (Law 91/2025/QH15).

export_person(occasion, "03637-01", Path("03637-01.zip"), who)    -> {"cadres": 1, "letters": 3, …}

What the person's rows, letters and lines in the units' reports say is given whole; of documents
that name many it is told how many there are, since to give them would give away the others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from channels.errors import ChannelRefused
from channels.outbox_files import letters_on_disk
from channels.person_file import write_person_file
from review.cadres import Cadre
from review.keeping import kept_until
from tasks.occasion import Occasion
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.cadres import recall_cadre, recall_cadres
from tdkt_models.personal import lines_about, named_among_others, rows_about
from tdkt_models.personal_audit import entries_about

LABELS = {
    "cadres": "dòng trong danh bạ",
    "postings": "nơi công tác trước đây",
    "roster_changes": "biến động nhân sự đơn vị báo",
    "scorecards": "phiếu điểm tháng",
    "period_scores": "điểm tổng hợp quý, năm, nhiệm kỳ",
    "results": "kết quả đã phê duyệt",
    "outside_results": "kết quả do nơi khác gửi sang",
    "appeals": "kiến nghị, điều chỉnh",
    "quota_choices": "lựa chọn khi bằng điểm",
    "ratings": "phiếu chấm của những người có thẩm quyền (không nêu ai chấm)",
    "titles_given": "danh hiệu đã được tặng",
    "letters": "thư gửi cho người này",
    "papers": "phiếu riêng của người này",
    "lines": "dòng trong báo cáo của đơn vị",
    "audit": "việc ghi trong nhật ký",
}


def person_of(occasion: Occasion, code: str) -> tuple[Cadre, bool]:
    """The person, and whether nobody else has the name. Raises ChannelRefused."""
    with occasion.office.book() as book, book.reading() as conn:
        person = recall_cadre(conn, code)
        if person is None:
            raise ChannelRefused(f"Danh bạ không có ai mang mã {code}; xem: tdkt roster export.")
        namesakes = [one for one in recall_cadres(conn) if one.name == person.name]
    return person, len(namesakes) == 1


def export_person(occasion: Occasion, code: str, path: Path, who: str) -> dict[str, int]:
    """Writes the file and a line in the audit; gives how many of each there are."""
    person, alone = person_of(occasion, code)
    office = occasion.office
    with office.book() as book:
        with book.snapshot() as conn:
            own: dict[str, Any] = dict(rows_about(conn, code))
            own["lines"] = list(lines_about(conn, code))
            own["audit"] = [one.said for one in entries_about(conn, person, alone=alone)]
            shared = named_among_others(conn, person)
        ids = {row["message_id"] for row in own.get("letters", ())}
        letters = letters_on_disk(office.folder / "outbox", ids)
        counts = {name: len(rows) for name, rows in own.items() if rows}
        words = _words(occasion, person, counts, shared)
        write_person_file(path, {"data": own, "shared": shared}, words, letters)
        with book.writing() as conn:
            entry = AuditEntry(who, "person.exported", code, {"file": path.name, "rows": counts})
            keep_audit(conn, [entry], occasion.stamp)
    return counts


def _words(
    occasion: Occasion, person: Cadre, counts: dict[str, int], shared: dict[str, int]
) -> str:
    settings = occasion.office.settings
    years = settings.keeping.person_years
    until = (
        f"đến {kept_until(person.until, years):%d/%m/%Y}"
        if person.until
        else f"trong khi còn công tác và {years} năm sau khi thôi"
    )
    made = occasion.now.astimezone(settings.zone)
    return "\n".join(
        [
            f"DỮ LIỆU CÁ NHÂN CỦA {person.name.upper()} ({person.code})",
            f"do {settings.name} lưu giữ, lập lúc {made:%H:%M ngày %d/%m/%Y}",
            "",
            "Lưu để làm gì: đánh giá, xếp loại và trả kết quả theo Nghị định 335/2025/NĐ-CP.",
            f"Lưu bao lâu: {until}; sau đó được yêu cầu xóa.",
            "Ai được xem kết quả: chính người này, thủ trưởng đơn vị và cơ quan thi đua.",
            "",
            "Trong tệp này (du-lieu.json; thư đã gửi ở thư mục thu/):",
            *(f"- {LABELS[name]}: {count}" for name, count in counts.items()),
            "",
            "Ngoài ra người này có tên hoặc mã trong tài liệu chung với người khác, không trích "
            f"ra đây: {sum(shared.values())} mục (báo cáo, thư của đơn vị, tổng hợp của cơ quan).",
            "",
            f"Sai chỗ nào, muốn sửa hay xóa: trả lời về {settings.reply_to or settings.email}.",
            "",
        ]
    )
