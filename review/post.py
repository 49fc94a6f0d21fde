"""A letter before it is worded: whose it is, what it tells, and where it stands in the ledger.

Letter("2026-10", LetterKind.CADRE_RESULT, "03637-01", "inh@…", ("03637-01",), payload).key
    -> "2026-10:cadre_result:03637-01"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class LetterKind(StrEnum):
    UNIT_RETURNED = "unit_returned"  # E2: what must be mended, and by when
    UNIT_RESULT = "unit_result"  # received, results, next month
    UNIT_TRIAL = "unit_trial"  # what was found in a workbook of a trial, which counts for nothing
    UNIT_REMINDER = "unit_reminder"  # E7: still owes its report
    OWING_DIGEST = "owing_digest"  # which units owe, for one who answers for several
    CADRE_RESULT = "cadre_result"  # E8: own result only
    OFFICE_DIGEST = "office_digest"  # E1: the month in one page
    LEADER_REPORT = "leader_report"  # E3, E4, E6: a quarter, a year, a term
    OFFICE_ALERT = "office_alert"  # E5: one urgent matter
    UNIT_INVITATION = "unit_invitation"  # the form of a period, and by when it is wanted
    UNIT_RECEIPT = "unit_receipt"  # what came, and what it was found to be
    OFFICE_MAIL = "office_mail"  # mails that wait for a person
    APPEAL_OUTCOME = "appeal_outcome"  # what became of a person's appeal, or of a correction
    SLIP_INVITATION = "slip_invitation"  # a rater's own slips, and by when they are wanted
    SLIP_RECEIPT = "slip_receipt"  # a rater's slip came: under seal, or sent back
    PLAN_DECISION = "plan_decision"  # what was decided on proposed changes of a unit's plans
    DESK_ALARM = "desk_alarm"  # a run, a file, a schedule that needs somebody
    DECISION_ASKED = "decision_asked"  # a decision that its reader may give, and where

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    LetterKind.UNIT_RETURNED: "Trả lại để sửa",
    LetterKind.UNIT_RESULT: "Kết quả của đơn vị",
    LetterKind.UNIT_TRIAL: "Trả lời bản thử",
    LetterKind.UNIT_REMINDER: "Nhắc nộp báo cáo",
    LetterKind.OWING_DIGEST: "Các đơn vị còn nợ",
    LetterKind.CADRE_RESULT: "Kết quả cá nhân",
    LetterKind.OFFICE_DIGEST: "Tổng hợp của cơ quan",
    LetterKind.LEADER_REPORT: "Báo cáo lãnh đạo",
    LetterKind.OFFICE_ALERT: "Việc gấp",
    LetterKind.UNIT_INVITATION: "Thư mời gửi báo cáo",
    LetterKind.UNIT_RECEIPT: "Giấy báo nhận",
    LetterKind.OFFICE_MAIL: "Hộp thư cần người xem",
    LetterKind.APPEAL_OUTCOME: "Trả lời kiến nghị",
    LetterKind.SLIP_INVITATION: "Phiếu chấm gửi người chấm",
    LetterKind.SLIP_RECEIPT: "Báo nhận phiếu chấm",
    LetterKind.PLAN_DECISION: "Quyết định về kế hoạch",
    LetterKind.DESK_ALARM: "Máy báo cho cơ quan",
    LetterKind.DECISION_ASKED: "Đề nghị quyết định",
}


# Written when a person decides; they wait for no cycle and go with the next post.
TOLD_AT_ONCE = (LetterKind.APPEAL_OUTCOME, LetterKind.PLAN_DECISION, LetterKind.SLIP_RECEIPT)
# To the office itself and to those it named by command: nobody's result stands in them, so they go
# as soon as they are written, armed or not (docs/decisions/, "who decides").
HOUSE_LETTERS = (LetterKind.DESK_ALARM, LetterKind.DECISION_ASKED)


class LetterState(StrEnum):
    """written → queued → claimed → sending → sent | failed | in_doubt; the rest are ends or waits.
    `sending` is committed before the first byte leaves."""

    WRITTEN = "written"
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    BOUNCED = "bounced"
    HELD = "held"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


ABOUT = "/"  # "03637/12": the answer to file 12, read by unit 03637; "03637/thu": of a trial


def reader_of(person: str) -> str:
    """Who reads a letter: the unit, the cadre or the office, also where it is about one thing."""
    return person.partition(ABOUT)[0]


@dataclass(frozen=True, slots=True)
class Letter:
    """`person` is who reads it (unit code, cadre code or "office"; see `reader_of`); `about` the
    codes of units and cadres whose data it carries; `payload` JSON-ready values that its template
    walks, with the files enclosed and the thread it answers in, nothing else.
    """

    period: str
    kind: LetterKind
    person: str
    to: str
    about: tuple[str, ...]
    payload: Mapping[str, Any]

    @property
    def key(self) -> str:
        return ":".join((self.period, self.kind, self.person))
