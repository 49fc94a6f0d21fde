"""What Postfix's log says of letters whose answer never came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from review.relay_log import Fate, LogRead, read_log

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 5, 9, tzinfo=ZONE)
MINE = "<0d6b@laichau.gov.vn>"

TAKEN = """\
Nov  4 08:00:00 thu postfix/smtpd[7]: 49854244D39: client=a[10.0.0.1], sasl_username=tdkt
Nov  4 08:00:01 thu postfix/cleanup[8]: 49854244D39: message-id=<0d6b@laichau.gov.vn>
Nov  4 08:00:01 thu postfix/qmgr[9]: 49854244D39: from=<tdkt@x.vn>, size=867, nrcpt=1 (queue active)
"""
DELIVERED = (
    TAKEN
    + """\
Nov  4 08:00:02 thu postfix/smtp[10]: 49854244D39: to=<a@x.vn>, relay=mx.x.vn[10.0.0.2]:25, \
delay=0.4, delays=0.1/0/0.2/0.1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 7F)
Nov  4 08:00:02 thu postfix/qmgr[9]: 49854244D39: removed
"""
)


def read(text: str, *wanted: str, now: datetime = NOW) -> LogRead:
    return read_log(text.splitlines(), set(wanted) or {MINE}, now=now, zone=ZONE)


def fate(text: str) -> tuple[Fate, str, str] | None:
    found = read(text).fates.get(MINE)
    return (found.fate, found.status, found.words) if found else None


def test_a_letter_that_reached_its_reader_is_delivered() -> None:
    assert fate(DELIVERED) == (Fate.DELIVERED, "2.0.0", "250 2.0.0 Ok: queued as 7F")


def test_a_letter_in_the_relays_queue_was_taken() -> None:
    assert fate(TAKEN) == (Fate.TAKEN, "", "")
    deferred = DELIVERED.replace("2.0.0, status=sent (250", "4.4.1, status=deferred (451")
    assert fate(deferred) == (Fate.TAKEN, "4.4.1", "451 2.0.0 Ok: queued as 7F")


def test_a_letter_that_could_not_be_delivered_has_bounced() -> None:
    bounced = DELIVERED.replace("2.0.0, status=sent (250 2.0.0 Ok", "5.1.1, status=bounced (550 no")
    assert fate(bounced) == (Fate.BOUNCED, "5.1.1", "550 no: queued as 7F")


def test_a_letter_whose_sender_was_cut_off_was_not_taken() -> None:
    assert fate("\n".join(TAKEN.splitlines()[:2])) is None


def test_a_letter_refused_after_its_last_byte_was_refused_whichever_line_comes_first() -> None:
    lines = TAKEN.splitlines()[:2]
    said = (
        "Nov  4 08:00:01 thu postfix/smtpd[7]: 49854244D39: reject: END-OF-MESSAGE from a[10.0.0.1]"
        ": 554 5.7.1 <a@x.vn>: content rejected; from=<tdkt@x.vn> to=<a@x.vn> proto=ESMTP"
    )
    for order in ([lines[0], said, lines[1]], [*lines, said]):
        told = fate("\n".join(order))
        assert told and told[0] is Fate.REFUSED and told[2].startswith("554 5.7.1 <a@x.vn>")


def test_behind_a_filter_the_last_queue_tells() -> None:
    filtered = DELIVERED.replace("status=sent (250 2.0.0 Ok: queued as 7F)", "status=sent (queued)")
    after = DELIVERED.replace("49854244D39", "5A").replace("5A", "5AAAAAA")
    assert fate(filtered + after) == (Fate.DELIVERED, "2.0.0", "250 2.0.0 Ok: queued as 7F")
    back = after.replace("2.0.0, status=sent", "5.7.1, status=bounced")
    told = fate(filtered + back)
    assert told and told[0] is Fate.BOUNCED


def test_a_queue_id_used_again_is_another_letters() -> None:
    other = DELIVERED.replace("<0d6b@laichau.gov.vn>", "<other@x.vn>").replace("2.0.0", "5.0.0")
    assert fate(TAKEN + other.replace("status=sent", "status=bounced")) == (Fate.TAKEN, "", "")


def test_both_ways_of_writing_the_time_are_read() -> None:
    iso = DELIVERED.replace("Nov  4 ", "2026-11-04T").replace(" thu ", ".123456+07:00 thu ")
    for text in (DELIVERED, iso):
        told = read(text)
        assert told.fates[MINE].fate is Fate.DELIVERED
        assert told.first and told.first.replace(microsecond=0) == datetime(
            2026, 11, 4, 8, tzinfo=ZONE
        )


def test_a_line_without_a_year_is_of_the_last_twelve_months() -> None:
    january = datetime(2027, 1, 3, 9, tzinfo=ZONE)
    assert read(DELIVERED, now=january).first == datetime(2026, 11, 4, 8, tzinfo=ZONE)
    leap = "Feb 29 08:00:00 thu postfix/qmgr[9]: 49854244D39: removed"
    assert read(leap, now=datetime(2030, 1, 3, tzinfo=ZONE)).first is None
    assert read(leap, now=datetime(2028, 3, 1, tzinfo=ZONE)).first is not None


def test_a_log_covers_what_was_handed_over_well_within_it() -> None:
    later = TAKEN.replace("Nov  4 08", "Nov  4 10").replace("0d6b", "ffff")
    told = read(DELIVERED + later, "<absent@x.vn>")
    nine = datetime(2026, 11, 4, 2, tzinfo=UTC)  # in Hà Nội
    assert told.fates == {} and told.covers(nine)
    assert not told.covers(nine + timedelta(hours=1, seconds=1)), "the log had ended"
    assert not told.covers(nine - timedelta(hours=1)), "the log had not begun"
    assert not read("chữ gì đó\n").covers(nine)


def test_a_log_of_a_big_relay_is_read_line_by_line() -> None:
    lines = (line for n in range(20_000) for line in _of_another(n))
    assert read_log(lines, {MINE}, now=NOW, zone=ZONE).fates == {}


def _of_another(n: int) -> list[str]:
    return DELIVERED.replace("0d6b", f"{n:08}").replace("49854244D39", f"{n:010}A").splitlines()
