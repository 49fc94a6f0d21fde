"""What a mail server's own log says became of letters, by their Message-ID.

    read = read_log(lines, {"<0d6b…@laichau.gov.vn>"})
    read.fates["<0d6b…@laichau.gov.vn>"]     -> LogFate(Fate.DELIVERED, "2.0.0", "250 ok …")
    read.covers(moment_of_the_attempt)       -> True: a letter that is not in it was never taken

The log is Postfix's, as syslog or Postfix itself writes it. `cleanup` names a Message-ID as soon as
its head has come, so a letter counts as taken only once the queue manager has it or an attempt to
deliver it was made: one whose sender was cut off in the middle is in the log and was not taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

LONGEST = 200
BEFORE, AFTER = timedelta(minutes=5), timedelta(seconds=30)  # how long handing over may take
_LINE = re.compile(
    r"^(?P<at>\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?) \S+ "
    r"[\w/.-]*/(?P<who>[\w-]+)\[\d+\]: (?:(?P<queue>[0-9A-Za-z]{6,20}): )?(?P<said>.*)$"
)
_REFUSED = re.compile(r"(?:milter-)?reject: END-OF-MESSAGE")
_STATUS = re.compile(r"dsn=(?P<dsn>[\d.]+), status=(?P<status>\w+) \((?P<words>.*)\)$")


class Fate(StrEnum):
    """What became of a letter that the relay's log knows."""

    DELIVERED = "delivered"
    TAKEN = "taken"  # in the relay's hands: it goes on trying, or will report that it could not
    BOUNCED = "bounced"
    REFUSED = "refused"  # the relay had the whole of it and said no


@dataclass(frozen=True, slots=True)
class LogFate:
    fate: Fate
    status: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class LogRead:
    """`first` and `last` bound what the log covers; None for a log in which nothing stands."""

    fates: dict[str, LogFate] = field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether a letter that was being handed over until this moment would have to be in it."""
        if self.first is None or self.last is None:
            return False
        return self.first + BEFORE <= at <= self.last - AFTER


@dataclass(slots=True)
class _Queued:
    message_id: str
    taken: bool = False
    refused: str = ""
    status: str = ""
    dsn: str = ""
    words: str = ""


def read_log(
    lines: Iterable[str], wanted: Collection[str], *, now: datetime, zone: tzinfo
) -> LogRead:
    """The fates of `wanted` Message-IDs. Traditional lines bear no year and no zone: they are
    read as of the twelve months before `now`, in `zone`."""
    going: dict[str, _Queued] = {}  # by queue id, which Postfix uses again in time
    ended: list[_Queued] = []
    refused: dict[str, str] = {}
    first = last = None
    for line in lines:
        parsed = _LINE.match(line.rstrip("\r\n"))
        if parsed is None:
            continue
        last = parsed["at"]
        first = first or last
        queue, said = parsed["queue"] or "", parsed["said"]
        if said.startswith("message-id="):
            if queue in going:
                ended.append(going.pop(queue))
            if (named := said.removeprefix("message-id=")) in wanted:
                going[queue] = _Queued(named, refused=refused.pop(queue, ""))
        elif _REFUSED.match(said):
            if queue in going:  # the two lines come in either order
                going[queue].refused = said
            else:
                refused[queue] = said
        elif queue in going:
            _note(going[queue], said)
    fates = _fates([*ended, *going.values()])
    return LogRead(fates, *(_moment(at, now, zone) for at in (first, last)))


def _note(one: _Queued, said: str) -> None:
    if found := _STATUS.search(said):
        one.taken, one.status = True, found["status"]
        one.dsn, one.words = found["dsn"], found["words"][:LONGEST]
    elif said.endswith("(queue active)"):
        one.taken = True


def _fates(queued: Iterable[_Queued]) -> dict[str, LogFate]:
    """A letter may pass through several queues, as behind a content filter: what came last counts,
    but a report that it could not be delivered is never overlooked."""
    fates: dict[str, LogFate] = {}
    for one in queued:
        fate = _fate(one)
        known = fates.get(one.message_id)
        if fate and not (known and known.fate is Fate.BOUNCED):
            fates[one.message_id] = fate
    return fates


def _fate(one: _Queued) -> LogFate | None:
    if not one.taken:
        return LogFate(Fate.REFUSED, words=_reply(one.refused)) if one.refused else None
    ends = {"sent": Fate.DELIVERED, "bounced": Fate.BOUNCED, "expired": Fate.BOUNCED}
    return LogFate(ends.get(one.status, Fate.TAKEN), one.dsn, one.words)


def _reply(said: str) -> str:
    found = re.search(r": ([45]\d\d .*?)(?:; from=|$)", said)
    return (found[1] if found else said)[:LONGEST]


def _moment(text: str | None, now: datetime, zone: tzinfo) -> datetime | None:
    if text is None:
        return None
    if text[:4].isdigit():
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else at.replace(tzinfo=zone)
    for year in (now.year, now.year - 1):
        with suppress(ValueError):  # 29 February
            at = datetime.strptime(f"{year} {text}", "%Y %b %d %H:%M:%S").replace(tzinfo=zone)
            if at <= now + timedelta(days=1):
                return at
    return None
