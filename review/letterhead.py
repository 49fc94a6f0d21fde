"""What every letter has: whose it is, its head and foot, its name on the wire, its copies.

letterhead(office, "2026-10")["period_label"]     -> "tháng 10/2026"
message_id(letter.key, 1, office.email)
    -> "<0d6b…@laichau.gov.vn>": the same letter always bears the same name
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from review.letter_rows import plain
from review.period import Period
from review.post import Letter
from review.settings import Settings

OFFICE = "office"
LEADER = "leader"


def copies(letter: Letter, addresses: Sequence[str]) -> tuple[Letter, ...]:
    """One letter an address: nobody reads who else was written to, and each has its own fate.
    The second reader is "office-2", so that every key stays unique."""
    return tuple(
        replace(letter, to=to, person=letter.person if at == 1 else f"{letter.person}-{at}")
        for at, to in enumerate(dict.fromkeys(addresses), start=1)
    )


def message_id(key: str, revision: int, sender: str) -> str:
    """The Message-ID of a letter: a re-send of the same revision bears the same one (RFC 5322
    3.6.4), and it tells nothing of whom the letter is about."""
    digest = hashlib.sha256(f"{key}:r{revision}".encode()).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2] or 'localhost'}>"


def letterhead(office: Settings, period: str) -> dict[str, Any]:
    """What stands at the head and the foot of every letter."""
    spoken = {} if office.lang == "vi" else {"lang": office.lang}
    return {
        **spoken,
        "office": plain(office.name, 120),
        "province": plain(office.province, 60),
        "short": plain(office.short, 24),
        "signer": plain(office.signer, 80),
        "reply_to": office.reply_to or office.email,
        "period": period,
        "period_label": Period.parse(period).label,
    }


def local(office: Settings, at: datetime | None) -> str | None:
    """An instant as letters carry it: in the office's own zone."""
    return _local(office.time_zone, at) if at else None


@lru_cache(maxsize=4_096)  # one due time for a whole country
def _local(zone: str, at: datetime) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
