"""Take in the results that another office sent for a person who came from it (Article 21).

take_outside(occasion, "03637-01", "88,5", document="CV 12/SNV-TĐKT", who="Lò Văn A")
"""

from __future__ import annotations

from channels.errors import ChannelRefused
from review.points import hundredths
from review.scorecard import CardStatus
from tasks.occasion import Occasion
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.cadres import recall_cadres
from tdkt_models.outside_results import OutsideResult, keep_outside
from tdkt_models.scores import recall_cards


def take_outside(
    occasion: Occasion, cadre: str, total: str, document: str, who: str
) -> OutsideResult:
    """Raises ChannelRefused: nobody of that code, a figure that is none, or a result of our own
    that it would compete with."""
    try:
        points = hundredths(total.strip().replace(",", "."))
    except ValueError as wrong:
        raise ChannelRefused(f"Điểm: {wrong}.") from wrong
    if not 0 <= points <= 100_00:
        raise ChannelRefused(f"Điểm “{total}” phải từ 0 đến 100.")
    if not document.strip() or not who.strip():
        raise ChannelRefused("Phải ghi văn bản gửi kết quả (--document) và người nhập (--by).")
    one = OutsideResult(occasion.period_text, cadre, points, document.strip(), who.strip())
    with occasion.office.book() as book, book.writing() as conn:
        if cadre not in {person.code for person in recall_cadres(conn)}:
            raise ChannelRefused(f"Danh bạ không có cán bộ “{cadre}”.")
        ours = [c for c in recall_cards(conn, occasion.period_text) if c.cadre == cadre]
        if any(card.status is CardStatus.OK for card in ours):
            raise ChannelRefused(
                f"{cadre} đã được chấm ở đây trong {occasion.period.label}; muốn đổi thì gửi "
                "báo cáo đính chính hoặc mở kiến nghị."
            )
        keep_outside(conn, [one], occasion.stamp)
        detail = {"period": one.period, "total": points, "document": one.document}
        keep_audit(
            conn, [AuditEntry(one.who, "result.from_outside", cadre, detail)], occasion.stamp
        )
    return one
