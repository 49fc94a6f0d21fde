"""Letters of which nobody knows whether they arrived, settled by what the relay's log says.

    settle_by_log(occasion, [Path("/var/log/mail.log")], who="Lò Văn Inh")
        -> (Settled(12, "…@x.vn", Fate.DELIVERED, "…"), Settled(13, "…", None, "…"), …)

What the relay took is sent; what it refused or could not deliver is not. Of a letter that is not in
the log although the log covers its time, that is written down, and it waits for a person.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from channels.errors import ChannelRefused
from channels.vietnamese import moment
from review.post import LetterState
from review.relay_log import Fate, LogFate, LogRead, read_log
from tasks.occasion import Occasion
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Stamp
from tdkt_models.bounces import bounce, delivered
from tdkt_models.letter_doubts import doubted, note_doubt
from tdkt_models.letters import LedgerLetter, settle

ABSENT = "Nhật ký máy chủ thư từ {first} đến {last} không có thư này: máy chủ thư chưa nhận thư."
NOT_COVERED = "Nhật ký máy chủ thư đã xem không gồm lúc gửi thư này ({at})."
SAID = {
    Fate.DELIVERED: "đã chuyển tới hộp thư của người nhận",
    Fate.TAKEN: "máy chủ thư đã nhận, đang chuyển",
    Fate.BOUNCED: "không chuyển được",
    Fate.REFUSED: "máy chủ thư từ chối",
}


@dataclass(frozen=True, slots=True)
class Settled:
    """`fate` None: the log does not know the letter. `says` is Vietnamese."""

    letter: int
    to: str
    fate: Fate | None
    says: str


def settle_by_log(
    occasion: Occasion, logs: Sequence[Path], *, who: str, any_period: bool = False
) -> tuple[Settled, ...]:
    """Every letter in doubt of the period (or of any), by number; `who` asked for it. Raises
    ChannelRefused where a log cannot be read."""
    period = None if any_period else occasion.period_text
    stamp = Stamp(datetime.now(UTC), occasion.run)
    with occasion.office.book() as book:
        with book.reading() as conn:
            waiting = doubted(conn, period)
        if not waiting:
            return ()
        wanted = {one.message_id for one in waiting}
        zone = occasion.office.settings.zone
        read = read_log(_lines(logs), wanted, now=stamp.at.astimezone(zone), zone=zone)
        with book.writing() as conn:
            return tuple(_settled(conn, occasion, one, read, stamp, who) for one in waiting)


def _lines(logs: Sequence[Path]) -> Iterator[str]:
    """The lines of all logs, those turned over (mail.log.1, mail.log.2.gz) in the order given."""
    for log in logs:
        opened = gzip.open if log.suffix == ".gz" else open
        try:
            with opened(log, "rt", encoding="utf-8", errors="replace") as lines:
                yield from lines
        except OSError as wrong:
            raise ChannelRefused(
                f"Không đọc được nhật ký máy chủ thư {log}: {wrong.strerror or wrong}."
            ) from wrong


def _settled(
    conn: Connection, occasion: Occasion, one: LedgerLetter, read: LogRead, stamp: Stamp, who: str
) -> Settled:
    fate = read.fates.get(one.message_id)
    if fate is None:
        says = _absence(occasion, one, read)
        note_doubt(conn, one.id, says, stamp)
        return Settled(one.id, one.letter.to, None, says)
    says = " ".join(part for part in (f"{SAID[fate.fate]}:", fate.status, fate.words) if part)
    _apply(conn, one, fate, says, stamp)
    detail = {"fate": fate.fate.value, "says": says}
    keep_audit(conn, [AuditEntry(who, "letter.found_in_log", str(one.id), detail)], stamp)
    return Settled(one.id, one.letter.to, fate.fate, says)


def _apply(conn: Connection, one: LedgerLetter, fate: LogFate, says: str, stamp: Stamp) -> None:
    if fate.fate is Fate.REFUSED:
        settle(conn, [one.id], LetterState.FAILED, f"Theo nhật ký, {says}", stamp, "tdkt")
    elif fate.fate is Fate.BOUNCED:
        bounce(conn, one.message_id, stamp, status=fate.status or "5.0.0", text=fate.words)
    else:
        delivered(conn, one.message_id, stamp, text=says)


def _absence(occasion: Occasion, one: LedgerLetter, read: LogRead) -> str:
    at = one.tried_until
    if at is None or read.first is None or read.last is None or not read.covers(at):
        return NOT_COVERED.format(at=_said(occasion, at))
    return ABSENT.format(first=_said(occasion, read.first), last=_said(occasion, read.last))


def _said(occasion: Occasion, at: datetime | None) -> str:
    zone = occasion.office.settings.zone
    return moment(at.astimezone(zone).isoformat(timespec="minutes") if at else None)
