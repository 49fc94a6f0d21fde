"""The month over the mailbox: invitation out, workbook back, findings and results in one thread."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from channels.mailbox import TAKEN
from channels.marked_list import LIST_SHEET
from channels.workbook import read_workbook
from cli.main import tdkt
from flows.cycle import review_cycle, take_in_and_answer
from flows.inviting import invite_units
from review.findings import Verdict
from review.mail import MailState
from review.post import LetterState
from review.roll import RollState
from tdkt_models.files import FileState
from tdkt_models.letter_ledger import ledger
from tests.dovecot import DOVECOT, Dovecot, running_dovecot
from tests.mail_office import MailOffice, letter_from, mail_office, reply_to, with_workbook
from tests.test_intake_story import mended_as_told

pytestmark = [
    pytest.mark.skipif(not DOVECOT, reason="no Dovecot on this machine"),
    pytest.mark.xdist_group("dovecot"),
]


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def office(dovecot: Dovecot, tmp_path: Path) -> Iterator[MailOffice]:
    with mail_office(tmp_path, dovecot) as made:
        yield made


def enclosed(letter: EmailMessage) -> tuple[str, bytes]:
    (file,) = letter.iter_attachments()
    return str(file.get_filename()), file.get_content()


def newest(office: MailOffice, seen: list[EmailMessage]) -> list[EmailMessage]:
    known = {letter["Message-ID"] for letter in seen}
    fresh = [letter for letter in office.posted() if letter["Message-ID"] not in known]
    seen.extend(fresh)
    return fresh


def collect(office: MailOffice) -> None:
    take_in_and_answer(office.occasion)


def text(letter: EmailMessage) -> str:
    return str(letter.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_from_the_invitation_to_the_result_in_one_thread(office: MailOffice) -> None:
    unit, contact, seen = office.unit, office.unit.contacts[0], []
    assert invite_units(office.occasion) == 3
    invitation = next(one for one in newest(office, seen) if one["To"] == contact)
    name, blank = enclosed(invitation)
    assert name == f"{unit.code}_2026-10.xlsx" and "trả lời chính thư này" in text(invitation)
    assert invite_units(office.occasion) == 0 and not newest(office, seen)

    # a wrong one comes back, marked, below the mail it came in
    wrong = with_workbook(reply_to(invitation, contact), office.filled(unit, blank, wrong=True))
    office.deliver(wrong)
    collect(office)
    (returned,) = newest(office, seen)
    assert returned["In-Reply-To"] == wrong["Message-ID"]
    assert returned["References"].split()[-2:] == [invitation["Message-ID"], wrong["Message-ID"]]
    assert returned["To"] == contact and returned["Auto-Submitted"] == "auto-generated"
    assert text(returned).startswith("Báo cáo tháng 10/2026 được trả lại: đề nghị đơn vị sửa 1 chỗ")
    name, copy = enclosed(returned)
    (office.occasion.office.folder / name).write_bytes(copy)
    marked = openpyxl.load_workbook(office.occasion.office.folder / name)
    assert name == f"CAN-SUA_{unit.code}_2026-10.xlsx" and LIST_SHEET in marked.sheetnames
    collect(office)
    assert not newest(office, seen), "nothing is said twice"

    # fixed as told it is accepted the first time
    mended = mended_as_told(copy, read_workbook(office.filled(unit, blank)).sheets)
    fixed = with_workbook(reply_to(returned, contact), mended, "sửa.xlsx")
    office.deliver(fixed, office.sent_at + timedelta(hours=1))
    collect(office)
    (receipt,) = newest(office, seen)
    assert receipt["In-Reply-To"] == fixed["Message-ID"]
    assert invitation["Message-ID"] in receipt["References"]
    assert "báo cáo đạt" in text(receipt) and "Lần gửi thứ: 2" in text(receipt)
    assert office.files()[-1].sha256 in text(receipt)
    assert [file.verdict for file in office.files()] == [Verdict.RETURNED, Verdict.ACCEPTED]

    # and the result of the month stands in the same thread
    review_cycle(office.occasion, send=True)
    after = newest(office, seen)
    result = next(one for one in after if one["X-TDKT-Letter"] == "unit_result")
    assert result["In-Reply-To"] == fixed["Message-ID"]
    reminders = [one for one in after if one["X-TDKT-Letter"] == "unit_reminder"]
    assert len(reminders) == 2 and all(one["In-Reply-To"] for one in reminders)
    collect(office)
    assert not newest(office, seen), "after the review no receipt follows"


def test_a_copy_sent_again_is_answered_with_no_change(office: MailOffice) -> None:
    contact, data, seen = office.unit.contacts[0], office.filled(office.unit), []
    office.deliver(with_workbook(letter_from(contact), data))
    collect(office)
    newest(office, seen)
    again = with_workbook(letter_from(contact, text="gửi lại"), data)
    office.deliver(again)
    collect(office)
    (receipt,) = newest(office, seen)
    assert "giống hệt" in text(receipt) and receipt["In-Reply-To"] == again["Message-ID"]


def test_robots_and_strangers_get_no_answer_and_the_office_is_told(office: MailOffice) -> None:
    seen: list[EmailMessage] = []
    robot = letter_from(office.unit.contacts[0], "Máy gửi")
    robot["Auto-Submitted"] = "auto-generated"
    office.deliver(with_workbook(robot, office.filled(office.unit)))
    office.deliver(with_workbook(letter_from("la@noi-khac.example"), office.filled(office.unit)))
    other = letter_from(office.units[1].contacts[0], "Gửi hộ")
    office.deliver(with_workbook(other, office.filled(office.units[2])))
    collect(office)
    (told,) = newest(office, seen)
    assert told["To"] == "phong.tdkt@laichau.example" and "2 thư, tệp" in told["Subject"]
    assert "la@noi-khac.example" in text(told) and office.units[2].code in text(told)
    assert office.files()[0].verdict is Verdict.ACCEPTED, "a robot's report counts all the same"
    collect(office)
    assert not newest(office, seen)


def test_a_person_lets_a_mail_in_after_asking(office: MailOffice) -> None:
    seen: list[EmailMessage] = []
    home = str(office.occasion.office.folder)
    other = letter_from(office.units[1].contacts[0], "Gửi hộ")
    office.deliver(with_workbook(other, office.filled(office.unit)))
    office.deliver(letter_from(office.unit.contacts[0], "Xin hỏi"))
    collect(office)
    newest(office, seen)
    assert office.files()[0].state is FileState.SET_ASIDE
    first, second = (str(mail.id) for mail in office.mails())

    run = CliRunner()
    listed = run.invoke(tdkt, ["mailbox", "list", "--json", "--home", home])
    assert "Xin hỏi" in listed.output
    by = ["--by", "Lò Văn Inh", "--home", home]
    assert run.invoke(tdkt, ["mailbox", "take", first, *by]).exception is None
    note = ["--note", "đã gọi điện"]
    assert run.invoke(tdkt, ["mailbox", "settle", second, *by, *note]).exception is None
    collect(office)
    (receipt,) = newest(office, seen)
    assert receipt["To"] == office.unit.contacts[0], "the unit is told, not who sent it for them"
    assert office.files()[0].verdict is Verdict.ACCEPTED
    assert [mail.state for mail in office.mails()] == [MailState.TAKEN, MailState.SETTLED]
    empty = run.invoke(tdkt, ["mailbox", "list", "--json", "--home", home])
    assert "Xin hỏi" not in empty.output


def test_reports_from_a_folder_are_answered_too(office: MailOffice, tmp_path: Path) -> None:
    inbox = tmp_path / "thu-muc"
    inbox.mkdir()
    (inbox / "a.xlsx").write_bytes(office.filled(office.unit))
    from tests.province import surroundings

    with surroundings(TDKT_INBOX=str(inbox)):
        collect(office)
    (receipt,) = office.posted()
    assert receipt["X-TDKT-Letter"] == "unit_receipt" and receipt["To"] == office.unit.contacts[0]


def test_findings_that_went_back_once_do_not_go_again_with_the_review(office: MailOffice) -> None:
    seen: list[EmailMessage] = []
    sender = office.unit.contacts[0]
    office.deliver(with_workbook(letter_from(sender), office.filled(office.unit, wrong=True)))
    collect(office)
    (returned,) = newest(office, seen)
    review_cycle(office.occasion, send=True)
    assert not [one for one in newest(office, seen) if one["X-TDKT-Letter"] == "unit_returned"]
    with office.occasion.office.book() as book, book.reading() as conn:
        states = {one.state for one in ledger(conn, "2026-10")}
    assert states == {LetterState.SENT} and returned["To"] == sender


def test_a_rehearsal_writes_the_answer_and_posts_nothing(office: MailOffice) -> None:
    office.deliver(with_workbook(letter_from(office.unit.contacts[0]), office.filled(office.unit)))
    take_in_and_answer(office.occasion, send=False)
    assert office.posted() == []
    rehearsed = office.occasion.office.folder / "outbox" / "rehearsal"
    assert len(list(rehearsed.glob("*.eml"))) == 1
    take_in_and_answer(replace(office.occasion, run="later"))
    assert len(office.posted()) == 1
    assert {entry.state for entry in roll(office)} >= {RollState.ACCEPTED}


def roll(office: MailOffice):
    from tdkt_models.roll import recall_roll

    with office.occasion.office.book() as book, book.reading() as conn:
        return recall_roll(conn, "2026-10")


def kill_midway(command: list[str], rng: random.Random, times: int = 3) -> None:
    for _ in range(times):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(rng.uniform(2.0, 5.0))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_killed_collect_started_again_takes_and_answers_each_mail_once(
    office: MailOffice,
) -> None:
    rng, sent = random.Random(11), []
    for n, unit in enumerate(office.units * 2):
        mail = letter_from(unit.contacts[0], text=f"lần {n}")
        sent.append(with_workbook(mail, office.filled(unit, wrong=n < 3)))
        office.deliver(sent[-1], office.sent_at + timedelta(minutes=n))
    command = [sys.executable, "-m", "cli.main", "collect", "2026-10", "--json"]
    command += ["--as-of", office.occasion.now.isoformat()]
    command += ["--home", str(office.occasion.office.folder)]
    kill_midway(command, rng)
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr

    assert [mail.state for mail in office.mails()] == [MailState.TAKEN] * 6
    assert len(office.files()) == 6 and all(file.verdict for file in office.files())
    assert all(TAKEN in flags for flags in office.server.flags(office.user))
    letters = office.posted()
    assert len({one["Message-ID"] for one in letters}) == len(letters)
    answered = {one["In-Reply-To"] for one in letters}
    latest = {mail["Message-ID"] for mail in sent[3:]}
    with office.occasion.office.book() as book, book.reading() as conn:
        unsure = sum(one.state is LetterState.IN_DOUBT for one in ledger(conn, "2026-10"))
    assert len(latest - answered) <= unsure
