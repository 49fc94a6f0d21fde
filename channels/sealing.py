"""Marks under seal: AES-256-GCM under a key derived from the office's own.

    key = sealing_key(office.folder)
    text = sealed({"c1": 450}, key, "2026-10/03637-02/tu_cham/03637-02")
    opened(text, key, "2026-10/03637-02/tu_cham/03637-02")      -> {"c1": 450}

The book, its exports and a backup without secrets show nothing of what is under seal. What a seal
is for (`about`) is bound to it: one laid over another's does not open.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from channels.errors import ChannelRefused
from channels.signing import office_key

NONCE = 12
ENDING = ".sealed"
PURPOSE = b"tdkt: marks under seal"


def sealing_key(folder: Path) -> bytes:
    """Raises ChannelRefused where the office's key cannot be read."""
    secret = office_key(folder).private_bytes_raw()
    return HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(secret)


def sealed(value: Mapping[str, Any], key: bytes, about: str) -> str:
    return base64.b64encode(_closed(_plain(value), key, about)).decode()


def opened(text: str, key: bytes, about: str) -> dict[str, Any]:
    """Raises ChannelRefused for a seal of another office's key, or of something else."""
    found: dict[str, Any] = json.loads(_open(base64.b64decode(text), key, about))
    return found


def put_under_seal(path: Path, key: bytes) -> str:
    """Writes a file's sealed copy beside it and tells its ending; the file itself goes once the
    book knows of the copy (`drop_plain`). Doing it twice does it once."""
    copy = path.with_name(f"{path.name}{ENDING}")
    if path.exists():
        part = copy.with_suffix(".part")
        part.write_bytes(_closed(path.read_bytes(), key, path.name))
        part.replace(copy)
    return ENDING


def drop_plain(copy: Path) -> None:
    """What lies under seal lies nowhere else."""
    if copy.name.endswith(ENDING) and copy.exists():
        copy.with_name(copy.name.removesuffix(ENDING)).unlink(missing_ok=True)


def _plain(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def _closed(data: bytes, key: bytes, about: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, about.encode())


def _open(data: bytes, key: bytes, about: str) -> bytes:
    try:
        return AESGCM(key).decrypt(data[:NONCE], data[NONCE:], about.encode())
    except InvalidTag as wrong:
        raise ChannelRefused(
            f"Không mở được niêm phong của {about}: khóa của cơ quan không còn là khóa lúc nhận. "
            "Hãy khôi phục khóa từ bản sao lưu có mật khẩu, hoặc đề nghị nộp lại phiếu."
        ) from wrong
