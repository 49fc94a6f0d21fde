"""Who lets letters leave, and until when; how many wait for that.

arm_mail(occasion, "Lò Văn Inh", until, second="Sùng Thị Mỷ")
may_leave_now(office)       -> "here": nothing leaves this machine; "armed"; "" where it is not
"""

from __future__ import annotations

from datetime import UTC, datetime

from channels.outboxes import stays_here
from review.post import LetterState
from review.powers import same_person
from tasks.occasion import Occasion
from tasks.office import Office, stamp
from tdkt_models.armings import arm, armed, disarm
from tdkt_models.letter_ledger import counts


def arm_mail(occasion: Occasion, who: str, until: datetime, second: str = "") -> None:
    """Raises ValueError where the office wants a second person and there is none."""
    wanted = occasion.office.settings.mail.second_person
    if wanted and (not second or same_person(who, second)):
        raise ValueError("cơ quan quy định cần hai người khác nhau cho phép gửi thư.")
    with occasion.office.book() as book, book.writing() as conn:
        arm(conn, who, until, stamp(occasion.run), second=second)


def disarm_mail(occasion: Occasion, who: str) -> bool:
    with occasion.office.book() as book, book.writing() as conn:
        return disarm(conn, who, stamp(occasion.run))


def may_leave_now(office: Office) -> str:
    if stays_here(office.smtp_url, office.settings):
        return "here"
    with office.book() as book, book.reading() as conn:
        return "armed" if armed(conn, datetime.now(UTC)) else ""


def letters_waiting(occasion: Occasion) -> int:
    """Of the period: written or queued, and not on their way."""
    with occasion.office.book() as book, book.reading() as conn:
        found = counts(conn, occasion.period_text)
    return found[LetterState.WRITTEN] + found[LetterState.QUEUED]
