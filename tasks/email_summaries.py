"""Post: judge what the ledger holds, let it go, and send each letter once.

    email_summaries.fn(occasion)   -> Posted(sent=196, failed=0, in_doubt=0, later=0)
    rehearse.fn(occasion)          every letter rendered into outbox/rehearsal, none sent

Mail is a rehearsal until the office arms it (`tdkt arm`); a figure that does not agree with the
book lets nothing out but an alert to the office.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from channels.outboxes import is_capture, open_outbox, relay_of, stays_here
from review.letters_office import office_alert
from review.period import Period
from review.post import TOLD_AT_ONCE, LetterKind, LetterState
from tasks.doubts import settle_by_log
from tasks.finishing import Finisher, headers_of
from tasks.gate import Judged, judge, open_gate
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.posting import AT_ONCE, Poster, drain_over
from tasks.report import keep_letters
from tdkt_models.armings import armed
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Book
from tdkt_models.bounces import hold_suppressed
from tdkt_models.letter_ledger import counts, due_letters, ledger, periods_written, written_letters
from tdkt_models.letters import hold, queue
from tdkt_models.relays import Limits, relays

JUDGED_AT_ONCE = 500
NOT_ARMED = (
    "Chưa được phép gửi thư thật: thư chỉ được viết ra outbox/rehearsal để xem. "
    "Người có trách nhiệm cho phép bằng lệnh “tdkt arm --by HỌ-TÊN”, rồi chạy lại."
)


@dataclass(frozen=True, slots=True)
class Posted:
    """`later` counts letters that stay queued; `rehearsed` those written out because the mail is
    not armed; `faults` the figures that kept everything back; `why` says what a person should."""

    sent: int = 0
    failed: int = 0
    in_doubt: int = 0
    later: int = 0
    held: int = 0
    rehearsed: int = 0
    faults: tuple[str, ...] = ()
    why: str = ""


def ready_to_send(occasion: Occasion) -> None:
    """Says at once, before anything is changed, that the outbox may not be used. Raises
    ChannelRefused; nothing is connected."""
    office = occasion.office
    with open_outbox(office.smtp_url, office.settings, office.folder / "outbox"):
        pass


def may_leave(conn: Connection, office: Office) -> bool:
    """Whether letters may be posted now rather than rehearsed."""
    if stays_here(office.smtp_url, office.settings):
        return True
    return armed(conn, datetime.now(UTC)) is not None


@task(name="Gửi thư")
def email_summaries(occasion: Occasion, any_period: bool = False) -> Posted:
    """Judges the period's written letters, lets them go and posts what is due; of any period, only
    what was let go before and what tells a decision. Raises ChannelRefused where the outbox may not
    be used, before anything is changed."""
    ready_to_send(occasion)
    with occasion.office.book() as book:
        with book.reading() as conn:
            leaves = may_leave(conn, occasion.office)
        if not leaves:
            shown = 0 if any_period else rehearse.fn(occasion)
            return Posted(rehearsed=shown, why=NOT_ARMED)
        judged = let_go_at_once(book, occasion) if any_period else let_go(book, occasion)
        return _posted(book, occasion, any_period, judged)


def post_kinds(occasion: Occasion, kinds: Collection[LetterKind]) -> Posted:
    """The same for letters of these kinds only; the others stay as they are."""
    ready_to_send(occasion)
    with occasion.office.book() as book:
        with book.reading() as conn:
            leaves = may_leave(conn, occasion.office)
        if not leaves:
            return Posted(rehearsed=rehearse.fn(occasion), why=NOT_ARMED)
        return _posted(book, occasion, False, let_go(book, occasion, kinds))


def let_go(
    book: Book, occasion: Occasion, kinds: Collection[LetterKind] = tuple(LetterKind)
) -> Judged:
    """Queues the written letters that pass the gate and holds the others. One figure that does not
    agree keeps all of them back; then only an alert to the office is queued."""
    period, stamp = occasion.period_text, occasion.stamp
    with book.reading() as conn:
        judged = _judged(conn, book, occasion, kinds)
    with book.writing() as conn:
        if judged.faults:
            _alarm(conn, occasion, judged.faults)
            return judged
        held = hold(conn, judged.held, stamp)
        hold_suppressed(conn, stamp, period)
        queued = queue(conn, period, stamp, ids=judged.cleared)
        if held or queued:
            told = {"queued": queued, "held": held}
            keep_audit(conn, [AuditEntry("tdkt", "letters.let_go", period, told)], stamp)
    return judged


def let_go_at_once(book: Book, occasion: Occasion) -> Judged:
    """The same for the letters, of whatever period, that wait for no cycle."""
    with book.reading() as conn:
        periods = periods_written(conn, TOLD_AT_ONCE)
    all_of = [
        let_go(book, replace(occasion, period=Period.parse(text)), TOLD_AT_ONCE) for text in periods
    ]
    return Judged.together(all_of)


def _judged(
    conn: Connection, book: Book, occasion: Occasion, kinds: Collection[LetterKind]
) -> Judged:
    """Some hundred letters at a time: a country's are never in memory at once."""
    ids = written_letters(conn, occasion.period_text, kinds)
    gate, finisher = open_gate(conn, occasion), Finisher(occasion.office, book)
    parts = [Judged(faults=gate.faults)]
    for at in range(0, len(ids), JUDGED_AT_ONCE):
        some = ledger(conn, occasion.period_text, ids=ids[at : at + JUDGED_AT_ONCE])
        parts.append(judge(conn, occasion, gate, some, finisher))
    return Judged.together(parts)


def _alarm(conn: Connection, occasion: Occasion, faults: Sequence[str]) -> None:
    alert = office_alert(
        occasion.office.settings,
        occasion.period_text,
        f"Số liệu {occasion.period.label} không khớp nên chưa gửi thư nào",
        faults,
        do="đề nghị xem các con số dưới đây và chạy lại kỳ",
    )
    keep_letters(conn, occasion, [alert])
    queue(conn, occasion.period_text, occasion.stamp, kinds=[LetterKind.OFFICE_ALERT])


def _posted(book: Book, occasion: Occasion, any_period: bool, judged: Judged) -> Posted:
    office, period = occasion.office, None if any_period else occasion.period_text
    relay, said = relay_of(office.smtp_url), _from_the_relays_log(occasion)

    @contextmanager
    def poster() -> Iterator[Poster]:
        with open_outbox(office.smtp_url, office.settings, office.folder / "outbox") as outbox:
            yield Poster(occasion, book, outbox, relay, limits_of(office), period)

    ends = drain_over(_connections(book, occasion, period), poster)
    if ends:
        with book.writing() as conn:
            told = {state.value: n for state, n in sorted(ends.items())}
            entry = AuditEntry("tdkt", "letters.posted", period or "", {"relay": relay, **told})
            keep_audit(conn, [entry], occasion.stamp)
    with book.reading() as conn:
        waiting = counts(conn, occasion.period_text)[LetterState.QUEUED]
        now = datetime.now(UTC)
        rests = [r.why for r in relays(conn) if r.relay == relay and (r.paused_until or now) > now]
    return Posted(
        sent=ends[LetterState.SENT],
        failed=ends[LetterState.FAILED],
        in_doubt=ends[LetterState.IN_DOUBT],
        later=waiting,
        held=len(judged.held),
        faults=judged.faults,
        why=" ".join(filter(None, [*rests, said])),
    )


def _connections(book: Book, occasion: Occasion, period: str | None) -> int:
    """As many as the office wants, if there is enough to post for each; the built-in server, which
    is on this machine, needs one only."""
    if is_capture(occasion.office.smtp_url):
        return 1
    with book.reading() as conn:
        queued = due_letters(conn, period)
    return max(1, min(occasion.office.settings.mail.connections, -(-queued // AT_ONCE)))


def _from_the_relays_log(occasion: Occasion) -> str:
    """What is in doubt is settled by the log that the office has named; why not, if not."""
    log = occasion.office.settings.mail.relay_log
    if not log:
        return ""
    try:
        settle_by_log(occasion, [Path(log)], who="tdkt", any_period=True)
    except ChannelRefused as wrong:
        return str(wrong)
    return ""


def limits_of(office: Office) -> Limits:
    """Nothing is paced, counted or rested that does not leave this machine."""
    if stays_here(office.smtp_url, office.settings):
        return Limits(breaker=0)
    mail = office.settings.mail
    return Limits(mail.pace_per_second, mail.quota_per_day, mail.breaker_percent)


@task(name="Tập dượt gửi thư")
def rehearse(occasion: Occasion) -> int:
    """Renders the period's written letters into outbox/rehearsal over the capture server; the
    ledger is left as it is. Returns how many."""
    office, folder = occasion.office, occasion.office.folder / "outbox" / "rehearsal"
    _empty(folder)
    with office.book() as book:
        with book.reading() as conn:
            ids = written_letters(conn, occasion.period_text, tuple(LetterKind))
        finisher = Finisher(office, book)
        with open_outbox("capture:", office.settings, folder) as outbox:
            for at in range(0, len(ids), JUDGED_AT_ONCE):
                with book.reading() as conn:
                    some = ledger(conn, occasion.period_text, ids=ids[at : at + JUDGED_AT_ONCE])
                for one in some:
                    outbox.post(
                        finisher.finish(one),
                        one.letter.to or office.settings.email,
                        one.message_id,
                        kind=one.letter.kind,
                        headers=headers_of(office, one),
                    )
    return len(ids)


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("*.eml"), *folder.glob("*.html"), *folder.glob("pages/*.html")):
        old.unlink()
