"""Receipts that anybody can verify offline: Ed25519, with the office's own key.

    key = office_key(Path("var/office"))        made once, in keys/, readable by the office alone
    text = signed({"unit": "03637", …}, key)    a block of text that survives mail
    verified(text, trusted).receipt["unit"]     -> "03637"; raises NotGenuine

The block is base32 in lines: no letter of it can be taken for a word, a figure or a code.
"""

from __future__ import annotations

import base64
import json
import os
import re
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from channels.errors import ChannelRefused, why

BEGIN, END = "-----BEGIN TDKT RECEIPT-----", "-----END TDKT RECEIPT-----"
KEYS = "keys"
KEY, PUBLIC = f"{KEYS}/receipt.key", f"{KEYS}/receipt.pub"
_BLOCK = re.compile(re.escape(BEGIN) + r"([\sA-Z2-7=]+)" + re.escape(END))


class NotGenuine(ChannelRefused):
    """No receipt is there, or it is not what the office signed."""


@dataclass(frozen=True, slots=True)
class Verified:
    """`by` is the fingerprint of the key; `known` whether it is the one that was trusted."""

    receipt: Mapping[str, Any]
    by: str
    known: bool


def office_key(folder: Path) -> Ed25519PrivateKey:
    """The key of the office in this folder, made now if there is none. Raises ChannelRefused."""
    path = folder / KEY
    try:
        if not path.exists():
            _make(folder)
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_text()))
    except (OSError, ValueError) as wrong:
        raise ChannelRefused(f"Không đọc được khóa ký phiếu tiếp nhận {path}: {wrong}.") from wrong


def passcode(unit: str, key: Ed25519PrivateKey) -> str:
    """Ten digits by which a unit opens what the office locks for it: always the same, and nobody
    without the office's key can work them out. They are told by another road than mail."""
    mark = sha256(key.sign(f"tdkt passcode {unit}".encode())).digest()
    return f"{int.from_bytes(mark[:8], 'big') % 10**10:010}"


def _make(folder: Path) -> None:
    """Whole or not at all, and never over a key that is there: receipts rest on it."""
    key = Ed25519PrivateKey.generate()
    path = folder / KEY
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, half = tempfile.mkstemp(dir=path.parent)  # for this user alone
    try:
        with os.fdopen(number, "w") as kept:
            kept.write(base64.b64encode(key.private_bytes_raw()).decode())
            kept.flush()
            os.fsync(kept.fileno())
        os.link(half, path)
    except FileExistsError:
        return  # another run was first: its key is the office's
    finally:
        Path(half).unlink()
    (folder / PUBLIC).write_text(base64.b64encode(raw_public(key)).decode() + "\n")


def public_key(folder: Path) -> bytes | None:
    """The office's public key, None where there is no office."""
    path = folder / PUBLIC
    return read_public(path) if path.is_file() else None


def known_keys(folder: Path) -> frozenset[bytes]:
    """The public keys under which this office has signed: today's and those before it, which a
    restored or renewed office keeps in keys/ under other names."""
    paths = (folder / KEYS).glob("*.pub") if (folder / KEYS).is_dir() else ()
    return frozenset(map(read_public, paths))


def read_public(path: Path) -> bytes:
    """The public key in a file. Raises ChannelRefused."""
    try:
        key = base64.b64decode(path.read_text("ascii"))
        Ed25519PublicKey.from_public_bytes(key)
    except (OSError, ValueError) as wrong:
        reason = why(wrong) if isinstance(wrong, OSError) else "đó không phải khóa công khai"
        raise ChannelRefused(f"Không đọc được khóa công khai {path}: {reason}.") from wrong
    return key


def put_aside(folder: Path) -> None:
    """Keeps the office's public key under another name: what it signed stays verifiable when a new
    key takes its place."""
    path = folder / PUBLIC
    old = read_public(path)
    path.rename(path.with_name(f"before-{fingerprint(old)}.pub"))


def signed(receipt: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """The same receipt and key give the same text."""
    said = _canonical(receipt)
    whole = {
        "receipt": receipt,
        "key": base64.b64encode(raw_public(key)).decode(),
        "signature": base64.b64encode(key.sign(said)).decode(),
    }
    letters = base64.b32encode(_canonical(whole)).decode()
    lines = [letters[at : at + 60] for at in range(0, len(letters), 60)]
    return "\n".join([BEGIN, *lines, END])


def verified(text: str, trusted: bytes | Collection[bytes] | None = None) -> Verified:
    """The receipt in a text. Raises NotGenuine where there is none, or it was changed, or it was
    signed by another key than the trusted one (one of these, if they are several)."""
    found = _BLOCK.search(text)
    if found is None:
        raise NotGenuine("Không thấy phiếu tiếp nhận nào trong tệp này.")
    try:
        whole = json.loads(base64.b32decode("".join(found[1].split())))
        key = base64.b64decode(whole["key"])
        signature = base64.b64decode(whole["signature"])
        Ed25519PublicKey.from_public_bytes(key).verify(signature, _canonical(whole["receipt"]))
        receipt = dict(whole["receipt"])
    except (ValueError, KeyError, TypeError, RecursionError, InvalidSignature) as wrong:
        raise NotGenuine("Phiếu tiếp nhận không đúng chữ ký: nội dung đã bị sửa.") from wrong
    known = [trusted] if isinstance(trusted, bytes) else trusted or []
    if known and key not in known:
        raise NotGenuine("Phiếu tiếp nhận không do cơ quan này ký.")
    return Verified(receipt, fingerprint(key), bool(known))


def fingerprint(key: bytes) -> str:
    return sha256(key).hexdigest()[:16]


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def raw_public(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes by which others verify what this key signs."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
