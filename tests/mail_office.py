"""A small office whose inbox is a real mailbox, and the mails that units send it.

office = mail_office(tmp_path, server)
office.deliver(reply(office.unit, workbook=office.filled(office.unit)))
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from random import Random

from channels.blank import FormPress
from channels.filling import answers, fill
from cli.demo import month, opened
from review.brief import UnitBrief
from review.units import Unit
from sample import sample_roster
from sample.entries import good_entries
from sample.slips import total_does_not_add
from tasks.briefs import briefs
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.roster import keep_roster
from tdkt_models.files import ReceivedFile, recall_files
from tdkt_models.mails import ReceivedMail, recall_mails
from tests.dovecot import Dovecot
from tests.province import surroundings

EXCEL = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class MailOffice:
    """Three units of the sample province; `user` owns the office's mailbox."""

    occasion: Occasion
    server: Dovecot
    user: str
    units: tuple[Unit, ...]

    @property
    def unit(self) -> Unit:
        return self.units[0]

    @property
    def sent_at(self) -> datetime:
        """A working hour before reports are due."""
        return self.occasion.deadlines.due - timedelta(days=1)

    def deliver(self, mail: EmailMessage | bytes, at: datetime | None = None) -> None:
        self.server.append(self.user, mail, at or self.sent_at)

    def brief(self, unit: Unit) -> UnitBrief:
        with self.occasion.office.book() as book, book.reading() as conn:
            return briefs(conn, self.occasion, [unit.code])[unit.code]

    def filled(self, unit: Unit, blank: bytes | None = None, *, wrong: bool = False) -> bytes:
        """The unit's report; with `wrong`, one total does not add up."""
        regulation, brief = self.occasion.regulation, self.brief(unit)
        form = regulation.forms["month"]
        entries = good_entries(brief, Random(unit.code))
        if wrong:
            total_does_not_add(entries, brief)
        paper = blank or FormPress(form, regulation.works).blank(brief)
        return fill(paper, answers(form, brief, entries))

    def mails(self) -> list[ReceivedMail]:
        with self.occasion.office.book() as book, book.reading() as conn:
            return recall_mails(conn)

    def files(self) -> list[ReceivedFile]:
        with self.occasion.office.book() as book, book.reading() as conn:
            return recall_files(conn)

    def posted(self) -> list[EmailMessage]:
        """The letters that went out, in the order they were written to disk."""
        folder = self.occasion.office.folder / "outbox"
        parser = BytesParser(policy=policy.default)
        paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [parser.parsebytes(path.read_bytes()) for path in paths]  # type: ignore[misc]


@contextmanager
def mail_office(folder: Path, server: Dovecot) -> Iterator[MailOffice]:
    user = server.new_user()
    home = folder / "office"
    url = f"sqlite:///{home / 'office.db'}"
    with surroundings(TDKT_DATABASE_URL=url, TDKT_INBOX=server.address(user)):
        occasion = opened(Office.at(home), month("2026-10"))
        whole = sample_roster()
        units = tuple(unit for unit in whole.units if whole.cadres_of(unit.code, occasion.period))[
            :3
        ]
        codes = {unit.code for unit in units}
        cadres = tuple(cadre for cadre in whole.cadres if cadre.unit in codes)
        with occasion.office.book() as book, book.writing() as conn:
            keep_roster(conn, replace(whole, units=units, cadres=cadres), occasion.stamp)
        yield MailOffice(occasion, server, user, units)


def letter_from(
    sender: str, subject: str = "Báo cáo tháng 10", text: str = "Gửi Sở."
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = "tdkt@laichau.example"
    mail["Subject"] = subject
    mail["Date"] = "Wed, 04 Nov 2026 10:00:00 +0700"
    named = hashlib.sha256(f"{sender}{subject}{text}".encode()).hexdigest()[:20]
    mail["Message-ID"] = f"<{named}@don-vi.example>"
    mail.set_content(text)
    return mail


def with_workbook(mail: EmailMessage, data: bytes, name: str = "Báo cáo.xlsx") -> EmailMessage:
    mail.add_attachment(data, "application", EXCEL, filename=name)
    return mail


def reply_to(letter: EmailMessage, sender: str, text: str = "Đơn vị gửi báo cáo.") -> EmailMessage:
    """What a mail reader makes of “Trả lời”."""
    mail = letter_from(sender, f"Re: {letter['Subject']}", text)
    mail["In-Reply-To"] = letter["Message-ID"]
    mail["References"] = f"{letter.get('References', '')} {letter['Message-ID']}".strip()
    return mail
