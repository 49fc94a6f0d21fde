"""What a report of non-delivery does to the letter it is about.

    note_report(conn, mail.report, stamp)
        -> "Thư số 12 không tới được cu@x.vn: 5.1.1 user unknown. …"; "" if it is about none of ours

Only a report that bears the Message-ID of a letter of ours is believed: a forged one does not.
"""

from __future__ import annotations

from sqlalchemy import Connection

from review.mail import DeliveryReport
from tdkt_models.base import Stamp
from tdkt_models.bounces import bounce, delivered

FOR_GOOD = (
    "Thư số {letter} không tới được {to}: {why}. Từ nay không gửi tới địa chỉ này nữa; hãy sửa địa "
    "chỉ trong danh bạ."
)
FOR_NOW = "Thư số {letter} chưa tới {to}: {why}. Máy chủ thư sẽ còn thử lại."


def note_report(conn: Connection, report: DeliveryReport, stamp: Stamp) -> str:
    """Writes it down in the ledger; what the office should know, in Vietnamese."""
    if not report.message_id:
        return ""
    if report.arrived:
        delivered(conn, report.message_id, stamp, text=report.text)
        return ""
    letter = bounce(conn, report.message_id, stamp, status=report.status, text=report.text)
    if letter is None:
        return ""
    words = FOR_GOOD if report.permanent else FOR_NOW
    why = " ".join(part for part in (report.status, report.text) if part)
    return words.format(letter=letter, to=", ".join(report.addresses) or "người nhận", why=why)
