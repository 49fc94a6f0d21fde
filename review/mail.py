"""A mail that came to the office's mailbox, once opened, and what is to be done with it.

    fate_of(mail, known=…, ours=…, lately=3, most=30)
        -> Fate(MailState.STRANGER, "Địa chỉ la@x.vn không có trong danh bạ …")

Robots are never answered (RFC 3834), strangers are not taken at their word, and one sender cannot
flood the office; but nothing is thrown away: every mail is kept and has its line with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from review.sender_proof import is_proven

MOST_REFERENCES = 20  # of a thread that goes on for ever
AUTO_REPLY_SUBJECT = re.compile(
    r"^\s*(automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|vắng mặt"
    r"|tự động trả lời|trả lời tự động|thư trả lời tự động)\b",
    re.IGNORECASE,
)
ROBOTS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)@", re.IGNORECASE)
BULK = ("bulk", "list", "junk", "auto_reply")


class MailState(StrEnum):
    """What became of a mail."""

    TAKEN = "taken"  # its workbooks went to be checked
    NO_REPORT = "no_report"  # somebody wrote, but sent no workbook
    STRANGER = "stranger"  # the sender is not in the roster
    TOO_MANY = "too_many"  # past what one sender may send in an hour
    BROKEN = "broken"  # cannot be opened, or is too large
    AUTOMATIC = "automatic"  # out of office and the like
    LOOP = "loop"  # our own letter come back
    BOUNCE = "bounce"  # a report of non-delivery
    AGAIN = "again"  # the very same mail as before
    SETTLED = "settled"  # a person has dealt with it
    UNPROVEN = "unproven"  # the office's own server does not vouch for the sender

    @property
    def needs_a_person(self) -> bool:
        waiting = (self.NO_REPORT, self.STRANGER, self.UNPROVEN, self.TOO_MANY, self.BROKEN)
        return self in waiting

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    MailState.TAKEN: "Đã nhận báo cáo",
    MailState.NO_REPORT: "Không kèm báo cáo",
    MailState.STRANGER: "Người gửi lạ",
    MailState.UNPROVEN: "Chưa xác thực người gửi",
    MailState.TOO_MANY: "Gửi quá nhiều",
    MailState.BROKEN: "Không mở được",
    MailState.AUTOMATIC: "Thư tự động",
    MailState.LOOP: "Thư của chính cơ quan",
    MailState.BOUNCE: "Thư báo không tới",
    MailState.AGAIN: "Thư đã nhận rồi",
    MailState.SETTLED: "Đã xử lý",
}


@dataclass(frozen=True, slots=True)
class EnclosedReport:
    """A workbook found in a mail; `place` says where in it (“2”, “3/zip/1”), once and for ever."""

    place: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a mail server says of a letter: `status` as in RFC 3463, `text` in its own words."""

    message_id: str = ""
    status: str = ""
    text: str = ""
    addresses: tuple[str, ...] = ()

    @property
    def arrived(self) -> bool:
        return self.status.startswith("2.")

    @property
    def permanent(self) -> bool:
        return self.status.startswith("5.")


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """What a mail says of itself. `sender` is in small letters; `beside` names enclosures that are
    no reports, `unopened` says in Vietnamese what could not be looked into; `authentication` are
    its Authentication-Results, topmost first."""

    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    auto_submitted: str = ""
    precedence: str = ""
    auto_headers: tuple[str, ...] = ()
    return_path: str | None = None
    authentication: tuple[str, ...] = ()
    kind_of_ours: str = ""
    report: DeliveryReport | None = None
    reports: tuple[EnclosedReport, ...] = ()
    beside: tuple[str, ...] = ()
    unopened: tuple[str, ...] = ()
    broken: str = ""

    @property
    def automatic(self) -> bool:
        """Written by a robot: it must never be answered."""
        said = self.auto_submitted.partition(";")[0].strip().lower()
        return bool(
            said not in ("", "no")
            or self.precedence.strip().lower() in BULK
            or self.auto_headers
            or self.return_path in ("", "<>")
            or ROBOTS.match(self.sender)
            or AUTO_REPLY_SUBJECT.match(self.subject)
        )


@dataclass(frozen=True, slots=True)
class Fate:
    state: MailState
    reason: str = ""


def fate_of(
    mail: OpenedMail,
    *,
    known: Collection[str],
    ours: Collection[str],
    lately: int,
    most: int,
    server: str = "",
) -> Fate:
    """What becomes of a mail. `known` are all addresses of the roster and of the office, `ours`
    those that the office writes from; `lately` how many mails this sender sent in the last hour,
    `most` how many are taken; `server` the one that must vouch for the sender ("": none, From is
    trusted as it is written)."""
    if mail.broken:
        return Fate(MailState.BROKEN, mail.broken)
    if mail.report is not None:
        return Fate(MailState.BOUNCE, NOT_OURS)
    if mail.kind_of_ours or (mail.automatic and mail.sender in ours):
        return Fate(MailState.LOOP, "Thư của chính cơ quan quay lại; không trả lời.")
    if mail.automatic and not mail.reports:
        return Fate(MailState.AUTOMATIC, "Thư trả lời tự động; không cần làm gì.")
    if lately >= most:
        return Fate(
            MailState.TOO_MANY,
            f"{mail.sender} đã gửi {lately} thư trong một giờ, nhiều hơn {most} thư được nhận. "
            "Hãy hỏi người gửi rồi nhận thư này bằng “tdkt mailbox take”.",
        )
    if mail.sender not in known:
        return Fate(
            MailState.STRANGER,
            f"Địa chỉ {mail.sender or '(không ghi)'} không có trong danh bạ. Nếu đúng là người của "
            "đơn vị, hãy thêm địa chỉ vào danh bạ: thư sẽ tự được nhận ở lần thu sau.",
        )
    if not vouched_for(mail, server):
        return Fate(MailState.UNPROVEN, UNPROVEN.format(sender=mail.sender, server=server))
    if not mail.reports:
        why = " ".join(mail.unopened) or "Thư không kèm tệp báo cáo nào."
        return Fate(MailState.NO_REPORT, f"{why} Cần người đọc và trả lời.")
    return Fate(MailState.TAKEN, " ".join(mail.unopened))


def vouched_for(mail: OpenedMail, server: str) -> bool:
    return not server or is_proven(mail.authentication, server, mail.sender)


UNPROVEN = (
    "Máy chủ {server} không xác nhận thư này đúng là do {sender} gửi (SPF, DKIM, DMARC): có thể là "
    "thư mạo danh. Hãy gọi hỏi đơn vị; đúng thì nhận bằng “tdkt mailbox take”."
)
NOT_OURS = "Thư báo không tới này không nêu thư nào của cơ quan nên không làm gì theo nó."
NOT_BY_THE_RATER = (
    "{sender} gửi phiếu chấm của {rater} nhưng không phải địa chỉ của người đó trong danh bạ. "
    "Hãy hỏi lại người chấm, rồi nhận bằng “tdkt mailbox take”, hoặc đề nghị gửi lại từ địa chỉ ấy."
)
NOT_FOR_THIS_UNIT = (
    "{sender} gửi báo cáo của đơn vị {unit} nhưng không phải địa chỉ của đơn vị đó trong danh bạ. "
    "Hãy hỏi lại đơn vị, rồi thêm địa chỉ vào danh bạ hoặc nhận bằng “tdkt mailbox take”."
)
