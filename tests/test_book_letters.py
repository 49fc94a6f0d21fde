"""The ledger of letters: written once, claimed by one, sent once, in doubt after a crash."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from review.post import LetterState
from tdkt_models.audit import recall_audit
from tdkt_models.base import Book, Stamp
from tdkt_models.letter_ledger import attempts_of, counts, ledger
from tdkt_models.letters import (
    Outcome,
    claim,
    finish,
    mark_sending,
    queue,
    recover,
    release,
    requeue,
    write_letters,
)
from tests.book_samples import (
    LATER,
    OCTOBER,
    letter,
)


def test_a_letter_is_written_once_and_revised_when_it_says_something_else(
    book: Book, stamp: Stamp
) -> None:
    with book.writing() as conn:
        assert write_letters(conn, [letter(), letter("SNV")], stamp, domain="x.vn").new == 2
        assert write_letters(conn, [letter(), letter("SNV")], stamp, domain="x.vn").new == 0
        changed = write_letters(conn, [letter(điểm=8000)], stamp, domain="x.vn")
        assert (changed.new, changed.cancelled) == (1, 1)
        first, second, other = ledger(conn, OCTOBER)
    assert (first.state, first.revision) == (LetterState.CANCELLED, 1)
    assert (second.state, second.revision) == (LetterState.WRITTEN, 2)
    assert second.letter == letter(điểm=8000)
    assert len({first.message_id, second.message_id, other.message_id}) == 3
    assert first.message_id.endswith("@x.vn>")


def test_a_letter_follows_its_readers_new_address_while_unsent(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        write_letters(conn, [letter(to="")], stamp)
        queue(conn, OCTOBER, stamp)
        assert ledger(conn, OCTOBER)[0].reason == "Chưa có địa chỉ nhận thư."
        assert write_letters(conn, [letter(to="new@x.vn")], stamp).unchanged == 1
        (held,) = ledger(conn, OCTOBER, state=LetterState.HELD)
        assert held.letter.to == "new@x.vn"
        assert requeue(conn, [held.id], stamp, "Lò Văn Inh") == 1
        assert counts(conn, OCTOBER)[LetterState.QUEUED] == 1


def test_a_letter_goes_from_written_to_sent(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 3)
    with book.writing(beside_others=True) as conn:
        token, mine = claim(conn, 2, 60_000, stamp.at)
        assert [one.state for one in mine] == [LetterState.CLAIMED] * 2
        assert mark_sending(conn, mine[0].id, token, stamp)
        assert not mark_sending(conn, mine[0].id, token, stamp)
        assert finish(conn, mine[0].id, token, Outcome(LetterState.SENT, 250, "queued"), stamp)
        assert release(conn, token, stamp) == 1
    with book.reading() as conn:
        (sent,) = ledger(conn, OCTOBER, state=LetterState.SENT)
        assert (sent.attempts, sent.sent_at, sent.smtp_code) == (1, stamp.at, 250)
        assert [one.outcome for one in attempts_of(conn, sent.id)] == ["sent"]
        assert counts(conn, OCTOBER)[LetterState.QUEUED] == 2


def test_a_busy_relay_makes_a_letter_wait(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 1)
    wait = Outcome(LetterState.QUEUED, 451, "later", not_before=stamp.at + LATER)
    with book.writing(beside_others=True) as conn:
        token, (mine,) = claim(conn, 5, 60_000, stamp.at)
        mark_sending(conn, mine.id, token, stamp)
        finish(conn, mine.id, token, wait, stamp)
        assert claim(conn, 5, 60_000, stamp.at)[1] == []
        assert claim(conn, 5, 60_000, stamp.at + LATER)[1][0].attempts == 1


def test_after_a_crash_what_may_have_left_is_in_doubt_and_the_rest_is_queued(
    book: Book, stamp: Stamp
) -> None:
    queue_letters(book, stamp, 3)
    with book.writing(beside_others=True) as conn:
        token, mine = claim(conn, 2, 60_000, stamp.at)
        mark_sending(conn, mine[0].id, token, stamp)
        assert recover(conn, stamp).requeued == 0  # the lease still runs
    later = Stamp(stamp.at + LATER, "after the crash")
    with book.writing(beside_others=True) as conn:
        found = recover(conn, later)
        assert (found.requeued, found.in_doubt, found.expired) == (1, 1, 0)
        assert recover(conn, later) == replace(found, requeued=0, in_doubt=0)
        assert mine[0].id not in [one.id for one in claim(conn, 9, 60_000, later.at)[1]]


def test_a_sender_that_lost_its_lease_cannot_finish(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 1)
    later = Stamp(stamp.at + LATER, "second sender")
    with book.writing(beside_others=True) as conn:
        token, (mine,) = claim(conn, 1, 60_000, stamp.at)
        mark_sending(conn, mine.id, token, stamp)
        recover(conn, later)
        assert not finish(conn, mine.id, token, Outcome(LetterState.SENT, 250), later)
        assert not finish(conn, mine.id, "of another", Outcome(LetterState.SENT, 250), later)
        (own,) = ledger(conn, OCTOBER)
        assert own.state is LetterState.SENT, "its own sender knows what the server said"
        outcomes = [one.outcome for one in attempts_of(conn, mine.id)]
        assert outcomes == ["in_doubt", "sent", "sent"]
        assert recall_audit(conn, what="letter.lease_lost")[0].subject == str(mine.id)


def test_a_sender_too_slow_to_begin_may_not_begin(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 1)
    with book.writing(beside_others=True) as conn:
        token, (mine,) = claim(conn, 1, 60_000, stamp.at)
        assert not mark_sending(conn, mine.id, token, Stamp(stamp.at + LATER, "slow"))


def test_a_letter_cancelled_after_its_claim_is_not_sent(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 1)
    with book.writing() as conn:
        token, (mine,) = claim(conn, 1, 60_000, stamp.at)
        write_letters(conn, [letter("U0", điểm=1)], stamp)
        assert not mark_sending(conn, mine.id, token, stamp)


def test_a_letter_past_its_time_expires(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        write_letters(conn, [letter()], stamp, expires_at=stamp.at)
        queue(conn, OCTOBER, stamp)
        assert claim(conn, 1, 60_000, stamp.at)[1] == []
        assert recover(conn, stamp).expired == 1


def test_two_claimers_never_get_the_same_letter(book: Book, stamp: Stamp) -> None:
    queue_letters(book, stamp, 300)
    ready = threading.Barrier(4)

    def take_all(_worker: int) -> list[int]:
        taken: list[int] = []
        ready.wait()
        while True:
            with book.writing(beside_others=True) as conn:
                _, mine = claim(conn, 7, 60_000, stamp.at)
            if not mine:
                return taken
            taken += [one.id for one in mine]

    with ThreadPoolExecutor(4) as pool:
        taken = [number for part in pool.map(take_all, range(4)) for number in part]
    # A claimer that finds the rest locked may stop early; nobody gets what another has.
    assert len(taken) == len(set(taken)) == 300


def test_writing_the_same_letters_from_two_runs_writes_them_once(book: Book, stamp: Stamp) -> None:
    letters = [letter(f"U{n}") for n in range(50)]

    def write(_worker: int) -> int:
        with book.writing() as conn:
            return write_letters(conn, letters, stamp).new

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == [0, 0, 0, 50]


def queue_letters(book: Book, stamp: Stamp, n: int) -> None:
    with book.writing() as conn:
        write_letters(conn, [letter(f"U{number}") for number in range(n)], stamp)
        assert queue(conn, OCTOBER, stamp) == n
