"""The ledger of letters: a letter is written down first, and posted from here only.

    said = list(map(Said.of, letters))
    with book.writing() as conn:
        write_letters(conn, said, stamp, domain="laichau.gov.vn")       written
        queue(conn, "2026-10", stamp)                                   queued: may be sent
    with book.writing(beside_others=True) as conn:
        token, mine = claim(conn, 50, 60_000, now)                      claimed, by this sender only
    with book.writing(beside_others=True) as conn:
        mark_sending(conn, mine[0].id, token, stamp)    committed before the first byte leaves
    …the relay answers…
    with book.writing(beside_others=True) as conn:
        finish(conn, mine[0].id, token, Outcome(LetterState.SENT, 250, "ok"), stamp)

Killed at any moment, the ledger says what to do: `recover` queues what no byte of has left, and
puts in doubt what may have arrived. In doubt is for a person (or the relay's log) to resolve, never
for a second sending (lab/email.md 2).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from review.letterhead import message_id
from review.post import Letter, LetterKind, LetterState
from tdkt_models.base import Stamp, by_index, table_of
from tdkt_models.bulk import pour_new, poured
from tdkt_models.letter_leases import (
    Recovered,
    claim,
    finish,
    mark_sending,
    recover,
    release,
    renew,
)
from tdkt_models.letter_moves import (
    UNSENT,
    changed,
    hold,
    judge_again,
    queue,
    requeue,
    settle,
)
from tdkt_models.letter_rows import (
    ClaimedLetter,
    LedgerLetter,
    LetterAttempt,
    LetterRow,
    Outcome,
    canonical,
    letter_key,
    letter_sha,
    named_letter,
)
from tdkt_models.packed import pressed_letter
from tdkt_models.witness import names

__all__ = [
    "ClaimedLetter",
    "LedgerLetter",
    "LetterAttempt",
    "Outcome",
    "Recovered",
    "Said",
    "There",
    "Written",
    "any_letter",
    "cancel_others",
    "claim",
    "finish",
    "hold",
    "judge_again",
    "letters_there",
    "mark_sending",
    "queue",
    "recover",
    "release",
    "renew",
    "requeue",
    "settle",
    "write_letters",
]

LETTERS = table_of(LetterRow)
MESSAGE_ID, PAYLOAD_SHA = map(poured(LETTERS).index, ("message_id", "payload_sha"))
REACHED = ("sent", "in_doubt")  # the reader has it, or may have it: what follows corrects it


@dataclass(frozen=True, slots=True)
class Written:
    """What writing came to: new or newly revised, as before, older ones cancelled."""

    new: int
    unchanged: int
    cancelled: int


def write_letters(
    conn: Connection,
    letters: Sequence[Letter | Said],
    stamp: Stamp,
    *,
    domain: str = "tdkt.localhost",
    templates: Mapping[LetterKind, str] | None = None,
    expires_at: datetime | None = None,
    there: There | None = None,
) -> Written:
    """Writes letters down, once each: one whose payload is that of its latest revision is left
    alone (only its address follows while unsent), a changed payload makes the next revision and
    cancels an unsent older one. `templates` gives the sha256 of the template of each kind. Many
    are best given as `Said`, made before anybody has to wait for this transaction. `there` is what
    this transaction found of their readers."""
    said = [one if isinstance(one, Said) else Said.of(one) for one in letters]
    found = there.of([one.letter for one in said]) if there else None
    known = _latest(conn, [one.letter for one in said]) if found is None else found
    changed = [one for one in said if _payload_kept(known, one.key) != one.sha]
    moved = [
        {"the_id": known[one.key].id, "address": one.letter.to}
        for one in said
        if one.key in known and known[one.key].to_address != one.letter.to
    ]
    cancelled = _cancel_unsent(conn, [one.key for one in changed], known, stamp)
    shas = templates or {}
    rows = [
        _row(one, known.get(one.key), domain, shas.get(one.letter.kind, ""), expires_at)
        for one in changed
    ]
    pour_new(conn, LETTERS, rows, stamp)
    names(conn, "letters", [named_letter(row[MESSAGE_ID], row[PAYLOAD_SHA]) for row in rows])
    _readdress(conn, moved)
    return Written(len(changed), len(letters) - len(changed), cancelled)


@dataclass(frozen=True, slots=True)
class There:
    """All letters of these readers in a period: the rows, older revisions first."""

    period: str
    persons: Collection[str]
    rows: Sequence[Any]

    def of(self, letters: Sequence[Letter]) -> dict[str, Any] | None:
        """The latest revision of each key; None where somebody else's letters are asked for."""
        if not all(one.period == self.period and one.person in self.persons for one in letters):
            return None
        return {f"{row.period}:{row.kind}:{row.person}": row for row in self.rows}


def letters_there(conn: Connection, period: str, persons: Collection[str]) -> There:
    """To be asked in the transaction in which it is used."""
    return There(period, persons, _rows_of(conn, period, persons) if persons else ())


def any_letter(
    conn: Connection, period: str, persons: Collection[str], kinds: Collection[LetterKind]
) -> bool:
    """Whether any of these readers has a letter of the period of one of these kinds."""
    c = LETTERS.c
    of_kinds = c.kind.in_([kind.value for kind in kinds])
    theirs = select(c.id).where(c.period == period, c.person.in_(persons), of_kinds).limit(1)
    return conn.execute(by_index(theirs, LETTERS, "period", "person")).first() is not None


def cancel_others(
    conn: Connection, there: There, kept: Collection[tuple[str, str]], stamp: Stamp
) -> int:
    """Cancels the unsent letters of these readers that are not among `kept` (kind, person): what
    they said is no longer so. Returns how many."""
    unsent = (row for row in there.rows if row.state in UNSENT)
    stale = [row.id for row in unsent if (row.kind, row.person) not in kept]
    reason = "Tình hình đã khác: thư này không còn đúng."
    return changed(
        conn,
        update(LETTERS)
        .where(LETTERS.c.id.in_(stale), LETTERS.c.state.in_(UNSENT))  # a sender may be quicker
        .values(state="cancelled", reason=reason, lease_token=None, lease_until=None)
        .values(at=stamp.at, run=stamp.run),
    )


class Said(NamedTuple):
    """What a letter says, written as JSON once for its sum and for the book; `small` is that JSON
    as the book keeps it, where it was pressed already."""

    letter: Letter
    key: str
    sha: str
    payload: bytes
    small: bytes = b""

    @classmethod
    def of(cls, letter: Letter) -> Said:
        payload = canonical(letter.payload)
        return cls(letter, letter.key, letter_sha(letter.about, payload), payload)

    def pressed(self) -> Said:
        """For a letter that is most likely new: pressing takes as long as writing it down."""
        return self._replace(small=pressed_letter(self.payload))


def _payload_kept(known: Mapping[str, Any], key: str) -> str | None:
    row = known.get(key)
    return None if row is None else row.payload_sha


def _latest(conn: Connection, letters: Sequence[Letter]) -> dict[str, Any]:
    """The latest revision of each letter's key: of these readers only, since a period of a
    country has a quarter of a million letters and a batch asks for some thousand."""
    found: dict[str, Any] = {}
    readers: dict[str, set[str]] = {}
    for letter in letters:
        readers.setdefault(letter.period, set()).add(letter.person)
    for period, persons in sorted(readers.items()):
        rows = _rows_of(conn, period, persons)
        found |= {f"{row.period}:{row.kind}:{row.person}": row for row in rows}
    return found


def _rows_of(conn: Connection, period: str, persons: Collection[str]) -> Sequence[Any]:
    """All letters of these readers in the period without what they say, older revisions first."""
    c = LETTERS.c
    columns = [c.id, c.period, c.kind, c.person, c.revision, c.payload_sha, c.state, c.to_address]
    columns += [c.message_id, c.sent_at, c.corrects_at, c.corrects_id, c.at]
    theirs = select(*columns).where(c.period == period, c.person.in_(persons))
    theirs = by_index(theirs, LETTERS, "period", "person")
    return conn.execute(theirs.order_by(c.revision)).all()


def _cancel_unsent(
    conn: Connection, keys: Sequence[str], known: Mapping[str, Any], stamp: Stamp
) -> int:
    ids = [known[key].id for key in keys if key in known and known[key].state in UNSENT]
    return changed(
        conn,
        update(LETTERS)
        .where(LETTERS.c.id.in_(ids), LETTERS.c.state.in_(UNSENT))
        .values(state="cancelled", reason="Đã có bản sau.", lease_token=None, lease_until=None)
        .values(at=stamp.at, run=stamp.run),
    )


def _readdress(conn: Connection, moved: Sequence[dict[str, Any]]) -> None:
    for one in moved:
        conn.execute(
            update(LETTERS)
            .where(
                LETTERS.c.id == one["the_id"], LETTERS.c.state.in_(("written", "queued", "held"))
            )
            .values(to_address=one["address"])
        )
        conn.execute(  # the old address refused; the new one has not been asked
            update(LETTERS)
            .where(LETTERS.c.id == one["the_id"], LETTERS.c.state == "suppressed")
            .values(to_address=one["address"], state="written", reason="")
        )


def _row(
    said: Said, before: Any, domain: str, template_sha: str, expires_at: datetime | None
) -> tuple[Any, ...]:
    """`before` is the latest revision of the same letter, or None."""
    letter = said.letter
    revision = 1 if before is None else before.revision + 1
    corrects = (None, None) if before is None else _corrected(before)
    return (
        letter.period,
        letter.kind.value,  # a member would be bound as text only after SQLite's driver asked it
        letter.person,
        revision,
        letter_key(said.key, revision),
        letter.to,
        list(letter.about),
        said.small or pressed_letter(said.payload),
        said.sha,
        template_sha,
        message_id(said.key, revision, domain),
        LetterState.WRITTEN.value,
        0,
        None,
        expires_at,
        None,
        None,
        None,
        "",
        "",
        None,
        None,
        *corrects,
    )


def _corrected(before: Any) -> tuple[datetime | None, str | None]:
    """Of the letter that the reader has: the revision before, or the one that it would correct."""
    if before.state in REACHED:
        return before.sent_at or before.at, before.message_id
    return before.corrects_at, before.corrects_id
