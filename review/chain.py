"""The chain of the audit: each entry is bound to all before it, and yet a person's words can go.

    seals = sealed({"who": "Lò Văn Inh", "subject": "03637"}, salts)    {"who": "9f2c…", …}
    link = link_of(previous, header, seals)                             "41ab…"
    broken_by(entry, previous, n)                                       -> "" or what is wrong

A link covers the entry's number, times, run, machine account, kind of act, and the *seals* of what
may name a person: who, subject, detail. A seal is a hash of the words and a random salt. When the
law asks for a person's data to go, words and salt are erased together; the seal stays, says nothing
any more, and the chain still verifies (docs/security.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

FORM = "tdkt-audit-1"  # how links are made; a book keeps the form that it began with
FIRST = "0" * 64  # what the first entry is linked to
ERASABLE = ("who", "subject", "detail")


@dataclass(frozen=True, slots=True)
class Header:
    """What of an entry stays for ever. `at` is the time of the run (it may be held "as of" a past
    day), `noted_at` the clock of the machine; both UTC ISO texts. `account` is user@machine."""

    n: int
    at: str
    noted_at: str
    run: str
    account: str
    what: str


@dataclass(frozen=True, slots=True)
class Chained:
    """An entry as the book holds it. A field without a salt was erased."""

    header: Header
    said: Mapping[str, Any]
    salts: Mapping[str, str]
    seals: Mapping[str, str]
    link: str

    @property
    def erased(self) -> tuple[str, ...]:
        return tuple(name for name in ERASABLE if name not in self.salts)


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain had come: the number and link of its last entry."""

    n: int = 0
    link: str = field(default=FIRST)


def sealed(said: Mapping[str, Any], salts: Mapping[str, str]) -> dict[str, str]:
    """The seal of each field that has a salt."""
    return {name: _hash(FORM, name, salts[name], said[name]) for name in ERASABLE if name in salts}


def link_of(previous: str, header: Header, seals: Mapping[str, str]) -> str:
    h = header
    return _hash(
        *(FORM, previous, h.n, h.at, h.noted_at, h.run, h.account, h.what),
        *(seals[name] for name in ERASABLE),
    )


def broken_by(entry: Chained, before: Head) -> str:
    """What shows that this entry, or one before it, is not as it was written; "" if nothing."""
    n = entry.header.n
    if n != before.n + 1:
        gone = "mất dòng" if n > before.n + 1 else "thừa dòng"
        return f"{gone}: sau dòng {before.n} là dòng {n}"
    if set(entry.seals) != set(ERASABLE):
        return f"dòng {n} thiếu dấu niêm"
    for name, seal in sealed(entry.said, entry.salts).items():
        if entry.seals[name] != seal:
            return f"dòng {n} đã bị sửa ({LABELS[name]})"
    if any(entry.said[name] not in ("", {}) for name in entry.erased):
        return f"dòng {n} có chữ ở chỗ đã xóa"
    if entry.link != link_of(before.link, entry.header, entry.seals):
        return f"dòng {n} không nối với dòng trước: đã bị sửa, thêm hoặc bớt"
    return ""


LABELS = {"who": "ai làm", "subject": "về ai, về gì", "detail": "nội dung"}


def _hash(*parts: Any) -> str:
    said = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()
