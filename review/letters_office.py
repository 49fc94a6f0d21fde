"""An urgent word to the office about one matter (E5).

office_alert(office, "2026-10", "Số liệu không khớp", facts, do="đề nghị xem")
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from review.letter_rows import plain
from review.letterhead import OFFICE, letterhead, local
from review.post import Letter, LetterKind
from review.settings import Settings

MOST_FACTS = 25


def office_alert(
    office: Settings,
    period: str,
    matter: str,
    facts: Sequence[str],
    *,
    do: str,
    by: datetime | None = None,
) -> Letter:
    """E5: an urgent word to the office about one matter. `matter` is a sentence without its full
    stop; `facts` what is known, `do` what is asked, `by` when."""
    payload = {
        **letterhead(office, period),
        "matter": plain(matter, 160),
        "facts": [plain(fact) for fact in facts[:MOST_FACTS]],
        "facts_rest": max(0, len(facts) - MOST_FACTS),
        "do": plain(do),
        "by": local(office, by),
    }
    to = office.digest_to[0] if office.digest_to else office.email
    return Letter(period, LetterKind.OFFICE_ALERT, OFFICE, to, (), payload)
