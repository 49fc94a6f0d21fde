"""Where the mails of a run are opened, in a process of their own.

with MailRoom() as room:
    mail = room.open(raw)       -> OpenedMail; a mail that kills its reader is BROKEN, no more
"""

from __future__ import annotations

from typing import Any

from channels.errors import ChannelRefused
from channels.side_room import Overtaxed, SideRoom
from review.mail import DeliveryReport, EnclosedReport, OpenedMail

MEMORY_MIB = 768  # a mail, its parts decoded and what its archives hold, all bounded
SECONDS = 20.0
TOO_SLOW = "Thư mất quá nhiều thời gian để mở nên được để riêng."
TOO_MUCH = "Thư làm hỏng chương trình mở thư nên được để riêng."


class MailRoom(SideRoom):
    def __init__(self, seconds: float = SECONDS, memory_mib: int = MEMORY_MIB) -> None:
        super().__init__(memory_mib, seconds)

    def open(self, raw: bytes) -> OpenedMail:
        """Raises ChannelBusy only where no desk can be started."""
        try:
            return _mail(self.does("mail", raw))
        except Overtaxed as wrong:
            return OpenedMail(broken=TOO_SLOW if wrong.slow else TOO_MUCH)
        except ChannelRefused as refused:
            return OpenedMail(broken=str(refused))


def _mail(told: dict[str, Any]) -> OpenedMail:
    """As the desk had it, its lists tuples again."""
    try:
        report = told["report"]
        whole: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v for name, v in told.items()
        }
        whole["reports"] = tuple(EnclosedReport(**one) for one in told["reports"])
        whole["report"] = report and DeliveryReport(
            **{**report, "addresses": tuple(report["addresses"])}
        )
        return OpenedMail(**whole)
    except (TypeError, KeyError, AttributeError):
        return OpenedMail(broken=TOO_MUCH)
