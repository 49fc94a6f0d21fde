"""Where secrets come from: the environment, a file that only the office's account may read, or a
Prefect Secret block. Read where they are used, kept nowhere, shown nowhere.

    secret("TDKT_SMTP_URL")    from TDKT_SMTP_URL itself,
                               else from the file that TDKT_SMTP_URL_FILE names,
                               else from the block that TDKT_SMTP_URL_BLOCK names, else ""

A file that others on the machine may read is refused: the message says how to mend it.
"""

from __future__ import annotations

import os
import stat
from functools import lru_cache
from pathlib import Path

from channels.errors import ChannelRefused

# Containers hand secrets in as files that all of the container's users may read.
CONTAINERS = ("/run/secrets/", "/var/run/secrets/")
MOST_BYTES = 64 * 1024


class SecretRefused(ChannelRefused):
    """A secret cannot be had; the message names the setting, never the secret."""


def secret(name: str) -> str:
    """Raises SecretRefused where a file or block is named and cannot be used."""
    if said := os.environ.get(name):
        return said
    if path := os.environ.get(f"{name}_FILE"):
        return _from_file(name, Path(path))
    if block := os.environ.get(f"{name}_BLOCK"):
        return _from_block(name, block)
    return ""


def _from_file(name: str, path: Path) -> str:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise SecretRefused(f"{name}_FILE: {path} không phải là một tệp.")
        if mode & 0o077 and not str(path.resolve()).startswith(CONTAINERS):
            raise SecretRefused(
                f"{name}_FILE: người khác trên máy đọc được {path}. Hãy chạy: chmod 600 {path}"
            )
        with path.open("rb") as file:
            said = file.read(MOST_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else "không phải chữ UTF-8"
        raise SecretRefused(f"{name}_FILE: không đọc được {path} ({why}).") from None
    return said.strip()


@lru_cache(maxsize=16)  # a block is asked of the server once; a changed one wants a new start
def _from_block(name: str, block: str) -> str:
    from prefect.blocks.system import Secret

    try:
        said = Secret.load(block).get()  # type: ignore[union-attr]
    except Exception:
        # Whatever Prefect says may quote its address or the block: only our own words go out.
        raise SecretRefused(
            f"{name}_BLOCK: không lấy được khối Secret “{block}” từ Prefect. Hãy tạo khối này "
            "trong màn hình Prefect (Blocks → Secret) hoặc đặt biến khác."
        ) from None
    return str(said).strip()
