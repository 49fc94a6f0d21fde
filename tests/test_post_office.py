"""How letters leave: pace, quota, rest and circuit-breaker, bounces, arming, and many posters."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from letter_samples import CADRES, MUONG_TE, OFFICE, PHONG_THO, own_result

from channels.capture import CaptureServer, Faults
from channels.replies import asked_to_wait
from cli.arm import arm as arm_command
from review.letters import unit_reminder
from review.period import Period
from review.post import Letter, LetterKind, LetterState
from review.roll import RollEntry
from tasks.email_summaries import email_summaries
from tasks.occasion import Occasion
from tasks.office import Office, make_office
from tdkt_models.armings import arm, armed, disarm
from tdkt_models.audit import recall_audit
from tdkt_models.base import Book, Stamp
from tdkt_models.bounces import bounce, delivered, suppress, suppressed, unsuppress
from tdkt_models.cadres import keep_cadres
from tdkt_models.letter_ledger import counts, ledger
from tdkt_models.letters import (
    LedgerLetter,
    Outcome,
    claim,
    finish,
    mark_sending,
    queue,
    recover,
    renew,
    write_letters,
)
from tdkt_models.relays import (
    FIRST_PAUSE,
    Limits,
    break_circuit,
    give_back,
    pause_relay,
    relay_took,
    relays,
    resume_relay,
    take_turns,
)
from tdkt_models.units import keep_units
from tests.fresh_book import lay_open
from tests.province import surroundings

OCTOBER = "2026-10"
TODAY = date(2026, 11, 2)
RELAY = "mail.x.vn:587"
LATER = timedelta(minutes=10)


def letter(person: str = "03637", to: str = "a@x.vn", **payload: Any) -> Letter:
    return Letter(OCTOBER, LetterKind.UNIT_RESULT, person, to, (person,), {"x": 1, **payload})


def write(book: Book, stamp: Stamp, *letters: Letter) -> list[LedgerLetter]:
    with book.writing() as conn:
        write_letters(conn, letters, stamp)
        queue(conn, OCTOBER, stamp)
        return ledger(conn, OCTOBER)


def post(book: Book, stamp: Stamp, outcome: Outcome) -> None:
    """One letter's way from queued to its end."""
    with book.writing() as conn:
        token, (mine,) = claim(conn, 1, 60_000, stamp.at)
        mark_sending(conn, mine.id, token, stamp)
        finish(conn, mine.id, token, outcome, stamp)


# Pace, quota, rest


def test_posters_share_one_pace(book: Book, stamp: Stamp) -> None:
    starts = []
    for _ in range(3):
        with book.writing(beside_others=True) as conn:
            starts += take_turns(conn, RELAY, 4, Limits(pace=10), stamp, TODAY).starts
    gaps = {later - sooner for sooner, later in itertools.pairwise(starts)}
    assert len(starts) == 12 and gaps == {timedelta(milliseconds=100)}


def test_a_quota_of_the_day_is_never_passed_and_begins_anew(book: Book, stamp: Stamp) -> None:
    limits = Limits(quota=7)
    with book.writing() as conn:
        first = take_turns(conn, RELAY, 5, limits, stamp, TODAY)
        give_back(conn, RELAY, first, 1, stamp)
        assert take_turns(conn, RELAY, 5, limits, stamp, TODAY).granted == 3
        spent = take_turns(conn, RELAY, 5, limits, stamp, TODAY)
        assert spent.granted == 0 and spent.why == "Đã gửi đủ 7 thư của ngày 02/11/2026."
        assert take_turns(conn, RELAY, 5, limits, stamp, TODAY + timedelta(days=1)).granted == 5


def test_a_relay_rests_longer_each_time_until_something_is_taken(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        until = [pause_relay(conn, RELAY, "550 5.4.5 hết hạn mức", stamp) for _ in range(3)]
        assert [at - stamp.at for at in until] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
        turn = take_turns(conn, RELAY, 5, Limits(), stamp, TODAY)
        assert turn.granted == 0 and "5.4.5" in turn.why
        after = Stamp(until[-1], "later")
        assert take_turns(conn, RELAY, 5, Limits(), after, TODAY).granted == 5
        relay_took(conn, RELAY, after)
        assert pause_relay(conn, RELAY, "x", after) - after.at == FIRST_PAUSE
        resume_relay(conn, RELAY, after)
        assert relays(conn)[0].paused_until is None


def test_many_refusals_in_a_row_stop_the_post(book: Book, stamp: Stamp) -> None:
    write(book, stamp, *(letter(f"U{n}") for n in range(11)))
    refused = Outcome(LetterState.FAILED, 550, "no such user")
    for _ in range(10):
        post(book, stamp, refused)
    with book.writing() as conn:
        assert break_circuit(conn, RELAY, Limits(breaker=5), stamp) == ""
    post(book, stamp, refused)
    with book.writing() as conn:
        assert break_circuit(conn, RELAY, Limits(breaker=5), stamp).startswith("11 trong 200 thư")
        assert take_turns(conn, RELAY, 1, Limits(), stamp, TODAY).granted == 0
        resume_relay(conn, RELAY, stamp)
        assert break_circuit(conn, RELAY, Limits(breaker=5), stamp) == "", "they count no more"


def test_a_server_that_names_a_time_is_not_asked_before() -> None:
    assert asked_to_wait("4.7.1 greylisted, try again in 5 minutes") == 300
    assert asked_to_wait("retry after 90 seconds") == 90
    assert asked_to_wait("mailbox busy") is None


# Leases


def test_a_busy_poster_keeps_the_rest_of_its_claim(book: Book, stamp: Stamp) -> None:
    write(book, stamp, letter("A"), letter("B"))
    soon, past = stamp.at + timedelta(seconds=50), Stamp(stamp.at + timedelta(seconds=70), "x")
    with book.writing() as conn:
        token, mine = claim(conn, 2, 60_000, stamp.at)
        assert renew(conn, token, soon, 60_000) == 2
        assert recover(conn, past).requeued == 0
        assert mark_sending(conn, mine[1].id, token, past)


def test_a_pause_uses_up_no_attempt(book: Book, stamp: Stamp) -> None:
    write(book, stamp, letter())
    post(book, stamp, Outcome(LetterState.QUEUED, 535, "auth", spent=False))
    with book.reading() as conn:
        assert ledger(conn, OCTOBER)[0].attempts == 0


# What comes back


def test_a_bounce_names_its_letter_and_its_address_is_written_to_no_more(
    book: Book, stamp: Stamp
) -> None:
    write(book, stamp, letter(to="Cu@x.vn"))
    post(book, stamp, Outcome(LetterState.SENT, 250, "ok"))
    with book.writing() as conn:
        (sent,) = ledger(conn, OCTOBER)
        forged = bounce(conn, "<forged@x.vn>", stamp, status="5.1.1")
        assert forged is None and suppressed(conn) == {}
        assert bounce(conn, sent.message_id, stamp, status="4.4.1", text="slow") == sent.id
        assert ledger(conn, OCTOBER)[0].state is LetterState.SENT
        assert bounce(conn, sent.message_id, stamp, status="5.1.1", text="unknown") == sent.id
        (back,) = ledger(conn, OCTOBER)
        assert back.state is LetterState.BOUNCED
        assert back.reason == "Thư bị trả lại: 5.1.1 unknown"
        assert suppressed(conn)["cu@x.vn"].message_id == sent.message_id
        write_letters(conn, [letter("SNV", "cu@X.vn")], stamp)
        assert suppress(conn, "cu@x.vn", "5.1.1", stamp) == 1
        held = ledger(conn, OCTOBER, person="SNV")[0]
        assert held.state is LetterState.SUPPRESSED and "danh bạ" in held.reason
        assert unsuppress(conn, "CU@x.vn", stamp, who="Lò Văn Inh")
        assert ledger(conn, OCTOBER, person="SNV")[0].state is LetterState.WRITTEN
        assert recall_audit(conn, what="address.unsuppressed")[0].who == "Lò Văn Inh"


def test_a_full_mailbox_comes_back_but_keeps_its_address(book: Book, stamp: Stamp) -> None:
    write(book, stamp, letter())
    post(book, stamp, Outcome(LetterState.SENT, 250, "ok"))
    with book.writing() as conn:
        (sent,) = ledger(conn, OCTOBER)
        bounce(conn, sent.message_id, stamp, status="5.2.2", text="mailbox full")
        assert ledger(conn, OCTOBER)[0].state is LetterState.BOUNCED and suppressed(conn) == {}


def test_a_new_address_frees_a_suppressed_letter(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        write_letters(conn, [letter(to="cu@x.vn")], stamp)
        suppress(conn, "cu@x.vn", "5.1.1", stamp)
        write_letters(conn, [letter(to="moi@x.vn")], stamp)
        (freed,) = ledger(conn, OCTOBER)
        assert (freed.state, freed.letter.to) == (LetterState.WRITTEN, "moi@x.vn")


def test_the_relays_log_ends_a_doubt(book: Book, stamp: Stamp) -> None:
    write(book, stamp, letter())
    post(book, stamp, Outcome(LetterState.IN_DOUBT))
    with book.writing() as conn:
        (doubt,) = ledger(conn, OCTOBER)
        assert delivered(conn, doubt.message_id, stamp, text="status=sent") == doubt.id
        assert delivered(conn, doubt.message_id, stamp) is None
        assert ledger(conn, OCTOBER)[0].state is LetterState.SENT


def test_a_letter_after_one_that_was_sent_corrects_it(book: Book, stamp: Stamp) -> None:
    write(book, stamp, letter())
    post(book, stamp, Outcome(LetterState.SENT, 250, "ok"))
    with book.writing() as conn:
        write_letters(conn, [letter(y=2)], stamp)
        write_letters(conn, [letter(y=3)], stamp)
        first, second, third = ledger(conn, OCTOBER)
    assert first.corrects_at is None and second.state is LetterState.CANCELLED
    assert third.corrects_at == first.sent_at and third.corrects_id == first.message_id


# Arming


def test_mail_is_armed_by_a_person_until_a_time(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        assert armed(conn, stamp.at) is None
        arm(conn, "Lò Văn Inh", stamp.at + LATER, stamp, second="Sùng Thị Mỷ")
        now = armed(conn, stamp.at)
        assert now and (now.by_whom, now.second) == ("Lò Văn Inh", "Sùng Thị Mỷ")
        assert armed(conn, stamp.at + LATER) is None
        assert disarm(conn, "Sùng Thị Mỷ", stamp) and armed(conn, stamp.at) is None
        assert not disarm(conn, "Sùng Thị Mỷ", stamp)
        assert [entry.what for entry in recall_audit(conn, subject="office")] == [
            "mail.armed", "mail.disarmed", "mail.disarmed",
        ]  # fmt: skip


# A small office with one reminder to send


@dataclass(frozen=True)
class Desk:
    occasion: Occasion
    book: Book


@contextmanager
def a_real_office(folder: Path, smtp: str, toml: str = "") -> Iterator[Desk]:
    office = Office(str(folder))
    make_office(office, name=OFFICE.name, short=OFFICE.short, email=OFFICE.email)
    if toml:
        path = folder / "office.toml"
        path.write_text(path.read_text("utf-8").replace(*toml.split("=>")), "utf-8")
    with surroundings(TDKT_DATABASE_URL="", TDKT_SMTP_URL=smtp):
        lay_open(office)
        now = datetime.now(UTC)
        occasion = Occasion(office, Period.parse(OCTOBER), run="test", now=now)
        with office.book() as book:
            with book.writing() as conn:
                keep_units(conn, [MUONG_TE, PHONG_THO], occasion.stamp)
                keep_cadres(conn, CADRES, occasion.stamp)
            yield Desk(occasion, book)


def reminder(occasion: Occasion, **changes: Any) -> Letter:
    due = occasion.deadlines.due
    made = unit_reminder(OFFICE, MUONG_TE, RollEntry("03637", OCTOBER, due), now=due, last_day=due)
    return replace(made, **changes)


def keep(desk: Desk, *letters: Letter) -> None:
    with desk.book.writing() as conn:
        write_letters(conn, letters, desk.occasion.stamp)


def states(desk: Desk) -> list[tuple[str, str]]:
    with desk.book.reading() as conn:
        return [(one.state.value, one.reason) for one in ledger(conn, OCTOBER)]


def test_nothing_leaves_until_a_person_has_armed_the_mail(tmp_path: Path) -> None:
    with (
        CaptureServer(tmp_path / "server") as server,
        a_real_office(tmp_path / "office", f"smtp://127.0.0.1:{server.port}") as desk,
    ):
        keep(desk, reminder(desk.occasion))
        done = email_summaries.fn(desk.occasion)
        assert done.rehearsed == 1 and "tdkt arm" in done.why
        assert not server.letters and states(desk) == [("written", "")]
        shown = desk.occasion.office.folder / "outbox" / "rehearsal"
        assert len(list(shown.glob("*.eml"))) == 1
        home = ["--home", desk.occasion.office.home]
        said = CliRunner().invoke(arm_command, ["--by", "Lò Văn Inh", *home])
        assert said.exit_code == 0, said.output
        assert email_summaries.fn(desk.occasion).sent == 1
        assert len(server.letters) == 1


def test_an_office_may_want_two_persons_to_arm(tmp_path: Path) -> None:
    toml = "second_person = false=>second_person = true"
    with a_real_office(tmp_path, "smtp://127.0.0.1:1", toml) as desk:
        home = ["--home", desk.occasion.office.home]
        for second in ((), ("--second", "lò văn inh")):
            said = CliRunner().invoke(arm_command, ["--by", "Lò Văn Inh", *second, *home])
            assert said.exit_code != 0 and "hai người" in said.output
        said = CliRunner().invoke(arm_command, ["--by", "Lò Văn Inh", "--second", "Mỷ", *home])
        assert said.exit_code == 0


def test_the_servers_words_stand_in_the_list(tmp_path: Path) -> None:
    faults = Faults(refuse=frozenset({MUONG_TE.letter_to}))
    with (
        CaptureServer(tmp_path / "server", faults=faults) as server,
        a_real_office(tmp_path / "office", f"smtp://127.0.0.1:{server.port}") as desk,
    ):
        keep(desk, reminder(desk.occasion))
        with desk.book.writing() as conn:
            arm(conn, "Inh", desk.occasion.now + LATER, desk.occasion.stamp)
        assert email_summaries.fn(desk.occasion).failed == 1
        words = "Máy chủ thư từ chối thư này: 550 5.1.1 no such mailbox"
        assert states(desk) == [("failed", words)]


def test_a_quota_said_by_the_relay_fails_nobody(tmp_path: Path) -> None:
    faults = Faults(answer="550 5.4.5 Daily user sending limit exceeded")
    with (
        CaptureServer(tmp_path / "server", faults=faults) as server,
        a_real_office(tmp_path / "office", f"smtp://127.0.0.1:{server.port}") as desk,
    ):
        keep(desk, reminder(desk.occasion))
        with desk.book.writing() as conn:
            arm(conn, "Inh", desk.occasion.now + LATER, desk.occasion.stamp)
        done = email_summaries.fn(desk.occasion)
        assert (done.sent, done.failed, done.later) == (0, 0, 1) and "5.4.5" in done.why
        again = email_summaries.fn(desk.occasion)
        assert again.later == 1 and server.sessions == 1, "a relay at rest is not asked"


# The gate


def test_a_letter_that_names_somebody_elses_cadre_is_held(tmp_path: Path) -> None:
    with a_real_office(tmp_path, "capture:") as desk:
        leak = reminder(desk.occasion)
        payload = {**leak.payload, "office": f"{OFFICE.name} 03549"}
        keep(desk, replace(leak, payload=payload))
        assert email_summaries.fn(desk.occasion).held == 1
        ((state, reason),) = states(desk)
        assert state == "held" and "mã 03549 không thuộc phạm vi người nhận" in reason


def test_a_letter_to_an_address_that_is_not_its_readers_is_held(tmp_path: Path) -> None:
    with a_real_office(tmp_path, "capture:") as desk:
        keep(desk, reminder(desk.occasion, to="nguoi.khac@laichau.gov.vn"))
        assert email_summaries.fn(desk.occasion).held == 1
        assert "Địa chỉ nhận không còn là của người nhận" in states(desk)[0][1]


def test_a_letter_to_nobody_on_the_roster_is_held(tmp_path: Path) -> None:
    with a_real_office(tmp_path, "capture:") as desk:
        keep(desk, reminder(desk.occasion, person="99999"))
        assert email_summaries.fn(desk.occasion).held == 1


def test_a_figure_that_is_not_the_books_lets_nothing_out_but_an_alert(tmp_path: Path) -> None:
    with a_real_office(tmp_path, "capture:") as desk:
        keep(desk, reminder(desk.occasion), own_result())  # the book has no card of that person
        done = email_summaries.fn(desk.occasion)
        assert done.faults == (
            "Thư kết quả cá nhân 03637-01: có kết quả mà sổ không có phiếu điểm.",
        )
        assert done.sent == 1
        with desk.book.reading() as conn:
            kinds = {one.letter.kind: one.state.value for one in ledger(conn, OCTOBER)}
        assert kinds == {
            "office_alert": "sent",
            "unit_reminder": "written",
            "cadre_result": "written",
        }


def test_two_flows_posting_at_once_send_nothing_twice(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with (
        CaptureServer(tmp_path / "server") as server,
        a_real_office(tmp_path / "office", f"smtp://127.0.0.1:{server.port}") as desk,
    ):
        many = [letter(f"U{n}", f"u{n}@x.vn") for n in range(60)]
        words = reminder(desk.occasion).payload
        kind = LetterKind.UNIT_REMINDER
        keep(desk, *(replace(one, kind=kind, payload=words) for one in many))
        with desk.book.writing() as conn:
            arm(conn, "Inh", desk.occasion.now + LATER, desk.occasion.stamp)
            queue(conn, OCTOBER, desk.occasion.stamp)
        with ThreadPoolExecutor(3) as pool:
            done = list(pool.map(email_summaries.fn, [desk.occasion] * 3))
        assert sum(one.sent for one in done) == len(server.letters) == 60
        with desk.book.reading() as conn:
            assert counts(conn, OCTOBER)[LetterState.SENT] == 60
