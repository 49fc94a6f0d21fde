"""The answer to a rater's slip: that it came, is under seal, or why it is sent back; no figure.

slip_receipt(office, unit, rater, "2026-10", role="Cá nhân tự chấm", …).person
    -> "03637-02/phieu-7"
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from review.cadres import Cadre
from review.findings import Finding
from review.letter_rows import person_block, plain
from review.letterhead import letterhead, local
from review.post import ABOUT, Letter, LetterKind
from review.settings import Settings
from review.units import Unit


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
