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
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from channels.errors import ChannelRefused

BEGIN, END = "-----BEGIN TDKT RECEIPT-----", "-----END TDKT RECEIPT-----"
KEY, PUBLIC = "keys/receipt.key", "keys/receipt.pub"
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


def _make(folder: Path) -> None:
    """Whole or not at all, and never over a key that is there: receipts rest on it."""
    key = Ed25519PrivateKey.generate()
    path = folder / KEY
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(number, "w") as kept:
        kept.write(base64.b64encode(key.private_bytes_raw()).decode())
    (folder / PUBLIC).write_text(base64.b64encode(_raw(key.public_key())).decode() + "\n")


def public_key(folder: Path) -> bytes | None:
    """The office's public key, None where there is no office."""
    path = folder / PUBLIC
    return base64.b64decode(path.read_text()) if path.is_file() else None


def signed(receipt: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """The same receipt and key give the same text."""
    said = _canonical(receipt)
    whole = {
        "receipt": receipt,
        "key": base64.b64encode(_raw(key.public_key())).decode(),
        "signature": base64.b64encode(key.sign(said)).decode(),
    }
    letters = base64.b32encode(_canonical(whole)).decode()
    lines = [letters[at : at + 60] for at in range(0, len(letters), 60)]
    return "\n".join([BEGIN, *lines, END])


def verified(text: str, trusted: bytes | None = None) -> Verified:
    """The receipt in a text. Raises NotGenuine where there is none, or it was changed, or it was
    signed by another key than the trusted one."""
    found = _BLOCK.search(text)
    if found is None:
        raise NotGenuine("Không thấy phiếu tiếp nhận nào trong tệp này.")
    try:
        whole = json.loads(base64.b32decode("".join(found[1].split())))
        key = base64.b64decode(whole["key"])
        signature = base64.b64decode(whole["signature"])
        Ed25519PublicKey.from_public_bytes(key).verify(signature, _canonical(whole["receipt"]))
    except (ValueError, KeyError, TypeError, InvalidSignature) as wrong:
        raise NotGenuine("Phiếu tiếp nhận không đúng chữ ký: nội dung đã bị sửa.") from wrong
    if trusted is not None and key != trusted:
        raise NotGenuine("Phiếu tiếp nhận không do cơ quan này ký.")
    return Verified(whole["receipt"], fingerprint(key), trusted is not None)


def fingerprint(key: bytes) -> str:
    return sha256(key).hexdigest()[:16]


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
