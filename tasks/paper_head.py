"""What stands around every paper of a period, and the one reason for not making it.

paper_head(conn, occasion)["about"]      -> "Công tác thi đua, khen thưởng … tháng 10/2026"
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.letter_rows import plain
from review.period import Cadence, Period
from tasks.occasion import Occasion
from tdkt_models.cycles import CycleState, recall_cycle

FIRM = "\u00a0"  # a space at which no line breaks
SUBJECT = "Công tác thi đua, khen thưởng và kết quả đánh giá cán bộ"


class PapersRefused(ChannelRefused):
    """A paper cannot be made, or not as it was; the message says why."""


def months_of(period: Period) -> tuple[Period, ...]:
    return (period,) if period.cadence is Cadence.MONTH else period.split("month")


def paper_head(conn: Connection, occasion: Occasion, number: str = "") -> dict[str, Any]:
    """Whose the paper is, of when, by which number, to whom it goes, and whether it was approved.
    Without a `number` a place is left for it, as offices do before they register a document."""
    settings, period = occasion.office.settings, occasion.period
    papers = settings.papers
    cycle = recall_cycle(conn, occasion.period_text)
    approved = cycle is not None and cycle.state in (CycleState.APPROVED, CycleState.CLOSED)
    today = occasion.today
    return {
        "office": plain(settings.name, 120),
        "parent": plain(papers.parent, 120),
        "province": plain(settings.province, 60),
        "signer": plain(papers.signer or settings.signer, 80),
        "signer_title": plain(papers.signer_title, 80),
        "recipients": [plain(one, 120) for one in papers.recipients],
        "archive": plain(papers.archive, 40),
        "number": plain(number or f"…/{papers.symbol}", 40),
        "day": f"{today.day:02}",
        "month": f"{today.month:02}" if today.month < 3 else str(today.month),
        "year": str(today.year),
        "period": occasion.period_text,
        "period_label": period.label,
        "previous_label": period.previous().label,
        "months": len(months_of(period)),
        "provisional": not approved,
        "title": "BÁO CÁO",
        "about": f"{SUBJECT} {period.label.replace(' ', FIRM)}",
    }
