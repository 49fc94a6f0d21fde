"""Letters to raters: their slips, and the answer to one: under seal, or why it is sent back.

slip_invitation(office, unit, rater, "2026-10", slips, due=…, last_day=…).person
    -> "03637-02/phieu-cham"

slip_receipt(office, unit, rater, "2026-10", role="Cá nhân tự chấm", …).person
    -> "03637-02/phieu-7"
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from review.cadres import Cadre
from review.findings import Finding
from review.letter_rows import person_block, plain
from review.letterhead import letterhead, local
from review.letters_mail import EnclosedFile, enclosed_block
from review.post import ABOUT, Letter, LetterKind
from review.settings import Settings
from review.units import Unit

OWN_SLIPS = "phieu-cham"


@dataclass(frozen=True, slots=True)
class SlipSent:
    """A rater's slip: in which role, the codes of those whom it marks, and its file."""

    role: str
    people: tuple[str, ...]
    file: EnclosedFile


def slip_invitation(
    office: Settings,
    unit: Unit,
    rater: Cadre,
    period: str,
    slips: Sequence[SlipSent],
    *,
    due: datetime,
    last_day: datetime,
    before: int = 0,
) -> Letter:
    """To the rater alone: all slips of theirs, in whatever roles; or, where letters told them of so
    many `before`, the slips of those who came since. `about` are those to be marked: their names
    stand in the slips, and no figure of anybody."""
    payload = {
        **letterhead(office, period),
        "cadre": person_block(rater, office.honorific),
        "unit": {"code": unit.code, "name": plain(unit.name, 120)},
        "slips": [
            {
                **{"role": slip.role, "people": len(slip.people), "file": slip.file.name},
                "codes": list(slip.people),
            }
            for slip in slips
        ],
        "before": before,
        "total": sum(len(slip.people) for slip in slips),
        "due": local(office, due),
        "last_day": local(office, last_day),
        **enclosed_block(slip.file for slip in slips),
    }
    about = tuple(dict.fromkeys((rater.code, *(c for slip in slips for c in slip.people))))
    person = f"{rater.code}{ABOUT}{OWN_SLIPS}"
    return Letter(period, LetterKind.SLIP_INVITATION, person, rater.email, about, payload)


def slip_receipt(
    office: Settings,
    unit: Unit,
    rater: Cadre,
    period: str,
    *,
    role: str,
    people: int,
    received_at: datetime,
    sha: str,
    findings: Sequence[Finding],
    number: int,
    late: bool = False,
) -> Letter:
    """To the rater alone. `people` counts whom the slip marks and is kept of; 0: it is sent back,
    and `findings` say why; `late` when all it marks had been opened before. `number` is the file's,
    so that each slip has its own answer."""
    payload = {
        **letterhead(office, period),
        "cadre": person_block(rater, office.honorific),
        "unit": {"code": unit.code, "name": plain(unit.name, 120)},
        "role": role,
        "people": people,
        "received_at": local(office, received_at),
        "sha": sha,
        "late": late and not people,
        "faults": [] if people else [
            {"cell": plain(f"{f.sheet}!{f.cell}" if f.cell else f.sheet, 60), "says": plain(f.says),
             "fix": plain(f.fix)}
            for f in findings
        ],
    }  # fmt: skip
    person = f"{rater.code}{ABOUT}phieu-{number}"
    return Letter(period, LetterKind.SLIP_RECEIPT, person, rater.email, (rater.code,), payload)
