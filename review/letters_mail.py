"""The letters of the mailbox: the invitation that carries the form, the receipt of a file, and the
office's list of mails that wait for a person.

    unit_invitation(office, unit, "2026-11", due=…, last_day=…, enclosed=form)
    unit_receipt(office, unit, "2026-11", received)      .person  -> "03637/12"
    office_mail(office, "2026-11", asides)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from review.findings import Finding, Verdict
from review.letter_rows import findings_block, plain, unit_block
from review.letterhead import OFFICE, letterhead
from review.post import ABOUT, Letter, LetterKind
from review.repairs import RepairGroup
from review.settings import Settings
from review.units import Unit

MOST_ASIDES = 30
MOST_CHANGES = 15
ENCLOSED = "enclosed"
TRIAL = "thu"


@dataclass(frozen=True, slots=True)
class EnclosedFile:
    """A file kept by the office that goes with a letter: `place` below its folder, `sha256` of its
    bytes. `own` is the place of the reader's own file that it was made from, or ""."""

    name: str
    sha256: str
    place: str
    kind: str
    own: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptOf:
    """What came and what it was found to be. `again` tells that the same bytes had come before;
    `aside` that a person will look at it first; `changes` against the readable version before;
    `token` is the office's signature of it; `repairs` what was mended while it was read."""

    file: int
    name: str
    sha256: str
    received_at: datetime
    verdict: Verdict | None = None
    version: int | None = None
    findings: tuple[Finding, ...] = ()
    late_days: int = 0
    again: bool = False
    aside: bool = False
    changes: tuple[str, ...] | None = None
    token: str = ""
    repairs: tuple[RepairGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """A mail, or a file in one, that waits for a person."""

    number: int
    at: datetime
    sender: str
    subject: str
    reason: str


def unit_invitation(
    office: Settings,
    unit: Unit,
    period: str,
    *,
    due: datetime,
    last_day: datetime,
    enclosed: EnclosedFile | None = None,
    draft: bool = False,
) -> Letter:
    """The form of the period, and by when it is wanted back. `draft` is for a trial round."""
    payload = {
        **letterhead(office, period),
        "unit": unit_block(unit),
        "due": _local(office, due),
        "last_day": _local(office, last_day),
        "draft": draft,
        **enclosed_block([enclosed] if enclosed else []),
    }
    # A trial is another letter: the invitation that comes after it corrects nothing.
    person = f"{unit.code}{ABOUT}{TRIAL}" if draft else unit.code
    kind = LetterKind.UNIT_INVITATION
    return Letter(period, kind, person, unit.letter_to, (unit.code,), payload)


def unit_receipt(
    office: Settings, unit: Unit, period: str, received: ReceiptOf, *, cadres: Sequence[str] = ()
) -> Letter:
    """A file came, and this is what it was found to be. `cadres` are codes that findings name."""
    verdict = received.verdict
    payload = {
        **letterhead(office, period),
        "unit": unit_block(unit),
        "file_name": plain(received.name, 100),
        "sha256": received.sha256,
        "received_at": _local(office, received.received_at),
        "verdict": verdict.value if verdict else None,
        "verdict_label": verdict.label if verdict else "",
        "version": received.version,
        "late_days": received.late_days,
        "again": received.again,
        "aside": received.aside,
        "findings": findings_block(received.findings),
        "changes": _changes(received.changes),
        "changes_rest": max(0, len(received.changes or ()) - MOST_CHANGES),
        "token": received.token,
    }
    about = (unit.code, *cadres)
    letter = Letter(period, LetterKind.UNIT_RECEIPT, unit.code, unit.letter_to, about, payload)
    return answering(letter, received.file, repairs=received.repairs)


def _changes(changes: Sequence[str] | None) -> list[str] | None:
    return None if changes is None else [plain(one) for one in changes[:MOST_CHANGES]]


def office_mail(office: Settings, period: str, asides: Sequence[Aside], rest: int = 0) -> Letter:
    """What came to the mailbox and waits for a person; `rest` counts what was told before."""
    payload = {
        **letterhead(office, period),
        "asides": [
            {
                "number": one.number,
                "at": _local(office, one.at),
                "sender": plain(one.sender, 80),
                "subject": plain(one.subject, 120),
                "reason": plain(one.reason),
            }
            for one in asides[:MOST_ASIDES]
        ],
        "total": len(asides),
        "rest": rest,
    }
    to = office.digest_to[0] if office.digest_to else office.email
    return Letter(period, LetterKind.OFFICE_MAIL, OFFICE, to, (), payload)


def answering(
    letter: Letter,
    file: int,
    to: str = "",
    enclosed: EnclosedFile | None = None,
    repairs: Sequence[RepairGroup] = (),
) -> Letter:
    """The letter as the answer to one file: each file has its own, none corrects another's.
    `repairs` are what was mended in it."""
    return replace(
        letter,
        person=f"{letter.person}{ABOUT}{file}",
        to=to or letter.to,
        payload={
            **letter.payload,
            **enclosed_block([enclosed] if enclosed else []),
            **_mended(repairs),
        },
    )


def enclosed_with(letter: Letter) -> tuple[EnclosedFile, ...]:
    """The files that go with a letter, as its payload has them."""
    return tuple(EnclosedFile(**one) for one in letter.payload.get(ENCLOSED, ()))


def enclosed_block(files: Iterable[EnclosedFile]) -> dict[str, Any]:
    """What a payload says of the files that go with it; nothing where there is none."""
    found = [asdict(file) for file in files]
    return {ENCLOSED: found} if found else {}


def _mended(repairs: Sequence[RepairGroup]) -> dict[str, Any]:
    if not repairs:
        return {}
    groups = [
        {"what": one.what, "count": one.count, "examples": [plain(text) for text in one.examples]}
        for one in repairs
    ]
    return {"repairs": groups}


def _local(office: Settings, at: datetime) -> str:
    return at.astimezone(office.zone).isoformat(timespec="minutes")
