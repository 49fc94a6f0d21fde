"""Anchors: signed notes, kept outside the book, of how far the audit's chain had come.

    text = anchored(Head(812, "41ab…"), at, office_key(folder))    one line of capitals and digits
    anchors_in(letter)                       -> [Anchor(n=812, link="41ab…", at=…, by=…)]
    keep_anchor(folder, text)                appends it to audit/anchors.txt, on disk at once

A chain can show that an entry was altered; that its end was cut off, or written anew by the rule,
only shows against an anchor. Each letter bears the newest one in a header, so that thousands of
them lie where nobody in the office can reach.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from struct import Struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from channels.errors import ChannelRefused, why
from channels.signing import fingerprint, raw_public
from review.chain import Head

FILE = "audit/anchors.txt"
HEADER = "X-TDKT-Anchor"
WORD = "MOC"  # "mốc": what a line of base32 is to be known by
_SAID = Struct(">Qq32s32s")  # number, microseconds since 1970, link, public key
_SIGNED = 64
_LETTERS = -(-(_SAID.size + _SIGNED) * 8 // 5)
_TEXT = re.compile(rf"{WORD}((?:\s*[A-Z2-7]){{{_LETTERS}}})(?:=*)(?![A-Z2-7])")


@dataclass(frozen=True, slots=True)
class Anchor:
    """`by` is the public key under which the office vouches for it."""

    n: int
    link: str
    at: datetime
    by: bytes
    digest: str  # of its text: how the audit knows it again

    @property
    def signer(self) -> str:
        return fingerprint(self.by)


def anchored(head: Head, at: datetime, key: Ed25519PrivateKey) -> str:
    """The same head, time and key give the same text; it folds at its spaces."""
    micros = int(at.astimezone(UTC).timestamp() * 1_000_000)
    said = _SAID.pack(head.n, micros, bytes.fromhex(head.link), raw_public(key))
    letters = base64.b32encode(said + key.sign(said)).decode().rstrip("=")
    return " ".join([WORD, *(letters[at : at + 60] for at in range(0, len(letters), 60))])


def anchors_in(text: str) -> list[Anchor]:
    """The anchors in a text whose signature holds; whose key it is, the caller must judge."""
    found = (_anchor("".join(letters.split())) for letters in _TEXT.findall(text))
    return [anchor for anchor in found if anchor is not None]


def keep_anchor(folder: Path, text: str) -> None:
    """Raises ChannelRefused where the office's folder cannot be written."""
    path = folder / FILE
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(number, "a", encoding="ascii") as kept:
            kept.write(f"{text}\n")
            kept.flush()
            os.fsync(kept.fileno())
    except OSError as wrong:
        raise ChannelRefused(f"Không ghi được mốc sổ vào {path}: {why(wrong)}.") from wrong


def kept_anchors(folder: Path) -> list[Anchor]:
    """Those of the office's own file, oldest first; a last line cut off by a power cut is none."""
    path = folder / FILE
    return anchors_in(path.read_text(encoding="ascii", errors="replace")) if path.is_file() else []


def _anchor(letters: str) -> Anchor | None:
    data = base64.b32decode(letters + "=" * (-len(letters) % 8))
    said, signature = data[: _SAID.size], data[_SAID.size :]
    n, micros, link, key = _SAID.unpack(said)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, said)
    except (InvalidSignature, ValueError):
        return None
    at = datetime.fromtimestamp(micros / 1_000_000, UTC)
    return Anchor(n, link.hex(), at, key, sha256(letters.encode()).hexdigest()[:16])
