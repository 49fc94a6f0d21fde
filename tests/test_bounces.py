"""Reports of non-delivery: read from a real mailbox, believed only about letters of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest

from channels.delivery_reports import report_in
from flows.cycle import take_in_and_answer
from flows.inviting import invite_units
from review.mail import MailState
from review.post import LetterState
from tdkt_models.bounces import suppressed
from tdkt_models.letter_ledger import attempts_of, ledger
from tdkt_models.letters import LedgerLetter
from tests.dovecot import DOVECOT, Dovecot, running_dovecot
from tests.mail_office import MailOffice, mail_office
from tests.province import surroundings

pytestmark = [
    pytest.mark.skipif(not DOVECOT, reason="no Dovecot on this machine"),
    pytest.mark.xdist_group("dovecot"),
]

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@thu.laichau.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: tdkt@laichau.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="9B0.1/thu"
Message-Id: <20261104.{n}@thu.laichau.example>

--9B0.1/thu
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

<{to}>: host mx.example[203.0.113.5] said: {code} {text} (in reply to RCPT TO command)

--9B0.1/thu
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; thu.laichau.example
Arrival-Date: Wed,  4 Nov 2026 09:00:00 +0700

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example
Diagnostic-Code: smtp; {code} {text}

--9B0.1/thu
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: tdkt@laichau.example
To: {to}
Subject: =?utf-8?q?M=E1=BB=9Di?=
Message-ID: {about}

--9B0.1/thu--
"""


def bounce_of(
    letter: LedgerLetter, status: str = "5.1.1", action: str = "failed", about: str = ""
) -> bytes:
    code = "550" if status.startswith("5") else "451"
    said = POSTFIX.format(
        n=letter.id, to=letter.letter.to, code=code, text=f"{status} User unknown", action=action,
        status=status, about=about or letter.message_id,
    )  # fmt: skip
    return said.replace("\n", "\r\n").encode()


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def office(dovecot: Dovecot, tmp_path: Path) -> Iterator[MailOffice]:
    with mail_office(tmp_path, dovecot) as made:
        invite_units(made.occasion)
        yield made


def letters(office: MailOffice) -> list[LedgerLetter]:
    with office.occasion.office.book() as book, book.reading() as conn:
        return [one for one in ledger(conn, "2026-10") if one.letter.kind == "unit_invitation"]


def told(office: MailOffice) -> list[EmailMessage]:
    return [one for one in office.posted() if one["X-TDKT-Letter"] == "office_mail"]


def test_a_letter_that_came_back_is_bounced_and_its_address_left_alone(office: MailOffice) -> None:
    first, *others = letters(office)
    office.deliver(bounce_of(first))
    take_in_and_answer(office.occasion)

    again, *same = letters(office)
    assert again.state is LetterState.BOUNCED and "5.1.1" in again.reason
    assert {one.state for one in same} == {LetterState.SENT} and len(same) == len(others)
    with office.occasion.office.book() as book, book.reading() as conn:
        assert list(suppressed(conn)) == [first.letter.to.lower()]
    (letter,) = told(office)
    assert first.letter.to in str(letter.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert [mail.state for mail in office.mails()] == [MailState.BOUNCE]

    # the next letter to that address does not leave
    office.deliver(_report_of(office, first.letter.person))
    take_in_and_answer(replace(office.occasion, run="later"))
    with office.occasion.office.book() as book, book.reading() as conn:
        (receipt,) = [one for one in ledger(conn, "2026-10") if one.letter.kind == "unit_receipt"]
    assert receipt.state is LetterState.SUPPRESSED and "danh bạ" in receipt.reason
    assert len(told(office)) == 1, "and the office is told once"


def test_a_report_about_no_letter_of_ours_changes_nothing(office: MailOffice) -> None:
    first, *_ = letters(office)
    office.deliver(bounce_of(first, about="<gia-mao@noi-khac.example>"))
    take_in_and_answer(office.occasion)
    assert {one.state for one in letters(office)} == {LetterState.SENT}
    (mail,) = office.mails()
    assert mail.state is MailState.BOUNCE and "không nêu thư nào" in mail.reason
    assert told(office) == []


def test_a_delay_is_noted_and_the_letter_stays_sent(office: MailOffice) -> None:
    first, *_ = letters(office)
    office.deliver(bounce_of(first, status="4.4.1", action="delayed"))
    take_in_and_answer(office.occasion)
    assert letters(office)[0].state is LetterState.SENT
    with office.occasion.office.book() as book, book.reading() as conn:
        assert "delayed" in [one.outcome for one in attempts_of(conn, first.id)]
        assert not suppressed(conn)


def test_reports_may_come_to_a_mailbox_of_their_own(office: MailOffice, dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    first, *_ = letters(office)
    dovecot.append(user, bounce_of(first))
    with surroundings(TDKT_BOUNCES=dovecot.address(user)):
        take_in_and_answer(office.occasion)
    assert letters(office)[0].state is LetterState.BOUNCED


def test_what_old_servers_write_is_understood_too() -> None:
    told = (
        "From: MAILER-DAEMON@x.example\r\nReturn-Path: <>\r\nSubject: failure notice\r\n\r\n"
        "Hi. This is the qmail-send program at x.example.\r\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n\r\n"
        "<cu@x.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
        "--- Below this line is a copy of the message.\r\n\r\n"
        "Return-Path: <tdkt@laichau.example>\r\nMessage-ID: <abc@laichau.example>\r\n"
    )
    report = report_in(message_from_bytes(told.encode()))
    assert report.addresses == ("cu@x.example",) and report.message_id == "<abc@laichau.example>"
    assert report.permanent


def _report_of(office: MailOffice, code: str) -> EmailMessage:
    from tests.mail_office import letter_from, with_workbook

    unit = next(one for one in office.units if one.code == code)
    return with_workbook(letter_from(unit.contacts[0]), office.filled(unit))
