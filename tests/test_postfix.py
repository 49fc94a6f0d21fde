"""Letters through a real Postfix into real mailboxes: TLS with an authority of our own, real
deferrals and refusals, what was in doubt told from the log, what comes back read from the mailbox.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner
from letter_samples import LETTERS, MUONG_TE, OFFICE

from channels.outboxes import Outbox, server_from
from channels.rendering import Enclosed, render
from channels.replies import Fate
from channels.smtp import Relay
from cli.letters import letters as letters_command
from review.letterhead import message_id
from review.letters import unit_reminder
from review.period import Period
from review.post import LetterState
from review.roll import RollEntry
from tasks.email_summaries import email_summaries, let_go
from tasks.mailbox import collect_mail
from tasks.occasion import Occasion
from tasks.office import Office, make_office
from tasks.posting import Poster, drain
from tdkt_models.armings import arm
from tdkt_models.base import Book, Stamp, upgrade
from tdkt_models.bounces import suppressed
from tdkt_models.letter_ledger import ledger
from tdkt_models.letters import LedgerLetter, Outcome, claim, finish, mark_sending, write_letters
from tdkt_models.relays import Limits
from tdkt_models.units import keep_units
from tests.dovecot import DOVECOT, Dovecot, running_dovecot
from tests.postfix import DOMAIN, MAY_RUN, WHY_NOT, Postfix, running_postfix
from tests.province import surroundings

pytestmark = [
    pytest.mark.skipif(not (DOVECOT and MAY_RUN), reason=WHY_NOT),
    pytest.mark.xdist_group("dovecot"),
]
MONTH = "2026-10"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def boxes() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def relay(boxes: Dovecot) -> Iterator[Postfix]:
    with running_postfix(boxes) as server:
        yield server


def name(n: int) -> str:
    return message_id(f"{MONTH}:thu:{n}", 1, f"tdkt@{DOMAIN}")


@pytest.mark.parametrize("tls", [False, True], ids=["starttls", "tls"])
def test_a_letter_arrives_whole(relay: Postfix, boxes: Dovecot, tls: bool) -> None:
    user = boxes.new_user()
    file = Enclosed("Bang-tong-hop.xlsx", bytes(range(256)) * 400, XLSX)
    rendered = replace(render(LETTERS["office_digest"]()), files=(file,))
    with Relay(server_from(relay.url(user, tls=tls)), sender=f"{user}@{DOMAIN}",
               sender_name=OFFICE.name) as line:  # fmt: skip
        outcome = line.post(rendered, f"{user}@{DOMAIN}", name(1))
    assert outcome.sent and outcome.text.startswith("2.0.0 Ok: queued as")
    (came,) = boxes.waits_for_mails(user, 1)
    assert str(came["Subject"]) == rendered.subject and OFFICE.name in str(came["From"])
    assert came["Message-ID"] == name(1) and came["Auto-Submitted"] == "auto-generated"
    page, (attached,) = came.get_body(("html",)), came.iter_attachments()
    assert page and page.get_content().replace("\r\n", "\n").strip() == rendered.html.strip()
    assert attached.get_content() == file.content
    assert "ESMTPSA" in str(came["Received"])


def test_a_relay_of_another_authority_or_name_gets_nothing(
    relay: Postfix, boxes: Dovecot, tmp_path: Path
) -> None:
    user, letter = boxes.new_user(), render(LETTERS["unit_reminder"]())
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    for tls in (False, True):
        own = server_from(relay.url(user, tls=tls))
        for wrong in (
            replace(own, cafile=str(stranger)),
            replace(own, cafile=""),
            replace(own, host="localhost.localdomain"),
        ):
            with Relay(wrong, sender=f"{user}@{DOMAIN}", timeout=10) as line:
                assert line.post(letter, f"{user}@{DOMAIN}", name(2)).fate is Fate.PAUSE
    wrong = replace(server_from(relay.url(user)), password="sai mật khẩu")
    with Relay(wrong, sender=f"{user}@{DOMAIN}") as line:
        said = line.post(letter, f"{user}@{DOMAIN}", name(2))
    assert (said.fate, said.code) == (Fate.PAUSE, 535) and "mật khẩu" not in said.text
    assert name(2) not in relay.log.read_text("utf-8") and boxes.mails(user) == []


# An office whose relay it is


@dataclass(frozen=True)
class Desk:
    """`user` is the office's own mailbox, to which reports of non-delivery come."""

    occasion: Occasion
    book: Book
    user: str

    def letters(self) -> dict[str, LedgerLetter]:
        with self.book.reading() as conn:
            return {one.letter.to.partition("@")[0]: one for one in ledger(conn, MONTH)}


@contextmanager
def office_with(
    relay: Postfix, boxes: Dovecot, folder: Path, readers: tuple[str, ...], toml: str = ""
) -> Iterator[Desk]:
    """A reminder is written to each of these readers, one unit each."""
    user = boxes.new_user()
    office = Office(str(folder / "office"))
    make_office(office, name=OFFICE.name, short=OFFICE.short, email=f"{user}@{DOMAIN}")
    if toml:
        path = office.folder / "office.toml"
        path.write_text(path.read_text("utf-8").replace(*toml.split("=>")), "utf-8")
    with surroundings(
        TDKT_DATABASE_URL="", TDKT_SMTP_URL=relay.url(user), TDKT_INBOX=boxes.address(user)
    ):
        upgrade(office.database_url)
        now = datetime.now(UTC)
        occasion = Occasion(office, Period.parse(MONTH), run="test", now=now)
        due = occasion.deadlines.due
        with office.book() as book:
            units = [
                replace(MUONG_TE, code=f"{n:05}", contacts=(f"{reader}@{DOMAIN}",))
                for n, reader in enumerate(readers, start=1)
            ]
            letters = [
                unit_reminder(
                    office.settings, unit, RollEntry(unit.code, MONTH, due), now=due, last_day=due
                )
                for unit in units
            ]
            with book.writing() as conn:
                keep_units(conn, units, occasion.stamp)
                write_letters(conn, letters, occasion.stamp, domain=DOMAIN)
                arm(conn, "Lò Văn Inh", now + timedelta(hours=1), occasion.stamp)
            yield Desk(occasion, book, user)


def test_every_answer_of_a_real_relay_has_its_state(
    relay: Postfix, boxes: Dovecot, tmp_path: Path
) -> None:
    fine = boxes.new_user()
    readers = (fine, "ban", "khong-co", "ban-sau", "noi-dung")
    toml = "breaker_percent = 5=>breaker_percent = 0"
    with office_with(relay, boxes, tmp_path, readers, toml) as desk:
        done = email_summaries.fn(desk.occasion)
        assert (done.sent, done.failed, done.later) == (1, 2, 2)
        now = desk.letters()
    assert {reader: one.state.value for reader, one in now.items()} == {
        fine: "sent", "ban": "queued", "ban-sau": "queued", "khong-co": "failed",
        "noi-dung": "failed",
    }  # fmt: skip
    assert "Mailbox busy" in now["ban"].reason and now["ban"].not_before
    assert "User unknown" in now["khong-co"].reason
    assert "Message content rejected" in now["noi-dung"].reason
    assert now[fine].smtp_text.startswith("2.0.0 Ok: queued as")
    assert len(boxes.waits_for_mails(fine, 1)) == 1


@pytest.mark.parametrize("reader", ["dong-cua", "het-han-muc"])
def test_what_a_relay_says_of_itself_fails_nobody(
    relay: Postfix, boxes: Dovecot, tmp_path: Path, reader: str
) -> None:
    other = boxes.new_user()
    with office_with(relay, boxes, tmp_path, (reader, other)) as desk:
        done = email_summaries.fn(desk.occasion)
        assert done.failed == 0 and done.later == 2 and done.why
        assert {(one.state.value, one.attempts) for one in desk.letters().values()} == {
            ("queued", 0)
        }


def test_what_was_in_doubt_is_told_from_the_relays_log(
    relay: Postfix, boxes: Dovecot, tmp_path: Path
) -> None:
    """Postfix takes four seconds over one letter, and its poster has only two."""
    never = boxes.new_user()
    with office_with(relay, boxes, tmp_path, ("cham", never)) as desk:
        let_go(desk.book, desk.occasion)
        settings, home = desk.occasion.office.settings, ["--home", desk.occasion.office.home]
        line = Relay(server_from(relay.url(desk.user)), sender=settings.email, timeout=2)
        limits = Limits(breaker=0)
        with desk.book.writing() as conn:  # a poster that died before its first byte
            token, mine = claim(conn, 2, 60_000, datetime.now(UTC))
            (lost,) = [one for one in mine if one.letter.to.startswith(never)]
            (slow,) = [one for one in mine if one is not lost]
            stamp = Stamp(datetime.now(UTC), "test")
            mark_sending(conn, lost.id, token, stamp)
            finish(conn, lost.id, token, Outcome(LetterState.IN_DOUBT), stamp)
            finish(conn, slow.id, token, Outcome(LetterState.QUEUED, spent=False), stamp)
        with line:
            poster = Poster(desk.occasion, desk.book, Outbox(line, "x"), "x", limits, MONTH)
            assert list(drain(poster)) == [LetterState.IN_DOUBT]
        said = CliRunner().invoke(letters_command, ["show", str(slow.id), MONTH, *home])
        assert "Chưa rõ đã tới chưa" in said.output and "settle" in said.output
        relay.waits_for(f"to=<cham@{DOMAIN}>")

        asked = ["settle", MONTH, "--log", str(relay.log), *home]
        told = CliRunner().invoke(letters_command, asked, standalone_mode=False)
        assert told.return_value == 1 and "1 thư chưa kết luận được" in told.output
        now = desk.letters()
        assert (
            now["cham"].state is LetterState.SENT and "delivered to maildir" in now["cham"].reason
        )
        assert now[never].state is LetterState.IN_DOUBT
        assert "không gồm lúc gửi thư này" in now[never].reason
        assert len(boxes.mails("cham")) == 1
        word = ["settle", MONTH, str(lost.id), "--lost", "--by", "Lò Văn Inh", *home]
        assert CliRunner().invoke(letters_command, word, standalone_mode=False).return_value == 0
        assert desk.letters()[never].state is LetterState.FAILED


def test_an_office_that_names_its_relays_log_need_not_ask(
    relay: Postfix, boxes: Dovecot, tmp_path: Path
) -> None:
    reader = boxes.new_user()
    toml = f'relay_log = ""=>relay_log = "{relay.log}"'
    with office_with(relay, boxes, tmp_path, (reader,), toml) as desk:
        let_go(desk.book, desk.occasion)
        with desk.book.writing() as conn:  # handed over, and the poster died before it could say so
            token, (one,) = claim(conn, 1, 60_000, datetime.now(UTC))
            stamp = Stamp(datetime.now(UTC), "test")
            mark_sending(conn, one.id, token, stamp)
            finish(conn, one.id, token, Outcome(LetterState.IN_DOUBT), stamp)
        with Relay(server_from(relay.url(desk.user)), sender=f"{desk.user}@{DOMAIN}") as line:
            assert line.post(render(one.letter), one.letter.to, one.message_id).sent
        relay.waits_for(f"to=<{reader}@{DOMAIN}>")
        assert email_summaries.fn(desk.occasion).sent == 0
        assert desk.letters()[reader].state is LetterState.SENT
        assert len(boxes.mails(reader)) == 1, "and it was not sent again"


def test_what_cannot_be_delivered_comes_back_and_is_read(
    relay: Postfix, boxes: Dovecot, tmp_path: Path
) -> None:
    with office_with(relay, boxes, tmp_path, ("nguoi-cu",)) as desk:
        assert email_summaries.fn(desk.occasion).sent == 1, "the relay takes it, and then cannot"
        boxes.waits_for_mails(desk.user, 1)
        collect_mail.fn(desk.occasion)
        back = desk.letters()["nguoi-cu"]
        assert back.state is LetterState.BOUNCED and "5.1.1" in back.reason
        with desk.book.reading() as conn:
            assert list(suppressed(conn)) == [f"nguoi-cu@{DOMAIN}"]
        home = ["--home", desk.occasion.office.home]
        shown = CliRunner().invoke(letters_command, ["list", MONTH, "--state", "bounced", *home])
        assert "Bị trả" in shown.output
        listed = CliRunner().invoke(letters_command, ["suppressed", "--json", *home])
        assert f"nguoi-cu@{DOMAIN}" in listed.output
        word = ["unsuppress", f"nguoi-cu@{DOMAIN}", "--by", "Lò Văn Inh", *home]
        assert CliRunner().invoke(letters_command, word, standalone_mode=False).return_value == 0
